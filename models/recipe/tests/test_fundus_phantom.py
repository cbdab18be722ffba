"""Tests of the fundus phantom."""

import json

import numpy as np
from PIL import Image

from dermaloupe_recipe import centre_lines, fundus, fundus_phantom


def test_the_same_seed_draws_the_same_phantom():
    look = fundus_phantom.Look(seed=3, side=160)
    first, second = fundus_phantom.draw(look), fundus_phantom.draw(look)
    assert np.array_equal(first.photo, second.photo) and np.array_equal(first.vessels, second.vessels)
    assert first.figures == second.figures


def test_vessels_are_darker_than_the_retina_and_lie_in_the_field_of_view():
    drawn = fundus_phantom.draw(fundus_phantom.Look(seed=4, side=256))
    green = drawn.photo[..., 1]
    retina = drawn.field_of_view & ~drawn.vessels
    assert green[drawn.vessels].mean() < 0.85 * green[retina].mean()
    assert not (drawn.vessels & ~drawn.field_of_view).any()
    found = fundus.find_field_of_view(drawn.photo)
    assert (found == drawn.field_of_view).mean() > 0.98


def test_the_committed_figures_are_those_of_the_committed_mask():
    known = json.loads((fundus_phantom.SAMPLES / "fundus.json").read_text())
    vessels = np.asarray(Image.open(fundus_phantom.SAMPLES / "fundus_segmentation.png")) > 127
    assert vessels.shape == (known["height"], known["width"]) and vessels.sum() == known["vessel_area_px"]
    assert known["vessel_density_share"] == round(vessels.sum() / known["field_of_view_area_px"], 6)
    # A centre line has fewer pixels than its length, and drawn vessels that cross share some.
    assert 0.75 < centre_lines.thin(vessels).sum() / known["centre_line_length_px"] < 1.1
