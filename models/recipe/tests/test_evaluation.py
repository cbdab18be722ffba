"""Tests of the metrics, on 4x4 masks computed by hand."""

import numpy as np
import pytest

from conftest import square

from dermaloupe_recipe import evaluation


def test_metrics_of_two_squares_that_share_a_corner_pixel():
    counts = evaluation.confusion(square(0, 0, 2), square(1, 1, 2))
    assert counts == (1, 3, 3, 9)
    scores = evaluation.scores(counts)
    assert scores["iou"] == pytest.approx(1 / 7)
    assert scores["dice"] == pytest.approx(2 / 8)
    assert scores["sensitivity"] == pytest.approx(1 / 4)
    assert scores["specificity"] == pytest.approx(9 / 12)
    assert scores["accuracy"] == pytest.approx(10 / 16)


def test_two_empty_masks_agree_perfectly():
    empty = np.zeros((4, 4), bool)
    assert set(evaluation.scores(evaluation.confusion(empty, empty)).values()) == {1.0}


def test_an_empty_mask_against_a_lesion_scores_zero():
    scores = evaluation.scores(evaluation.confusion(np.zeros((4, 4), bool), square(0, 0, 2)))
    assert (scores["iou"], scores["dice"], scores["sensitivity"]) == (0, 0, 0)
    assert scores["specificity"] == 1.0


def test_the_specificity_of_a_full_reference_is_one():
    full = np.ones((4, 4), bool)
    assert evaluation.scores(evaluation.confusion(full, full))["specificity"] == 1.0


def test_macro_and_pooled_metrics_are_those_computed_by_hand():
    one = evaluation.confusion(square(0, 0, 2), square(0, 0, 2))  # perfect: 4, 0, 0, 12
    other = evaluation.confusion(square(0, 0, 2), square(1, 1, 2))  # 1, 3, 3, 9
    figures = evaluation.summary([one, other])
    assert figures["n"] == 2
    assert figures["mean_iou"] == pytest.approx((1 + 1 / 7) / 2)
    assert figures["mean_dice"] == pytest.approx((1 + 1 / 4) / 2)
    assert figures["pooled_iou"] == pytest.approx(5 / 11)
    assert figures["pooled_dice"] == pytest.approx(10 / 16)
    assert figures["class_mean_iou"] == pytest.approx((5 / 11 + 21 / 27) / 2)


def test_masks_of_different_sizes_are_refused():
    with pytest.raises(ValueError, match="must be of the same size"):
        evaluation.confusion(np.zeros((4, 4)), np.zeros((4, 5)))


def test_a_pixel_at_the_threshold_is_lesion():
    assert evaluation.evaluate([np.full((2, 2), 0.5)], [np.ones((2, 2), bool)])["mean_iou"] == 1.0
