"""Tests of the library's order: README.md's table lists every module, and a module imports only those above it."""

import ast
import re

from dermaloupe_recipe import files

LIBRARY = files.RECIPE / "dermaloupe_recipe"


def listed_modules():
    """The modules in the order of README.md's table."""
    table = (files.RECIPE / "README.md").read_text().split("## The library")[1].split("## ")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [name for cell in cells for name in re.findall(r"`(\w+)(?:\.py|/)`", cell) if name != "templates"]


def imported_modules(path):
    """The library's modules that a file imports, without those of its own folder."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "dermaloupe_recipe":
            package, *names = node.module.split(".")
            for name in names[:1] or [alias.name for alias in node.names]:
                if name != path.parent.name:
                    yield name


def test_every_module_is_in_the_map():
    found = {path.stem for path in LIBRARY.glob("*.py")} - {"__init__"} | {"fixtures"}
    assert sorted(listed_modules()) == sorted(found)


def test_a_module_imports_only_modules_above_it_in_the_map():
    order = listed_modules()
    for path in LIBRARY.rglob("*.py"):
        if path.stem != "__init__":
            place = order.index("fixtures" if path.parent.name == "fixtures" else path.stem)
            wrong = [name for name in imported_modules(path) if order.index(name) >= place]
            assert not wrong, f"{path.name} imports {wrong}"
