#!/usr/bin/env python3
"""What it costs a network when photographs are reduced otherwise than it was trained with: by averaging, as RGA does by its
guide, or from the nearest four pixels alone, against Pillow's bilinear filter, which the program's is held to.

    benches/reduction.py DATA [--network models/zoo/globalatt]

DATA is the folder with originals and isic2018_512. Needs numpy, Pillow and onnxruntime. It is no RGA: Pillow stands in.
"""
import argparse
import csv
import json
import pathlib

import numpy as np
import onnxruntime
from PIL import Image


def nearest_four(photo, side):
    """Bilinear without a filter that is as wide as the reduction."""
    pixels = np.asarray(photo, np.float32)
    for axis in (0, 1):
        length = pixels.shape[axis]
        at = (np.arange(side) + 0.5) * length / side - 0.5
        low = np.floor(at).astype(int)
        part = (at - low).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
        first, second = (np.take(pixels, np.clip(low + step, 0, length - 1), axis) for step in (0, 1))
        pixels = first * (1 - part) + second * part
    return np.rint(pixels).astype(np.uint8)


WAYS = {
    "bilinear": lambda photo, side: np.asarray(photo.resize((side, side), Image.BILINEAR)),
    "averaged": lambda photo, side: np.asarray(photo.resize((side, side), Image.BOX)),
    "nearest four": nearest_four,
}


def photographs(data):
    """Name of the set, photograph and mask, in turn."""
    for size in ((1280, 960), (1920, 1080)):
        for path in sorted((data / "originals").glob("*.jpg")):
            mask = Image.open(path.with_name(f"{path.stem}_segmentation.png")).convert("L")
            photo = Image.open(path).convert("RGB").resize(size, Image.LANCZOS)
            yield f"originals at {size[0]}x{size[1]}", photo, np.asarray(mask.resize(size, Image.NEAREST)) > 128
    folder = data / "isic2018_512"
    with open(folder / "splits.csv", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["split"] == "val":
                photo, mask = (next((folder / kind).glob(f"{row['image_id']}*")) for kind in ("images", "masks"))
                yield "val, 512x512", Image.open(photo).convert("RGB"), np.asarray(Image.open(mask).convert("L")) > 128


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--network", type=pathlib.Path, default=pathlib.Path("models/zoo/globalatt"))
    options = parser.parse_args()
    card = json.loads((options.network / "card.json").read_text())
    mean, std = (np.asarray(card["input"][key], np.float32) for key in ("mean", "std"))
    session = onnxruntime.InferenceSession(str(options.network / "model.onnx"))

    def iou(pixels, mask):
        tensor = ((pixels - mean) / std).transpose(2, 0, 1)[None].astype(np.float32)
        (output,) = session.run(None, {session.get_inputs()[0].name: tensor})
        large = Image.fromarray(output[0, 0]).resize(mask.shape[::-1], Image.BILINEAR)
        found = np.asarray(large) >= card["threshold"]
        return (found & mask).sum() / max((found | mask).sum(), 1)

    sets = {}
    for name, photo, mask in photographs(options.data):
        small = {way: reduced(photo, card["input"]["width"]) for way, reduced in WAYS.items()}
        for way, pixels in small.items():
            apart = pixels.astype(float) - small["bilinear"]
            row = [np.abs(apart).mean(), np.abs(apart.mean((0, 1))).max(), iou(pixels, mask)]
            sets.setdefault(name, {}).setdefault(way, []).append(row)
    print("| photographs | reduced | between pixels: mean, most | colour: most | mean_iou |\n|---|---|---|---|---|")
    for name, ways in sets.items():
        usual = np.mean(ways["bilinear"], 0)[2]
        for way, rows in ways.items():
            (apart, _, found), (most, colour, _) = np.mean(rows, 0), np.max(rows, 0)
            print(f"| {name} ({len(rows)}) | {way} | {apart:.2f}, {most:.2f} | {colour:.2f} | {found:.4f} ({found - usual:+.4f}) |")


if __name__ == "__main__":
    main()
