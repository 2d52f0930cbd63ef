#!/usr/bin/env bash
# The main job on real input, from submit to download. Usage: eng/demo.sh [TABLE.csv|.jsonl|.json]
# Without a table: the 312 zones of the IANA time zone table. With one of yours: each of its rows is looked over.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
errand=$here/artifacts/bin/errand
[ -x "$errand" ] || { echo "demo: $errand is not there; run 'make build' first." >&2; exit 2; }
command -v node > /dev/null || { echo "demo: the jobs of the demo are programs for Node, and there is no 'node' in PATH." >&2; exit 2; }

table=${1:-$here/samples/data/timezones.csv}
[ -r "$table" ] || { echo "demo: '$table' cannot be read." >&2; exit 2; }
type=rows.profile
[ $# -gt 0 ] || type=timezones.transitions

scratch=$(mktemp -d "${TMPDIR:-/tmp}/errand-demo.XXXXXX")
server=
stop() {
    [ -z "$server" ] || { kill -TERM "$server" 2> /dev/null && wait "$server" || true; }
    rm -rf "$scratch"
}
trap stop EXIT

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || say() { printf '\n== %s\n' "$*"; }
run() { printf '$ errand %s\n' "$*"; "$errand" "$@"; }

say "1. A server on a fresh SQLite file and a free port"
touch "$scratch/listening"
"$errand" serve --quiet --urls http://127.0.0.1:0 --data "$scratch/data" --config "$here/samples/errand.json" > "$scratch/listening" 2> "$scratch/log" &
server=$!
until grep -q '^Listening on ' "$scratch/listening"; do
    kill -0 "$server" 2> /dev/null || { cat "$scratch/log" >&2; server=; exit 1; }
    sleep 0.05
done
ERRAND_URL=$(sed -n 's/^Listening on //p' "$scratch/listening")
ERRAND_TOKEN=$("$errand" token create --subject demo --data "$scratch/data" -o id)
export ERRAND_URL ERRAND_TOKEN
echo "It listens on $ERRAND_URL; a token was made for it."
run types

say "2. $(basename "$table") becomes a job: one item a row"
echo "\$ errand submit $type --items $table -o id"
job=$("$errand" submit "$type" --items "$table" -o id)
echo "$job"

say "3. It runs"
echo "\$ errand watch $job"
ended=0
"$errand" watch "$job" || ended=$?
[ $ended -eq 0 ] || [ $ended -eq 7 ] || { run show "$job"; run logs "$job"; cat "$scratch/log" >&2; exit "$ended"; }
[ $ended -eq 0 ] || echo "Some rows failed: exit code 7 says so (errand help exit-codes)."

say "4. What became of it"
run show "$job"

say "5. Each row has its own result"
run items "$job" --limit 8
if [ $ended -eq 7 ]; then run items "$job" --status failed --limit 8; fi

say "6. What it said while it ran"
run logs "$job"

say "7. Its output, in three formats"
run outputs "$job"
run outputs "$job" --download "$scratch/out"
for format in csv json ndjson; do
    for file in "$scratch"/out/*."$format"; do
        [ -s "$file" ] || { echo "demo: the $format output is missing." >&2; exit 1; }
        printf -- '-- %s\n' "$(basename "$file")"
        head -n 3 "$file"
    done
done

say "8. The same with curl"
authorization="Authorization: Bearer $ERRAND_TOKEN"
output=$("$errand" outputs "$job" -o id | head -n 1)
if command -v curl > /dev/null; then
    echo "\$ curl -i -H '$authorization' $ERRAND_URL/v1/jobs/$job"
    curl -sS -i -H "$authorization" "$ERRAND_URL/v1/jobs/$job"
    echo
fi
cat << CURL
curl -i -H '$authorization' $ERRAND_URL/v1/jobs/$job
curl -H '$authorization' -H 'Accept: application/x-ndjson' '$ERRAND_URL/v1/jobs/$job/items?status=succeeded'
curl -H '$authorization' '$ERRAND_URL/v1/jobs/$job/messages?severity=warning'
curl -H '$authorization' $ERRAND_URL/v1/jobs/$job/why
curl -OJ -H '$authorization' '$ERRAND_URL/v1/jobs/$job/outputs/$output?format=csv'
curl -N -H '$authorization' -H 'Accept: text/event-stream' $ERRAND_URL/v1/jobs/$job/events
CURL
echo
echo "The server of this demo ends now. For one that stays: errand dev --demo"
