"""Tests of compilation for the NPU: errors, the choice of a quantisation, and small real builds."""

import hashlib
import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import nn

from dermaloupe_recipe import data, export, files, inference, rknn_build, rknn_layers, rknn_toolkit
from test_rknn_layers import PRINTED

pytestmark = pytest.mark.filterwarnings("ignore:.*mapping.*TYPE.*:DeprecationWarning")  # the toolkit's, of onnx
needs_toolkit = pytest.mark.skipif(importlib.util.find_spec("rknn") is None, reason="rknn-toolkit2 is not installed")


class Small(nn.Module):
    """Two convolutions and optionally a maximum over channels, which an RK3588 runs on its CPU."""

    def __init__(self, over_channels):
        super().__init__()
        torch.manual_seed(2)
        self.over_channels = over_channels
        self.first = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.last = nn.Conv2d(1 if over_channels else 8, 1, 1)

    def forward(self, x):
        x = torch.relu(self.first(x))
        return self.last(x.amax(dim=1, keepdim=True) if self.over_channels else x)


def write_network(folder, model):
    """A network's folder as export.py writes it, with metrics of the val split on its card."""
    folder.mkdir()
    (folder / "model.onnx").write_bytes(model)
    card = {
        "schema": 1, "name": "small", "title": "Small", "test": {"split": "val", "n": 3, "pooled_iou": 0.25},
        "input": {"mean": list(data.MEAN), "std": list(data.STD)},
        "artefacts": [{"file": "model.onnx", "format": "onnx", "bytes": len(model),
                       "sha256": hashlib.sha256(model).hexdigest()}],
        "recipe": {"seed": 1}, "note": "of a newer program, to be kept",
    }
    (folder / "card.json").write_text(json.dumps(card))
    return card


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="session")
def models():
    return {name: export.to_onnx(Small(name == "over channels")) for name in ("plain", "over channels")}


@pytest.fixture
def zoo(models, tmp_path, monkeypatch):
    """A zoo with the network 'small'; the toolkit's folder is inside the test's, too."""
    monkeypatch.setattr(rknn_build.tempfile, "tempdir", str(tmp_path))
    write_network(tmp_path / "small", models["plain"])
    return tmp_path


@pytest.fixture
def no_toolkit(monkeypatch):
    def refuse(*_):
        pytest.fail("the toolkit was started")

    fake_installation(monkeypatch)
    monkeypatch.setattr(rknn_toolkit, "Compiled", refuse)


def fake_installation(monkeypatch):
    monkeypatch.setattr(rknn_build.importlib.metadata, "version", lambda name: "0.0.0")


def config(zoo, root, **more):
    return rknn_build.Config(name="small", zoo=str(zoo), data=str(root), **more)


def test_calibration_takes_the_first_training_photos_in_id_order(phantom_data, monkeypatch):
    monkeypatch.setattr(rknn_build, "CALIBRATION_PHOTOS", 4)
    names = [path.name for path in rknn_build.calibration_photos(phantom_data)]
    assert names == [f"PHANTOM_train_{number}.jpg" for number in range(4)]


@pytest.mark.parametrize("break_it, named", [
    (lambda path: Image.new("RGB", (400, 300)).save(path), "expected 256x256, found 400x300"),
    (lambda path: path.unlink(), "file is missing"),
])
def test_a_wrong_calibration_photo_is_named_before_the_toolkit_starts(break_it, named, phantom_data, zoo, no_toolkit):
    root = Path(shutil.copytree(phantom_data, zoo / "data"))
    wrong = root / "isic2017" / "images" / "PHANTOM_train_3.jpg"
    break_it(wrong)
    before = content(zoo / "small")
    with pytest.raises(data.DataError, match=f"{named}.*{wrong}"):
        rknn_build.build(config(zoo, root))
    assert content(zoo / "small") == before


def test_a_missing_mask_is_named_before_the_toolkit_starts(phantom_data, zoo, no_toolkit):
    root = Path(shutil.copytree(phantom_data, zoo / "data"))
    (root / "isic2017" / "masks" / "PHANTOM_val_1.png").unlink()
    with pytest.raises(data.DataError, match="file is missing.*PHANTOM_val_1.png"):
        rknn_build.build(config(zoo, root))


def test_a_model_that_is_not_the_cards_is_refused(phantom_data, zoo, models, no_toolkit):
    (zoo / "small" / "model.onnx").write_bytes(models["over channels"])
    before = content(zoo / "small")
    with pytest.raises(rknn_build.BuildError, match="model.onnx has SHA-256 .*, the card says .*card.json"):
        rknn_build.build(config(zoo, phantom_data))
    assert content(zoo / "small") == before


@pytest.mark.parametrize("card", ["{", "[]", '{"artefacts": [], "name": "x", "test": {}}'])
def test_a_card_without_what_is_needed_is_refused(card, phantom_data, zoo, no_toolkit):
    (zoo / "small" / "card.json").write_text(card)
    with pytest.raises(rknn_build.BuildError, match="no card with a name, test metrics and a model.onnx.*card.json"):
        rknn_build.build(config(zoo, phantom_data))


def test_a_network_that_was_never_exported_is_refused(phantom_data, zoo, no_toolkit):
    with pytest.raises(rknn_build.BuildError, match="run export.py for this network first.*absent"):
        rknn_build.build(rknn_build.Config(name="absent", zoo=str(zoo), data=str(phantom_data)))


def test_an_unknown_algorithm_or_layer_is_refused(phantom_data, zoo, models, no_toolkit):
    with pytest.raises(rknn_build.BuildError, match="no algorithm 'best'; there are: auto, normal"):
        rknn_build.build(config(zoo, phantom_data, algorithm="normal,best"))
    with pytest.raises(rknn_build.BuildError, match="no convolution is called Relu_1; there are: Conv_0, Conv_2"):
        rknn_toolkit.hybrid_tensors(models["plain"], "first,Relu_1")


def test_layers_in_fp16_are_named_by_position_or_name(models):
    assert rknn_toolkit.hybrid_tensors(models["plain"], "") == {}
    tensors = rknn_toolkit.hybrid_tensors(models["plain"], "first, last")
    assert list(tensors) == ["Conv_0", "Conv_2"]
    assert rknn_toolkit.hybrid_tensors(models["plain"], "Conv_2") == {"Conv_2": tensors["Conv_2"]}
    settings = rknn_toolkit.with_hybrid("custom_quantize_layers: {}\nquantize_parameters:\n", tensors.values())
    assert settings.splitlines()[1] == f"    {tensors['Conv_0']}: float16"


def test_the_toolkits_output_is_captured_and_its_failure_names_the_log(tmp_path, capfd):
    home = os.getcwd()
    with pytest.raises(rknn_build.BuildError, match=f"building failed: ValueError: too small; .*: {tmp_path}/"):
        with rknn_toolkit.captured_output(tmp_path, "building"):
            os.write(1, b"from native code\n")
            print("from Python")
            sys.stderr.write("to the other stream\n")
            raise ValueError("\x1b[1;31mTraceback\x1b[0m\nValueError: too small\n\x1b[0m\n")
    assert os.getcwd() == home
    assert capfd.readouterr() == ("", "")
    log = (tmp_path / "toolkit.log").read_text()
    assert all(words in log for words in ("from native code", "from Python", "to the other stream"))


class Fake:
    """A fake compiled network; its metrics on val are given by algorithm and number of layers in FP16."""

    figures, evaluated, content, layers, folder = {}, [], b"compiled", [], Path(".")

    def __init__(self, source, photos, algorithm, hybrid, folder):
        self.algorithm, self.hybrid = algorithm, rknn_toolkit.hybrid_tensors(source.model, hybrid)
        self.tried = f"{algorithm}, equalised" if source.equalised else algorithm
        assert source.card["artefacts"][0]["sha256"] in source.label  # whatever the toolkit is given

    def evaluate(self, split):
        self.evaluated.append((self.tried, len(self.hybrid), split.ids[0]))
        return {"n": 3, "pooled_iou": self.figures.get((self.tried, len(self.hybrid)), 0.0)}

    def release(self):
        pass


@pytest.fixture
def fake(monkeypatch):
    fake_installation(monkeypatch)
    monkeypatch.setattr(rknn_toolkit, "Compiled", Fake)
    monkeypatch.setattr(inference, "evaluate_onnx", lambda session, split: {"pooled_iou": 0.8})
    monkeypatch.setattr(Fake, "evaluated", [])
    return lambda figures: monkeypatch.setattr(Fake, "figures", figures)


@pytest.mark.parametrize("options, figures, tried, chosen", [
    ({}, {("normal", 0): 0.799, ("kl_divergence", 0): 0.7985}, 2, "normal"),
    ({}, {("normal", 0): 0.799, ("kl_divergence", 0): 0.799}, 2, "normal"),
    ({}, {("normal", 0): 0.79, ("kl_divergence", 0): 0.795, ("mmse", 0): 0.796}, 3, "mmse"),
    ({}, {("normal", 0): 0.7, ("kl_divergence", 0): 0.72, ("mmse", 0): 0.71, ("kl_divergence", 1): 0.75}, 5,
     "kl_divergence"),
    ({"hybrid": "none"}, {("normal", 0): 0.7}, 3, "normal"),
    ({"algorithm": "mmse"}, {("mmse", 0): 0.6}, 3, "mmse"),
    ({"algorithm": "normal,mmse", "hybrid": "last"}, {("normal", 1): 0.6, ("mmse", 1): 0.8}, 2, "mmse"),
])
def test_the_quantisation_is_chosen_on_val_and_the_test_split_is_evaluated_once(
        options, figures, tried, chosen, phantom_data, zoo, fake):
    card = json.loads((zoo / "small" / "card.json").read_text())
    (zoo / "small" / "card.json").write_text(json.dumps(card | {"test": {"split": "test", "pooled_iou": 0.8}}))
    fake(figures)
    done = rknn_build.build(config(zoo, phantom_data, **options))
    assert done["int8"]["algorithm"] == chosen and done["int8"]["toolkit"] == "rknn-toolkit2 0.0.0"
    *on_val, last = Fake.evaluated
    assert len(on_val) == tried and {split for *_, split in on_val} == {"PHANTOM_val_0"}
    assert last == (chosen, len(done["int8"]["hybrid_layers"]), "PHANTOM_test_0")


@pytest.mark.parametrize("options, figures, tried, chosen", [
    ({}, {("normal", 0): 0.799}, ["normal", "kl_divergence"], ("normal", False)),
    ({}, {("kl_divergence", 0): 0.79, ("normal, equalised", 0): 0.799},
     ["normal", "kl_divergence", "normal, equalised", "kl_divergence, equalised"], ("normal", True)),
    ({}, {("normal", 0): 0.79, ("kl_divergence, equalised", 0): 0.795, ("mmse, equalised", 0): 0.797},
     ["normal", "kl_divergence", "normal, equalised", "kl_divergence, equalised", "mmse, equalised"], ("mmse", True)),
    ({}, {("normal", 0): 0.795, ("normal, equalised", 0): 0.79, ("mmse", 0): 0.794},
     ["normal", "kl_divergence", "normal, equalised", "kl_divergence, equalised", "mmse"], ("normal", False)),
    ({"equalise": "never"}, {("mmse", 0): 0.799}, ["normal", "kl_divergence", "mmse"], ("mmse", False)),
    ({"equalise": "always", "algorithm": "normal"}, {("normal, equalised", 0): 0.7}, ["normal, equalised"],
     ("normal", True)),
])
def test_channels_are_equalised_where_a_network_loses_and_gains_by_it(
        options, figures, tried, chosen, phantom_data, zoo, fake, monkeypatch):
    monkeypatch.setattr(rknn_build.equalisation, "gains", lambda content: True)
    monkeypatch.setattr(rknn_build.equalisation, "equalised", lambda content, photos: content)
    fake(figures)
    int8 = rknn_build.build(config(zoo, phantom_data, hybrid="none", **options))["int8"]
    assert [name for name, *_ in Fake.evaluated[:-1]] == tried
    assert (int8["algorithm"], int8.get("equalised", False)) == chosen


def test_an_unknown_way_to_equalise_is_refused(phantom_data, zoo, no_toolkit):
    with pytest.raises(rknn_build.BuildError, match="no way to equalise 'sometimes'; there are: auto, always, never"):
        rknn_build.build(config(zoo, phantom_data, equalise="sometimes"))


@pytest.mark.parametrize("break_it, named", [
    (lambda patch: patch.setattr(Fake, "content", bytes(3_000_000)), "has 3,000,000 bytes"),
    (lambda patch: patch.setattr(Fake, "layers", rknn_layers.read_table(PRINTED)), "1 of 3 layers .*ReduceMax_2"),
])
def test_a_rejected_network_leaves_the_folder_unchanged(
        break_it, named, phantom_data, zoo, fake, monkeypatch):
    break_it(monkeypatch)
    before = content(zoo / "small")
    with pytest.raises(rknn_build.BuildError, match=named):
        rknn_build.build(config(zoo, phantom_data))
    assert content(zoo / "small") == before


def test_a_failure_while_writing_leaves_the_folder_unchanged(phantom_data, zoo, fake, monkeypatch):
    before = content(zoo / "small")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        rknn_build.build(config(zoo, phantom_data))
    assert content(zoo / "small") == before


@needs_toolkit
def test_a_small_network_is_built_for_the_npu_and_its_card_completed(phantom_data, zoo):
    before = json.loads((zoo / "small" / "card.json").read_text())
    card = rknn_build.build(config(zoo, phantom_data, algorithm="normal"))
    compiled = (zoo / "small" / rknn_build.FILE).read_bytes()
    assert compiled.startswith(b"RKNN") and before["artefacts"][0]["sha256"].encode() in compiled
    assert json.loads((zoo / "small" / "card.json").read_text()) == card
    assert card["artefacts"] == [*before["artefacts"], {
        "file": "model.rk3588.rknn", "format": "rknn", "bytes": len(compiled),
        "sha256": hashlib.sha256(compiled).hexdigest()}]
    assert {key: card[key] for key in before if key != "artefacts"} == {
        key: before[key] for key in before if key != "artefacts"}
    # The 3x3 from 3 to 8 channels at 128x128: 9 cycles per position; the 1x1 takes the minimum of 4.
    assert card["npu"] == {"layers": 2, "cpu_layers": [], "conv_cycles": 128 * 128 * 13,
                           "estimated_cycles": 128 * 128 * 13, "estimated_millis": [0.26, 0.36]}
    assert card["int8"]["calibration_photos"] == 6 and card["int8"]["test"]["n"] == 3
    assert card["int8"]["pooled_iou_minus_float"] == pytest.approx(card["int8"]["test"]["pooled_iou"] - 0.25, abs=1e-6)
    assert not list(zoo.glob("rknn-build-*")), "the toolkit's temporary files are removed"


@needs_toolkit
def test_int8_maps_are_near_the_floats(phantom_data, zoo):
    source = rknn_build.read_source(zoo / "small")
    photos = data.load(phantom_data, "val").photos
    floats = inference.predict_onnx(inference.create_session(source.model), photos)
    for hybrid in ("", "last"):
        compiled = rknn_toolkit.Compiled(
            source, rknn_build.calibration_photos(phantom_data), "normal", hybrid, zoo / f"built {hybrid}")
        maps = compiled.probabilities(photos)
        assert maps.shape == floats.shape == (3, 128, 128)
        assert 1e-6 < abs(maps - floats).max() < 0.05 and floats.std() > 0.01
        kinds = {layer.data_type for layer in compiled.layers}
        assert ("FLOAT16" in kinds) == bool(hybrid) and not rknn_layers.on_cpu(compiled.layers)
        compiled.release()


@needs_toolkit
def test_a_maximum_over_channels_runs_on_the_cpu_and_is_accepted_only_when_allowed(phantom_data, zoo, models):
    shutil.rmtree(zoo / "small")
    write_network(zoo / "small", models["over channels"])
    before = content(zoo / "small")
    with pytest.raises(rknn_build.BuildError, match="1 of 3 layers .* CPU: ReduceMax ReduceMax:ReduceMax_2") as refused:
        rknn_build.build(config(zoo, phantom_data, algorithm="normal"))
    assert content(zoo / "small") == before
    log = Path(str(refused.value).split(": ")[-1])
    assert "Network Layer Information Table" in log.read_text(errors="replace"), "the log is kept"
    card = rknn_build.build(config(zoo, phantom_data, algorithm="normal", allow_cpu=1))
    assert card["npu"]["cpu_layers"] == ["ReduceMax ReduceMax:ReduceMax_2"]
