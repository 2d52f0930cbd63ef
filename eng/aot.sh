#!/usr/bin/env bash
# Publishes the executable as native code to artifacts/aot and proves it: it serves, makes a token, takes a job, runs it and tells its result.
# Needs a linker (Debian: gcc or clang, zlib1g-dev). Objects and lock files of its own, so that the ordinary build is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$PWD/artifacts/aot
dotnet publish src/Errand.Cli -c Release --use-current-runtime -p:PublishAot=true -p:StripSymbols=true -p:RunAnalyzers=false \
    -p:GenerateDocumentationFile=false -p:NuGetLockFilePath=obj/aot.lock.json --artifacts-path artifacts/aot-build -o "$out" -v q
rm -f "$out/Errand.Cli"
folder=$(mktemp -d)
"$out/errand" dev --demo --data "$folder/data" --urls http://127.0.0.1:0 > "$folder/out" 2> "$folder/err" &
server=$!
trap 'kill $server 2>/dev/null || true; wait $server 2>/dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 100); do grep -q ERRAND_TOKEN "$folder/out" && break; sleep 0.1; done
eval "$(grep '^export ' "$folder/out")" || { cat "$folder/err"; exit 1; }
"$out/errand" submit demo.report -d '{"rows":5}' --wait
"$out/errand" doctor > /dev/null
"$out/errand" --version | grep "without OAuth" > /dev/null
curl -sf "$ERRAND_URL/openapi/v1.json" > /dev/null
echo "The native executable works: $(stat -c %s "$out/errand" | numfmt --to=iec) at $out/errand."
