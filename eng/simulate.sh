#!/usr/bin/env bash
# The long run of the simulation: eng/simulate.sh [SEEDS] [FIRST] tells SEEDS stories (default: 1,000,000) from seed FIRST on, in slices, at the lowest priority.
# After each slice it prints how far it came and writes it to artifacts/simulation.txt; without FIRST the next run goes on where the last one ended. It stops at the first broken promise.
set -euo pipefail
cd "$(dirname "$0")/.."
slice=${SLICE:-5000}
seeds=${1:-1000000}
state=artifacts/simulation.txt
mkdir -p artifacts
first=${2:-$(awk 'END { print $1 + 1 }' "$state" 2>/dev/null || echo 1)}
last=$((first + seeds - 1))
binary=tests/Simulation/bin/${CONFIGURATION:-Release}/net10.0/Errand.Simulation.Tests
log=$(mktemp)
trap 'rm -f "$log"' EXIT
begun=$SECONDS from=$first
# What counts itself for a better second compilation pays in a long run.
export DOTNET_TieredPGO=1
for ((; first <= last; first += slice)); do
    count=$((last - first + 1 < slice ? last - first + 1 : slice))
    if ! ERRAND_SIMULATION_FIRST=$first ERRAND_SIMULATION_SEEDS=$count nice -n 19 "$binary" -noColor -method '*Every_promise_is_kept_whatever_happens' > "$log"; then
        cat "$log"
        exit 1
    fi
    done=$((first + count - 1)) took=$((SECONDS - begun > 0 ? SECONDS - begun : 1))
    echo "$done" > "$state"
    echo "$(date -u +%H:%M:%S) seeds $from to $done, no promise broken, $(((done - from + 1) / took)) a second"
done
