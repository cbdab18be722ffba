"""Tests of the phantoms."""

import numpy as np

from dermaloupe_recipe import phantom


def test_the_same_seed_draws_the_same_phantom():
    look = phantom.Look(seed=9, width=160, height=120, globules=20)
    first, second = phantom.draw(look), phantom.draw(look)
    assert np.array_equal(first.photo, second.photo) and np.array_equal(first.mask, second.mask)


def test_a_phantoms_lesion_is_darker_than_its_skin():
    drawn = phantom.draw(phantom.Look(seed=12, width=240, height=180, hairs=0, field_of_view=1.6))
    grey = drawn.photo.mean(axis=2)
    assert grey[drawn.mask].mean() < 0.8 * grey[~drawn.mask].mean()
