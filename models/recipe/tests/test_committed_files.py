"""Tests of the files that the recipe wrote to the repository: cards, models, page, vectors, samples."""

import hashlib
import json

import numpy as np
import onnx
import pytest
from PIL import Image

from example_cards import CARD_KEYS

from dermaloupe_recipe import (
    data, descriptions, evaluation, files, inference, networks, onnx_graph, phantom, recommendation,
    uncertainty_figures, zoo_figure, zoo_page,
)
from dermaloupe_recipe.fixtures import segmentation

CARDS = {path.parent.name: json.loads(path.read_text()) for path in sorted(files.ZOO.glob("*/card.json"))}


@pytest.fixture(scope="module")
def committed_model():
    """The network that is built into the program."""
    return (files.ZOO / segmentation.default_network() / "model.onnx").read_bytes()


@pytest.mark.parametrize("name", CARDS)
def test_a_committed_card_describes_its_files(name):
    card, folder = CARDS[name], files.ZOO / name
    assert card.keys() >= CARD_KEYS and (card["schema"], card["name"]) == (1, name)
    for artefact in card["artefacts"]:
        content = (folder / artefact["file"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (artefact["bytes"], artefact["sha256"])
        assert len(content) < {"onnx": 1_000_000, "rknn": 3_000_000}[artefact["format"]]
    assert {file.name for file in folder.iterdir()} == {"card.json"} | {a["file"] for a in card["artefacts"]}
    assert card["macs"] == onnx_graph.count_macs(onnx.load(folder / "model.onnx"))
    assert card["data"]["licence"] == "CC0-1.0"
    assert (card["test"]["split"], card["test"]["n"]) == ("test", 650)
    assert card["test"]["pooled_iou"] >= 0.78
    assert len(card["recipe"]["commit"]) == 40, "weights must come from a committed recipe"


def test_the_built_in_network_is_the_recommended_one():
    recommended = [name for name, card in CARDS.items() if "recommended" in card]
    assert recommended in ([], [segmentation.default_network()])


def test_the_committed_model_finds_lesions(photographs, committed_model):
    root, real = photographs
    split = data.load(root, "val" if real else "test", 25)
    maps = inference.at_photo_size(inference.predict_onnx(inference.create_session(committed_model), split.photos))
    figures = evaluation.evaluate(maps, split.masks.numpy())
    assert figures["mean_dice"] > 0.8, figures


@pytest.mark.parametrize("name", segmentation.LOOKS)
def test_the_committed_vectors_are_those_of_the_committed_model(name, committed_model):
    document = json.loads((segmentation.FOLDER / "reference.json").read_text())
    assert document["model"]["sha256"] == hashlib.sha256(committed_model).hexdigest()
    entry = next(e for e in document["vectors"] if e["name"] == name)
    photo, resized, map16 = (
        np.asarray(Image.open(segmentation.FOLDER / entry[key])) for key in ("photo", "resized", "probability")
    )
    assert photo.shape == (entry["height"], entry["width"], 3)
    assert np.array_equal(segmentation.resize(photo), resized)
    tensor = segmentation.tensor_of(resized)
    flat = tensor.flatten().double()
    assert flat[: segmentation.LISTED].tolist() == pytest.approx(entry["tensor"]["first"], abs=1e-6)
    assert flat[-segmentation.LISTED :].tolist() == pytest.approx(entry["tensor"]["last"], abs=1e-6)
    assert flat.sum().item() == pytest.approx(entry["tensor"]["sum"], rel=1e-6)
    found = inference.create_session(committed_model).run(None, {"input": tensor.numpy()})[0][0, 0]
    assert np.abs(found - map16 / 65535).max() < 1e-4

    agreement = next(
        a for a in json.loads((segmentation.FOLDER / "confusion.json").read_text())["images"] if a["name"] == name
    )
    mask = np.asarray(Image.open(segmentation.FOLDER / entry["mask"])) > data.FOREGROUND_ABOVE
    full = segmentation.at_photo_size(found, entry["width"], entry["height"])
    scores = evaluation.scores(evaluation.confusion(full >= 0.5, mask))
    assert scores["dice"] == pytest.approx(agreement["dice"], abs=1e-3)


def test_the_committed_vectors_are_of_the_recipes_phantoms():
    look = segmentation.LOOKS["odd_333x251"]
    kept = np.asarray(Image.open(segmentation.FOLDER / "odd_333x251.png")).astype(int)
    # Another processor may round a Fourier transform differently, which changes a few pixels.
    assert np.abs(phantom.draw(look).photo.astype(int) - kept).mean() < 0.5


@pytest.mark.parametrize("name", phantom.SAMPLE_LOOKS)
def test_the_committed_model_finds_the_true_masks_of_the_committed_samples(name, committed_model):
    look = phantom.SAMPLE_LOOKS[name]
    photo = np.asarray(Image.open(phantom.SAMPLES / f"{name}.jpg"))
    mask = np.asarray(Image.open(phantom.SAMPLES / f"{name}_segmentation.png"))
    assert photo.shape == (look.height, look.width, 3)
    assert mask.shape == photo.shape[:2] and set(np.unique(mask)) == {0, 255}
    tensor = segmentation.tensor_of(segmentation.resize(photo))
    found = inference.create_session(committed_model).run(None, {"input": tensor.numpy()})[0][0, 0]
    full = segmentation.at_photo_size(found, look.width, look.height)
    assert evaluation.scores(evaluation.confusion(full >= 0.5, mask > 128))["dice"] >= 0.9


def test_the_committed_readme_is_rendered_from_the_committed_cards():
    page = zoo_page.render(zoo_page.read_cards(files.ZOO))
    assert zoo_page.page_of(files.ZOO).read_text() == page, "run make_zoo.py --table-only"


def test_the_committed_recommendation_follows_from_the_committed_cards():
    cards = zoo_page.read_cards(files.ZOO)
    found = {card["name"]: {"en": card["recommended"], "zh-CN": card["translations"]["zh-CN"]["recommended"]}
             for card in cards if "recommended" in card}
    chosen = recommendation.recommend(cards)
    assert found == (dict([chosen]) if chosen else {}), "run make_zoo.py --table-only"


def test_the_committed_drawing_shows_the_committed_networks():
    assert zoo_figure.is_current(files.ZOO), "run zoo_figure.py"
    with Image.open(zoo_figure.drawing_of(files.ZOO)) as drawing:
        f, columns = zoo_figure, 1 + len(zoo_page.read_cards(files.ZOO))
        assert drawing.width >= 2 * f.MARGIN + f.LABELS + columns * (f.CELL + f.GAP) - f.GAP


@pytest.mark.parametrize("name", uncertainty_figures.NAMES)
def test_a_committed_figure_shows_the_committed_measurements(name):
    drawn = uncertainty_figures.drawings()[name]
    assert uncertainty_figures.is_current(zoo_page.page_of(files.ZOO).parent, name, drawn), "run uncertainty_figures.py"


@pytest.mark.parametrize("name", CARDS)
def test_a_committed_card_says_how_sure_its_network_is(name):
    card = CARDS[name]
    assert 0.2 < card["calibration"]["temperature"] < 5
    assert card["band"]["outer_level"] < card["threshold"] < card["band"]["inner_level"]
    assert card["band"]["val"]["border"] >= card["band"]["share"]
    for key in ("iou", "dice"):
        x, y = zip(*card["expected_agreement"][key])
        assert x[0] == y[0] == 0 and list(x) == sorted(set(x)) and list(y) == sorted(y) and y[-1] <= 1
    on_test, test = card["expected_agreement"]["test"], card["test"]
    assert on_test["n"] == test["n"] and on_test["mean_iou"] == pytest.approx(test["mean_iou"], abs=1e-3)
    assert "overall" in card["external"] or "recommended" not in card
    assert card["external"].get("overall", {"n": 5012})["n"] == 5012, "all of HAM10000 or nothing of it"


def test_the_committed_files_are_those_that_the_cards_name():
    for card in zoo_page.read_cards(files.ZOO):
        for found in card["artefacts"]:
            content = (files.ZOO / card["name"] / found["file"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == found["sha256"], f"{card['name']}/{found['file']}"


def test_the_tables_have_every_network():
    assert list(descriptions.NETWORKS) == list(networks.NETWORKS) == [card["name"] for card in zoo_page.read_cards()]


def test_every_network_is_described_in_chinese():
    assert descriptions.CHINESE_DESIGNS.keys() == descriptions.NETWORKS.keys()
