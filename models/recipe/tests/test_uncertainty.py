"""Tests of the maps' cache, and of the whole measurement on phantoms with networks of the zoo."""

import csv
import json
import shutil

import numpy as np
import pytest
import torch
from PIL import Image

from dermaloupe_recipe import (
    cards, data, evaluation_sets, expected_agreement, files, level_counts, map_cache, phantom, uncertainty,
)

NETWORKS = ("efficient", "globalatt")


@pytest.fixture(scope="module")
def root(phantom_data, tmp_path_factory):
    """The phantoms of ISIC's form, their tools, and four phantoms of HAM10000's form, two of one lesion."""
    root = tmp_path_factory.mktemp("sets")
    shutil.copytree(phantom_data / "isic2017", root / "isic2017")
    with open(root / "isic2017" / "mask_tools.csv", "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerows([("image_id", "tools", "skills", "annotators"), ("PHANTOM_test_0", "T1", "S1", "A00"),
                          ("PHANTOM_test_1", "T2 T1 ST MV", "S1", "A00"), ("PHANTOM_test_2", "T3", "S2", "A01")])
    for folder in ("images", "masks"):
        (root / "ham10000" / folder).mkdir(parents=True)
    table = [("lesion_id", "image_id", "dx", "dx_type", "age", "sex", "localization"),
             ("L1", "H2", "nv", "histo", "45.0", "male", "back"), ("L1", "H1", "nv", "histo", "40.0", "male", "back"),
             ("L2", "H3", "mel", "histo", "", "unknown", "unknown"),
             ("L3", "H4", "nv", "histo", "5.0", "female", "face")]
    for number, row in enumerate(table[1:]):
        drawn = phantom.draw(phantom.Look(seed=300 + number, width=200, height=150, radius=0.25, pigment=1.4, hairs=1))
        Image.fromarray(drawn.photo).save(root / "ham10000" / "images" / f"{row[1]}.jpg", quality=95)
        Image.fromarray(drawn.mask).save(root / "ham10000" / "masks" / f"{row[1]}.png")
    with open(root / "ham10000" / "photographs.csv", "w", newline="") as out:
        csv.writer(out).writerows(table)
    return root


@pytest.fixture
def zoo(tmp_path):
    for name in NETWORKS:
        (tmp_path / "zoo" / name).mkdir(parents=True)
        for file in ("card.json", "model.onnx"):
            shutil.copy(files.ZOO / name / file, tmp_path / "zoo" / name / file)
    return tmp_path / "zoo"


def test_ham10000_has_its_groups_in_the_projects_words(root):
    photographs = evaluation_sets.read(root, "ham10000")
    assert photographs.ids == ["H1", "H2", "H3", "H4"]
    assert photographs.rows[0] == {"image_id": "H1", "lesion": "L1", "diagnosis": "nv", "site": "back", "sex": "male",
                                   "age": "40 to 49"}
    assert (photographs.rows[2]["age"], photographs.rows[2]["sex"], photographs.rows[2]["site"]) == (None, None, None)
    assert photographs.rows[3]["age"] == "0 to 9"
    assert [tuple(photo.shape) for photo in photographs.photos()] == [(3, 256, 256)] * 4
    assert [mask.shape for mask in photographs.masks()] == [(150, 200)] * 4


def test_references_are_told_apart_by_how_they_were_made(root):
    rows = evaluation_sets.read(root, "test").rows
    assert [row["reference"] for row in rows] == ["polygon", "several people", "automatic"]
    assert {row["reference"] for row in evaluation_sets.read(root, "val").rows} == {None}


@pytest.mark.parametrize("spoilt, words", [
    ("lesion_id,image_id\n", "expected the columns"),
    ("lesion_id,image_id,dx,age,sex,localization\nL,I,nv,old,male,back\n", "expected an age in years, found 'old'"),
])
def test_a_spoilt_table_is_refused(tmp_path, spoilt, words):
    (tmp_path / "ham10000").mkdir()
    (tmp_path / "ham10000" / "photographs.csv").write_text(spoilt)
    with pytest.raises(data.DataError, match=words):
        evaluation_sets.read(tmp_path, "ham10000")


def test_a_spoilt_table_of_tools_is_refused_and_a_missing_one_is_not(root, tmp_path):
    shutil.copytree(root / "isic2017", tmp_path / "isic2017")
    (tmp_path / "isic2017" / "mask_tools.csv").write_text("id,tool\nPHANTOM_test_0,T1\n")
    with pytest.raises(data.DataError, match="expected the columns image_id, tools"):
        evaluation_sets.read(tmp_path, "test")
    (tmp_path / "isic2017" / "mask_tools.csv").unlink()
    assert {row["reference"] for row in evaluation_sets.read(tmp_path, "test").rows} == {None}


def test_a_missing_table_and_a_missing_photograph_are_named(tmp_path, root):
    with pytest.raises(data.DataError, match="no HAM10000"):
        evaluation_sets.read(tmp_path, "ham10000")
    photographs = evaluation_sets.read(root, "ham10000")
    photographs.rows = [{"image_id": "NONE"}]
    with pytest.raises(data.DataError, match="file is missing.*NONE.jpg"):
        list(photographs.photos())


def test_every_turn_is_undone():
    photo = torch.arange(2 * 9).reshape(2, 3, 3)
    turned = [map_cache.turned(photo, turn) for turn in range(8)]
    assert len({tuple(t.flatten().tolist()) for t in turned}) == 8
    assert all(torch.equal(map_cache.turned_back(t, turn), photo) for turn, t in enumerate(turned))


def test_logits_keep_probabilities_near_the_ends():
    p = np.array([1e-5, 0.3, 0.5, 0.99999])
    kept = map_cache.sigmoid(map_cache.logit(p).astype(np.float16))
    assert kept == pytest.approx(p, rel=0.005) and kept[2] == 0.5


def test_logits_are_sorted_as_numbers():
    logits = np.random.default_rng(1).normal(0, 5, (3, 8, 8)).astype(np.float16)
    for pixels, ordered in zip(logits, map_cache.sorted_downwards(logits)):
        assert np.array_equal(ordered, np.sort(pixels.ravel())[::-1])


def test_maps_are_computed_once_and_again_for_other_photographs(root, zoo, tmp_path, capsys):
    photographs = evaluation_sets.read(root, "val")
    first = map_cache.logits_of(zoo, "efficient", photographs, tmp_path / "maps")
    again = map_cache.logits_of(zoo, "efficient", photographs, tmp_path / "maps")
    assert first.shape == (3, 128, 128) and np.array_equal(first, again)
    assert capsys.readouterr().out.count("computed") == 1
    fewer = map_cache.logits_of(zoo, "efficient", evaluation_sets.read(root, "val", 2), tmp_path / "maps")
    assert len(fewer) == 2 and "computed" in capsys.readouterr().out


def test_an_interrupted_computation_goes_on_where_it_was(root, zoo, tmp_path, monkeypatch):
    photographs, maps, seen = evaluation_sets.read(root, "val"), tmp_path / "maps", []
    whole = map_cache.logits_of(zoo, "efficient", photographs, tmp_path / "whole")
    monkeypatch.setattr(map_cache, "PART", 2)
    predict = map_cache.predict

    def predict_two(session, photo, careful=False):
        if len(seen) == 2:
            raise KeyboardInterrupt
        seen.append(photo)
        return predict(session, photo, careful)

    with monkeypatch.context() as interrupted, pytest.raises(KeyboardInterrupt):
        interrupted.setattr(map_cache, "predict", predict_two)
        map_cache.logits_of(zoo, "efficient", photographs, maps)
    assert [path.name for path in maps.glob("*/*")] == ["0.npz"]

    def predict_others(session, photo, careful=False):
        seen.append(photo)
        return predict(session, photo, careful)

    monkeypatch.setattr(map_cache, "predict", predict_others)
    assert np.array_equal(map_cache.logits_of(zoo, "efficient", photographs, maps), whole)
    assert len(seen) == 3, "the first two are not computed again"
    assert [path.suffix for path in maps.iterdir()] == [".npz"]


def test_a_network_that_is_not_there_or_not_its_cards_is_refused(zoo):
    with pytest.raises(map_cache.MapError, match="no network of this name"):
        map_cache.load_network(zoo, "nobody")
    (zoo / "efficient" / "model.onnx").write_bytes(b"other")
    with pytest.raises(map_cache.MapError, match="not the one that its card names"):
        map_cache.load_network(zoo, "efficient")


def test_the_whole_measurement_on_phantoms(root, zoo, tmp_path):
    config = uncertainty.Config(data=str(root), zoo=str(zoo), maps=str(tmp_path / "maps"),
                                results=str(tmp_path / "uncertainty.json"))
    uncertainty.measure(config)
    document = json.loads((tmp_path / "uncertainty.json").read_text())
    assert document["networks"].keys() == set(NETWORKS)
    assert document["queue"]["n"] == 3 and document["careful"]["passes"] == 8
    for name in NETWORKS:
        card = cards.read_card(zoo / name)
        assert card.keys() >= set(uncertainty.BLOCKS) and card["test"]["n"] == 650, "other blocks stay"
        assert 0 < card["band"]["outer_level"] <= 0.5 <= card["band"]["inner_level"] < 1
        assert card["band"]["ham10000"]["n"] == card["external"]["overall"]["n"] == 4
        assert card["external"]["overall"]["lesions"] == 3
        assert [row["group"] for row in card["external"]["by"]["age"]] == ["0 to 9", "40 to 49"]
        assert [row["group"] for row in card["external"]["references"]["groups"]] == [
            "automatic", "polygon", "several people"]
        for key in ("iou", "dice"):
            table = tuple(zip(*card["expected_agreement"][key]))
            assert 0 <= expected_agreement.corrected(0.5, table) <= 1
    uncertainty.measure(config)
    assert json.loads((tmp_path / "uncertainty.json").read_text()) == document, "the same maps give the same figures"


def test_counts_of_a_network_are_kept(root, zoo, tmp_path):
    photographs = evaluation_sets.read(root, "test")
    found = level_counts.of_network(zoo, "efficient", photographs, tmp_path / "maps")
    again = level_counts.of_network(zoo, "efficient", photographs, tmp_path / "maps")
    assert np.array_equal(again.lesion, found.lesion) and np.array_equal(again.border, found.border)
    assert found.lesion.sum() == sum(mask.sum() for mask in photographs.masks())
