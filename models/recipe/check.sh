#!/usr/bin/env bash
# Checks the recipe: it compiles, and its quick tests pass. Works from any folder; makes the environment if needed.
# DERMALOUPE_DATA names the data folder; without the photographs phantoms stand in, but not where CI is true.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
venv="$(./environment.sh)"
export PYTHONDONTWRITEBYTECODE=1

"$venv/bin/python" - <<'PYTHON'
import ast, pathlib

for file in sorted(pathlib.Path(".").glob("*.py")):
    ast.parse(file.read_text(), str(file))
    for number, line in enumerate(file.read_text().splitlines(), 1):
        assert len(line) <= 120, f"line of {len(line)} characters, at most 120 are allowed: {file}:{number}"
        assert line == line.rstrip(), f"blanks at the end of the line: {file}:{number}"
PYTHON
"$venv/bin/python" -m pytest -q -p no:cacheprovider "$@" .
echo "models/recipe: all checks passed"
