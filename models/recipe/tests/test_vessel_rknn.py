"""Tests of the INT8 build for vessels, with a fake of the compiler."""

import json

import numpy as np
import pytest
import torch
from PIL import Image

import fundus_phantoms
from test_vessel_export import phantoms, write_run  # noqa: F401

from dermaloupe_recipe import rknn_build, rknn_layers, rknn_toolkit, vessel_export, vessel_rknn, vessel_selection

LAYER = rknn_layers.Layer("Conv:Conv_0", "ConvRelu", "INT8", "NPU", [[1, 8, 512, 512]], True, 1000, 64)


class Fake:
    """A fake compiled network that finds everything dark."""

    content, layers, algorithm = b"RKNN", [LAYER], "normal"

    def __init__(self, source, photos, algorithm, hybrid, folder):
        assert 1 <= len(photos) <= 4 and Image.open(photos[0]).size == (512, 512)
        self.folder = folder

    def probabilities(self, photos):
        assert photos.dtype == torch.uint8 and photos.shape == (1, 3, 512, 512)
        return 1 - photos.float().mean(dim=1).numpy() / 255

    def release(self):
        pass


@pytest.fixture
def exported(phantoms, tmp_path, monkeypatch):  # noqa: F811
    """The folder of an exported network that was not trained, and an installation of the toolkit."""
    for name in ("wnet-f0", "wnet-f1", "wnet-f2", "wnet"):
        write_run(tmp_path, name)
    vessel_selection.select(vessel_selection.Config(runs=str(tmp_path), diameters="140", device="cpu"))
    vessel_export.export_vessels(vessel_export.Config(runs=str(tmp_path), vessels=str(tmp_path / "vessels")))
    monkeypatch.setattr(rknn_build.importlib.metadata, "version", lambda name: "0.0.0")
    monkeypatch.setattr(rknn_toolkit, "Compiled", Fake)
    monkeypatch.setattr(vessel_rknn, "CALIBRATION_TILES", 2)
    return tmp_path / "vessels"


def test_the_build_adds_file_and_figures_to_card_and_page(exported):
    card = vessel_rknn.build(vessel_rknn.Config(vessels=str(exported)))
    assert json.loads((exported / "wnet" / "card.json").read_text()) == card
    assert (exported / "wnet" / rknn_toolkit.FILE).read_bytes() == b"RKNN"
    assert [a["format"] for a in card["artefacts"]] == ["onnx", "rknn"]
    assert (card["int8"]["n"], card["int8"]["calibration_tiles"], card["npu"]["cpu_layers"]) == (1, 2, [])
    assert card["int8"]["dice_minus_float"] == pytest.approx(card["int8"]["dice"] - card["test"]["dice"], abs=2e-4)
    assert "## INT8 and NPU" in (exported / "README.md").read_text()
    again = vessel_rknn.build(vessel_rknn.Config(vessels=str(exported)))
    assert len(again["artefacts"]) == 2, "built again, the file is listed once"


def test_a_layer_on_the_cpu_is_refused_and_nothing_is_written(exported, monkeypatch):
    monkeypatch.setattr(Fake, "layers", [rknn_layers.Layer(**(vars(LAYER) | {"target": "CPU"}))])
    before = (exported / "wnet" / "card.json").read_text()
    with pytest.raises(rknn_toolkit.BuildError, match="1 of 1 layers would run on the CPU"):
        vessel_rknn.build(vessel_rknn.Config(vessels=str(exported)))
    assert (exported / "wnet" / "card.json").read_text() == before
    assert not (exported / "wnet" / rknn_toolkit.FILE).exists()


def test_calibration_tiles_show_some_of_the_eye(tmp_path):
    drawn = fundus_phantoms.draw(size=200)
    paths = vessel_rknn.calibration_tiles([drawn], 1500, tmp_path)
    assert 4 <= len(paths) <= vessel_rknn.CALIBRATION_TILES
    assert all((np.asarray(Image.open(path)).max(axis=2) > 40).mean() > 0.05 for path in paths)
