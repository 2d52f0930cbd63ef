#!/usr/bin/env bash
# Runs every test project that is built and adds up what they say. Prints 'N passed, N failed, N skipped'; not zero when any failed.
# ERRAND_TESTS=long runs more kills and more simulation seeds. What failed is told again at the very end, so that the tail of a log is enough.
set -uo pipefail
cd "$(dirname "$0")/.."
configuration=${CONFIGURATION:-Release}
passed=0 failed=0 skipped=0 broken=() told=""
results=artifacts/tests
mkdir -p "$results"
started=$SECONDS
# These prove that nothing is lost. A failure of theirs is never a matter of the machine's mood, so they get one try.
proofs='EndToEnd|Simulation|Storage|Conformance|Torture'

# Runs the tests of $1 into the log $2; sets total (without those that only a command of their own runs), errors, wrong, left and code.
run() {
    # -noColor keeps the log plain; tests of one project run in parallel, projects one after another, so that timings mean something.
    "$1" -noColor > "$2" 2>&1
    code=$?
    # xUnit's closing line: "Total: 4, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 0.1s"
    local line
    line=$(grep -E 'Total: [0-9]+, Errors: ' "$2" | tail -n 1)
    local explicit
    read -r total errors wrong left explicit < <(sed -E 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+), Not Run: ([0-9]+).*/\1 \2 \3 \4 \5/' <<< "${line:-Total: 0, Errors: 1, Failed: 0, Skipped: 0, Not Run: 0}")
    total=$((total - explicit))
}

# What failed, from xUnit's lines: "    Class.Test [FAIL]", then the message and the trace, further in.
failures() { grep -A 6 -E '\[FAIL\]$' "$1" | sed 's/^ *//' | cut -c1-240 || true; }

for project in tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    binary=$(dirname "$project")/bin/$configuration/net10.0/$name
    log=$results/$name.log
    from=$SECONDS
    run "$binary" "$log"
    # One second try in CI, where a failure costs a landing; it is told at the end, and the first log is kept, so that the test gets mended.
    if [ "$code" != 0 ] && [ "${ERRAND_TESTS:-}" = long ] && ! [[ $name =~ $proofs ]]; then
        mv "$log" "$results/$name.first.log"
        told+="unsteady at first: $name"$'\n'$(failures "$results/$name.first.log")$'\n'
        run "$binary" "$log"
    fi
    passed=$((passed + total - errors - wrong - left)) failed=$((failed + errors + wrong)) skipped=$((skipped + left))
    printf '%-36s %5d passed %3d failed %3d skipped %4ds\n' "$name" $((total - errors - wrong - left)) $((errors + wrong)) "$left" $((SECONDS - from))
    grep -E '^\s+.*\[SKIP\]' "$log" | sed 's/^/    skipped:/' || true
    grep -E '^(Kills|Torture|Model|Simulation|Crash):' "$log" || true
    if [ "$code" != 0 ]; then
        broken+=("$name")
        [ $((errors + wrong)) = 0 ] && failed=$((failed + 1))
        tail -n 120 "$log"
        told+="broken: $name"$'\n'$(failures "$log")$'\n'
    fi
done
[ -z "$told" ] || printf '%s(whole logs in %s)\n' "$told" "$results"
echo "took $((SECONDS - started))s"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
