#!/usr/bin/env bash
# Format check, build, every test with the long settings, packages, a clean app of them, OpenAPI lint, the demo. The last line counts the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
make build
dotnet format Errand.slnx whitespace --no-restore --verify-no-changes
eng/pack.sh
eng/clean-app.sh
eng/lint-openapi.sh
eng/demo.sh > artifacts/demo.log || { cat artifacts/demo.log; exit 1; }
eng/samples.sh
# The README's test command, with more kills and more seeds.
ERRAND_TESTS=long make test
