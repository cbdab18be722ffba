"""Quick tests of the surface distances' reference: on paper, and that the committed fixtures are what it makes."""

import json

import numpy as np
import pytest

import surface_reference
from conftest import square


def test_two_pixels_lie_as_far_apart_as_pythagoras_says():
    found = surface_reference.figures(square(0, 0, 1, size=8), square(4, 3, 1, size=8))
    assert found == {"hd_px": 5.0, "hd95_px": 5.0, "assd_px": 5.0}


def test_an_empty_mask_has_no_distance():
    found = surface_reference.figures(square(0, 0, 0), square(1, 1, 2))
    assert set(found.values()) == {None}


def test_the_committed_fixtures_are_what_the_script_makes():
    document = json.loads((surface_reference.FOLDER / "surface.json").read_text())
    drawn = surface_reference.pairs()
    assert [pair["name"] for pair in document["pairs"]] == list(drawn)
    for pair in document["pairs"]:
        name, masks = pair["name"], drawn[pair["name"]]
        for mask, kind in zip(masks, ("prediction", "reference")):
            committed = surface_reference.read_mask(surface_reference.FOLDER / f"{name}_{kind}.png")
            assert np.array_equal(committed, mask), name
        for figure, value in surface_reference.figures(*masks).items():
            assert pair[figure] == pytest.approx(value, abs=1e-9), name
