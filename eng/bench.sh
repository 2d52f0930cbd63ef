#!/usr/bin/env bash
# Measures storage, engine and server, each beside the raw figure of the same run; writes artifacts/bench/results.md.
# Usage: eng/bench.sh [storage] [engine] [http]; all three by default.
# For http: BASELINE=PATH measures another executable between the runs of this one; ONLY=REGEX picks rows; ROUNDS, SECONDS_EACH and REST (seconds before and while an idle server is looked at)
# make it shorter or longer; POSTGRES=CONNECTION takes a database that is there in place of a throw-away cluster; NATIVE=PATH measures the start of a native executable (default: what make aot made).
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v wrk >/dev/null; then
    [ "$(id -u)" = 0 ] || { echo "make bench drives HTTP with wrk: install Debian's package 'wrk'"; exit 1; }
    apt-get update -qq && apt-get install -y -qq wrk >/dev/null
fi
parts=("$@")
[ ${#parts[@]} = 0 ] && parts=(storage engine http)
run() { dotnet run -c Release --no-build --project "$@"; }

# A cluster of our own on the disk, with every commit flushed, as PostgreSQL does by default; nothing where PostgreSQL is not installed.
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
cluster=
as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
stop_postgres() {
    [ -n "$cluster" ] || return 0
    (cd /tmp && "${as[@]}" "$programs/pg_ctl" -D "$cluster/pg" -m immediate -w stop >/dev/null 2>&1) || true
    rm -rf "$cluster"
}
start_postgres() {
    [ -z "${POSTGRES:-}" ] || return 0
    [ -n "$programs" ] || { echo "PostgreSQL is not installed here: its rows are left out." >&2; return 0; }
    cluster=$(mktemp -d)
    chmod 777 "$cluster"
    trap stop_postgres EXIT
    local port
    port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
    (cd /tmp && "${as[@]}" "$programs/initdb" -D "$cluster/pg" -U postgres -A trust -E UTF8 --locale=C >/dev/null)
    printf "listen_addresses = '127.0.0.1'\nport = %s\nunix_socket_directories = '%s'\nshared_buffers = 256MB\nmax_wal_size = 1GB\nmax_connections = 200\n" "$port" "$cluster" >> "$cluster/pg/postgresql.conf"
    (cd /tmp && "${as[@]}" "$programs/pg_ctl" -D "$cluster/pg" -l "$cluster/log" -w start >/dev/null)
    export POSTGRES="Host=127.0.0.1;Port=$port;Database=postgres;Username=postgres"
}

[[ " ${parts[*]} " != *" http "* ]] || start_postgres
[ -n "${NATIVE:-}" ] || [ ! -x artifacts/aot/errand ] || export NATIVE=$PWD/artifacts/aot/errand
mkdir -p artifacts/bench
for part in "${parts[@]}"; do
    echo "## $part"
    case $part in
        storage) run bench/Errand.Benchmarks -- storage ;;
        engine) run bench/Errand.Load -- engine ;;
        http) run bench/Errand.Load -- http "${EXECUTABLE:-$PWD/artifacts/bin/errand}" ;;
        *) echo "unknown part '$part': storage, engine or http"; exit 2 ;;
    esac
    echo
done | tee artifacts/bench/results.md
