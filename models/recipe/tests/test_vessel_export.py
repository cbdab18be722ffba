"""Tests of the choice of a scale, export, and the committed networks for vessels."""

import hashlib
import json

import numpy as np
import onnx
import pytest
import torch

import fundus_phantoms

from dermaloupe_recipe import (
    checkpoints, export, fundus, inference, onnx_graph, vessel_evaluation, vessel_export, vessel_metrics,
    vessel_networks, vessel_page, vessel_prediction, vessel_selection, vessel_training,
)

CARDS = {path.parent.name: json.loads(path.read_text()) for path in sorted(vessel_export.VESSELS.glob("*/card.json"))}
BARS = {"m2unet": 0.80, "wnet": 0.81}  # of the Dice on CHASE_DB1's test photographs


@pytest.fixture
def phantoms(monkeypatch):
    """Every set is one phantom."""
    def load(root, set_name, fold=-1, validation=False):
        drawn = fundus_phantoms.draw(size=160)
        drawn.set = set_name
        return [drawn]

    monkeypatch.setattr(fundus, "load", load)
    monkeypatch.setattr(fundus, "data_root", lambda folder=None: folder)


def write_run(runs, name, network="wnet", **settings):
    """A run that was not trained."""
    torch.manual_seed(1)
    config = vars(vessel_training.Config(network=network, name=name, **settings))
    checkpoints.save(runs / name / "last.pt", {
        "config": config, "commit": "0" * 40, "step": 3, "elapsed": 1.2, "machine": "cpu", "torch": "2.4.0",
        "ema": vessel_networks.create(network).state_dict()})


def table(**by_diameter):
    """Dice of one set by diameter, with its best at one threshold."""
    rows = {}
    for diameter, (best, i) in by_diameter.items():
        row = [0.5] * len(vessel_selection.THRESHOLDS)
        row[i] = best
        rows[int(diameter.removeprefix("d"))] = {"hrf": row}
    return rows


def test_the_smallest_diameter_nearly_as_good_as_the_best_is_chosen():
    chosen = vessel_selection.choose(table(d900=(0.78, 3), d1100=(0.799, 4), d1500=(0.8, 5)))
    assert (chosen["diameter"], chosen["threshold"]) == (1100, vessel_selection.THRESHOLDS[4])
    assert (chosen["score"], chosen["best_score"]) == (0.799, 0.8)


def test_selection_writes_a_table_and_export_reads_its_choice(phantoms, tmp_path):
    for fold in range(3):
        write_run(tmp_path, f"wnet-f{fold}")
    chosen = vessel_selection.select(vessel_selection.Config(runs=str(tmp_path), diameters="100,140", device="cpu"))
    assert vessel_export.read_choice(str(tmp_path), "wnet") == chosen
    with pytest.raises(export.ExportError, match="run select_vessels.py first"):
        vessel_export.read_choice(str(tmp_path), "m2unet")


def test_export_writes_model_card_and_page(phantoms, tmp_path):
    for name in ("wnet-f0", "wnet-f1", "wnet-f2", "begun"):
        write_run(tmp_path, name)
    write_run(tmp_path, "wnet", start="begun", seconds=60.0)
    vessel_selection.select(vessel_selection.Config(runs=str(tmp_path), diameters="140", device="cpu"))
    card = vessel_export.export_vessels(vessel_export.Config(runs=str(tmp_path), vessels=str(tmp_path / "vessels")))
    folder = tmp_path / "vessels" / "wnet"
    assert json.loads((folder / "card.json").read_text()) == card
    assert card["artefacts"][0]["sha256"] == hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    assert (card["subject"], card["mask"], card["tiling"]["field_of_view_px"]) == ("fundus", "vessels", 140)
    assert card["test"]["n"] == card["drive"]["n"] == 1 and card["cross_validation"]["hrf"]["n"] == 3
    assert card["recipe"]["command"] == "python train_vessels.py --name wnet --start begun --seconds 60.0"
    assert card["recipe"]["start"]["command"] == "python train_vessels.py --name begun"
    assert (tmp_path / "vessels" / "README.md").read_text() == vessel_page.render([card])


def test_a_graph_that_disagrees_is_refused():
    torch.manual_seed(1)
    one, other = (vessel_networks.create("wnet").eval() for _ in range(2))
    session = inference.create_session(export.to_onnx(one, 512))
    drawn = [fundus_phantoms.draw(size=160)]
    assert vessel_export.check_agreement(session, one, drawn, 140) < export.TOLERANCE
    with pytest.raises(export.ExportError, match="differ by"):
        vessel_export.check_agreement(session, other, drawn, 140)


def test_a_predicted_map_has_the_photographs_size():
    drawn = fundus_phantoms.draw(size=160)
    found = vessel_prediction.predict(lambda x: x[:, :1], drawn, 300)
    assert found.shape == (160, 160)
    red = drawn.photo[..., 0] / 255
    assert np.abs(found - red).mean() < 0.02


def test_every_network_for_vessels_is_committed():
    assert CARDS.keys() == vessel_networks.NETWORKS.keys()


@pytest.mark.parametrize("name", CARDS)
def test_a_committed_card_describes_its_files(name):
    card, folder = CARDS[name], vessel_export.VESSELS / name
    for artefact in card["artefacts"]:
        content = (folder / artefact["file"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (artefact["bytes"], artefact["sha256"])
        assert len(content) < 3_000_000
    assert {file.name for file in folder.iterdir()} == {"card.json"} | {a["file"] for a in card["artefacts"]}
    assert card["macs"] == onnx_graph.count_macs(onnx.load(folder / "model.onnx"))
    assert len(card["recipe"]["commit"]) == 40, "weights must come from a committed recipe"
    assert card["test"]["n"] == 20 and card["cross_validation"]["hrf"]["n"] == 15
    assert "drive" not in card["data"]["train"].lower()


@pytest.mark.parametrize("name", CARDS)
def test_a_committed_network_is_at_least_as_good_as_its_bar(name):
    assert CARDS[name]["test"]["dice"] >= BARS[name]
    assert CARDS[name]["test"]["dice"] > CARDS[name]["second_observer"]["dice"]


@pytest.mark.parametrize("name", CARDS)
def test_a_committed_network_finds_the_vessels_of_a_phantom(name):
    card, drawn = CARDS[name], fundus_phantoms.draw(size=480, seed=4)
    session = inference.create_session((vessel_export.VESSELS / name / "model.onnx").read_bytes())
    found = vessel_prediction.predict(vessel_prediction.onnx_runner(session), drawn, 480)
    assert vessel_metrics.photo_metrics(found, drawn, card["threshold"])["dice"] > 0.7


def test_the_committed_page_is_rendered_from_the_committed_cards():
    page = vessel_page.render(vessel_page.read_cards(vessel_export.VESSELS))
    assert (vessel_export.VESSELS / "README.md").read_text() == page, "run export_vessels.py --page-only"


def test_cross_validation_evaluates_each_set(phantoms, tmp_path):
    for fold in range(3):
        write_run(tmp_path, f"m2unet-f{fold}", "m2unet")
    found = vessel_evaluation.cross_validate("", str(tmp_path), "m2unet", 140, 0.5)
    assert {name: row["n"] for name, row in found.items()} == {"chase-train": 3, "hrf": 3}
    assert vessel_evaluation.second_observer([fundus_phantoms.draw(size=96)])["dice"] == 1.0
