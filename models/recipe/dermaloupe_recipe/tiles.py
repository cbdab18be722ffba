"""Photographs of any size in overlapping square tiles, blended with a smooth window.

The result depends neither on the order of the tiles nor on how many are computed at once.
"""

import numpy as np

TILE = 512
OVERLAP = 64


def starts(length, tile, overlap):
    """Where tiles start along a side: evenly, with at least `overlap` pixels in common, from one end to the other."""
    if not 0 <= overlap < tile:
        raise ValueError(f"overlap is {overlap}, expected at least 0 and less than the tile's {tile}")
    if length <= tile:
        return [0]
    count = 1 + -(-(length - tile) // (tile - overlap))
    return [round(i * (length - tile) / (count - 1)) for i in range(count)]


def window(tile, overlap):
    """The weight of a tile's pixels [tile, tile]: 1 inside, falling smoothly within `overlap` pixels of the border."""
    distance = np.minimum(np.arange(tile), np.arange(tile)[::-1]) + 0.5
    side = np.sin(np.clip(distance / max(overlap, 1), 0, 1) * np.pi / 2).astype(np.float32) ** 2
    return np.outer(side, side)


def predict(run, image, tile=TILE, overlap=OVERLAP):
    """The map [H, W] of an image [C, H, W], float32; `run` maps [1, C, tile, tile] to [1, 1, tile, tile].

    An image smaller than a tile is padded with zeros on the right and below.
    """
    channels, height, width = image.shape
    padded = np.zeros((channels, max(height, tile), max(width, tile)), np.float32)
    padded[:, :height, :width] = image
    weight = window(tile, overlap)
    total, weights = (np.zeros(padded.shape[1:], np.float32) for _ in range(2))
    for top in starts(height, tile, overlap):
        for left in starts(width, tile, overlap):
            place = slice(top, top + tile), slice(left, left + tile)
            total[place] += weight * run(padded[(slice(None), *place)][None])[0, 0]
            weights[place] += weight
    return (total / weights)[:height, :width]
