#!/usr/bin/env bash
# Errand beside the queues that its users would pick instead, and beside what the stores themselves can do; see bench/Peers/README.md. Run make build before it.
# Usage: eng/bench-peers.sh [short|full] [PART…] [rounds=N] [jobs=N] [name=NAME] [readme=yes]
# Installs what is missing (redis-server and postgresql where apt-get and root are there, the peers' packages by their lock files). A part that cannot run is named in the results, and the
# command then ends with 1.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 PEERS_ROOT=$PWD
peers=bench/Peers
projects=(Contender Bench Raw Errand Hangfire Quartz Wolverine)

install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "$1 is not installed, and only root can install it: its parts will fail."; return 0; }
    # RUNLEVEL=1 keeps the package from starting a server of its own.
    { apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null 2>&1; } || echo "$1 could not be installed: its parts will fail."
}

command -v redis-server >/dev/null || install redis-server
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || install postgresql
if ! cmp -s $peers/Node/package-lock.json $peers/Node/node_modules/.installed-from; then
    if npm ci --prefix $peers/Node --ignore-scripts --no-audit --no-fund --loglevel error; then
        cp $peers/Node/package-lock.json $peers/Node/node_modules/.installed-from
    else
        echo "The packages of the peers on Node could not be installed: those parts will fail."
        rm -rf $peers/Node/node_modules
    fi
fi
log=$(mktemp)
# Where a package of Errand has moved on, the lock files of the peers lag behind: they are then written anew, and git shows it.
build() {
    dotnet restore "$1" --locked-mode -v q >"$log" 2>&1 || { echo "$1: restored without its lock files"; dotnet restore "$1" --force-evaluate -v q >"$log" 2>&1; } || return 1
    dotnet build "$1" -c Release --no-restore -v q -nologo >"$log" 2>&1
}
# All at once; where that fails, one by one, so that one peer alone is missing.
if ! build $peers/Peers.slnx; then
    for project in "${projects[@]}"; do
        build "$peers/$project" && continue
        echo "$peers/$project could not be built:"
        grep -E "error|warn" "$log" | sort -u | head -n 5
        rm -rf "$peers/$project/bin/Release"
    done
fi
rm -f "$log"
program=$peers/Bench/bin/Release/net10.0/Errand.Peers.Bench.dll
[ -e "$program" ] || { echo "The bench itself could not be built, so nothing is measured."; exit 1; }

# In /var/tmp, which is on a disk where /tmp may be memory. PEERS_DIR=FOLDER puts the stores on another disk.
PEERS_WORK=$(mktemp -d "${PEERS_DIR:-/var/tmp}/errand-peers-XXXXXX")
chmod 755 "$PEERS_WORK"
export PEERS_WORK
# The bench ends what it starts; where it was itself ended, this does.
clean() {
    for file in "$PEERS_WORK"/postgresql/data/postmaster.pid "$PEERS_WORK"/*/redis.pid; do
        [ ! -e "$file" ] || kill -INT "$(head -n 1 "$file")" 2>/dev/null
    done
    sleep 0.2
    rm -rf "$PEERS_WORK"
}
trap clean EXIT
dotnet "$program" "$@"
