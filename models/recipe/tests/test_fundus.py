"""Tests of the fundus photographs: splits, field of view, sizes and failures."""

import numpy as np
import pytest
from PIL import Image

import fundus_phantoms
from conftest import fundus_folder

from dermaloupe_recipe import fundus
from dermaloupe_recipe.data import DataError
from dermaloupe_recipe.evaluation import confusion, scores


def write_chase(root, name, photo, vessels, second=None):
    folder = root / "chasedb1"
    folder.mkdir(exist_ok=True)
    Image.fromarray(photo).save(folder / f"{name}.jpg", quality=95)
    for observer, mask in (("1st", vessels), ("2nd", vessels if second is None else second)):
        Image.fromarray(mask.astype(np.uint8) * 255).save(folder / f"{name}_{observer}HO.png")


def test_the_split_of_chase_is_that_of_the_authors_of_m2unet():
    train, test = fundus.names("", "chase-train"), fundus.names("", "chase-test")
    assert (len(train), train[0], train[-1]) == (8, "Image_11L", "Image_14R")
    assert (len(test), test[0], test[-1]) == (20, "Image_01L", "Image_10R")
    assert not set(train) & set(test)


def test_every_photograph_is_left_out_by_one_fold_and_both_eyes_of_a_child_by_the_same():
    folds = [fundus.fold_of("chase-train", i) for i in range(8)]
    assert set(folds) == {0, 1, 2} and folds[::2] == folds[1::2]
    hrf = [fundus.fold_of("hrf", i) for i in range(15)]
    assert [hrf.count(fold) for fold in range(3)] == [5, 5, 5]
    for diagnosis in range(3):  # sorted by number, the diagnoses alternate
        assert set(hrf[diagnosis::3]) == {0, 1, 2}


def test_the_field_of_view_of_a_phantom_is_found():
    drawn = fundus_phantoms.draw()
    found = fundus.find_field_of_view(drawn.photo)
    assert scores(confusion(found, drawn.field_of_view))["dice"] > 0.99
    assert abs(fundus.diameter(found) - 0.92 * 320) <= 6


def test_the_field_of_view_of_a_large_photograph_is_that_of_a_small_one():
    drawn = fundus_phantoms.draw()
    large = np.array(Image.fromarray(drawn.photo).resize((2240, 2240), Image.Resampling.BILINEAR))
    found = fundus.find_field_of_view(large)
    assert found.shape == (2240, 2240)
    assert abs(found.mean() - drawn.field_of_view.mean()) < 0.01


def test_a_black_photograph_has_no_field_of_view():
    found = fundus.find_field_of_view(np.zeros((64, 80, 3), np.uint8))
    assert not found.any() and fundus.diameter(found) == 80


def test_the_fields_of_view_of_drive_are_found():
    root = fundus_folder()
    if root is None:
        return
    dice = []
    for name in fundus.names(root, "drive"):
        given = fundus.read_mask(root / "drive" / "field_of_view" / f"{name}.png")
        dice.append(scores(confusion(fundus.read(root, "drive", name).field_of_view, given))["dice"])
    assert len(dice) == 20
    assert np.mean(dice) > 0.995 and min(dice) > 0.99


def test_reading_names_what_is_missing_or_of_another_size(tmp_path):
    drawn = fundus_phantoms.draw(size=96)
    write_chase(tmp_path, "Image_11L", drawn.photo, drawn.vessels)
    read = fundus.read(fundus.data_root(tmp_path), "chase-train", "Image_11L")
    assert (read.vessels == drawn.vessels).all() and (read.second == drawn.vessels).all()
    with pytest.raises(DataError, match="file is missing: .*Image_11R.jpg"):
        fundus.read(tmp_path, "chase-train", "Image_11R")
    write_chase(tmp_path, "Image_12L", drawn.photo, drawn.vessels[:, :90])
    with pytest.raises(DataError, match="expected the photograph's size, 96x96, found 90x96: .*Image_12L_1stHO.png"):
        fundus.read(tmp_path, "chase-train", "Image_12L")
    (tmp_path / "chasedb1" / "Image_13L.jpg").write_bytes(b"no image")
    with pytest.raises(DataError, match="not a readable image"):
        fundus.read(tmp_path, "chase-train", "Image_13L")
    with pytest.raises(DataError, match="no fundus photographs.*--data"):
        fundus.data_root(tmp_path / "none")
    with pytest.raises(DataError, match="no photograph of hrf"):
        fundus.names(tmp_path, "hrf")


def test_the_input_is_scaled_as_the_card_says():
    photo = np.full((40, 60, 3), 51, np.uint8)
    x = fundus.network_input(photo, 0.5)
    assert x.shape == (3, 20, 30) and x.dtype == np.float32
    assert np.allclose(x, 51 / 255)
