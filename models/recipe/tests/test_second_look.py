"""Tests of the second look: its boxes on paper, its choice, and the whole on phantoms."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from conftest import square

from dermaloupe_recipe import cards, data, evaluation_sets, files, second_look
from dermaloupe_recipe.fixtures import second_looks
from dermaloupe_recipe.second_look import Config, Looks, box_of, crop_of, looked_again, square_around


def test_the_box_is_that_of_the_largest_region():
    mask = square(1, 2, 3, size=8)
    mask[7, 0] = True
    assert box_of(mask) == (1, 2, 4, 5)


@pytest.mark.parametrize("box, margin, size, expected", [
    ((40, 50, 60, 60), 0.5, (100, 100), (30, 35, 70, 75)),  # 20 high, so a square of 40 around its middle
    ((0, 0, 10, 10), 1, (100, 100), (0, 0, 30, 30)),  # moved in from the corner
    ((90, 180, 100, 200), 1, (100, 200), (40, 140, 100, 200)),
    ((10, 50, 60, 150), 1, (80, 200), (0, 0, 80, 200)),  # cut to the photograph
])
def test_the_square_lies_in_the_photograph(box, margin, size, expected):
    assert square_around(box, margin, size) == expected


def test_a_crop_has_the_pixels_of_its_box_at_the_size_of_the_file():
    pixels = np.zeros((100, 200, 3), np.uint8)
    pixels[50:, 100:] = (10, 20, 30)
    crop = crop_of(Image.fromarray(pixels), (25, 50, 50, 100), (50, 100))  # given at half the size
    assert crop.shape == (3, 256, 256)
    assert (crop.permute(1, 2, 0).numpy()[5:, 5:] == (10, 20, 30)).all()  # its border is blended with what is beyond


class Session:
    """A network that finds lesion in the left half of whatever it sees."""

    def run(self, _, __):
        maps = np.zeros((1, 1, 128, 128), np.float32)
        maps[..., :64] = 1
        return [maps]


def test_the_second_map_replaces_the_first_in_the_square_alone():
    first = np.full((100, 100), 0.25, np.float32)
    first[40:60, 40:60] = 0.9
    second = looked_again(Session(), Image.new("RGB", (100, 100)), first, 0.5)
    assert (second[30:70, 30:49] > 0.999).all() and (second[30:70, 51:70] < 0.001).all()
    outside = np.ones((100, 100), bool)
    outside[30:70, 30:70] = False
    assert (second[outside] == 0.25).all() and first[50, 50] == np.float32(0.9)


def looks():
    """Five photographs of 100 pixels: a second look with margin 1 mends the first, and spoils the fourth."""
    right, half = [10, 0, 0, 90], [5, 5, 5, 85]
    first = np.array([half, right, right, right, [0, 0, 10, 90]])
    one, two = first.copy(), first.copy()
    one[0], one[3], two[3] = right, half, half
    return Looks(list("abcde"), np.array([0.1, 0.15, 0.2, 0.3, 0.0]), np.array([0.1, 0.2, 0.3, 0.4, 0.5]), first,
                 {1.0: one, 2.0: two})


def test_only_lesions_below_the_share_are_looked_at_again():
    found = looks()
    counts, looked = found.with_second(1.0, 0.2)
    assert looked.tolist() == [True, True, False, False, False]  # a photograph without a lesion has no second look
    assert counts[0].tolist() == [10, 0, 0, 90] and counts[3].tolist() == [10, 0, 0, 90]
    assert found.smallest.tolist() == [True, False, False, False, False]


def test_the_pair_that_gains_most_on_all_photographs_is_chosen():
    found = looks()
    assert second_look.choose(found, [0.05, 0.2, 0.5]) == (1.0, 0.2)
    gained = second_look.gain(found, 1.0, 0.2, found.smallest)
    assert gained["looked"] == 1 and gained["mean_iou"] == 1 and gained["gain"] == pytest.approx(2 / 3, abs=1e-4)
    assert second_look.row("val", found, 1.0, 0.2).startswith("| val | 1 | 20% | 2 of 5 | 0.8000 (+0.1333, ")


def test_phantoms_are_measured_and_the_first_set_chooses(phantom_data, tmp_path, capsys):
    options = Config(data=str(phantom_data), maps=str(tmp_path), sets="val,test", shares="0.001,0.9", margins="0.5,1")
    margin, share = second_look.measure(options)
    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if line.startswith("| val |")]) == 4
    assert [line for line in lines if line.startswith("| test |")][0].startswith(f"| test | {margin:g} | {share:.0%} |")


def test_what_was_chosen_and_gained_stands_on_the_card(phantom_data, tmp_path):
    shutil.copytree(files.ZOO / "globalatt", tmp_path / "zoo" / "globalatt")
    options = Config(data=str(phantom_data), maps=str(tmp_path), zoo=str(tmp_path / "zoo"), sets="val,test",
                     shares="0.9", margins="1", card=True)
    second_look.measure(options)
    card, committed = cards.read_card(tmp_path / "zoo" / "globalatt"), cards.read_card(files.ZOO / "globalatt")
    block, _ = card.pop("second_look"), committed.pop("second_look", None)
    assert (block["below_share"], block["margin"]) == (0.9, 1.0) and card == committed
    assert [measured["photographs"] for measured in block["measured"]] == ["val", "test"]
    for measured in block["measured"]:
        low, high = measured["interval"]
        assert low <= measured["mean_iou_gain"] <= high and 0 < measured["looked_again"] <= measured["n"]


def test_the_committed_second_looks_are_what_is_taken(tmp_path):
    second_looks.write(second_looks.Config(out=str(tmp_path)))
    folders = (second_looks.FOLDER, tmp_path)
    committed, again = (json.loads((folder / "second_look.json").read_text()) for folder in folders)
    assert again | {"versions": None} == committed | {"versions": None}


def test_what_is_not_there_is_named(phantom_data):
    for name in (evaluation_sets.CROPS, evaluation_sets.ORIGINALS):
        with pytest.raises(data.DataError, match="leave them out with --sets"):
            evaluation_sets.read(phantom_data, name)
