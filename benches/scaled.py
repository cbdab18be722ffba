#!/usr/bin/env python3
"""How much the figures change because large JPEGs are not decoded whole for the network: `evaluate` on photographs
as they are, and on the same ones as PNG, whose pixels are all decoded.

    benches/scaled.py PROGRAM DATA     DATA: the folder of DERMALOUPE_DATA; with the environment of compare.sh

Exits with 1 if a photograph's Dice changes by more than 0.005, or the mean of a set by more than 0.0005. JPEGs of less
than 1536 pixels a side are decoded whole anyway: of sets of those the change is that of another decoder of JPEG, OpenCV's, and
only their mean is held to anything.
"""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2

MOST_OF_ONE, MOST_OF_THE_MEAN = 0.005, 0.0005
SCALED_FROM = 1536  # pixels of the shorter side
SETS = {
    "originals": ("originals", "originals", []),
    "ISIC 2017, test": ("isic2017/images", "isic2017/masks", ["--list", "isic2017/splits.csv", "--split", "test"]),
    "HAM10000": ("ham10000/images", "ham10000/masks", []),
}


def dice_of(program, images, masks, more, work):
    table = work / "figures.csv"
    command = [program, "evaluate", "--images", images, "--masks", masks, "--network-only", "--csv", table, *more]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with table.open() as rows:
        return {row["image_id"]: float(row["dice"]) for row in csv.DictReader(rows)}


def main():
    program, data = sys.argv[1], Path(sys.argv[2])
    is_kept = True
    for name, (images, masks, more) in SETS.items():
        more = [data / word if word.endswith(".csv") else word for word in more]
        with tempfile.TemporaryDirectory() as work:
            work = Path(work)
            ours = dice_of(program, data / images, data / masks, more, work)
            (work / "png").mkdir()
            is_scaled = False
            for stem in ours:
                picture = cv2.imread(str(data / images / f"{stem}.jpg"))
                is_scaled |= min(picture.shape[:2]) >= SCALED_FROM
                cv2.imwrite(str(work / "png" / f"{stem}.png"), picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])
            whole = dice_of(program, work / "png", data / masks, more, work)
        changes = [abs(ours[stem] - whole[stem]) for stem in ours]
        mean = abs(sum(ours.values()) - sum(whole.values())) / len(ours)
        is_kept &= (max(changes) <= MOST_OF_ONE or not is_scaled) and mean <= MOST_OF_THE_MEAN
        why = "" if is_scaled else ": none is large enough to be scaled, so by another decoder alone"
        print(f"{name}: {len(ours)} photographs, Dice changes by {max(changes):.6f} at most, the mean by {mean:.6f}{why}", flush=True)
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
