"""Tests of overlapping tiles: what they cover, how they blend, and that a tile's size does not show."""

import numpy as np
import pytest
import torch

from dermaloupe_recipe import tiles
from dermaloupe_recipe.wnet import WNet


@pytest.mark.parametrize("length, tile, overlap", [(100, 512, 64), (512, 512, 64), (513, 512, 64), (3504, 512, 64),
                                                   (960, 512, 0), (1000, 64, 63)])
def test_tiles_cover_a_side_with_enough_overlap(length, tile, overlap):
    found = tiles.starts(length, tile, overlap)
    assert found[0] == 0 and found[-1] == max(0, length - tile)
    assert all(b - a <= tile - overlap for a, b in zip(found, found[1:]))


def test_an_overlap_as_large_as_the_tile_is_refused():
    with pytest.raises(ValueError, match="overlap is 64, expected at least 0 and less than the tile's 64"):
        tiles.starts(100, 64, 64)


def test_a_constant_map_stays_constant_and_a_pointwise_one_exact():
    image = np.random.default_rng(1).random((3, 150, 210), np.float32)
    assert np.allclose(tiles.predict(lambda x: np.full_like(x[:, :1], 0.7), image, 64, 16), 0.7, atol=1e-6)
    assert np.allclose(tiles.predict(lambda x: x[:, :1], image, 64, 16), image[0], atol=1e-6)


def test_an_image_smaller_than_a_tile_is_padded():
    image = np.ones((3, 20, 30), np.float32)
    shapes = []

    def run(x):
        shapes.append(x.shape)
        return x[:, :1]

    assert tiles.predict(run, image, 64, 16).shape == (20, 30)
    assert shapes == [(1, 3, 64, 64)]


def test_tiles_of_a_convolutional_network_agree_with_the_whole_image():
    """Away from the image's border a tile's own border must not show: there the other tile's weight is nearly 1."""
    torch.manual_seed(1)
    network = WNet((4, 4, 4)).eval()

    def run(x):
        with torch.inference_mode():
            return torch.sigmoid(network(torch.from_numpy(np.ascontiguousarray(x)))).numpy()

    image = np.random.default_rng(2).random((3, 320, 448), np.float32)
    whole, tiled = run(image[None])[0, 0], tiles.predict(run, image, 256, 128)
    assert np.abs(whole - tiled).max() < 0.02
    assert np.abs(whole - tiled).mean() < 1e-3
