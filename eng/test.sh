#!/usr/bin/env bash
# Runs every test project that is built and adds up what they say. Prints 'N passed, N failed, N skipped'; not zero when any failed.
# ERRAND_TESTS=long runs more kills and more simulation seeds.
set -uo pipefail
cd "$(dirname "$0")/.."
configuration=${CONFIGURATION:-Release}
passed=0 failed=0 skipped=0 broken=()
results=artifacts/tests
mkdir -p "$results"
started=$SECONDS
for project in tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    binary=$(dirname "$project")/bin/$configuration/net10.0/$name
    log=$results/$name.log
    from=$SECONDS
    # -noColor keeps the log plain; tests of one project run in parallel, projects one after another, so that timings mean something.
    "$binary" -noColor > "$log" 2>&1
    code=$?
    # xUnit's closing line: "Total: 4, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 0.1s"
    line=$(grep -E 'Total: [0-9]+, Errors: ' "$log" | tail -n 1)
    read -r total errors wrong left < <(sed -E 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\1 \2 \3 \4/' <<< "${line:-Total: 0, Errors: 1, Failed: 0, Skipped: 0}")
    passed=$((passed + total - errors - wrong - left)) failed=$((failed + errors + wrong)) skipped=$((skipped + left))
    printf '%-36s %5d passed %3d failed %3d skipped %4ds\n' "$name" $((total - errors - wrong - left)) $((errors + wrong)) "$left" $((SECONDS - from))
    grep -E '^\s+.*\[SKIP\]' "$log" | sed 's/^/    skipped:/' || true
    grep -E '^(Kills|Torture|Model|Simulation|Crash):' "$log" || true
    if [ "$code" != 0 ]; then
        broken+=("$name")
        [ $((errors + wrong)) = 0 ] && failed=$((failed + 1))
        tail -n 120 "$log"
    fi
done
[ ${#broken[@]} = 0 ] || echo "broken: ${broken[*]} (whole logs in $results)"
echo "took $((SECONDS - started))s"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
