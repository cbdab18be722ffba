"""Tests of compilation for the NPU: the compiler's table, the estimate, errors, and two small real builds."""

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

pytestmark = pytest.mark.filterwarnings("ignore:.*mapping.*TYPE.*:DeprecationWarning")  # the toolkit's, of onnx
needs_toolkit = pytest.mark.skipif(importlib.util.find_spec("rknn") is None, reason="rknn-toolkit2 is not installed")

# What the compiler printed for a small network with a maximum over channels, with fewer blanks and dashes.
PRINTED = r"""
I rknn building ...
D RKNN: [04:22:22.039] >>>>>> start: rknn::RKNNModelRegCmdbuildPass
D RKNN: [04:22:22.040] ----------------------------------------
D RKNN: [04:22:22.040]           Network Layer Information Table
D RKNN: [04:22:22.040] ----------------------------------------
D RKNN: [04:22:22.040] ID OpType DataType Target InputShape OutputShape Cycles(DDR/NPU/Total) RW(KB) FullName
D RKNN: [04:22:22.040] ----------------------------------------
D RKNN: [04:22:22.040] 0 InputOperator INT8 CPU \ (1,3,256,256) 0/0/0 0 InputOperator:input
D RKNN: [04:22:22.040] 1 ConvRelu INT8 NPU (1,3,256,256),(8,3,3,3),(8) (1,8,128,128) 19454/147456/147456 193 Conv:Conv_0
D RKNN: [04:22:22.040] 2 ReduceMax INT8 CPU (1,8,128,128),(1) (1,1,128,128) 0/0/0 256 ReduceMax:ReduceMax_2
D RKNN: [04:22:22.04] 3 ConvSigmoid INT8 NPU (1,1,128,128),(1,1,1,1),(1) (1,1,128,128) 33255/65536/65536 256 Conv:Conv_3
D RKNN: [04:22:22.040] 4 OutputOperator INT8 CPU (1,1,128,128) \ 0/0/0 512 OutputOperator:probability
D RKNN: [04:22:22.040] ----------------------------------------
D RKNN: [04:22:22.041] <<<<<<<< end: rknn::RKNNModelRegCmdbuildPass
D RKNN: [04:22:22.041]           Feature Tensor Information Table
D RKNN: [04:22:22.041] 1  ConvRelu input INT8 NC1HWC2 (1,3,256,256) (1,1,256,256,3) | 0x00000000 0x00030000 0x00030000
"""
# Rows of larger networks, as printed.
MUL = "24 Mul INT8 NPU (1,1,128,128),(1,8,128,128) (1,8,128,128) 0/0/0 256 Mul:Mul_67"
SPLIT = "18 Split INT8 NPU (1,24,32,32),(4) (1,6,32,32),... 0/0/0 32 Split:Slice_29_2sp"
CONV = "53 ConvSigmoid INT8 NPU (1,92,1,1),(16,92,1,1),(16) (1,16,1,1) 81/64/81 1 Conv:Conv_87"


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


def test_the_compilers_table_is_read_without_input_and_output():
    layers = rknn_layers.read_table(PRINTED)
    assert [(layer.kind, layer.target, layer.cycles) for layer in layers] == [
        ("ConvRelu", "NPU", 147456), ("ReduceMax", "CPU", 0), ("ConvSigmoid", "NPU", 65536)]
    assert layers[0].name == "Conv:Conv_0" and layers[0].read_kib == 193
    assert layers[0].output_shapes == [[1, 8, 128, 128]]


def test_the_last_of_two_tables_is_read():
    first = PRINTED.replace("ReduceMax INT8 CPU", "ReduceMax INT8 NPU")
    assert rknn_layers.on_cpu(rknn_layers.read_table(first)) == []
    assert len(rknn_layers.on_cpu(rknn_layers.read_table(first + PRINTED))) == 1


def test_a_warning_between_rows_is_no_row():
    row = "D RKNN: [04:22:22.04] 3 "
    changed = PRINTED.replace(row, "W RKNN: [04:22:22.040] Model initializer is empty\n" + row)
    assert rknn_layers.read_table(changed) == rknn_layers.read_table(PRINTED)


@pytest.mark.parametrize("printed, named", [
    ("I rknn building done.", "no table of layers"),
    (PRINTED.replace("Target", "Where"), "expected a complete table"),
    (PRINTED.split("3 ConvSigmoid")[0], "expected a complete table"),
    (PRINTED.replace("INT8 CPU (1,8", "INT8 DSP (1,8"), "not a row.*ReduceMax INT8 DSP"),
    (PRINTED.replace("19454/147456/147456", "19454/147456"), "not a row.*ConvRelu"),
])
def test_a_table_in_another_format_is_refused(printed, named):
    with pytest.raises(rknn_layers.LayerTableError, match=named):
        rknn_layers.read_table(printed)


def test_cycles_are_the_compilers_for_convolutions_and_estimated_from_bytes_for_other_layers():
    conv, mul = rknn_layers.read_row(CONV), rknn_layers.read_row(MUL)
    assert conv.estimated_cycles == 81
    # 8 channels are padded to 16 bytes: 128 * 128 * 16 = 262,144 bytes written, and 256 KiB, as many, read.
    assert mul.moved_bytes == 524288
    assert mul.estimated_cycles == pytest.approx(524288 / 23.6) == pytest.approx(22215.6, abs=0.1)


def test_outputs_missing_from_the_table_are_assumed_as_large_as_the_input():
    split = rknn_layers.read_row(SPLIT)
    assert split.output_shapes == [[1, 6, 32, 32]] and not split.all_outputs
    assert split.moved_bytes == 2 * 32 * 1024


@pytest.mark.parametrize("shape, data_type, expected", [
    ([1, 17, 4, 4], "INT8", 32 * 16), ([1, 24, 4, 4], "FLOAT16", 48 * 16), ([1, 9, 2, 2], "FLOAT16", 32 * 4)])
def test_written_bytes_include_padded_channels(shape, data_type, expected):
    assert rknn_layers.written_bytes(shape, data_type) == expected


def test_the_cards_block_adds_up():
    layers = [*rknn_layers.read_table(PRINTED), rknn_layers.read_row(MUL)]
    # 147,456 + 65,536 by the compiler, 22,215.6 from bytes; layers on the CPU are not included. 1.2 and 1.7 at 1 GHz.
    assert rknn_layers.summary(layers) == {
        "layers": 4, "cpu_layers": ["ReduceMax ReduceMax:ReduceMax_2"], "conv_cycles": 212992,
        "estimated_cycles": 235208, "estimated_millis": [0.28, 0.40]}
    assert rknn_layers.most_expensive(layers, 2)[1].startswith("   65,536  NPU  ConvSigmoid")


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

    def evaluate(self, split):
        self.evaluated.append((self.algorithm, len(self.hybrid), split.ids[0]))
        return {"n": 3, "pooled_iou": self.figures.get((self.algorithm, len(self.hybrid)), 0.0)}

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
