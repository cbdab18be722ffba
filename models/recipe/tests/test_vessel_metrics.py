"""Tests of the metrics of vessels, with masks whose figures are known."""

import numpy as np
import pytest
import torch

import fundus_phantoms
from conftest import fundus_folder

from dermaloupe_recipe import fundus, vessel_metrics


def test_only_pixels_in_the_field_of_view_count():
    reference, predicted, inside = (np.zeros((20, 20), bool) for _ in range(3))
    inside[:, :10] = True
    reference[5:8, :10] = True  # 30 pixels inside
    predicted[6:9, :] = True  # 30 inside, 20 of them right; 30 outside, which do not count
    found = vessel_metrics.mask_metrics(predicted, reference, inside)
    assert found["dice"] == pytest.approx(40 / 60)
    assert found["sensitivity"] == pytest.approx(20 / 30)
    assert found["specificity"] == pytest.approx(160 / 170)
    assert found["cldice"] == 1.0, "each centre line lies in the other mask"


def test_auc_is_the_share_of_pairs_in_the_right_order():
    reference = np.array([False, False, True, True])
    assert vessel_metrics.auc(np.array([0.1, 0.4, 0.35, 0.8]), reference) == pytest.approx(0.75)
    assert vessel_metrics.auc(np.array([0.5, 0.5, 0.5, 0.5]), reference) == pytest.approx(0.5)
    assert vessel_metrics.auc(np.array([0.5, 0.5]), np.array([True, True])) == 1.0


def test_cldice_sees_a_missed_thin_vessel_that_dice_hardly_sees():
    reference = np.zeros((60, 60), bool)
    reference[10:26, 5:55] = True
    reference[45, 5:55] = True
    predicted = reference.copy()
    predicted[45] = False
    found = vessel_metrics.mask_metrics(predicted, reference, np.ones_like(reference))
    assert found["dice"] > 0.96
    assert found["cldice"] < 0.75


def test_the_metrics_of_a_probability_map_and_their_mean():
    drawn = fundus_phantoms.draw(size=128)
    perfect = vessel_metrics.photo_metrics(drawn.vessels * 0.8, drawn, 0.5)
    assert perfect == {"dice": 1.0, "sensitivity": 1.0, "specificity": 1.0, "cldice": 1.0, "auc": 1.0}
    nothing = vessel_metrics.photo_metrics(drawn.vessels * 0.4, drawn, 0.5)
    assert nothing["dice"] == 0 and nothing["auc"] == 1.0
    assert vessel_metrics.mean([perfect, nothing]) == {
        "n": 2, "dice": 0.5, "sensitivity": 0.5, "specificity": 1.0, "cldice": 0.5, "auc": 1.0}
    vessels = torch.from_numpy(drawn.vessels)[drawn.field_of_view]
    assert vessel_metrics.dice_by_threshold(vessels * 0.4, vessels, (0.3, 0.4, 0.5)) == [1.0, 1.0, 0.0]
    with pytest.raises(ValueError, match="no photograph"):
        vessel_metrics.mean([])


def test_the_second_observer_of_chase_agrees_with_the_first_as_published():
    root = fundus_folder()
    if root is None:
        return
    photos = [fundus.read(root, "chase-test", name) for name in fundus.names(root, "chase-test")]
    dice = [vessel_metrics.mask_metrics(p.second, p.vessels, p.field_of_view)["dice"] for p in photos[:6]]
    assert 0.7 < min(dice) and max(dice) < 0.85
