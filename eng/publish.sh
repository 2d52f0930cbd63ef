#!/usr/bin/env bash
# Publishes the executable, compiled ahead for this platform, so that it starts in about half the time. The compiler for that is a package of its own: where no feed has it, the executable
# is published as it was built, and starts slower. Usage: eng/publish.sh CONFIGURATION FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
if ! dotnet publish src/Errand.Cli -c "$1" -p:ErrandReadyToRun=true -p:RunAnalyzers=false -o "$2" -v q; then
    echo "The executable could not be compiled ahead; it is published as it was built."
    rm -rf "$2"
    dotnet publish src/Errand.Cli -c "$1" --no-build -o "$2" -v q
fi
