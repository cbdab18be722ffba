"""Tests of the order in which to look at outlines, and of figures by group, on paper."""

import numpy as np
import pytest

from conftest import square

from dermaloupe_recipe import evaluation, group_figures, review_order

IOU = [0.1, 0.9, 0.2, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.3]  # three failures


def test_an_order_that_knows_the_agreement_finds_failures_first():
    assert review_order.failures_found(IOU, IOU, (0.1, 0.2, 0.3, 1)) == pytest.approx([1 / 3, 2 / 3, 1, 1])
    assert review_order.ideal(IOU, (0.1, 0.2, 0.3, 1)) == pytest.approx([1 / 3, 2 / 3, 1, 1])


def test_an_order_of_equal_scores_finds_as_many_as_it_looks_at():
    assert review_order.failures_found([0.5] * 10, IOU, (0.1, 0.5, 1)) == pytest.approx([0.1, 0.5, 1])


def test_without_failures_there_is_nothing_to_find():
    assert np.isnan(review_order.failures_found([0.1, 0.2], [0.9, 0.9], (0.5,))).all()
    assert np.isnan(review_order.ideal([0.9, 0.9], (0.5,))).all()


def test_an_interval_holds_its_figure():
    low, high = review_order.interval(IOU * 5, IOU * 5, 0.2, seed=1, resamples=200)
    assert 0 <= low <= 2 / 3 <= high <= 1 and low < high


def test_tenths_go_from_the_lowest_expectation():
    rows = review_order.deciles(np.arange(20)[::-1], np.arange(20)[::-1] * 2)
    assert rows[0] == (0.5, 1.0) and rows[-1] == (18.5, 37.0)


def test_disagreement_is_the_mean_over_pairs():
    masks = [square(0, 0, 2), square(0, 0, 2), square(1, 1, 2)]
    assert review_order.mean_pairwise_iou(masks) == pytest.approx((1 + 1 / 7 + 1 / 7) / 3)
    assert review_order.mean_pairwise_iou([square(0, 0, 0)] * 2) == 1


def confusions_of(*sizes):
    """Confusions of references of 2x2 pixels that share this many pixels with the outline."""
    return np.array([(size, 0, 4 - size, 12) for size in sizes])


def test_the_figures_of_a_group_are_those_of_the_evaluation():
    confusions = confusions_of(4, 1, 3)
    found = group_figures.figures(confusions, ["a", "b", "c"])
    expected = evaluation.summary(list(map(tuple, confusions)))
    for key in ("n", "mean_iou", "mean_dice", "pooled_iou"):
        assert found[key] == pytest.approx(expected[key], abs=1e-4), key
    assert found["below_0_65"] == pytest.approx(1 / 3, abs=1e-4) and found["small"]


def test_photographs_of_one_lesion_are_drawn_together():
    alone = group_figures.figures(confusions_of(*[4, 1] * 20), list(range(40)))
    together = group_figures.figures(confusions_of(*[4] * 20, *[1] * 20), [0] * 20 + [1] * 20)
    assert together["mean_iou"] == alone["mean_iou"] and (together["lesions"], alone["lesions"]) == (2, 40)
    assert together["mean_iou_interval"] == [0.25, 1.0]
    assert alone["mean_iou_interval"][0] > 0.4


def test_a_group_of_one_lesion_has_no_interval():
    found = group_figures.figures(confusions_of(4), ["a"])
    assert found["small"] and "mean_iou_interval" not in found and found["mean_iou"] == 1


def test_groups_are_in_order_and_photographs_without_a_label_are_left_out():
    labels = ["10 to 19", None, "0 to 9", "10 to 19"]
    rows = group_figures.by_group(confusions_of(4, 4, 4, 1), list("abcd"), labels)
    assert [(row["group"], row["n"]) for row in rows] == [("0 to 9", 1), ("10 to 19", 2)]
