#!/usr/bin/env bash
# What may befall a cell of three PostgreSQL servers with two nodes before it, on a network of its own: one failover after another, standbys that are cut off before the primary dies, a primary that
# comes back from a standstill, no standbys at all. Every acknowledged job is held against what is there at the end, and every history against what one machine could have answered.
# Usage: eng/faults.sh [FAILOVERS]   (default: 20). Needs root (network namespaces), PostgreSQL's programs and what 'make build' leaves.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "NOT DONE: only root can make network namespaces. Nothing was tried."; exit 1; }
[ -x artifacts/bin/errand ] || { echo "Run 'make build' first."; exit 1; }
tests=tests/EndToEnd/bin/${CONFIGURATION:-Release}/net10.0/Errand.EndToEnd.Tests
log=$(mktemp)
code=0
ERRAND_FAILOVERS=${1:-20} "$tests" -noColor -explicit only -class "*.Faults.*" > "$log" 2>&1 || code=$?
grep -E '^(failover|Faults:)' "$log" | awk '!seen[$0]++'
if grep -q '\[SKIP\]' "$log"; then grep '\[SKIP\]' "$log" | sed 's/^ */NOT DONE: /'; code=1; fi
if [ "$code" = 0 ]; then echo "nothing lost, every history linearizable"; rm "$log"; else grep -A12 '\[FAIL\]' "$log" | cut -c1-600 || true; echo "the whole log: $log; what the nodes said: artifacts/faults"; fi
exit "$code"
