#!/usr/bin/env bash
# Two executables on one PostgreSQL schema: an older commit's and this one's. The older one makes the schema and works; the newer one migrates it
# beside it; the older one goes on, restarts, and stays alone again; a schema that needs more than it knows is refused.
# Usage: eng/two-builds.sh [OLDER_COMMIT]   (default: the commit before the newest migration). OLD=… names an executable instead.
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD new=${ERRAND:-$PWD/artifacts/bin/errand}
programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
work=$(mktemp -d)
chmod 777 "$work"
as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
pids=()
# Waited for, so that bash does not tell of it.
end() { { kill -9 "$1" && wait "$1"; } 2> /dev/null || true; }
stop() {
    for pid in "${pids[@]}"; do end "$pid"; done
    [ ! -d "$work/pg" ] || (cd /tmp && "${as[@]}" "$programs/pg_ctl" -D "$work/pg" -m immediate -W stop > /dev/null 2>&1) || true
    sleep 0.2
    git -C "$here" worktree remove --force "$work/older" 2> /dev/null || true
    rm -rf "$work"
}
trap stop EXIT
old=${OLD:-}
if [ -z "$old" ]; then
    newest=$(ls src/Errand.Storage.PostgreSql/Migrations/*.sql | tail -n 1)
    commit=${1:-$(git log --format=%H --diff-filter=A -n 1 -- "$newest")~1}
    echo "building $(git log -n 1 --format='%h %s' "$commit")"
    git worktree add -q --detach "$work/older" "$commit"
    (cd "$work/older" && dotnet publish src/Errand.Cli -c Release -o "$work/old" -v q -p:RunAnalyzers=false > "$work/build.log") || { tail "$work/build.log"; exit 1; }
    old=$work/old/errand
fi

free() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
port=$(free)
(cd /tmp && "${as[@]}" "$programs/initdb" -D "$work/pg" -U postgres -A trust -E UTF8 --locale=C --no-sync > /dev/null)
printf "listen_addresses = '127.0.0.1'\nport = %s\nunix_socket_directories = '%s'\n" "$port" "$work" >> "$work/pg/postgresql.conf"
(cd /tmp && "${as[@]}" "$programs/pg_ctl" -D "$work/pg" -l "$work/pg.log" -w start > /dev/null)
cat > "$work/errand.json" << JSON
{ "storage": { "provider": "postgresql", "connection": "Host=127.0.0.1;Port=$port;Database=postgres;Username=postgres" },
  "types": { "demo.step": { "handler": "command", "command": ["true"], "maxAttempts": 5 } } }
JSON
token=$("$old" token create --subject two --config "$work/errand.json" --scopes "jobs.submit jobs.read" -o id)
sql() { "$programs/psql" -h 127.0.0.1 -p "$port" -U postgres -qAtc "$1"; }
# serve EXECUTABLE: sets $url once it is ready.
serve() {
    url=http://127.0.0.1:$(free)
    "$1" serve --config "$work/errand.json" --data "$work/data-${url##*:}" --urls "$url" > "$work/log" 2>&1 &
    pids+=($!)
    for _ in $(seq 600); do curl -sf "$url/readyz" > /dev/null && return; sleep 0.1; done
    cat "$work/log"
    exit 1
}
# works URL WHO: a job that is submitted there runs to its end.
works() {
    curl -s -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -H 'Prefer: wait=30' -d '{"type":"demo.step"}' "$1/v1/jobs" > "$work/job"
    grep -q '"status":"succeeded"' "$work/job" || { echo "$2:"; cat "$work/job"; exit 1; }
    echo "ok  $2 (schema $(sql 'SELECT max(version) FROM errand.schema_migrations'))"
}

serve "$old"; older=$url
works "$older" "the older build alone"
serve "$new"; newer=$url
works "$newer" "the newer build, which migrated"
works "$older" "the older build, which goes on"
end "${pids[0]}"
serve "$old"; older=$url
works "$older" "the older build, started again"
end "${pids[1]}"
works "$older" "the older build, alone again"
next=$(($(sql 'SELECT max(version) FROM errand.schema_migrations') + 1))
sql "INSERT INTO errand.schema_migrations VALUES ($next, $next, 0)"
said=$("$old" serve --config "$work/errand.json" --data "$work/data" --urls http://127.0.0.1:0 2>&1 || true)
grep -q "Run the newer release" <<< "$said" || { echo "$said"; exit 1; }
echo "ok  the older build refuses a schema that needs $next"
