"""Runs the program through the corpus and compares what comes of it with what is right.

    python tests/corpus/run.py PROGRAM FOLDER [--only WORD]

FOLDER is what generate.py drew. `known.json` names the cases that are still wrong, each with its reason and the day it
was entered. It fails when another case is wrong, and when a known one has become right: then its line has to go.
"""

import argparse
import json
import re
import shutil
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from corpus import check_photos, check_runs, manifest
from corpus.program import Program


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="cases whose name this regular expression finds")
    options = parser.parse_args()
    folder = options.folder.resolve()
    photos, runs = manifest.load(folder)
    chosen = [photo for photo in photos if re.search(options.only, photo.name) or photo.name == "png_plain.png"]
    runs = [run for run in runs if re.search(options.only, run.name)]
    shutil.rmtree(folder / "out", ignore_errors=True)
    program = Program(options.program.resolve(), folder / "out" / "home")
    started = time.monotonic()
    complaints = check_photos.check(program, folder, chosen)
    complaints |= check_runs.check(program, folder, runs)
    known = json.loads((HERE / "known.json").read_text())
    unknown = {name: complaint for name, complaint in complaints.items() if name not in known}
    right = [name for name in known if re.search(options.only, name) and name not in complaints]
    for name, complaint in unknown.items():
        print(f"WRONG {name}: {complaint}")
    for name in right:
        print(f"RIGHT {name}: it is in known.json; take it out")
    print(
        f"corpus: {len(chosen)} photographs and {len(runs)} runs on {time.monotonic() - started:.0f} s, "
        f"{len(unknown)} wrong, {len(complaints) - len(unknown)} known"
    )
    sys.exit(bool(unknown or right))


if __name__ == "__main__":
    main()
