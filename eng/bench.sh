#!/usr/bin/env bash
# Measures storage, engine and server, each beside the raw figure of the same run; writes artifacts/bench/results.md.
# Usage: eng/bench.sh [storage] [engine] [http] [streams] [progress] [items] [growth] [nodes] [slow-disk] [micro]; the first three by default.
# streams: WAITERS=10000. progress: RUNNING=1000. items: ITEMS=1000000. nodes: JOBS=50000 ROUNDS=3. growth: FINISHED=2000000 SCHEDULED=200000 (the aim is ten million and one). slow-disk: SLOW_DISK_US=1000, what each flush takes longer. micro: what the engine allocates for each submit, claim, settle and status read, by BenchmarkDotNet. STORES=sqlite leaves PostgreSQL out of them.
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

for part in http streams progress items growth nodes; do
    [[ " ${parts[*]} " != *" $part "* ]] || [ "${STORES:-}" = sqlite ] || start_postgres
done
curves() { run bench/Errand.Curves -- "$1" "${EXECUTABLE:-$PWD/artifacts/bin/errand}" "${@:2}"; }
slow_disk() {
    local library
    library=$(mktemp --suffix=.so)
    "${CC:-gcc}" -O2 -shared -fPIC -o "$library" bench/slow-disk.c -ldl
    SLOW_DISK_US=${SLOW_DISK_US:-1000} LD_PRELOAD=$library dotnet bench/Errand.Benchmarks/bin/Release/net10.0/Errand.Benchmarks.dll storage "${JOBS:-20000}"
    rm "$library"
}
[ -n "${NATIVE:-}" ] || [ ! -x artifacts/aot/errand ] || export NATIVE=$PWD/artifacts/aot/errand
mkdir -p artifacts/bench
for part in "${parts[@]}"; do
    echo "## $part"
    case $part in
        storage) run bench/Errand.Benchmarks -- storage ;;
        engine) run bench/Errand.Load -- engine ;;
        http) run bench/Errand.Load -- http "${EXECUTABLE:-$PWD/artifacts/bin/errand}" ;;
        streams) curves streams "${WAITERS:-10000}" ;;
        progress) curves progress "${RUNNING:-1000}" ;;
        items) curves items "${ITEMS:-1000000}" ;;
        nodes) curves nodes "${JOBS:-50000}" "${ROUNDS:-3}" ;;
        growth) curves growth "${FINISHED:-2000000}" "${SCHEDULED:-200000}" ;;
        slow-disk) slow_disk ;;
        micro) run bench/Errand.Micro -- artifacts/bench/micro | grep '^|' ;;
        *) echo "unknown part '$part': storage, engine, http, streams, progress, items, growth, nodes, slow-disk or micro"; exit 2 ;;
    esac
    echo
done | tee artifacts/bench/results.md
