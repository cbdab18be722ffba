#!/usr/bin/env bash
# Checks the recipe's line lengths and runs its tests. Works from any folder; creates the environment if needed.
# DERMALOUPE_DATA names the data folder; without the photographs phantoms are used, but not where CI is true.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
venv="$(./environment.sh)"
export PYTHONDONTWRITEBYTECODE=1

"$venv/bin/python" ../../tests/checks/python_sizes.py .
"$venv/bin/python" -m pytest -q -p no:cacheprovider "$@" tests
echo "models/recipe: all checks passed"
