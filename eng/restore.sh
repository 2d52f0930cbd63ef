#!/usr/bin/env bash
# Installs what a fresh machine lacks (it has the .NET SDK, Node and make) and restores the packages as the lock files say.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v curl >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq curl >/dev/null
fi
locked=()
[ "${CI:-}" = true ] && locked=(--locked-mode)
dotnet restore Errand.slnx "${locked[@]}" -v q
