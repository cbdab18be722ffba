"""Tests of the counts by level, against masks, and of the border and the band, on paper."""

import numpy as np
import pytest

from conftest import square

from dermaloupe_recipe import evaluation, level_counts, outline_band
from dermaloupe_recipe.level_counts import BINS, LevelCounts


def counts_of_borders(*borders):
    """Counts of photographs with these probabilities along their borders."""
    border = np.stack([level_counts.histogram(np.array(values)) for values in borders])
    return LevelCounts(np.zeros_like(border), np.ones_like(border), border)


def test_outlines_at_levels_have_the_confusion_of_their_masks():
    rng = np.random.default_rng(8)
    maps, masks = rng.random((5, 12, 10)).astype(np.float32), rng.random((5, 12, 10)) > 0.6
    maps[0, 0, 0] = 0.5
    counts = level_counts.count(zip(maps, masks))
    for level in (0.2689414, 0.5, 0.8807971):  # on the grid: logits -1, 0 and 2
        expected = [evaluation.confusion(pixels >= level, mask) for pixels, mask in zip(maps, masks)]
        found = level_counts.confusion_at(counts, level_counts.level_index(level))
        assert found.tolist() == [list(c) for c in expected]
        assert level_counts.iou_of(found) == pytest.approx([evaluation.scores(c)["iou"] for c in expected])
        assert level_counts.dice_of(found) == pytest.approx([evaluation.scores(c)["dice"] for c in expected])


def test_each_photograph_can_have_its_own_level():
    maps, masks = [np.full((2, 2), 0.3), np.full((2, 2), 0.3)], [np.ones((2, 2), bool)] * 2
    counts = level_counts.count(zip(maps, masks))
    found = level_counts.confusion_at(counts, [level_counts.level_index(0.2), level_counts.level_index(0.5)])
    assert found.tolist() == [[4, 0, 0, 0], [0, 0, 4, 0]]


def test_two_empty_masks_agree_fully():
    assert level_counts.iou_of(np.array([[0, 0, 0, 4]])).tolist() == [1]


def test_the_ends_of_the_grid_hold_certain_pixels():
    assert level_counts.histogram(np.array([0.0, 1.0]))[[0, -1]].sum() <= 2
    assert level_counts.histogram(np.array([0.0, 1.0])).sum() == 2
    assert level_counts.level_index(0.5) == BINS // 2 == outline_band.MIDDLE


def test_the_border_is_where_neighbours_differ_but_not_at_the_photographs_edge():
    pixels = np.arange(16, dtype=float).reshape(4, 4) / 16
    inside = level_counts.border_probabilities(pixels, square(1, 1, 2))
    assert len(inside) == 8
    cut = level_counts.border_probabilities(pixels, square(0, 0, 2))
    assert sorted(cut * 16) == [1.5, 5.5, 6, 7], "two sides of four are the photograph's edge"
    assert len(level_counts.border_probabilities(pixels, np.ones((4, 4), bool))) == 0


def test_the_band_holds_its_share_of_the_border_with_equal_tails():
    values = np.linspace(0.0025, 0.9975, 200)  # a border at every probability
    counts = counts_of_borders(values, values)
    outer, inner = outline_band.choose(counts)
    assert level_counts.EDGES[outer] == pytest.approx(-2.944, abs=0.06), "the logit of 0.05"
    assert level_counts.EDGES[inner] == pytest.approx(2.944, abs=0.06)
    assert outline_band.figures(counts, outer, inner)["border"] >= 0.9


def test_every_photograph_has_the_same_weight_in_the_band():
    counts = counts_of_borders([0.5] * 1000, [0.01])
    assert outline_band.mean_border(counts)[level_counts.level_index(0.5)] == 0.5


def test_a_band_always_holds_the_outline_at_one_half():
    for values in ([0.9] * 50, [0.1] * 50):
        outer, inner = outline_band.choose(counts_of_borders(values))
        assert outer <= outline_band.MIDDLE <= inner and outer < inner


def test_areas_of_a_band_on_paper():
    pixels = np.array([[0.999, 0.7, 0.2, 0.001]])
    counts = level_counts.count([(pixels, np.array([[True, True, False, False]]))])
    outer, inner = level_counts.level_index(0.1), level_counts.level_index(0.9)
    assert outline_band.figures(counts, outer, inner) == {
        "n": 1, "border": 1.0, "area": 1.0, "median_inner_area": 0.5, "median_outer_area": 1.5}
