"""Tests of thinning on drawn masks."""

import numpy as np
from scipy import ndimage

import fundus_phantoms

from dermaloupe_recipe.centre_lines import thin


def test_a_bar_becomes_its_middle_row():
    mask = np.zeros((9, 30), bool)
    mask[3:6, 4:26] = True
    line = thin(mask)
    assert set(np.flatnonzero(line.any(axis=1))) == {4}
    assert 18 <= line.sum() <= 22


def test_a_line_of_one_pixel_and_an_empty_mask_stay():
    mask = np.zeros((8, 8), bool)
    assert not thin(mask).any()
    mask[3, 1:7] = True
    assert (thin(mask) == mask).all()
    full = np.ones((5, 5), bool)
    assert 0 < thin(full).sum() <= 3, "a mask may touch the photograph's border"


def test_a_ring_stays_a_ring():
    y, x = np.mgrid[:41, :41] - 20
    ring = (np.hypot(x, y) < 16) & (np.hypot(x, y) > 10)
    line = thin(ring)
    assert ndimage.label(~line)[1] == 2
    radius = np.hypot(x, y)[line]
    assert radius.min() > 11 and radius.max() < 15


def test_the_centre_line_of_vessels_is_thin_inside_and_as_connected():
    mask = fundus_phantoms.draw().vessels
    line = thin(mask)
    assert not (line & ~mask).any()
    eight = np.ones((3, 3), int)
    assert ndimage.label(line, eight)[1] == ndimage.label(mask, eight)[1]
    assert (thin(line) == line).all()
    assert line.sum() < 0.4 * mask.sum()
