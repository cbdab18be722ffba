"""Tests of the metrics on dark corners."""

import numpy as np
import pytest

from conftest import square

from dermaloupe_recipe import dark_corners, data


def test_corner_false_positives_are_counted_as_on_paper():
    dark = np.stack([square(0, 0, 2), square(2, 2, 2), np.zeros((4, 4), bool)])
    predicted = np.stack([square(1, 1, 2), square(2, 2, 2), square(0, 0, 2)])
    assert dark_corners.corner_false_positive(predicted, dark) == pytest.approx((1 / 4 + 1) / 2)


def test_black_that_touches_a_corner_is_found_and_a_dark_lesion_is_not():
    photo = np.full((3, 64, 64), 180, np.uint8)
    photo[:, :20, :20] = 10
    photo[:, 26:40, 26:40] = 20
    photo[:, -20:, -20:] = 20
    found = dark_corners.black_corners(photo, square(44, 44, 20, 64))
    assert found[:15, :15].all() and not found[25:].any()


def test_corners_are_measured_on_a_split(phantom_data):
    split = data.load(phantom_data, "val")
    figures = dark_corners.measure(lambda photos: np.ones((len(photos), 256, 256)), split, rounds=2, seed=1)
    assert figures["painted"]["corner_false_positive"] == 1.0 and figures["painted"]["n"] > 2
    assert figures["plain"]["n"] == 3


def test_the_corners_of_a_shipped_network_are_evaluated(phantom_data):
    split = data.load(phantom_data, "val")
    found = dark_corners.measure(dark_corners.create_predictor(dark_corners.Config()), split, rounds=1, seed=3)
    assert found["plain"]["n"] == len(split.ids) and found["plain"]["pooled_iou"] > 0.5
    assert 0 <= found["painted"]["corner_false_positive"] < 0.2
