#!/usr/bin/env bash
# Inside a bare root: the whole test suite.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
CI=true ./dev test
