"""Tests of the calibration: counts drawn from a known temperature, and cases known on paper."""

import numpy as np
import pytest

from dermaloupe_recipe import calibration, level_counts
from dermaloupe_recipe.level_counts import BINS, CENTRES, LevelCounts


def drawn(temperature, photographs=20, pixels=4000, bias=0.0):
    """Counts of references that follow the map's logits divided by a temperature, without noise."""
    shape = np.exp(-0.5 * (CENTRES / 4) ** 2)
    shape = np.round(pixels * shape / shape.sum() * 100)
    share = 1 / (1 + np.exp(-(CENTRES / temperature + bias)))
    lesion = np.round(shape * share).astype(np.uint32)
    counts = [np.tile(row, (photographs, 1)) for row in (lesion, (shape - lesion).astype(np.uint32))]
    return LevelCounts(*counts, border=np.zeros((photographs, BINS), np.uint32))


@pytest.mark.parametrize("temperature", [0.7, 1.0, 1.8])
def test_a_known_temperature_is_found(temperature):
    assert calibration.fit_temperature(drawn(temperature)) == pytest.approx(temperature, rel=0.01)


def test_the_calibrated_map_keeps_its_middle_and_has_no_error_left():
    counts = drawn(2.0)
    before, after = calibration.calibrated(1), calibration.calibrated(calibration.fit_temperature(counts))
    assert after[BINS // 2 - 1] < 0.5 < after[BINS // 2]
    assert calibration.expected_calibration_error(counts, before) > 0.05
    assert calibration.expected_calibration_error(counts, after) < 0.005


def test_isotonic_regression_rises_and_is_preferred_only_where_it_pays():
    fitted = calibration.fit_isotonic(drawn(1.5, bias=1.0))
    assert np.all(np.diff(fitted) >= 0)
    assert calibration.preferred(calibration.cross_fitted(drawn(1.5))) == "temperature"
    assert calibration.preferred(calibration.cross_fitted(drawn(1.5, bias=2.0))) == "isotonic"


def test_the_error_of_two_intervals_on_paper():
    lesion, background = (np.zeros((1, BINS), np.uint32) for _ in range(2))
    low, high = level_counts.level_index(0.1), level_counts.level_index(0.9)
    lesion[0, low], background[0, low] = 30, 70  # said 0.1, found 0.3
    lesion[0, high], background[0, high] = 80, 20  # said 0.9, found 0.8
    counts = LevelCounts(lesion, background, np.zeros_like(lesion))
    assert calibration.expected_calibration_error(counts, calibration.calibrated(1)) == pytest.approx(0.15, abs=0.002)
    rows = calibration.reliability(counts, calibration.calibrated(1))
    assert [(round(mean, 1), observed, pixels) for mean, observed, pixels in rows] == [(0.1, 0.3, 100), (0.9, 0.8, 100)]


def test_every_photograph_has_one_fold_and_folds_are_equal():
    assert np.bincount(calibration.folds_of(150)).tolist() == [15] * 10


def test_the_block_of_a_card_says_what_was_fitted_and_what_was_only_measured():
    block = calibration.measure(drawn(2.0), drawn(2.0))
    assert (block["method"], block["fitted_on"]) == ("temperature", "val")
    assert block["test_calibration_error"]["after"] < block["test_calibration_error"]["before"]
    assert block["held_out_log_loss"]["temperature"] < block["held_out_log_loss"]["none"]
