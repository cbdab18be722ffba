"""The photographs and masks the networks learn from, and how they are varied in training.

The folder holds `splits.csv` (image_id, split), `images/ID.jpg` and `masks/ID.png`, all squashed to 256x256.
"""

import csv
import math
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
HIDES_AT_MOST = 0.2  # of a lesion; dark corners that would hide more of it are not painted


class DataError(Exception):
    """A photograph, mask or folder that is missing or not as it should be; the message says which and what to do."""


@dataclass
class Split:
    """One split in memory: photos uint8 [N, 3, H, W], masks bool [N, H, W], and their ids in order."""

    ids: list
    photos: torch.Tensor
    masks: torch.Tensor

    def __len__(self):
        return len(self.ids)


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


def split_ids(root, split):
    """The ids of a split, in id order."""
    table = Path(root) / "isic2017" / "splits.csv"
    with open(table, newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or not {"image_id", "split"} <= rows[0].keys():
        raise DataError(f"expected the columns image_id and split: {table}")
    ids = sorted(row["image_id"] for row in rows if row["split"] == split)
    if not ids:
        raise DataError(f"no row of split '{split}': {table}")
    return ids


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
    ids = split_ids(root, split)[:limit]
    folder = Path(root) / "isic2017"
    photos = np.empty((len(ids), SIDE, SIDE, 3), np.uint8)
    masks = np.empty((len(ids), SIDE, SIDE), bool)
    for row, image_id in enumerate(ids):
        photos[row] = read_photo(folder / "images" / f"{image_id}.jpg")
        masks[row] = read_mask(folder / "masks" / f"{image_id}.png")
    return Split(ids, torch.from_numpy(photos).permute(0, 3, 1, 2), torch.from_numpy(masks))


def normalise(photos):
    """uint8 or float photographs in 0..255 [N, 3, H, W] -> the network's input."""
    mean = torch.tensor(MEAN).view(1, 3, 1, 1)
    std = torch.tensor(STD).view(1, 3, 1, 1)
    return (photos.float() - mean) / std


def uniform(generator, count, low, high):
    return low + (high - low) * torch.rand(count, generator=generator)


def random_placing(count, generator):
    """Flips, any rotation, scale 0.8-1.25, aspect up to 1.2, shifts up to 8 %: [N, 2, 3] for affine_grid."""
    angle = uniform(generator, count, -math.pi, math.pi)
    scale = torch.exp(uniform(generator, count, -0.22, 0.22))
    aspect = torch.exp(uniform(generator, count, -0.09, 0.09))
    mirror = torch.where(torch.rand(count, generator=generator) < 0.5, 1.0, -1.0)
    shift_x, shift_y = uniform(generator, count, -0.16, 0.16), uniform(generator, count, -0.16, 0.16)
    cos, sin = torch.cos(angle), torch.sin(angle)
    x_row = torch.stack([mirror * scale * aspect * cos, -scale * aspect * sin, shift_x], dim=1)
    y_row = torch.stack([mirror * scale / aspect * sin, scale / aspect * cos, shift_y], dim=1)
    return torch.stack([x_row, y_row], dim=1)


def jitter_colour(photos, generator):
    """Brightness, contrast, saturation and the balance of the channels, each photograph its own; stays in 0..255."""
    n = len(photos)

    def factor(spread, channels=1):
        return uniform(generator, n * channels, 1 - spread, 1 + spread).view(n, channels, 1, 1)

    photos = photos * factor(0.2) * factor(0.06, 3)
    centre = photos.mean(dim=(1, 2, 3), keepdim=True)
    photos = centre + (photos - centre) * factor(0.25)
    grey = photos.mean(dim=1, keepdim=True)
    return (grey + (photos - grey) * factor(0.3)).clamp(0, 255)


def smooth_step(low, high, value):
    """0 below `low`, 1 above `high`, smooth between."""
    t = ((value - low) / (high - low)).clamp(0, 1)
    return t * t * (3 - 2 * t)


def random_windows(count, generator):
    """Round windows of dermatoscopes, as they lie in squashed photographs of aspect 1.0 to 1.5.

    Answers the distance of every pixel to its window's centre [N, H, W] and the windows' radii [N, 1, 1], in half
    heights of the photograph. Most windows lie nearly in the middle and are anything from a full circle in the frame
    to so wide that they cut no corner; three in ten lie off it and leave just one or two corners dark.
    """
    aspect = uniform(generator, count, 1.0, 1.5)
    heading = uniform(generator, count, -math.pi, math.pi)
    aside = torch.rand(count, generator=generator) < 0.3
    off = torch.where(aside, uniform(generator, count, 0.15, 0.5), uniform(generator, count, 0.0, 0.1))
    x, y = off * aspect * torch.cos(heading), off * torch.sin(heading)
    corners = torch.stack([torch.hypot(i * aspect - x, j - y) for i in (-1, 1) for j in (-1, 1)], dim=1)
    corners = corners.sort(dim=1, descending=True).values
    dark = torch.randint(1, 3, (count, 1), generator=generator)  # corners that an off-centre window leaves dark
    nearest_dark, next_one = corners.gather(1, dark - 1)[:, 0], corners.gather(1, dark)[:, 0]
    part = torch.rand(count, generator=generator)
    cuts_some = next_one + (0.1 + 0.8 * part) * (nearest_dark - next_one)
    radius = torch.where(aside, cuts_some, 0.9 + part * (1.08 * torch.hypot(aspect, torch.ones(count)) - 0.9))
    steps = (torch.arange(SIDE) + 0.5) * (2 / SIDE) - 1
    across = steps.view(1, 1, SIDE) * aspect.view(-1, 1, 1) - x.view(-1, 1, 1)
    down = steps.view(1, SIDE, 1) - y.view(-1, 1, 1)
    return torch.hypot(across, down), radius.view(-1, 1, 1)


def paint_corners(photos, masks, generator, share):
    """Paints the dark surround of a dermatoscope's window into a share of the photographs, each its own.

    Photos float 0..255 [N, 3, H, W] and masks bool [N, H, W] -> the same, changed, and bool [N, H, W]: what is hidden.
    What cannot be seen is no lesion, so the masks are background there. Where the paint would hide too much of the
    lesion the photograph stays as it is.
    """
    photos, masks, hidden = photos.clone(), masks.clone(), torch.zeros_like(masks)
    chosen = (torch.rand(len(photos), generator=generator) < share).nonzero()[:, 0]
    n = len(chosen)
    if n == 0:
        return photos, masks, hidden

    def each(low, high):
        return uniform(generator, n, low, high).view(n, 1, 1)

    distance, radius = random_windows(n, generator)
    soft = torch.exp(each(math.log(0.01), math.log(0.12)))
    cover = smooth_step(radius - soft, radius + soft, distance)
    falloff = torch.where(each(0, 1) < 0.6, each(0.2, 0.8), torch.zeros(1))  # the vignette, at the window's edge
    light = 1 - falloff * smooth_step(radius - each(0.15, 0.7), radius, distance)
    black = each(0, 32).unsqueeze(1) + uniform(generator, n * 3, -4, 4).view(n, 3, 1, 1)
    grain = each(0, 4).unsqueeze(1) * torch.randn(n, 3, SIDE, SIDE, generator=generator)
    cover4, light = cover.unsqueeze(1), light.unsqueeze(1)
    painted = (photos[chosen] * light * (1 - cover4) + (black + grain) * cover4).clamp(0, 255)
    opaque = cover > 0.5
    lost = (opaque & masks[chosen]).sum(dim=(1, 2))
    fits = lost <= HIDES_AT_MOST * masks[chosen].sum(dim=(1, 2))
    into = chosen[fits]
    photos[into], hidden[into] = painted[fits], opaque[fits]
    return photos, masks & ~hidden, hidden


def augment(photos, masks, generator, corners):
    """A varied batch: photos uint8 [N, 3, H, W] and masks bool [N, H, W] -> float 0..255 and bool, moved as one."""
    both = torch.cat([photos.float(), masks.unsqueeze(1).float()], dim=1)
    both = both.contiguous(memory_format=torch.channels_last)
    grid = F.affine_grid(random_placing(len(photos), generator), list(both.shape), align_corners=False)
    both = F.grid_sample(both, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    photos, masks, _ = paint_corners(both[:, :3], both[:, 3] > 0.5, generator, corners)
    return jitter_colour(photos, generator), masks
