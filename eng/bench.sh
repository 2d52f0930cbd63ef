#!/usr/bin/env bash
# Measures storage, engine and server, each beside the raw figure of the same run; writes artifacts/bench/results.md.
# Usage: eng/bench.sh [storage] [engine] [http]; all three by default.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v wrk >/dev/null; then
    [ "$(id -u)" = 0 ] || { echo "make bench drives HTTP with wrk: install Debian's package 'wrk'"; exit 1; }
    apt-get update -qq && apt-get install -y -qq wrk >/dev/null
fi
parts=("$@")
[ ${#parts[@]} = 0 ] && parts=(storage engine http)
run() { dotnet run -c Release --no-build --project "$@"; }
mkdir -p artifacts/bench
for part in "${parts[@]}"; do
    echo "## $part"
    case $part in
        storage) run bench/Errand.Benchmarks -- storage ;;
        engine) run bench/Errand.Load -- engine ;;
        http) run bench/Errand.Load -- http "$PWD/artifacts/bin/errand" ;;
        *) echo "unknown part '$part': storage, engine or http"; exit 2 ;;
    esac
    echo
done | tee artifacts/bench/results.md
