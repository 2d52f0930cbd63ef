#!/usr/bin/env bash
# Installs what a fresh machine lacks (it has the .NET SDK, Node and make) and restores the packages as the lock files say.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v curl >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq curl >/dev/null
fi
# The tests of the PostgreSQL store start servers of their own. Where it cannot be installed they are skipped, by name, or use ERRAND_TEST_POSTGRES.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    mkdir -p /etc/postgresql-common && { [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf; }
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null; } || echo "PostgreSQL could not be installed: its tests are skipped."
fi
# RUNLEVEL=1 keeps the package from starting a pooler of its own.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! command -v pgbouncer >/dev/null; then
    { apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq pgbouncer >/dev/null; } || echo "PgBouncer could not be installed: its tests are skipped."
fi
# The sample of a worker in Python needs nothing but Python; its test is skipped, by name, where that cannot be installed.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! command -v python3 >/dev/null; then
    { apt-get update -qq && apt-get install -y -qq python3-minimal >/dev/null; } || echo "Python could not be installed: the test of its worker is skipped."
fi
# The sample of a worker in TypeScript is compiled: as its lock file says, and anew only when something of it has changed.
worker=samples/workers/typescript
if [ ! "$worker/dist/worker.js" -nt "$worker/package-lock.json" ] || [ "$worker/worker.ts" -nt "$worker/dist/worker.js" ] || [ "$worker/errand-worker.ts" -nt "$worker/dist/worker.js" ]; then
    npm ci --prefix "$worker" --ignore-scripts --no-audit --no-fund --loglevel error
    npm run build --prefix "$worker" --silent
    touch "$worker/dist/worker.js"
fi
# Clients that others wrote, for tests/ForeignClients: as its lock file says, and anew only when that has changed.
foreign=tests/ForeignClients
if ! cmp -s $foreign/package-lock.json $foreign/node_modules/.installed-from; then
    npm ci --prefix $foreign --ignore-scripts --no-audit --no-fund --loglevel error
    cp $foreign/package-lock.json $foreign/node_modules/.installed-from
fi
locked=()
[ "${CI:-}" = true ] && locked=(--locked-mode)
dotnet restore Errand.slnx "${locked[@]}" -v q
