#!/usr/bin/env bash
# The power goes while jobs are submitted, run and settled, again and again, on SQLite and on PostgreSQL: an ext4 file system on a loop device of its own is cut off at one instant, so that it keeps what
# was flushed and loses what was only written; the processes are killed, it is mounted again, and every acknowledged job is held against what is there. In every other cut some of the writes that
# were not flushed reach the disk all the same, at random. The control, with flushes that are not done, must lose something.
# Usage: eng/power-loss.sh [CUTS]   (default: 20 per store). Needs root (mounts), PostgreSQL's programs, libeatmydata for the control, and what 'make build' leaves. ERRAND_POWER_SEED repeats a seed.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "NOT DONE: only root can mount a file system. Nothing was tried."; exit 1; }
[ -x artifacts/bin/errand ] || { echo "Run 'make build' first."; exit 1; }
if command -v apt-get > /dev/null && ! ls /usr/lib/*/libeatmydata.so.1 > /dev/null 2>&1; then
    { apt-get update -qq && apt-get install -y -qq libeatmydata1 > /dev/null; } || echo "libeatmydata could not be installed: the control on SQLite is not done."
fi
tests=tests/EndToEnd/bin/${CONFIGURATION:-Release}/net10.0/Errand.EndToEnd.Tests
log=$(mktemp)
code=0
ERRAND_CUTS=${1:-20} "$tests" -noColor -explicit only -class "*.PowerLoss.*" > "$log" 2>&1 || code=$?
grep -E '^(power seed|SQLite|PostgreSQL)' "$log" | awk '/^power seed/ || !seen[$0]++'
if grep -q '\[SKIP\]' "$log"; then grep '\[SKIP\]' "$log" | sed 's/^ */NOT DONE: /'; code=1; fi
if [ "$code" = 0 ]; then echo "nothing acknowledged was lost; where flushes were not done, it was"; rm "$log"; else grep -A12 '\[FAIL\]' "$log" | cut -c1-600 || true; echo "the whole log: $log"; fi
exit "$code"
