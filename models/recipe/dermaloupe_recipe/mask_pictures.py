"""Pictures of masks for the zoo's drawing: outlines over a photograph, agreement with the reference."""

import numpy as np
from PIL import Image
from scipy import ndimage

SUPERSAMPLING = 4  # masks are drawn this many times larger and then reduced, which smooths their edges

# The program's colours.
BACKGROUND, PANEL = "#17191c", "#24282d"
TEXT, DIM = "#e6e8ea", "#9aa1a8"
PREDICTION, REFERENCE, HALO = "#56b4e9", "#e69f00", "#101214"
TRUE_POSITIVE, FALSE_POSITIVE, FALSE_NEGATIVE = "#009e73", "#d55e00", "#cc79a7"


def fine_size(size):
    return size[0] * SUPERSAMPLING, size[1] * SUPERSAMPLING


def supersampled(mask, size):
    """A mask at SUPERSAMPLING times `size` (width, height), with smooth edges."""
    soft = Image.fromarray(mask.astype(np.float32)).resize(fine_size(size), Image.Resampling.BICUBIC)
    return ndimage.gaussian_filter(np.asarray(soft), SUPERSAMPLING) > 0.5


def rgb(colour):
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def blank(size, colour=PANEL):
    return np.full((size[1] * SUPERSAMPLING, size[0] * SUPERSAMPLING, 3), rgb(colour), np.uint8)


def reduced(fine):
    """The supersampled picture at its own size, by averaging."""
    return Image.fromarray(fine).reduce(SUPERSAMPLING)


def distance_to_edge(mask):
    """The distance of each pixel to the border of the mask; infinite if it has none."""
    if mask.all() or not mask.any():
        return np.full(mask.shape, np.inf)
    return np.where(mask, ndimage.distance_transform_edt(mask), ndimage.distance_transform_edt(~mask))


def outline(fine, mask, colour):
    """Draws the border of a supersampled mask into a picture: 2 pixels wide, with a dark halo of 1 pixel."""
    distance = distance_to_edge(mask)
    fine[distance <= 2 * SUPERSAMPLING] = rgb(HALO)
    fine[distance <= SUPERSAMPLING] = rgb(colour)


def photo_picture(photo, outlines, size):
    """A photograph with the outlines of these (mask, colour) pairs, the last on top."""
    small = Image.fromarray(photo).resize(size, Image.Resampling.LANCZOS)
    fine = np.asarray(small.resize(fine_size(size), Image.Resampling.NEAREST)).copy()
    for mask, colour in outlines:
        outline(fine, supersampled(mask, size), colour)
    return reduced(fine)


def agreement_picture(mask, reference, size):
    """True and false positives and false negatives, filled, with the edge of the reference as a thin line."""
    mask, reference = supersampled(mask, size), supersampled(reference, size)
    fine = blank(size)
    regions = {TRUE_POSITIVE: mask & reference, FALSE_POSITIVE: mask & ~reference, FALSE_NEGATIVE: ~mask & reference}
    for colour, region in regions.items():
        fine[region] = rgb(colour)
    fine[distance_to_edge(reference) <= SUPERSAMPLING / 2] = rgb(TEXT)  # thin, because most errors lie along it
    return reduced(fine)


def reference_picture(reference, size):
    fine = blank(size)
    fine[supersampled(reference, size)] = rgb(REFERENCE)
    return reduced(fine)
