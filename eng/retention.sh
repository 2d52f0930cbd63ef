#!/usr/bin/env bash
# What retention of finished jobs costs the PostgreSQL store row by row, and by dropping ranges, on a throw-away cluster: time, log, dead rows, and submits meanwhile.
# Usage: eng/retention.sh [JOBS] [BYTES]   (default 250000 jobs with 2000 bytes of input and of result each; at least 101000)
set -euo pipefail
cd "$(dirname "$0")/.."
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
printf "listen_addresses = '127.0.0.1'\nport = %s\nunix_socket_directories = '%s'\nshared_buffers = 256MB\nmax_wal_size = 4GB\n" "$port" "$work" >> "$work/pg/postgresql.conf"
(cd /tmp && "${as[@]}" "$programs/pg_ctl" -D "$work/pg" -l "$work/log" -w start > /dev/null)
dotnet bench/Errand.HeldSnapshot/bin/Release/net10.0/Errand.HeldSnapshot.dll retention "Host=127.0.0.1;Port=$port;Database=postgres;Username=postgres" "${1:-250000}" "${2:-2000}"
