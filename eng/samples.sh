#!/usr/bin/env bash
# Builds the samples that are programs, starts each on a free port and says what its README says. Not zero when an answer differs.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
server=
worker=
stop() { if [ -n "$server" ]; then kill "$server" 2> /dev/null || true; wait "$server" 2> /dev/null || true; server=; fi; }
fire() { if [ -n "$worker" ]; then kill "${1:--TERM}" "$worker" 2> /dev/null || true; wait "$worker" 2> /dev/null || true; worker=; fi; }
trap 'fire; stop; rm -rf "$work"' EXIT

# build FOLDER: sets $name and $program.
build() {
    name=$(basename "$1")
    program=samples/$1/bin/Release/net10.0/$name.dll
    dotnet build "samples/$1/$name.csproj" -c Release -v q -nologo > "$work/$name.build" || { cat "$work/$name.build"; exit 1; }
}

# start FOLDER: sets $url once the sample listens.
start() {
    build "$1"
    dotnet "$program" --urls http://127.0.0.1:0 --data "$work/$name" > "$work/$name.log" 2>&1 &
    server=$!
    for _ in $(seq 150); do
        url=$(sed -nE 's/.*Now listening on: (http[^ ]+).*/\1/p' "$work/$name.log" | head -n 1)
        [ -n "$url" ] && return
        sleep 0.2
    done
    cat "$work/$name.log"
    exit 1
}

# expect WHAT STATUS TEXT curl-arguments…
expect() {
    local what=$1 status=$2 text=$3 got
    shift 3
    got=$(curl -s -o "$work/body" -w '%{http_code}' -H 'Content-Type: application/json' "$@")
    if [ "$got" != "$status" ] || { [ -n "$text" ] && ! grep -qF "$text" "$work/body"; }; then echo "$what: $got instead of $status with '$text':"; cat "$work/body"; exit 1; fi
    echo "ok  $what"
}

start RunsAsJob
expect 'RunsAsJob: accepted' 202 '"type":"report.export"' "$url/reports" -d '{"month":"2026-10","rows":5}'
expect 'RunsAsJob: done' 200 '"result":{"month":"2026-10","rows":5}' "$url/reports" -H 'Prefer: wait=20' -d '{"month":"2026-10","rows":5}'
expect 'RunsAsJob: refused at once' 400 'Rows' "$url/reports" -d '{"month":"2026-10","rows":0}'
stop
start OwnHandler
expect 'OwnHandler: done' 200 '"result":{"words":3}' "$url/v1/jobs" -H 'Prefer: wait=20' -d '{"type":"text.count","input":{"words":"one two three"}}'
stop
start OwnWire
expect 'OwnWire: accepted' 202 '"type":"greeting.write"' -X POST "$url/greetings?name=Ada"
job=$(sed -nE 's/.*"id":"([0-9a-f]{32})".*/\1/p' "$work/body")
expect 'OwnWire: waited for' 200 '"status":"succeeded"' "$url/v1/jobs/$job" -H 'Prefer: wait=20'
expect 'OwnWire: told in its own words' 200 "{\"task\":\"$job\",\"state\":\"ready\"}" "$url/tasks/$job"
expect 'OwnWire: refused in its own words' 404 '{"oops":"not-found","because":"' "$url/tasks/unheard-of"
expect 'OwnWire: no such route' 405 '{"oops":"method-not-allowed"' -X PATCH "$url/tasks/$job"
stop
start EntityFramework
expect 'EntityFramework: saved' 202 '"article":"lamp"' "$url/orders" -d '{"article":"lamp"}'
job=$(sed -nE 's/.*"job":"([0-9a-f]{32})".*/\1/p' "$work/body")
expect 'EntityFramework: its job is done' 200 '"result":"lamp is confirmed"' "$url/v1/jobs/$job" -H 'Prefer: wait=20'
expect 'EntityFramework: not saved' 500 '' "$url/orders" -d '{"article":"lamp"}'
expect 'EntityFramework: one order' 200 '[{"article":"lamp","id":1,' "$url/orders"
expect 'EntityFramework: and one job' 200 "\"id\":\"$job\"" "$url/v1/jobs"
if [ "$(grep -o '"status"' "$work/body" | wc -l)" != 1 ]; then echo "EntityFramework: there is more than one job:"; cat "$work/body"; exit 1; fi
stop
start WorkerApart/Api
build WorkerApart/Worker
hire() { dotnet "$program" --api "$url" > "$work/worker.log" 2>&1 & worker=$!; }
hire
for _ in $(seq 150); do if curl -s "$url/v1/types" | grep -q text.count; then break; fi; sleep 0.2; done
expect 'WorkerApart: run by the other process' 200 "\"result\":{\"words\":3,\"process\":$worker}" "$url/v1/jobs" -H 'Prefer: wait=20' -d '{"type":"text.count","input":{"words":"one two three"}}'
fire -KILL
expect 'WorkerApart: accepted while no worker is there' 202 '"type":"text.count"' "$url/v1/jobs" -d '{"type":"text.count","input":{"words":"one two"}}'
job=$(sed -nE 's/.*"id":"([0-9a-f]{32})".*/\1/p' "$work/body")
hire
expect 'WorkerApart: run by the next worker' 200 "\"result\":{\"words\":2,\"process\":$worker}" "$url/v1/jobs/$job" -H 'Prefer: wait=30'
fire
stop
build StandIn
dotnet "$program" > "$work/standin.log"
if [ "$(paste -sd, "$work/standin.log")" != 'not closed: 90,PUT 200,GET 429,GET 200,GET 200,GET 200' ]; then echo 'StandIn: said something else:'; cat "$work/standin.log"; exit 1; fi
echo 'ok  StandIn: met a 429, two polls and a failed ticket'
echo "samples: all answers as their READMEs say"
