#!/usr/bin/env bash
# Publishes samples/NativeAot as native code to artifacts/aot-sample and says what its README says. Needs a linker, as eng/aot.sh does, and leaves the ordinary build alone.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$PWD/artifacts/aot-sample
dotnet publish samples/NativeAot -c Release --use-current-runtime -p:RunAnalyzers=false -p:GenerateDocumentationFile=false -p:NuGetLockFilePath=obj/aot.lock.json --artifacts-path artifacts/aot-sample-build -o "$out" -v q
work=$(mktemp -d)
"$out/NativeAot" --urls http://127.0.0.1:0 --data "$work/data" > "$work/log" 2>&1 &
server=$!
trap 'kill $server 2> /dev/null || true; wait $server 2> /dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 100); do grep -q 'Application started' "$work/log" && break; sleep 0.1; done
url=$(sed -nE 's/.*Now listening on: (http[^ ]+).*/\1/p' "$work/log" | head -n 1)
[ -n "$url" ] || { cat "$work/log"; exit 1; }
expect() {
    local what=$1 text=$2
    shift 2
    curl -s -H 'Content-Type: application/json' -H 'Prefer: wait=20' "$@" > "$work/body"
    grep -qF "$text" "$work/body" || { echo "$what: no '$text' in:"; cat "$work/body"; exit 1; }
    echo "ok  NativeAot: $what"
}
expect 'a handler' '"result":{"words":3}' "$url/v1/jobs" -d '{"type":"text.count","input":{"words":"one two three"}}'
expect 'an endpoint that runs as a job' '"result":{"words":2}' "$url/counts" -d '{"words":"one two"}'
echo "The native sample works: $(stat -c %s "$out/NativeAot" | numfmt --to=iec) at $out/NativeAot."
