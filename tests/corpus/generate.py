"""Draws the corpus into a folder, which is emptied before: see corpus/manifest.py.

python tests/corpus/generate.py FOLDER [--seed N]
"""

import argparse
import sys
import warnings
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from corpus import (
    coco,
    jpeg_damage,
    jpeg_photos,
    labelme,
    masks,
    names,
    networks,
    other_photos,
    png_photos,
    records,
    settings,
    system,
    tiff_photos,
)
from corpus.manifest import Corpus

PARTS = (
    jpeg_photos,
    jpeg_damage,
    png_photos,
    tiff_photos,
    other_photos,
    masks,
    names,
    coco,
    labelme,
    networks,
    records,
    settings,
    system,
)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=13)
    options = parser.parse_args()
    warnings.filterwarnings("ignore", module="PIL")  # about the damaged files that are drawn here
    corpus = Corpus(options.folder, options.seed)
    for part in PARTS:
        part.add(corpus)
    corpus.save()
    print(f"{len(corpus.photos)} photographs and {len(corpus.runs)} runs: {options.folder}")


if __name__ == "__main__":
    main()
