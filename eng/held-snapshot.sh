#!/usr/bin/env bash
# What a transaction that is left open does to the PostgreSQL store at 800 jobs/s, on a throw-away cluster.
# Usage: eng/held-snapshot.sh [short|long|BEFORE HELD AFTER]   short: 40 s, then 90 s held, then 20 s (the default); long: 90 s, 15 minutes held, 60 s; or as many seconds as you say. RATE=800.
# Ends with a verdict, and with 1 when the store did not keep its rate and its pick-up.
set -euo pipefail
cd "$(dirname "$0")/.."
times=(40 90 20)
[ "${1:-short}" != long ] || times=(90 900 60)
[ $# != 3 ] || times=("$@")
programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
work=$(mktemp -d)
chmod 777 "$work"
as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
stop() { (cd /tmp && "${as[@]}" "$programs/pg_ctl" -D "$work/pg" -m immediate -W stop > /dev/null 2>&1) || true; sleep 0.2; rm -rf "$work"; }
trap stop EXIT
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
dotnet build bench/Errand.HeldSnapshot -c Release --no-restore -v q -nologo > "$work/build" || { cat "$work/build"; exit 1; }
(cd /tmp && "${as[@]}" "$programs/initdb" -D "$work/pg" -U postgres -A trust -E UTF8 --locale=C > /dev/null)
printf "listen_addresses = '127.0.0.1'\nport = %s\nunix_socket_directories = '%s'\nshared_buffers = 256MB\nmax_wal_size = 1GB\n" "$port" "$work" >> "$work/pg/postgresql.conf"
(cd /tmp && "${as[@]}" "$programs/pg_ctl" -D "$work/pg" -l "$work/log" -w start > /dev/null)
dotnet bench/Errand.HeldSnapshot/bin/Release/net10.0/Errand.HeldSnapshot.dll "Host=127.0.0.1;Port=$port;Database=postgres;Username=postgres" "${RATE:-800}" "${times[@]}"
