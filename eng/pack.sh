#!/usr/bin/env bash
# Every library becomes a package in artifacts/packages.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf artifacts/packages
dotnet pack Errand.slnx -c "${CONFIGURATION:-Release}" --no-build -o artifacts/packages -v q
echo "$(ls artifacts/packages/*.nupkg | wc -l) packages in artifacts/packages"
