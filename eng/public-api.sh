#!/usr/bin/env bash
# Writes what the libraries show in public into PublicAPI.Unshipped.txt, for review in the diff. Usage: eng/public-api.sh [project folder …]
set -euo pipefail
cd "$(dirname "$0")/.."
for folder in "${@:-src/*}"; do
    for project in $folder/*.csproj; do
        api=$(dirname "$project")/PublicAPI.Unshipped.txt
        echo '#nullable enable' > "$api"
        # RS0016 names each public symbol that no file lists, exactly as the file wants it; a build of nothing else is enough.
        { dotnet build "$project" -v q --no-incremental -p:TreatWarningsAsErrors=false 2>&1 || true; } |
            sed -nE "s/.*(warning|error) RS0016: Symbol '(.*)' is not part of the declared public API.*/\2/p" | LC_ALL=C sort -u >> "$api"
        echo "$(($(wc -l < "$api") - 1)) public symbols in $(dirname "$project")"
    done
done
