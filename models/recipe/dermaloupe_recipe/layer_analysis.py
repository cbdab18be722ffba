"""Where INT8 costs a network of the zoo its accuracy, and whether keeping those layers in FP16 would pay.

The network is compiled as its card says. The worst layers go on the card; with `--hybrid`, the network is compiled
again with the worst few of them in FP16 and measured on val, which is only printed.
"""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import onnx
import torch

from dermaloupe_recipe import cards, data, rknn_accuracy, rknn_build, rknn_layers, rknn_toolkit
from dermaloupe_recipe.files import ZOO

WORST = 5  # layers on a card


@dataclass
class Config:
    networks: str = "egeunet,globalatt"  # separated by commas
    hybrid: str = ""  # numbers of worst layers to try in FP16, separated by commas; empty: none
    zoo: str = str(ZOO)
    data: str = ""  # data folder, as given to train.py


def compiled_as_shipped(source, photos, scratch, tensors=()):
    """The network as its card says it was quantised, with the layers that make `tensors` in FP16 besides."""
    int8 = source.card["int8"]
    hybrid = ",".join([*int8["hybrid_layers"], *tensors])
    folder = Path(tempfile.mkdtemp(dir=scratch)) / "build"
    return rknn_toolkit.Compiled(source, photos, int8["algorithm"], hybrid, folder)


def try_hybrid(source, photos, scratch, val, tensors):
    """{val pooled_iou, bytes, estimated cycles} with these layers in FP16."""
    compiled = compiled_as_shipped(source, photos, scratch, tensors)
    found = {"fp16": len(tensors), "pooled_iou": round(compiled.evaluate(val)["pooled_iou"], 4),
             "bytes": len(compiled.content), "cycles": rknn_layers.summary(compiled.layers)["estimated_cycles"],
             "cpu_layers": len(rknn_layers.on_cpu(compiled.layers))}
    compiled.release()
    return found


def analyse_network(config, name, photos, val):
    """Analyses one network, writes its card, and returns the trials of FP16 layers."""
    folder = Path(config.zoo) / name
    source = rknn_build.read_source(folder)
    if "int8" not in source.card:
        raise rknn_toolkit.BuildError(f"no INT8 of this network yet; run rknn_build.py first: {folder}")
    if source.card["int8"].get("equalised"):
        source = rknn_build.equalised_source(source, photos)
    scratch = tempfile.mkdtemp(prefix="layer-analysis-")
    compiled = compiled_as_shipped(source, photos, scratch)
    layers = compiled.accuracy()
    compiled.release()
    source.card["int8"]["worst_layers"] = rknn_accuracy.block(layers, WORST)
    cards.write_card(folder, source.card)
    for layer in rknn_accuracy.worst(layers, WORST):
        print(f"{name}: {layer.kind} {layer.tensor}: cosine {layer.alone} alone, {layer.so_far} so far", flush=True)
    tensors = {output for node in onnx.load_from_string(source.model).graph.node for output in node.output}
    candidates = [layer.tensor for layer in rknn_accuracy.worst(layers, len(layers)) if layer.tensor in tensors]
    trials = []
    for count in sorted({0, *map(int, config.hybrid.split(","))}) if config.hybrid else ():
        trials.append(try_hybrid(source, photos, scratch, val, candidates[:count]))
        print(f"{name}: {trials[-1]}", flush=True)
    shutil.rmtree(scratch)
    return trials


def analyse(config):
    """Analyses the networks; returns {name: trials}."""
    torch.set_num_threads(1)
    root = data.data_root(config.data)
    photos, val = rknn_build.calibration_photos(root), data.load(root, "val")
    return {name: analyse_network(config, name, photos, val) for name in config.networks.split(",")}
