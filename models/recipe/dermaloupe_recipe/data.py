"""The data set: photographs and reference masks of ISIC 2017, read into memory.

The folder has `splits.csv` (image_id, split, and the original's width and height), `images/ID.jpg` and
`masks/ID.png`, all resized to 256x256 without keeping their aspect ratio.
"""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from dermaloupe_recipe.errors import RecipeError
from dermaloupe_recipe.files import REPOSITORY

IMAGE_SIZE = 256  # pixels, width and height of every photograph and mask in the data folder
MEAN = (123.675, 116.28, 103.53)  # of ImageNet's channels, in 0..255
STD = (58.395, 57.12, 57.375)
FOREGROUND_ABOVE = 128  # in a reference mask, by the ISIC challenge's rule
COLUMNS = {"image_id", "split", "width", "height"}


class DataError(RecipeError):
    """A photograph, mask or folder is missing or invalid; the message says which one and what to do."""


@dataclass
class Split:
    """One split in memory: photos uint8 [N, 3, H, W], masks bool [N, H, W], and their ids in the same order."""

    ids: list
    photos: torch.Tensor
    masks: torch.Tensor
    aspects: torch.Tensor  # width / height of the originals; float32 [N]

    def __len__(self):
        return len(self.ids)

    def to(self, device):
        return Split(self.ids, self.photos.to(device), self.masks.to(device), self.aspects.to(device))

    def select(self, indices):
        """The photographs at these indices, an int64 tensor."""
        ids = [self.ids[i] for i in indices.tolist()]
        return Split(ids, self.photos[indices], self.masks[indices], self.aspects[indices])


def data_folder(folder=None):
    """The data folder: `folder`, else DERMALOUPE_DATA, else `shared/data` beside the checkout."""
    return Path(folder or os.environ.get("DERMALOUPE_DATA") or REPOSITORY.parent / "shared" / "data")


def data_root(folder=None):
    """As `data_folder`; a DataError without the photographs of ISIC 2017."""
    root = data_folder(folder)
    if not (root / "isic2017" / "splits.csv").is_file():
        raise DataError(
            "no training data: expected isic2017/splits.csv; "
            f"name the data folder with --data or DERMALOUPE_DATA: {root}"
        )
    return root


def read_table(table, columns):
    """The rows of a CSV file as dicts, which must have these columns."""
    with open(table, newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or not columns <= rows[0].keys():
        raise DataError(f"expected the columns {', '.join(sorted(columns))}: {table}")
    return rows


def split_rows(root, split):
    """The rows of a split in splits.csv, in id order."""
    table = Path(root) / "isic2017" / "splits.csv"
    rows = sorted((row for row in read_table(table, COLUMNS) if row["split"] == split), key=lambda row: row["image_id"])
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
    raise DataError(f"splits.csv gives {row['image_id']} the size '{row['width']}' x '{row['height']}'; expected two "
                    "positive numbers")


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
    if (height, width) != (IMAGE_SIZE, IMAGE_SIZE):
        expected = f"{IMAGE_SIZE}x{IMAGE_SIZE}"
        raise DataError(f"expected {expected}, found {width}x{height}; resize it to that size first: {path}")
    return pixels


def load(root, split, limit=None):
    """A split, read into memory; `limit` takes only its first ids."""
    rows = split_rows(root, split)[:limit]
    folder = Path(root) / "isic2017"
    photos = np.empty((len(rows), IMAGE_SIZE, IMAGE_SIZE, 3), np.uint8)
    masks = np.empty((len(rows), IMAGE_SIZE, IMAGE_SIZE), bool)
    for i, row in enumerate(rows):
        photos[i] = read_photo(folder / "images" / f"{row['image_id']}.jpg")
        masks[i] = read_mask(folder / "masks" / f"{row['image_id']}.png")
    aspects = torch.tensor([aspect_of(row) for row in rows])
    ids = [row["image_id"] for row in rows]
    return Split(ids, torch.from_numpy(photos).permute(0, 3, 1, 2), torch.from_numpy(masks), aspects)


def resize(split, size):
    """The split with photographs and masks of `size` x `size` pixels, antialiased."""
    if size == split.photos.shape[-1]:
        return split
    photos = torch.cat([
        F.interpolate(part.float(), (size, size), mode="bilinear", antialias=True).round().to(torch.uint8)
        for part in split.photos.split(64)
    ])
    masks = F.interpolate(split.masks[:, None].float(), (size, size), mode="bilinear", antialias=True)[:, 0] > 0.5
    return Split(split.ids, photos, masks, split.aspects)


def centre_crop(split):
    """The split with the aspect ratio restored and cropped to the largest centred square, at 256x256 again.

    In the stored photograph that square is a rectangle of its full height (or width), resized by Pillow, bilinear.
    """
    photos, masks = torch.empty_like(split.photos), torch.empty_like(split.masks)
    for i, aspect in enumerate(split.aspects.tolist()):
        width, height = IMAGE_SIZE * min(1, 1 / aspect), IMAGE_SIZE * min(1, aspect)
        left, right = (IMAGE_SIZE - width) / 2, (IMAGE_SIZE + width) / 2
        top, bottom = (IMAGE_SIZE - height) / 2, (IMAGE_SIZE + height) / 2

        def crop(pixels):
            size, box = (IMAGE_SIZE, IMAGE_SIZE), (left, top, right, bottom)
            return torch.from_numpy(np.array(Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR, box=box)))

        photos[i] = crop(split.photos[i].permute(1, 2, 0).contiguous().numpy()).permute(2, 0, 1)
        masks[i] = crop(split.masks[i].numpy().astype(np.uint8) * 255) > FOREGROUND_ABOVE
    return Split(split.ids, photos, masks, torch.ones_like(split.aspects))


def normalise(photos):
    """uint8 or float photographs in 0..255 [N, 3, H, W] -> the network's input."""
    mean = torch.tensor(MEAN, device=photos.device).view(1, 3, 1, 1)
    std = torch.tensor(STD, device=photos.device).view(1, 3, 1, 1)
    return (photos.float() - mean) / std
