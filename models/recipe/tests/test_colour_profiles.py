"""Tests of the colour profiles: against their specification, and that the committed fixtures are up to date."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from dermaloupe_recipe.fixtures import colour_profiles


def committed(name):
    return Image.open(colour_profiles.FOLDER / f"{name}.png")


def test_srgbs_colorants_are_those_of_its_specification():
    expected = [[0.4361, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7141]]
    assert colour_profiles.colorants(colour_profiles.SRGB) == pytest.approx(np.array(expected), abs=2e-4)


def test_littlecms_reads_every_good_profile_by_its_name():
    names = {"display_p3": "Display P3", "adobe_rgb": "Adobe RGB (1998)"}
    for key, icc in colour_profiles.valid_profiles().items():
        words = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(icc))).strip()
        assert words == names.get(key, words) and words


def test_the_committed_fixtures_are_what_the_script_writes(monkeypatch):
    # Pillow, too, refuses a profile that swells to five megabytes.
    monkeypatch.setattr(PngImagePlugin, "MAX_TEXT_CHUNK", 8 << 20)
    stored = colour_profiles.stored()
    assert np.array_equal(committed("stored"), stored)
    for name, icc in {**colour_profiles.valid_profiles(), **colour_profiles.invalid_profiles()}.items():
        image = committed(name)
        assert np.array_equal(image, stored), name
        assert image.info["icc_profile"] == icc, name
    for name, icc in colour_profiles.valid_profiles().items():
        kept, shown = committed(f"shown_{name}"), colour_profiles.to_srgb(stored, icc)
        assert np.abs(np.asarray(kept, int) - np.asarray(shown, int)).max() <= 1, name
