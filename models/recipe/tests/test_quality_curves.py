"""Tests of the photographs that are made worse in known steps, and of the figure of what is found."""

import numpy as np
import pytest
from PIL import Image

from dermaloupe_recipe import quality_curves
from dermaloupe_recipe.quality_curves import Config, CurveError

SKIN = (214, 172, 150)


@pytest.fixture
def skin():
    return Image.new("RGB", (120, 90), SKIN)


def changed(before, after):
    return float((np.asarray(before) != np.asarray(after)).any(axis=2).mean())


@pytest.mark.parametrize("worsen, steps", [(panel[1], panel[2]) for panel in quality_curves.PANELS])
def test_a_photograph_is_as_it_is_at_step_0_and_repeats(skin, worsen, steps):
    assert steps[0] == 0
    def last():
        return worsen(skin, steps[-1], np.random.default_rng(3))
    assert changed(skin, worsen(skin, 0, np.random.default_rng(3))) == 0
    assert last().size == skin.size and changed(last(), last()) == 0


def test_a_stop_is_half_the_linear_light(skin):
    darker = np.asarray(quality_curves.light(skin, -1, None))[0, 0] / 255
    linear = [((v + 0.055) / 1.055) ** 2.4 for v in (darker, np.array(SKIN) / 255)]
    assert linear[0] / linear[1] == pytest.approx(np.full(3, 0.5), abs=0.01)


def test_corners_and_reflections_cover_their_share(skin):
    assert changed(skin, quality_curves.corners(skin, 0.2, None)) == pytest.approx(0.2, abs=0.04)
    white = np.asarray(quality_curves.glare(skin, 0.08, np.random.default_rng(1)))[..., 2] > 200
    assert 0.02 < white.mean() < 0.12


def test_too_few_photographs_and_no_program_are_said(tmp_path):
    table = tmp_path / "splits.csv"
    table.write_text("image_id,split\na,val\nb,train\n")
    config = Config(photographs=str(tmp_path), list=str(table), count=2)
    with pytest.raises(CurveError, match="has 1 photographs, not 2"):
        quality_curves.chosen(config)
    with pytest.raises(CurveError, match="--photographs is missing"):
        quality_curves.draw(Config(list=str(table)))


def test_the_figure_has_a_panel_for_each_check():
    curves = {key: [0.0] * len(steps) for key, _, steps, *_ in quality_curves.PANELS}
    svg = quality_curves.figure(Config(), curves).svg()
    assert all(title in svg for _, _, _, title, _, _ in quality_curves.PANELS)
