"""Makes the surface distances in `tests/fixtures/surface` that the program is held to, with scipy.

`surface.json` holds the distances of pairs of drawn masks, which lie beside it as PNG. With --predictions, a folder of
`ID_mask.png` that `dermaloupe segment` wrote for photographs of the data folder, `real.json` is made too: distances to
the reference masks, and SHA-256 of both masks' pixels in place of the masks themselves, which are not committed.
"""

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy
from PIL import Image
from scipy import ndimage

import data
import options
import phantom
from reference import built_in

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "surface"
WIDTH, HEIGHT = 97, 71


@dataclass
class Config:
    out: str = str(FOLDER)
    data: str = ""  # the data folder; by default DERMALOUPE_DATA, or shared/data beside the checkout
    predictions: str = ""  # folder of ID_mask.png; without it real.json is left as it is
    model: str = ""  # the network that made them; empty: the one built into the program


def surface(mask):
    """A mask without its erosion by a plus of five pixels, outside being background: MedPy's border."""
    plus = ndimage.generate_binary_structure(2, 1)
    return mask ^ ndimage.binary_erosion(mask, structure=plus, iterations=1)


def distances(one, other):
    """From each surface pixel of one mask to the nearest surface pixel of the other."""
    return ndimage.distance_transform_edt(~surface(other))[surface(one)]


def figures(prediction, reference):
    """HD, HD95 and ASSD in pixels, as MedPy's hd, hd95 and assd; null where a mask is empty."""
    if not prediction.any() or not reference.any():
        return {"hd_px": None, "hd95_px": None, "assd_px": None}
    there, back = distances(prediction, reference), distances(reference, prediction)
    return {
        "hd_px": float(max(there.max(), back.max())),
        "hd95_px": float(np.percentile(np.hstack((there, back)), 95)),
        "assd_px": float(np.mean((there.mean(), back.mean()))),
    }


def ellipse(x, y, along, across, degrees=0.0):
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    turn = np.radians(degrees)
    dx, dy = columns - x, rows - y
    u, v = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
    return (u / along) ** 2 + (v / across) ** 2 <= 1


def box(left, top, width, height):
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[top : top + height, left : left + width] = True
    return mask


def pairs():
    """Name to (prediction, reference), each drawn here."""
    rng = np.random.default_rng(7)
    speckle = rng.random((2, HEIGHT, WIDTH)) < 0.02
    blob = ndimage.gaussian_filter(rng.normal(size=(2, HEIGHT, WIDTH)), (0, 6, 6)) > 0.01
    empty, full = box(0, 0, 0, 0), box(0, 0, WIDTH, HEIGHT)
    return {
        "discs": (ellipse(40, 34, 20, 20), ellipse(45, 37, 24, 24)),
        "ellipses": (ellipse(48, 35, 40, 15, 20), ellipse(48, 35, 38, 18, -15)),
        "ring": (ellipse(50, 35, 30, 30) & ~ellipse(55, 33, 12, 9), ellipse(48, 36, 28, 25)),
        "edge": (box(0, 0, 30, 71), box(10, 5, 87, 40)),
        "far": (box(0, 0, 1, 1), box(96, 70, 1, 1)),
        "pixel_in_all": (box(20, 60, 1, 1), full),
        "lines": (box(5, 10, 80, 1), box(30, 2, 1, 66)),
        "parts": (ellipse(20, 20, 12, 9) | ellipse(75, 50, 14, 11, 40), ellipse(22, 22, 14, 14)),
        "speckle": (speckle[0], speckle[1]),
        "blobs": (blob[0], blob[1]),
        "same": (ellipse(30, 30, 17, 22, 33), ellipse(30, 30, 17, 22, 33)),
        "no_prediction": (empty, ellipse(30, 30, 9, 9)),
        "no_reference": (ellipse(30, 30, 9, 9), empty),
        "neither": (empty, empty),
    }


def read_mask(path):
    return np.asarray(Image.open(path).convert("L")) > data.FOREGROUND_ABOVE


def digest(mask):
    """SHA-256 of a mask's pixels, a byte of 0 or 1 each, row by row."""
    return hashlib.sha256(mask.astype(np.uint8).tobytes()).hexdigest()


def real_pairs(config):
    """Entries of real.json, in the order of the predictions' names."""
    masks = data.data_root(config.data or None) / "isic2017" / "masks"
    for path in sorted(Path(config.predictions).glob("*_mask.png")):
        image_id = path.name.removesuffix("_mask.png")
        prediction, reference = read_mask(path), read_mask(masks / f"{image_id}.png")
        hashes = {"prediction_sha256": digest(prediction), "reference_sha256": digest(reference)}
        yield {"image_id": image_id, **hashes, **figures(prediction, reference)}


def write(path, document):
    versions = {"scipy": scipy.__version__, "numpy": np.__version__}
    path.write_text(json.dumps({"schema": 1, "versions": versions, **document}, indent=2) + "\n")
    print(path)


def make(config):
    out = Path(config.out)
    out.mkdir(parents=True, exist_ok=True)
    drawn = pairs()
    for name, masks in drawn.items():
        for mask, kind in zip(masks, ("prediction", "reference")):
            (out / f"{name}_{kind}.png").write_bytes(phantom.png(mask.astype(np.uint8) * 255))
    write(out / "surface.json", {"pairs": [{"name": name, **figures(*masks)} for name, masks in drawn.items()]})
    if config.predictions:
        real = list(real_pairs(config))
        if not real:
            raise data.DataError(f"no prediction called ID_mask.png: {config.predictions}")
        write(out / "real.json", {"model": config.model or built_in(), "pairs": real})


if __name__ == "__main__":
    try:
        make(options.parse(Config, __doc__))
    except data.DataError as problem:
        sys.exit(f"surface_reference.py: {problem}")
