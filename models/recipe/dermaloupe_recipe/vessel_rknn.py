"""Compilation of `models/vessels/NAME/model.onnx` to `model.rk3588.rknn`, INT8 for the NPU; its figures in the card.

Calibrated on tiles of the training photographs, and evaluated on the test photographs in the toolkit's simulator, once.
A network with a layer on the CPU is refused. Nothing is written before all that has succeeded.
"""

import importlib.metadata
import json
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from dermaloupe_recipe import (
    cards, fundus, inference, rknn_build, rknn_layers, rknn_toolkit, tiles, vessel_evaluation, vessel_export,
    vessel_page, vessel_prediction, vessel_training,
)
from dermaloupe_recipe.files import write_files

CALIBRATION_TILES = 96


@dataclass
class Config:
    name: str = "wnet"  # of the folder in models/vessels
    vessels: str = str(vessel_export.VESSELS)
    data: str = ""  # data folder
    algorithm: str = "normal"  # normal, kl_divergence or mmse
    photos: int = 20  # of the test photographs, the first; the simulator takes seconds a tile


def pixels_of(tile):
    """A network's input [1, 3, H, W] as pixels uint8 [H, W, 3]."""
    scaled = tile[0].transpose(1, 2, 0) * np.float32(fundus.STD) + np.float32(fundus.MEAN)
    return scaled.round().clip(0, 255).astype(np.uint8)


def calibration_tiles(photos, diameter, folder):
    """The files of CALIBRATION_TILES tiles of the photographs, evenly chosen among those that show some of the eye."""
    found = []

    def keep(tile):
        found.append(pixels_of(tile))
        return tile[:, :1]

    for photo in photos:
        tiles.predict(keep, fundus.network_input(photo.photo, diameter / fundus.diameter(photo.field_of_view)))
    shown = [pixels for pixels in found if (pixels.max(axis=2) > 40).mean() > 0.05]
    chosen = np.linspace(0, len(shown) - 1, min(CALIBRATION_TILES, len(shown))).round().astype(int)
    paths = [folder / f"{number}.png" for number in range(len(chosen))]
    for path, i in zip(paths, chosen):
        Image.fromarray(shown[i]).save(path)
    return paths


def simulator_runner(compiled):
    """A function for `tiles.predict` that runs the toolkit's simulator."""
    return lambda x: compiled.probabilities(torch.from_numpy(pixels_of(x)).permute(2, 0, 1)[None])[None]


def completed_card(source, compiled, metrics, float_dice, tile_count):
    """The card with its blocks on INT8 and the NPU."""
    card = dict(source.card)
    others = [artefact for artefact in card["artefacts"] if artefact["file"] != rknn_toolkit.FILE]
    card["artefacts"] = [*others, cards.describe_file(rknn_toolkit.FILE, "rknn", compiled.content)]
    card["int8"] = {
        "toolkit": f"{rknn_build.TOOLKIT} {importlib.metadata.version(rknn_build.TOOLKIT)}",
        "platform": rknn_toolkit.PLATFORM, "algorithm": compiled.algorithm, "calibration_tiles": tile_count,
        **vessel_export.rounded(metrics), "dice_minus_float": round(metrics["dice"] - float_dice, 4),
    }
    card["npu"] = rknn_layers.summary(compiled.layers)
    return card


def build(config):
    """Quantises, compiles, evaluates, and only then writes the .rknn file, the card and the page. Returns the card."""
    torch.set_num_threads(1)
    rknn_build.check_options(rknn_build.Config(algorithm=config.algorithm))
    folder = Path(config.vessels) / config.name
    card, model = json.loads((folder / "card.json").read_text()), (folder / "model.onnx").read_bytes()
    source, root = rknn_build.Source(folder, card, model), fundus.data_root(config.data)
    diameter, threshold = card["tiling"]["field_of_view_px"], card["threshold"]
    scratch = Path(tempfile.mkdtemp(prefix="rknn-build-"))
    trained_on = [photo for name in vessel_training.SETS for photo in fundus.load(root, name)]
    paths = calibration_tiles(trained_on, diameter, scratch)
    compiled = rknn_toolkit.Compiled(source, paths, config.algorithm, "", scratch / "build")
    rknn_build.check_cpu_layers(compiled, allow=False)
    photos, began = fundus.load(root, "chase-test")[: config.photos], time.monotonic()
    metrics = vessel_evaluation.evaluate(simulator_runner(compiled), photos, diameter, threshold)
    float_dice = card["test"]["dice"]
    if len(photos) < card["test"]["n"]:
        run = vessel_prediction.onnx_runner(inference.create_session(model))
        float_dice = vessel_evaluation.evaluate(run, photos, diameter, threshold)["dice"]
    card = completed_card(source, compiled, metrics, float_dice, len(paths))
    compiled.release()
    write_files(folder, {rknn_toolkit.FILE: compiled.content, "card.json": cards.to_json(card).encode()})
    vessel_page.write(config.vessels)
    shutil.rmtree(scratch)
    print(f"{config.name}: {len(compiled.content):,} bytes, {card['npu']}, {card['int8']}, simulated in "
          f"{time.monotonic() - began:.0f} s")
    return card
