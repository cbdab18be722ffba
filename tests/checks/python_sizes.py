#!/usr/bin/env python3
"""Checks the Python files below each folder given: at most 400 lines of 120 characters, functions of 80 lines."""

import ast
import sys
from pathlib import Path

MOST_LINES, MOST_CHARACTERS, MOST_OF_A_FUNCTION = 400, 120, 80


def complaints(file):
    text = file.read_text()
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        yield f"file of {len(lines)} lines, at most {MOST_LINES} are allowed: {file}"
    for number, line in enumerate(lines, 1):
        if len(line) > MOST_CHARACTERS:
            yield f"line of {len(line)} characters, at most {MOST_CHARACTERS} are allowed: {file}:{number}"
        if line != line.rstrip():
            yield f"blanks at the end of the line: {file}:{number}"
    for node in ast.walk(ast.parse(text, str(file))):
        if isinstance(node, ast.FunctionDef):
            length = node.end_lineno - node.lineno + 1
            if length > MOST_OF_A_FUNCTION:
                yield f"function of {length} lines, at most {MOST_OF_A_FUNCTION} are allowed: {file}:{node.lineno}"


def main():
    files = [file for folder in sys.argv[1:] for file in sorted(Path(folder).rglob("*.py"))]
    found = [complaint for file in files for complaint in complaints(file)]
    print("\n".join(found) or f"{len(files)} Python files are within the sizes")
    sys.exit(bool(found) or not files)


if __name__ == "__main__":
    main()
