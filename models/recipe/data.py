"""The photographs and masks the networks learn from, read into memory.

The folder holds `splits.csv` (image_id, split, and the original's width and height), `images/ID.jpg` and
`masks/ID.png`, all squashed to 256x256.
"""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

SIDE = 256
MEAN = (123.675, 116.28, 103.53)  # ImageNet's, in 0..255 units
STD = (58.395, 57.12, 57.375)
FOREGROUND_ABOVE = 128  # a reference mask's lesion, by the ISIC challenge's rule
COLUMNS = {"image_id", "split", "width", "height"}


class DataError(Exception):
    """A photograph, mask or folder that is missing or not as it should be; the message says which and what to do."""


@dataclass
class Split:
    """One split in memory: photos uint8 [N, 3, H, W], masks bool [N, H, W], and their ids in order."""

    ids: list
    photos: torch.Tensor
    masks: torch.Tensor
    aspects: torch.Tensor  # width / height of the originals, before they were squashed; float32 [N]

    def __len__(self):
        return len(self.ids)

    def to(self, device):
        return Split(self.ids, self.photos.to(device), self.masks.to(device), self.aspects.to(device))

    def take(self, chosen):
        """The photographs at these positions, an int64 tensor."""
        ids = [self.ids[i] for i in chosen.tolist()]
        return Split(ids, self.photos[chosen], self.masks[chosen], self.aspects[chosen])


def data_root(given=None):
    """The data folder: as given, else DERMALOUPE_DATA, else `shared/data` beside the checkout."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    root = Path(given or os.environ.get("DERMALOUPE_DATA") or beside)
    if not (root / "isic2017" / "splits.csv").is_file():
        raise DataError(
            "no training data: expected isic2017/splits.csv; "
            f"name the data folder with --data or DERMALOUPE_DATA: {root}"
        )
    return root


def split_rows(root, split):
    """The rows of a split in splits.csv, in id order."""
    table = Path(root) / "isic2017" / "splits.csv"
    with open(table, newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or not COLUMNS <= rows[0].keys():
        raise DataError(f"expected the columns {', '.join(sorted(COLUMNS))}: {table}")
    rows = sorted((row for row in rows if row["split"] == split), key=lambda row: row["image_id"])
    if not rows:
        raise DataError(f"no row of split '{split}': {table}")
    return rows


def split_ids(root, split):
    """The ids of a split, in id order."""
    return [row["image_id"] for row in split_rows(root, split)]


def aspect_of(row):
    """Width / height of the original photograph."""
    try:
        width, height = int(row["width"]), int(row["height"])
        if width > 0 and height > 0:
            return width / height
    except (TypeError, ValueError):
        pass
    raise DataError(f"splits.csv gives {row['image_id']} the size '{row['width']}' x '{row['height']}', which is none")


def read_photo(path):
    """A 256x256 photograph as uint8 [H, W, 3]."""
    return read(path, "RGB")


def read_mask(path):
    """A 256x256 reference mask as bool [H, W]."""
    return read(path, "L") > FOREGROUND_ABOVE


def read(path, mode):
    try:
        with Image.open(path) as image:
            pixels = np.asarray(image.convert(mode))
    except FileNotFoundError:
        raise DataError(f"file is missing; restore it or take its row out of splits.csv: {path}") from None
    except OSError as problem:
        raise DataError(f"not a readable image ({problem}): {path}") from None
    height, width = pixels.shape[:2]
    if (height, width) != (SIDE, SIDE):
        raise DataError(f"expected {SIDE}x{SIDE}, found {width}x{height}; squash it to that size first: {path}")
    return pixels


def load(root, split, limit=None):
    """A split, read into memory; `limit` takes only its first ids."""
    rows = split_rows(root, split)[:limit]
    folder = Path(root) / "isic2017"
    photos = np.empty((len(rows), SIDE, SIDE, 3), np.uint8)
    masks = np.empty((len(rows), SIDE, SIDE), bool)
    for place, row in enumerate(rows):
        photos[place] = read_photo(folder / "images" / f"{row['image_id']}.jpg")
        masks[place] = read_mask(folder / "masks" / f"{row['image_id']}.png")
    aspects = torch.tensor([aspect_of(row) for row in rows])
    ids = [row["image_id"] for row in rows]
    return Split(ids, torch.from_numpy(photos).permute(0, 3, 1, 2), torch.from_numpy(masks), aspects)


def shrink(split, side):
    """The split at another side, antialiased."""
    if side == split.photos.shape[-1]:
        return split
    photos = torch.cat([
        F.interpolate(part.float(), (side, side), mode="bilinear", antialias=True).round().to(torch.uint8)
        for part in split.photos.split(64)
    ])
    masks = F.interpolate(split.masks[:, None].float(), (side, side), mode="bilinear", antialias=True)[:, 0] > 0.5
    return Split(split.ids, photos, masks, split.aspects)


def centre_crop(split):
    """The split framed otherwise: aspect restored, the largest centred square of it, 256x256 again.

    Out of the squashed photograph that is a window of its full height (or width), resampled by Pillow, bilinear.
    """
    photos, masks = torch.empty_like(split.photos), torch.empty_like(split.masks)
    for place, aspect in enumerate(split.aspects.tolist()):
        wide, high = SIDE * min(1, 1 / aspect), SIDE * min(1, aspect)
        box = ((SIDE - wide) / 2, (SIDE - high) / 2, (SIDE + wide) / 2, (SIDE + high) / 2)

        def crop(pixels):
            image = Image.fromarray(pixels)
            return torch.from_numpy(np.array(image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box=box)))

        photos[place] = crop(split.photos[place].permute(1, 2, 0).contiguous().numpy()).permute(2, 0, 1)
        masks[place] = crop(split.masks[place].numpy().astype(np.uint8) * 255) > FOREGROUND_ABOVE
    return Split(split.ids, photos, masks, torch.ones_like(split.aspects))


def normalise(photos):
    """uint8 or float photographs in 0..255 [N, 3, H, W] -> the network's input."""
    mean = torch.tensor(MEAN, device=photos.device).view(1, 3, 1, 1)
    std = torch.tensor(STD, device=photos.device).view(1, 3, 1, 1)
    return (photos.float() - mean) / std
