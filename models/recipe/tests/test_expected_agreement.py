"""Tests of the expected IoU and Dice: against enumeration of every reference, and cases known on paper."""

from itertools import product

import numpy as np
import pytest

from dermaloupe_recipe import evaluation, expected_agreement


def scores_of(outline, reference):
    return evaluation.scores(evaluation.confusion(outline, reference))


def enumerated_nested(probabilities, outline, key):
    """The expectation over every level set of the map, each with its probability."""
    edges = np.unique(np.concatenate([[0.0], probabilities, [1.0]]))
    return sum((high - low) * scores_of(outline, probabilities >= high)[key]
               for low, high in zip(edges, edges[1:]))


def enumerated_independent(probabilities, outline, key):
    """The expectation over all 2^n references."""
    total = 0.0
    for drawn in product((False, True), repeat=len(probabilities)):
        reference = np.array(drawn)
        chance = np.prod(np.where(reference, probabilities, 1 - probabilities))
        total += chance * scores_of(outline, reference)[key]
    return total


def maps():
    """Small maps: random ones, some with equal values, and all 0, all 1 and both."""
    rng = np.random.default_rng(4)
    return [*(rng.random(9) for _ in range(6)), *(rng.integers(0, 5, 9) / 4 for _ in range(6)),
            np.zeros(4), np.ones(4), np.array([0.0, 1, 1, 0, 1]), np.array([0.3])]


@pytest.mark.parametrize("probabilities", maps(), ids=str)
def test_the_nested_expectation_is_that_of_every_level_set(probabilities):
    expectation = expected_agreement.nested(probabilities)
    for threshold in (*np.unique(probabilities), 0.5, 1.1):
        outline = probabilities >= threshold
        expected = enumerated_nested(probabilities, outline, "iou")
        assert expectation.iou_at(threshold) == pytest.approx(expected, abs=1e-12)
        found = expected_agreement.nested_dice(probabilities, threshold)
        assert found == pytest.approx(enumerated_nested(probabilities, outline, "dice"), abs=1e-12)


@pytest.mark.parametrize("probabilities", maps(), ids=str)
def test_the_independent_expectation_is_that_of_every_reference(probabilities):
    ordered = np.sort(probabilities)[::-1]
    for size in range(len(ordered) + 1):
        outline = np.arange(len(ordered)) < size
        expected = enumerated_independent(ordered, outline, "iou")
        assert expected_agreement.independent_exactly(probabilities, size) == pytest.approx(expected, abs=1e-12)


def test_the_independent_expectation_of_a_large_map_needs_only_the_mean():
    probabilities = np.random.default_rng(5).random(900)
    expectation = expected_agreement.independent(probabilities)
    for size in (50, 450, 850):
        exact = expected_agreement.independent_exactly(probabilities, size)
        assert expectation.iou[size] == pytest.approx(exact, abs=2e-4)


def test_two_levels_on_paper():
    # Two pixels, 0.8 and 0.4: nothing with 0.2, the first with 0.4, both with 0.4.
    expectation = expected_agreement.nested([0.4, 0.8])
    assert expectation.iou.tolist() == pytest.approx([0.2, 0.4 + 0.4 / 2, 0.4 / 2 + 0.4])
    assert expected_agreement.nested_dice([0.4, 0.8], 0.5) == pytest.approx(0.4 + 0.4 * 2 / 3)


def test_a_certain_map_expects_full_agreement():
    for pixels in (np.zeros((4, 4)), np.ones((4, 4)), np.eye(4)):
        assert expected_agreement.nested(pixels).iou_at(0.5) == 1
        assert expected_agreement.nested_dice(pixels, 0.5) == 1


def test_the_expectation_does_not_depend_on_the_size_of_the_map():
    pixels = np.random.default_rng(6).random((8, 8))
    large = np.repeat(np.repeat(pixels, 3, 0), 3, 1)
    assert expected_agreement.nested(large).iou_at(0.5) == pytest.approx(expected_agreement.nested(pixels).iou_at(0.5))


@pytest.mark.parametrize("model", [expected_agreement.nested, expected_agreement.independent])
def test_the_best_level_has_the_highest_expected_iou_of_all_outlines(model):
    for probabilities in maps()[:12]:
        expectation = model(probabilities)
        best = expected_agreement.best_threshold(expectation)
        every = [expectation.iou_at(level) for level in (*np.unique(probabilities), 1.1)]
        assert expectation.iou_at(best) == pytest.approx(max(every))


def test_no_outline_is_best_for_a_map_of_zeros():
    assert expected_agreement.best_threshold(expected_agreement.nested([0.01, 0.01])) > 1


@pytest.mark.parametrize("pixels", [[], [0.2, np.nan], [1.2], [-0.1]])
def test_what_is_no_map_is_refused(pixels):
    with pytest.raises(expected_agreement.ExpectationError):
        expected_agreement.nested(pixels)


def test_a_correction_recovers_a_monotone_relation():
    expected = np.linspace(0.5, 0.95, 300)
    found = 0.2 + 0.7 * expected
    table = expected_agreement.fit_correction(expected, found)
    assert expected_agreement.corrected(expected, table) == pytest.approx(found, abs=0.01)
    assert table[0][0] == table[1][0] == 0
    assert np.all(np.diff(table[0]) > 0) and np.all(np.diff(table[1]) > 0)
    assert expected_agreement.corrected(1.0, table) == table[1][-1], "it stays beyond the last row"


def test_a_correction_never_changes_an_order():
    for found in ([0.9, 0.6, 0.3], [0.5, 0.5, 0.5], [0.0, 1.0, 1.0], [1.0, 1.0, 1.0]):
        table = expected_agreement.fit_correction([0.2, 0.5, 0.9], found)
        assert np.all(np.diff(expected_agreement.corrected(np.linspace(0, 0.9, 50), table)) > 0)
        assert table[1][-1] <= 1


@pytest.mark.parametrize("expected", [[], [0.5], [0.0, 0.0]])
def test_too_little_for_a_correction_is_refused(expected):
    with pytest.raises(expected_agreement.ExpectationError, match="needs photographs"):
        expected_agreement.fit_correction(expected, expected)


@pytest.mark.parametrize("table", [
    ([0, 0.5, 0.5], [0, 0.1, 0.2]), ([0, 0.5], [0.3, 0.1]), ([0, 0.5], [0.3, 0.3]), ([0.1], [0.2]), ([0, 1], [0]),
])
def test_a_table_that_does_not_rise_is_refused(table):
    with pytest.raises(expected_agreement.ExpectationError, match="must rise"):
        expected_agreement.corrected(0.5, table)
