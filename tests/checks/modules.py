#!/usr/bin/env python3
"""What imports what in src: the order of lib.rs is kept, and rings of imports do not come back.

    tests/checks/modules.py [--list]

lib.rs lists the modules in groups, in the order of the flow: a module imports only from its own group, without a ring
among the group's modules, and from the groups above. So nothing but the program itself imports the window, the last.
A ring is a set of files, each of which leads back to itself by imports; a module and its own child may be one, as they
are one thing in two files. --list prints every one."""
import collections
import pathlib
import re
import sys

SRC = pathlib.Path(__file__).resolve().parents[2] / "src"

# Files of each other ring that may still be there, the largest first. They become fewer, and never more.
RINGS = [2, 2, 2]

# A module apart from its name: lib.rs, main.rs and the unit tests of another.
NO_MODULES = {("lib",), ("main",)}


def modules():
    """The crate's modules, by path: ('app', 'kiosk')."""
    found = {path.relative_to(SRC).with_suffix("").parts: path for path in SRC.rglob("*.rs")}
    return {name: path for name, path in found.items() if name not in NO_MODULES and name[-1] != "tests"}


def code(path):
    """A file's text without comments, strings and the unit tests at its end."""
    text = path.read_text(encoding="utf-8")
    text = re.split(r"^#\[cfg\(test\)\]\s*\n\s*(?:pub(?:\([^)]*\))? )?mod \w+ \{", text, flags=re.M)[0]
    return re.sub(r"""//[^\n]*|r#".*?"#|"(?:[^"\\]|\\.)*"|'\\?['"{}]'""", "", text, flags=re.S)


def leaves(tree):
    """The paths that a tree as in `use a::{b, c::{d}}` stands for."""
    before, brace, inside = tree.partition("{")
    if not brace:
        yield tree.split(" as ")[0].strip()
        return
    depth, begin = 0, 0
    inside = inside[: inside.rindex("}")] + ","
    for place, letter in enumerate(inside):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            if inside[begin:place].strip():
                yield from leaves(before + inside[begin:place].strip())
            begin = place + 1


def imports(name, path, known):
    """The modules that the module `name` speaks of, itself left out."""
    text = code(path)
    paths = [leaf for use in re.findall(r"\buse\s+([^;]+);", text) for leaf in leaves(" ".join(use.split()))]
    paths += re.findall(r"\b(?:crate|(?:super::)*super)(?:::\w+)+", text)
    for leaf in paths:
        parts = leaf.split("::")
        if parts[0] == "crate":
            target = tuple(parts[1:])
        elif parts[0] == "self":
            target = name + tuple(parts[1:])
        elif parts[0] == "super":
            ups = len(list(filter("super".__eq__, parts)))
            target = name[:-ups] + tuple(parts[ups:])
        else:
            continue
        while target and target not in known:
            target = target[:-1]
        if target and target != name:
            yield target


def rings(arrows):
    """The sets of more than one module that lead to each other, the largest first (Tarjan 1972)."""
    index, low, stack, found = {}, {}, [], []

    def visit(name):
        index[name] = low[name] = len(index)
        stack.append(name)
        for target in sorted(arrows[name]):
            if target not in index:
                visit(target)
            if target in stack:
                low[name] = min(low[name], low[target])
        if low[name] == index[name]:
            at = stack.index(name)
            found.append(sorted(stack[at:]))
            del stack[at:]

    sys.setrecursionlimit(10_000)
    for name in sorted(arrows):
        if name not in index:
            visit(name)
    return sorted((ring for ring in found if len(ring) > 1), key=len, reverse=True)


def is_parent_with_child(ring):
    """Whether the ring is a module and a child of it."""
    return len(ring) == 2 and ring[1][:-1] == ring[0]


def groups():
    """For each module of lib.rs the number of its group: modules between two blank lines are one."""
    text = (SRC / "lib.rs").read_text(encoding="utf-8")
    return {
        module: number
        for number, paragraph in enumerate(re.split(r"\n\s*\n", text))
        for module in re.findall(r"^(?:pub(?:\(crate\))? )?mod (\w+);", paragraph, flags=re.M)
    }


def main():
    known, order = modules(), groups()
    arrows = {name: set(imports(name, path, known)) for name, path in known.items()}
    complaints = []
    for name in sorted(arrows):
        for target in sorted(arrows[name]):
            if order[target[0]] > order[name[0]]:
                complaints.append(f"imports {'::'.join(target)}, which stands to its right in lib.rs: {known[name]}")
    tops = collections.defaultdict(set)
    for name, targets in arrows.items():
        tops[name[:1]] |= {target[:1] for target in targets if target[0] != name[0]}
    for ring in rings(tops):
        complaints.append(f"a ring among the modules of lib.rs: {' '.join(top for (top,) in ring)}")
    found = [ring for ring in rings(arrows) if not is_parent_with_child(ring)]
    sizes = [len(ring) for ring in found]
    if len(sizes) > len(RINGS) or any(size > most for size, most in zip(sizes, RINGS)):
        complaints.append(f"rings of {sizes} files, at most {RINGS}; they are named by: tests/checks/modules.py --list")
    if "--list" in sys.argv:
        for ring in found:
            print(f"{len(ring)}:", " ".join("::".join(name) for name in ring))
    if complaints:
        print("\n".join(complaints))
        return True
    print(f"{len(known)} modules in order; rings of {sizes} files")
    if sizes != RINGS:
        print("there are fewer rings than were: lower RINGS in tests/checks/modules.py")
    return False


if __name__ == "__main__":
    sys.exit(main())
