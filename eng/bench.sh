#!/usr/bin/env bash
# Measures storage, engine and server, each beside the raw figure of the same run; writes artifacts/bench/results.md.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v wrk >/dev/null; then
    [ "$(id -u)" = 0 ] || { echo "make bench drives HTTP with wrk: install Debian's package 'wrk'"; exit 1; }
    apt-get update -qq && apt-get install -y -qq wrk >/dev/null
fi
mkdir -p artifacts/bench
dotnet run -c Release --no-build --project bench/Errand.Benchmarks -- "${@:-all}" | tee artifacts/bench/results.md
