"""Tests of the surface distances: by hand, and that the committed fixtures are up to date."""

import json

import numpy as np
import pytest

from conftest import square

from dermaloupe_recipe.fixtures import surface_distances


def test_the_distance_of_two_pixels_is_euclidean():
    found = surface_distances.surface_metrics(square(0, 0, 1, size=8), square(4, 3, 1, size=8))
    assert found == {"hd_px": 5.0, "hd95_px": 5.0, "assd_px": 5.0}


def test_an_empty_mask_has_no_distance():
    found = surface_distances.surface_metrics(square(0, 0, 0), square(1, 1, 2))
    assert set(found.values()) == {None}


def test_the_committed_fixtures_are_what_the_script_writes():
    document = json.loads((surface_distances.FOLDER / "surface.json").read_text())
    drawn = surface_distances.pairs()
    assert [pair["name"] for pair in document["pairs"]] == list(drawn)
    for pair in document["pairs"]:
        name, masks = pair["name"], drawn[pair["name"]]
        for mask, kind in zip(masks, ("prediction", "reference")):
            committed = surface_distances.read_mask(surface_distances.FOLDER / f"{name}_{kind}.png")
            assert np.array_equal(committed, mask), name
        for figure, value in surface_distances.surface_metrics(*masks).items():
            assert pair[figure] == pytest.approx(value, abs=1e-9), name
