#!/usr/bin/env bash
# Accepts what the window's states look like now; git shows which sheets have changed, for looking at.
#
#   tests/snapshots/accept.sh [STATE]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
SNAPSHOTS_ACCEPT=1 cargo test --test snapshots -- "$@"
git status --short tests/snapshots/sheets
