"""Makes `tests/fixtures/correction/correction.json`: what scipy makes of drawn masks where the program corrects them.

Masks are those of `surface_reference.py`, which lie in `tests/fixtures/surface`; each result is kept as the SHA-256 of
its pixels and their number. Distances are Euclidean, from pixel centre to pixel centre, and nothing lies outside.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import ndimage

import options
from surface_reference import FOLDER, digest, pairs, write


@dataclass
class Config:
    out: str = str(FOLDER.parent / "correction")


def grow(mask, by):
    return ndimage.distance_transform_edt(~mask) <= by if mask.any() else mask


def shrink(mask, by):
    return ndimage.distance_transform_edt(mask) > by if not mask.all() else mask


def smooth(mask, radius):
    """An opening and a closing by a disc."""
    return shrink(grow(grow(shrink(mask, radius), radius), radius), radius)


def keep_largest(mask):
    """The first of the largest parts, connected through the sides of pixels."""
    parts, count = ndimage.label(mask)
    return parts == 1 + np.argmax(np.bincount(parts.ravel())[1:]) if count else mask


def results(mask):
    """Name to (edit, mask)."""
    yield "fill_holes", 0, ndimage.binary_fill_holes(mask)
    yield "keep_largest", 0, keep_largest(mask)
    for by in (1, 2, 5, 13):
        yield "grow", by, grow(mask, by)
        yield "shrink", by, shrink(mask, by)
        yield "smooth", by, smooth(mask, by)


def make(config):
    out = Path(config.out)
    out.mkdir(parents=True, exist_ok=True)
    entries = []
    for name, masks in pairs().items():
        for mask, kind in zip(masks, ("prediction", "reference")):
            for edit, by, result in results(mask):
                entry = {"mask": f"{name}_{kind}", "edit": edit, "by_px": by}
                entries.append({**entry, "area_px": int(result.sum()), "sha256": digest(result)})
    write(out / "correction.json", {"edits": entries})


if __name__ == "__main__":
    make(options.parse(Config, __doc__))
