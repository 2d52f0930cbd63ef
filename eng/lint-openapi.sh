#!/usr/bin/env bash
# Lints the OpenAPI document. Usage: eng/lint-openapi.sh [file or URL]. The default is the checked-in file, which a test holds equal to what a server serves.
set -euo pipefail
cd "$(dirname "$0")/.."
npx --yes @redocly/cli@2.77.0 lint --extends=minimal "${1:-docs/openapi.v1.json}"
