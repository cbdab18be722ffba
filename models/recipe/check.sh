#!/usr/bin/env bash
# Checks the recipe's line lengths and runs its tests. Works from any folder; creates the environment if needed.
# DERMALOUPE_DATA names the data folder; without the photographs phantoms are used, but not where CI is true.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
venv="$(./environment.sh)"
export PYTHONDONTWRITEBYTECODE=1

"$venv/bin/python" - <<'PYTHON'
import ast, pathlib

for file in sorted(pathlib.Path(".").rglob("*.py")):
    tree = ast.parse(file.read_text(), str(file))
    lines = file.read_text().splitlines()
    assert len(lines) <= 400, f"file of {len(lines)} lines, at most 400 are allowed: {file}"
    for number, line in enumerate(lines, 1):
        assert len(line) <= 120, f"line of {len(line)} characters, at most 120 are allowed: {file}:{number}"
        assert line == line.rstrip(), f"blanks at the end of the line: {file}:{number}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            length = node.end_lineno - node.lineno + 1
            assert length <= 80, f"function of {length} lines, at most 80 are allowed: {file}:{node.lineno}"
PYTHON
"$venv/bin/python" -m pytest -q -p no:cacheprovider "$@" tests
echo "models/recipe: all checks passed"
