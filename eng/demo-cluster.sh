#!/usr/bin/env bash
# Starts a throw-away PostgreSQL and three nodes on this machine, submits jobs through all of them, ends one node by kill -9 and starts it
# again, and holds every acknowledged job against what became of it. Not zero when one is lost. JOBS=300 says how many.
set -euo pipefail
cd "$(dirname "$0")/.."
errand=${ERRAND:-$PWD/artifacts/bin/errand}
programs=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -n 1)
[ -n "$programs" ] || programs=$(dirname "$(command -v initdb || true)")
[ -x "$programs/initdb" ] || { echo "No PostgreSQL here: 'make restore' as root installs Debian's package postgresql."; exit 1; }
work=$(mktemp -d)
chmod 777 "$work"
as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
stop() {
    [ ! -e "$work/nodes" ] || while read -r node; do kill -9 "$node" 2> /dev/null || true; done < "$work/nodes"
    [ ! -d "$work/pg" ] || "${as[@]}" "$programs/pg_ctl" -D "$work/pg" -m immediate -W stop > /dev/null 2>&1 || true
    sleep 0.2
    rm -rf "$work"
}
trap stop EXIT

free() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
port=$(free)
echo "PostgreSQL: a cluster of its own on port $port"
(cd /tmp && "${as[@]}" "$programs/initdb" -D "$work/pg" -U postgres -A trust -E UTF8 --locale=C --no-sync > "$work/initdb.log")
printf "listen_addresses = '127.0.0.1'\nport = %s\nunix_socket_directories = '%s'\nshared_buffers = 64MB\n" "$port" "$work" >> "$work/pg/postgresql.conf"
(cd /tmp && "${as[@]}" "$programs/pg_ctl" -D "$work/pg" -l "$work/pg.log" -w start > /dev/null)
cat > "$work/errand.json" << JSON
{ "storage": { "provider": "postgresql", "connection": "Host=127.0.0.1;Port=$port;Database=postgres;Username=postgres" },
  "worker": { "slots": 8 },
  "types": { "demo.step": { "handler": "command", "command": ["sh", "-c", "sleep 0.1"], "maxAttempts": 5 } } }
JSON
token=$("$errand" token create --subject demo --config "$work/errand.json" --scopes "jobs.submit jobs.read" -o id)
ports=("$(free)" "$(free)" "$(free)")
ERRAND_TOKEN=$token JOBS=${JOBS:-300} node eng/demo-cluster.mjs "$errand" "$work" "${ports[@]}"
