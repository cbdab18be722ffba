"""Fundus photographs and their reference vessels: CHASE_DB1, HRF and DRIVE, read one by one.

The data folder has `chasedb1/Image_NNS.jpg` with the masks of two observers, and `hrf` and `drive` with `images`,
`masks` and, for DRIVE, `field_of_view`. DRIVE is for evaluation only: its licence does not allow weights to be shipped
that were trained on it.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from dermaloupe_recipe.data import FOREGROUND_ABOVE, DataError, data_folder

MEAN = (0.0, 0.0, 0.0)  # of the input's channels, in 0..255
STD = (255.0, 255.0, 255.0)
CHILDREN = {"chase-train": range(11, 15), "chase-test": range(1, 11)}  # the split of M2U-Net's authors
SETS = ("chase-train", "chase-test", "hrf", "drive")
FOLDS = 3

# The field of view is brighter than this share of the photograph's bright parts. On DRIVE, whose fields of view are
# given, the mean Dice is 0.9965 and the smallest 0.992; 0.1 to 0.25 differ by less than 0.004.
FIELD_OF_VIEW_SHARE = 0.15
BRIGHT_PERCENTILE = 75
FIELD_OF_VIEW_SIDE = 1000
SMOOTHING_SHARE = 1 / 250  # radius of the mean filter, in longer sides of the photograph


@dataclass
class Fundus:
    """One photograph with what is known of it, all of the same size."""

    set: str
    name: str
    photo: np.ndarray  # uint8 [H, W, 3]
    vessels: np.ndarray  # bool [H, W], by the first observer
    field_of_view: np.ndarray  # bool [H, W], found in the pixels
    second: np.ndarray | None = None  # bool [H, W], the vessels by the second observer


def data_root(folder=None):
    """As `data.data_folder`; a DataError without the fundus photographs."""
    root = data_folder(folder)
    if not (root / "chasedb1").is_dir():
        raise DataError("no fundus photographs: expected the folder chasedb1; "
                        f"name the data folder with --data or DERMALOUPE_DATA: {root}")
    return root


def names(root, set_name):
    """The names of a set's photographs, in order."""
    if set_name in CHILDREN:
        return [f"Image_{child:02d}{side}" for child in CHILDREN[set_name] for side in "LR"]
    found = sorted(path.stem for path in (Path(root) / set_name / "images").glob("*.*"))
    if not found:
        raise DataError(f"no photograph of {set_name}: {Path(root) / set_name / 'images'}")
    return found


def paths_of(root, set_name, name):
    """Photograph, vessels, and the second observer's vessels if there are any."""
    folder = Path(root) / ("chasedb1" if set_name in CHILDREN else set_name)
    if set_name in CHILDREN:
        return folder / f"{name}.jpg", folder / f"{name}_1stHO.png", folder / f"{name}_2ndHO.png"
    suffix = "jpg" if set_name == "hrf" else "png"
    return folder / "images" / f"{name}.{suffix}", folder / "masks" / f"{name}.png", None


def read(root, set_name, name):
    """One photograph; a DataError if a file is missing or of another size."""
    photo_path, mask_path, second_path = paths_of(root, set_name, name)
    photo, vessels = read_pixels(photo_path, "RGB"), read_mask(mask_path)
    second = read_mask(second_path) if second_path else None
    for path, mask in ((mask_path, vessels), (second_path, second)):
        if mask is not None and mask.shape != photo.shape[:2]:
            raise DataError(f"expected the photograph's size, {size_of(photo)}, found {size_of(mask)}: {path}")
    return Fundus(set_name, name, photo, vessels, find_field_of_view(photo), second)


def read_pixels(path, mode):
    try:
        with Image.open(path) as image:
            return np.asarray(image.convert(mode))
    except FileNotFoundError:
        raise DataError(f"file is missing: {path}") from None
    except OSError as problem:
        raise DataError(f"not a readable image ({problem}): {path}") from None


def read_mask(path):
    return read_pixels(path, "L") > FOREGROUND_ABOVE


def size_of(pixels):
    return f"{pixels.shape[1]}x{pixels.shape[0]}"


def load(root, set_name, fold=-1, validation=False):
    """A set's photographs. With a `fold` only its own (`validation`) or only those of the others."""
    chosen = names(root, set_name)
    if fold >= 0:
        chosen = [name for i, name in enumerate(chosen) if (fold_of(set_name, i) == fold) == validation]
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda name: read(root, set_name, name), chosen))


def fold_of(set_name, index):
    """The fold that leaves a photograph out: both eyes of a child together, HRF's three diagnoses in equal parts."""
    return (index // 2 if set_name == "chase-train" else index + index // 3) % FOLDS


def find_field_of_view(photo):
    """The round part of the photograph that shows the eye, bool [H, W].

    The brightest channel, smoothed, above a share of its bright parts; of that the largest region, without holes. It is
    searched in a copy of at most FIELD_OF_VIEW_SIDE pixels.
    """
    size, side = photo.shape[:2], max(photo.shape[:2])
    small = resize(photo, FIELD_OF_VIEW_SIDE / side) if side > FIELD_OF_VIEW_SIDE else photo
    radius = max(1, round(max(small.shape[:2]) * SMOOTHING_SHARE))
    smooth = ndimage.uniform_filter(small.max(axis=2).astype(np.float32), 2 * radius + 1)
    labels, count = ndimage.label(smooth > FIELD_OF_VIEW_SHARE * np.percentile(smooth, BRIGHT_PERCENTILE))
    if count == 0:
        return np.zeros(size, bool)
    largest = 1 + int(np.argmax(np.bincount(labels.ravel())[1:]))
    found = ndimage.binary_fill_holes(labels == largest)
    if found.shape == size:
        return found
    pixels = Image.fromarray(found.astype(np.uint8) * 255)
    return np.asarray(pixels.resize(size[::-1], Image.Resampling.BILINEAR)) > FOREGROUND_ABOVE


def diameter(field_of_view):
    """The longer side of the field of view's bounding box, in pixels; the photograph's where nothing was found."""
    rows, columns = np.flatnonzero(field_of_view.any(axis=1)), np.flatnonzero(field_of_view.any(axis=0))
    if not len(rows):
        return max(field_of_view.shape)
    return int(max(rows[-1] - rows[0], columns[-1] - columns[0])) + 1


def resize(pixels, scale):
    """uint8 [H, W] or [H, W, 3] at another scale, antialiased."""
    height, width = pixels.shape[:2]
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.array(Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR))


def resize_mask(mask, scale):
    """The share of each pixel that the mask covers, float32 0..1 [H, W], at another scale."""
    return resize(mask.astype(np.uint8) * 255, scale).astype(np.float32) / 255


def network_input(photo, scale):
    """A photograph uint8 [H, W, 3] as the networks take it: float32 [3, h, w], at this scale."""
    pixels = resize(photo, scale).astype(np.float32)
    return ((pixels - np.float32(MEAN)) / np.float32(STD)).transpose(2, 0, 1)
