#!/usr/bin/env python3
"""The licences of everything that is linked into the program, as one text for the package.

    packaging/third_party.py TARGET > FILE

Asks cargo which crates a build for TARGET takes, and reads their licence files where cargo has unpacked them. A crate
without such a file is listed with what its manifest says. Fails when a crate's licence is none of those we may ship.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ALLOWED = {"MIT", "MIT-0", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "Zlib",
           "ISC", "CC0-1.0", "0BSD", "Unicode-3.0", "Unlicense", "OFL-1.1", "Ubuntu-font-1.0"}
NAMES = re.compile(r"(licen[cs]e|copying|notice|unlicense|ofl)", re.IGNORECASE)


def linked_packages(target):
    """The packages of a normal build for the target, the program itself left out, sorted by name."""
    metadata = json.loads(subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", target],
        check=True, capture_output=True, text=True).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    needs = {node["id"]: [dependency["pkg"] for dependency in node["deps"]
                          if any(kind["kind"] is None for kind in dependency["dep_kinds"])]
             for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    seen, open_ids = set(), [root]
    while open_ids:
        package = open_ids.pop()
        if package not in seen:
            seen.add(package)
            open_ids += needs[package]
    return sorted((packages[package] for package in seen - {root}), key=lambda package: package["name"])


def allowed(licence):
    """Whether an SPDX expression leaves a choice that we may ship."""
    either = [part.strip(" ()") for part in re.split(r"\bOR\b|/", licence)]
    return any(all(term.strip(" ()") in ALLOWED for term in part.split(" AND ")) for part in either)


def licence_texts(package):
    folder = Path(package["manifest_path"]).parent
    files = {path for path in folder.iterdir() if path.is_file() and NAMES.search(path.name) and path.suffix != ".rs"}
    if package["license_file"]:
        files.add(folder / package["license_file"])
    return [path.read_text(encoding="utf-8", errors="replace").strip() for path in sorted(files)]


def main():
    packages = linked_packages(sys.argv[1])
    refused = [f"{package['name']}: {package['license']}" for package in packages
               if not allowed(package["license"] or "")]
    if refused:
        sys.exit("third_party.py: licences that may not be shipped: " + "; ".join(refused))
    print("Dermaloupe is linked with the following Rust crates.\n")
    takers = {}  # text -> names
    for package in packages:
        print(f"{package['name']} {package['version']}: {package['license']}")
        for text in licence_texts(package):
            takers.setdefault(text, []).append(package["name"])
    for text, names in takers.items():
        print(f"\n{'=' * 78}\n{', '.join(names)}\n{'-' * 78}\n{text}")


if __name__ == "__main__":
    main()
