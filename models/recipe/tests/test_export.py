"""Tests of export: the graph, the card and its commands, and failures."""

import hashlib
import json

import onnx
import pytest
import torch

from conftest import checkpoint
from example_cards import CARD_KEYS

from dermaloupe_recipe import cards, export, files, inference, networks, training_commands


def test_the_exported_graph_agrees_with_pytorch(network):
    session = inference.create_session(export.to_onnx(network))
    assert export.check_agreement(session, network, export.synthetic_photos(3)) < 1e-4


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
    assert training_commands.commands_of({"config": former}) == [
        "python distill.py --network small --rate 0.001 --teacher malunet --council ''"]
    assert training_commands.commands_of({"config": current}) == [
        "python distill.py --network small --learning-rate 0.001 --teacher malunet --ensemble ''"]


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
