"""Tests of metrics, export, MACs and phantoms, and of the files that the recipe wrote to the repository."""

import hashlib
import json

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper
from PIL import Image

from dermaloupe_recipe import cards, data, evaluation, export, files, inference, networks, onnx_graph, phantom
from dermaloupe_recipe.fixtures import segmentation
from conftest import checkpoint, square

CARD_KEYS = {
    "schema", "name", "title", "family", "description", "parameters", "macs", "input", "output", "threshold", "data",
    "licence", "test", "artefacts", "recipe",
}


CARDS = {path.parent.name: json.loads(path.read_text()) for path in sorted(files.ZOO.glob("*/card.json"))}


@pytest.fixture(scope="module")
def committed_model():
    """The network that is built into the program."""
    return (files.ZOO / segmentation.default_network() / "model.onnx").read_bytes()


# Metrics: 4x4 masks computed by hand


def test_metrics_of_two_squares_that_share_a_corner_pixel():
    counts = evaluation.confusion(square(0, 0, 2), square(1, 1, 2))
    assert counts == (1, 3, 3, 9)
    scores = evaluation.scores(counts)
    assert scores["iou"] == pytest.approx(1 / 7)
    assert scores["dice"] == pytest.approx(2 / 8)
    assert scores["sensitivity"] == pytest.approx(1 / 4)
    assert scores["specificity"] == pytest.approx(9 / 12)
    assert scores["accuracy"] == pytest.approx(10 / 16)


def test_two_empty_masks_agree_perfectly():
    empty = np.zeros((4, 4), bool)
    assert set(evaluation.scores(evaluation.confusion(empty, empty)).values()) == {1.0}


def test_an_empty_mask_against_a_lesion_scores_zero():
    scores = evaluation.scores(evaluation.confusion(np.zeros((4, 4), bool), square(0, 0, 2)))
    assert (scores["iou"], scores["dice"], scores["sensitivity"]) == (0, 0, 0)
    assert scores["specificity"] == 1.0


def test_the_specificity_of_a_full_reference_is_one():
    full = np.ones((4, 4), bool)
    assert evaluation.scores(evaluation.confusion(full, full))["specificity"] == 1.0


def test_macro_and_pooled_metrics_are_those_computed_by_hand():
    one = evaluation.confusion(square(0, 0, 2), square(0, 0, 2))  # perfect: 4, 0, 0, 12
    other = evaluation.confusion(square(0, 0, 2), square(1, 1, 2))  # 1, 3, 3, 9
    figures = evaluation.summary([one, other])
    assert figures["n"] == 2
    assert figures["mean_iou"] == pytest.approx((1 + 1 / 7) / 2)
    assert figures["mean_dice"] == pytest.approx((1 + 1 / 4) / 2)
    assert figures["pooled_iou"] == pytest.approx(5 / 11)
    assert figures["pooled_dice"] == pytest.approx(10 / 16)
    assert figures["class_mean_iou"] == pytest.approx((5 / 11 + 21 / 27) / 2)


def test_masks_of_different_sizes_are_refused():
    with pytest.raises(ValueError, match="must be of the same size"):
        evaluation.confusion(np.zeros((4, 4)), np.zeros((4, 5)))


def test_a_pixel_at_the_threshold_is_lesion():
    assert evaluation.evaluate([np.full((2, 2), 0.5)], [np.ones((2, 2), bool)])["mean_iou"] == 1.0


# Export


def test_the_exported_graph_agrees_with_pytorch(network):
    assert export.check_agreement(inference.create_session(export.to_onnx(network)), network, export.synthetic_photos(3)) < 1e-4


def test_the_same_weights_give_the_same_bytes(network):
    assert export.to_onnx(network) == export.to_onnx(network)


def test_the_graph_is_fixed_in_shape_and_free_of_leftovers(network):
    graph = onnx.load_from_string(export.to_onnx(network)).graph
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in [*graph.input, *graph.output]}
    assert shapes == {"input": [1, 3, 256, 256], "probability": [1, 1, 128, 128]}
    assert not {"Shape", "Constant", "Identity", "Gather", "If"} & {node.op_type for node in graph.node}


def test_a_graph_that_disagrees_is_refused(network):
    other = networks.create("malunet")
    with pytest.raises(export.ExportError, match="differ by"):
        export.check_agreement(inference.create_session(export.to_onnx(other)), network, export.synthetic_photos(1))


def test_export_writes_model_and_card(network, phantom_data, tmp_path):
    path = checkpoint(tmp_path, network)
    card = export.export(export.Config(checkpoint=str(path), zoo=str(tmp_path / "zoo"), data=str(phantom_data)))
    folder = tmp_path / "zoo" / "malunet"
    assert {file.name for file in folder.iterdir()} == {"model.onnx", "card.json"}
    assert json.loads((folder / "card.json").read_text()) == card
    assert card.keys() == CARD_KEYS | {"published", "centre_crop"}
    assert card["published"] == {"parameters": 177943, "paper_parameters": 177943, "paper_miou": None,
                                 "paper_seconds": None}
    assert card["centre_crop"] == card["test"], "phantoms are square already"
    assert card["test"]["n"] == 3
    assert card["artefacts"][0]["sha256"] == hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    assert card["recipe"]["commands"] == ["python train.py --epochs 2 --seed 5", "python export.py"]


@pytest.mark.parametrize("module, step", [
    (export, "check_agreement"), (export, "evaluate_split"), (cards, "create_card")])
def test_a_failed_export_leaves_the_zoo_unchanged(network, phantom_data, tmp_path, monkeypatch, module, step):
    def fail(*_):
        raise export.ExportError("made to fail")

    monkeypatch.setattr(module, step, fail)
    settings = export.Config(
        checkpoint=str(checkpoint(tmp_path, network)), zoo=str(tmp_path / "zoo"), data=str(phantom_data)
    )
    with pytest.raises(export.ExportError):
        export.export(settings)
    assert not (tmp_path / "zoo").exists()


def test_the_card_of_a_student_lists_every_command(phantom_data, tmp_path):
    state = {
        "start": {"network": "narrow", "name": "narrow-start", "epochs": 60},
        "config": {"network": "narrow", "name": "narrow", "teacher": "malunet-start", "epochs": 40, "features": 0.0},
    }
    assert export.commands_of(export.Config(network="narrow", name="narrow"), state) == [
        "python train.py --network narrow --name narrow-start --epochs 60",
        "python distill.py --network narrow --epochs 40 --features 0.0",
        "python export.py --network narrow",
    ]


def test_a_recorded_command_names_options_as_its_commit_does():
    settings = {"network": "small", "name": "small", "teacher": "malunet"}
    former, current = settings | {"rate": 0.001, "council": ""}, settings | {"learning_rate": 0.001, "ensemble": ""}
    assert cards.training_commands({"config": former}) == [
        "python distill.py --network small --rate 0.001 --teacher malunet --council "]
    assert cards.training_commands({"config": current}) == [
        "python distill.py --network small --learning-rate 0.001 --teacher malunet --ensemble "]


def test_a_failed_write_leaves_no_partial_card(tmp_path, monkeypatch):
    files.write_files(tmp_path, {"card.json": b"old"})

    def fail(*_):
        raise OSError("no space left")

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(OSError):
        files.write_files(tmp_path, {"model.onnx": b"new", "card.json": b"new"})
    assert [file.name for file in tmp_path.iterdir()] == ["card.json"]
    assert (tmp_path / "card.json").read_bytes() == b"old"


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_a_new_network_exports_the_graph_of_the_committed_model(name):
    """The graphs differ in their weights, and in which of those are equal and stored once, but in nothing else."""
    def nodes(model):
        return [(node.op_type, node.name, list(node.output), [a.SerializeToString() for a in node.attribute])
                for node in model.graph.node]

    torch.manual_seed(4)
    fresh = onnx.load_from_string(export.to_onnx(networks.create(name)))
    assert nodes(fresh) == nodes(onnx.load(files.ZOO / name / "model.onnx"))


# MACs


def test_macs_of_a_small_graph_are_those_computed_by_hand():
    """Conv 3x3 in 2 groups, then a transposed one, then Gemm and MatMul:

    6x6 outputs x 8 channels x (4/2 x 3 x 3) = 5184; 8x(6x6) inputs, 2 outputs: 8 x 36 x (2 x 2 x 2) = 2304;
    Gemm 5x7 outputs x 3 = 105; MatMul 2x(4x6) outputs x 5 = 240.
    """
    def weight(name, *shape):
        return helper.make_tensor(name, TensorProto.FLOAT, shape, np.zeros(int(np.prod(shape))).tolist())

    def value(name, *shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["x", "wc"], ["c"], group=2, pads=[1, 1, 1, 1], kernel_shape=[3, 3]),
            helper.make_node("Relu", ["c"], ["r"]),
            helper.make_node("ConvTranspose", ["r", "wt"], ["t"], strides=[2, 2], kernel_shape=[2, 2]),
            helper.make_node("Gemm", ["g", "wg"], ["go"], transA=1),
            helper.make_node("MatMul", ["m", "wm"], ["mo"]),
        ],
        "small",
        [value("x", 1, 4, 6, 6), value("g", 3, 5), value("m", 2, 4, 5)],
        [value("t", 1, 2, 12, 12), value("go", 5, 7), value("mo", 2, 4, 6)],
        [weight("wc", 8, 2, 3, 3), weight("wt", 8, 2, 2, 2), weight("wg", 3, 7), weight("wm", 5, 6)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    assert onnx_graph.count_macs(model) == 5184 + 2304 + 105 + 240


def test_a_graph_without_fixed_shapes_is_not_counted():
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 5])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    weight = helper.make_tensor("w", TensorProto.FLOAT, [5, 2], [0.0] * 10)
    graph = helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["y"])], "small", [x], [y], [weight])
    with pytest.raises(ValueError, match="not fixed"):
        onnx_graph.count_macs(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]))


# Phantoms


def test_the_same_seed_draws_the_same_phantom():
    look = phantom.Look(seed=9, width=160, height=120, globules=20)
    first, second = phantom.draw(look), phantom.draw(look)
    assert np.array_equal(first.photo, second.photo) and np.array_equal(first.mask, second.mask)


def test_a_phantoms_lesion_is_darker_than_its_skin():
    drawn = phantom.draw(phantom.Look(seed=12, width=240, height=180, hairs=0, window=1.6))
    grey = drawn.photo.mean(axis=2)
    assert grey[drawn.mask].mean() < 0.8 * grey[~drawn.mask].mean()


# The files in the repository


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
