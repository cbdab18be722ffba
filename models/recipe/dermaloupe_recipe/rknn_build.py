"""Compilation of `models/zoo/NAME/model.onnx` to `model.rk3588.rknn`, INT8 for the NPU, with its metrics in the card.

The network is calibrated on the first training photographs, quantised, compiled, and evaluated in the toolkit's
simulator. The quantisation algorithm is chosen on the val split; the split of the card's metrics is evaluated once, at
the end. Nothing is written before all that has succeeded.

The same model.onnx always gives the same metrics, but not the same bytes: the compiler leaves addresses of its own
memory in unused fields of the file.
"""

import importlib.metadata
import json
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import torch

from dermaloupe_recipe import cards, data, equalisation, inference, rknn_layers, rknn_toolkit
from dermaloupe_recipe.files import ZOO, write_files
from dermaloupe_recipe.rknn_toolkit import FILE, PLATFORM, BuildError

TOOLKIT = "rknn-toolkit2"
ALGORITHMS = ("normal", "kl_divergence", "mmse")  # fastest first; the last takes twenty times as long as the first
CALIBRATION_PHOTOS = 150
ACCEPTED_LOSS = 0.002  # of pooled_iou on val; within it neither equalised channels nor mmse are tried
LOSS_WITHOUT_HYBRID = 0.01  # of pooled_iou on val; beyond it `--hybrid auto` tries layers in FP16
EQUALISE = ("auto", "always", "never")
HYBRIDS = ("last", "first,last")
MAX_BYTES = 3_000_000


@dataclass
class Config:
    name: str = "malunet"  # of the folder in the zoo
    zoo: str = str(ZOO)
    data: str = ""  # data folder, as given to train.py
    algorithm: str = "auto"  # normal, kl_divergence, mmse, several with commas (val decides), or auto: see Trials
    hybrid: str = "auto"  # convolutions in FP16: none, first, last, names, several with commas, or auto: see Trials
    equalise: str = "auto"  # channels, see equalisation.py: never, always, or auto: see Trials
    allow_cpu: int = 0  # 1 accepts a network with layers that run on the CPU; the card names them


@dataclass
class Source:
    """A network of the zoo as export.py wrote it."""

    folder: Path
    card: dict
    model: bytes  # as the toolkit is given it
    equalised: bool = False  # whether its channels were, so that its bytes are not those of model.onnx

    @property
    def label(self):
        """Stored in the compiled file, so that it can be identified without its card."""
        sha256 = cards.artefact(self.card, "onnx")["sha256"]
        return json.dumps({"name": self.card["name"], "onnx_sha256": sha256}, separators=(",", ":"))


def read_source(folder):
    """The network in this folder; a BuildError when model.onnx is not the one the card was written for."""
    path = folder / "card.json"
    try:
        card, model = json.loads(path.read_text()), (folder / "model.onnx").read_bytes()
        named = next(artefact["sha256"] for artefact in card["artefacts"] if artefact["file"] == "model.onnx")
        card["name"], card["test"]["split"], card["test"]["pooled_iou"], card["input"]["mean"], card["input"]["std"]
    except FileNotFoundError as problem:
        raise BuildError(f"file is missing; run export.py for this network first: {problem.filename}") from None
    except (ValueError, KeyError, TypeError, StopIteration):
        raise BuildError(f"no card with a name, test metrics and a model.onnx; run export.py again: {path}") from None
    if named != (found := cards.sha256(model)):
        raise BuildError(f"model.onnx has SHA-256 {found}, the card says {named}; run export.py again: {path}")
    return Source(folder, card, model)


def calibration_photos(root):
    """The files of the first training photographs in id order, each checked to be 256x256.

    The toolkit would silently accept a photograph of another size and calibrate on wrong data.
    """
    ids = data.split_ids(root, "train")[:CALIBRATION_PHOTOS]
    paths = [Path(root).resolve() / "isic2017" / "images" / f"{image_id}.jpg" for image_id in ids]
    for path in paths:
        data.read_photo(path)
    return paths


def equalised_source(source, paths):
    """The network with its channels equalised over the photographs of these files."""
    photos = torch.stack([torch.tensor(data.read_photo(path)).permute(2, 0, 1) for path in paths])
    return replace(source, model=equalisation.equalised(source.model, photos), equalised=True)


def check_cpu_layers(compiled, allow):
    found = rknn_layers.on_cpu(compiled.layers)
    if found and not allow:
        named = ", ".join(f"{layer.kind} {layer.name} -> {layer.output_shapes}" for layer in found)
        raise BuildError(f"{len(found)} of {len(compiled.layers)} layers would run on the CPU: {named}; rewrite them "
                         f"or give --allow-cpu 1; the toolkit's output: {compiled.folder / 'toolkit.log'}")


class Trials:
    """Quantisations of one network, evaluated on val; the best so far is kept.

    `--algorithm auto` tries normal and kl_divergence, and mmse if both lose more than ACCEPTED_LOSS. `--equalise auto`
    tries the same with equalised channels before that. `--hybrid auto` also tries HYBRIDS if even the best loses more
    than LOSS_WITHOUT_HYBRID.
    """

    def __init__(self, config, source, photos, val, scratch):
        self.config, self.source, self.photos, self.val, self.scratch = config, source, photos, val, scratch
        self.float_iou = inference.evaluate_onnx(inference.create_session(source.model), val)["pooled_iou"]
        self.best, self.best_iou, self.best_source, self.count = None, -1.0, source, 0

    def run(self, algorithm, hybrid, equalised=False):
        source = self.equalised if equalised else self.source
        began = time.monotonic()
        self.count += 1
        folder = self.scratch / f"trial{self.count}"
        compiled = rknn_toolkit.Compiled(source, self.photos, algorithm, hybrid, folder)
        check_cpu_layers(compiled, self.config.allow_cpu)
        iou = compiled.evaluate(self.val)["pooled_iou"]
        print(f"{algorithm}{', equalised' if equalised else ''}"
              f"{', FP16 in ' + ' '.join(compiled.hybrid) if compiled.hybrid else ''}: val pooled_iou "
              f"{iou:.4f}, float {self.float_iou:.4f}, difference {iou - self.float_iou:+.4f}, "
              f"{time.monotonic() - began:.0f} s", flush=True)
        worse = compiled
        if iou > self.best_iou:
            worse, self.best, self.best_iou, self.best_source = self.best, compiled, iou, source
        if worse:
            worse.release()

    @property
    def loss(self):
        return self.float_iou - self.best_iou

    @cached_property
    def equalised(self):
        """The network with equalised channels."""
        return equalised_source(self.source, self.photos)

    def choose(self):
        """The best on val that the options allow; of equals the first."""
        fixed = self.config.hybrid if self.config.hybrid not in ("auto", "none") else ""
        can_equalise = self.config.equalise != "never" and equalisation.gains(self.source.model)
        always = can_equalise and self.config.equalise == "always"
        quick = [algorithm for algorithm in algorithms_of(self.config)
                 if self.config.algorithm != "auto" or algorithm != "mmse"]
        for algorithm in quick:
            self.run(algorithm, fixed, always)
        if can_equalise and not always and self.loss > ACCEPTED_LOSS:
            for algorithm in quick:
                self.run(algorithm, fixed, True)
        if self.config.algorithm == "auto":
            if self.loss > ACCEPTED_LOSS:
                self.run("mmse", fixed, self.best_source.equalised)
            else:
                print(f"mmse: not tried, because {self.best.algorithm} loses at most {ACCEPTED_LOSS}", flush=True)
        if self.config.hybrid == "auto" and self.loss > LOSS_WITHOUT_HYBRID:
            algorithm, equalised = self.best.algorithm, self.best_source.equalised
            for hybrid in HYBRIDS:
                self.run(algorithm, hybrid, equalised)
        return self.best


def completed_card(source, compiled, metrics, calibration_count, equalised):
    """The card with its blocks on INT8 and the NPU; `equalised` is there only where it is so."""
    card = dict(source.card)
    others = [artefact for artefact in card["artefacts"] if artefact["file"] != FILE]
    card["artefacts"] = [*others, cards.describe_file(FILE, "rknn", compiled.content)]
    card["int8"] = {
        "toolkit": f"{TOOLKIT} {importlib.metadata.version(TOOLKIT)}",
        "platform": PLATFORM,
        "algorithm": compiled.algorithm,
        **({"equalised": True} if equalised else {}),
        "hybrid_layers": list(compiled.hybrid),
        "calibration_photos": calibration_count,
        "test": cards.rounded(card["test"]["split"], metrics),
        "pooled_iou_minus_float": round(metrics["pooled_iou"] - card["test"]["pooled_iou"], 6),
    }
    card["npu"] = rknn_layers.summary(compiled.layers)
    return card


def algorithms_of(config):
    return ALGORITHMS if config.algorithm == "auto" else config.algorithm.split(",")


def check_options(config):
    if config.equalise not in EQUALISE:
        raise BuildError(f"no way to equalise '{config.equalise}'; there are: {', '.join(EQUALISE)}")
    if unknown := [word for word in algorithms_of(config) if word not in ALGORITHMS]:
        raise BuildError(f"no algorithm '{unknown[0]}'; there are: auto, {', '.join(ALGORITHMS)}")
    try:
        importlib.metadata.version(TOOLKIT)
    except importlib.metadata.PackageNotFoundError:
        raise BuildError(f"{TOOLKIT} is not installed; environment.sh creates an environment that has it") from None


def build(config):
    """Quantises, compiles, evaluates, and only then writes the .rknn file and the card. Returns the card."""
    torch.set_num_threads(1)
    check_options(config)
    source = read_source(Path(config.zoo) / config.name)
    root = data.data_root(config.data)
    photos = calibration_photos(root)
    val, split = data.load(root, "val"), data.load(root, source.card["test"]["split"])
    scratch = Path(tempfile.mkdtemp(prefix="rknn-build-"))
    trials = Trials(config, source, photos, val, scratch)
    best = trials.choose()
    if len(best.content) >= MAX_BYTES:
        raise BuildError(f"the compiled network has {len(best.content):,} bytes, at most {MAX_BYTES:,} are allowed")
    card = completed_card(source, best, best.evaluate(split), len(photos), trials.best_source.equalised)
    best.release()
    write_files(source.folder, {FILE: best.content, "card.json": cards.to_json(card).encode()})
    shutil.rmtree(scratch)  # kept after a failure, because it has the toolkit's output
    report(card, best.layers)
    return card


def report(card, layers):
    int8, npu, compiled = card["int8"], card["npu"], card["artefacts"][-1]
    low, high = npu["estimated_millis"]
    print(f"{card['name']}: {compiled['bytes']:,} bytes, {npu['layers']} layers, {len(npu['cpu_layers'])} on the CPU; "
          f"{npu['conv_cycles']:,} cycles in convolutions, {npu['estimated_cycles']:,} estimated in total, "
          f"{low} to {high} ms estimated")
    print(f"{int8['test']['split']}, INT8 by {int8['algorithm']}: pooled_iou {int8['test']['pooled_iou']:.4f}, "
          f"{int8['pooled_iou_minus_float']:+.4f} to float")
    print("the most expensive layers, in estimated cycles:", *rknn_layers.most_expensive(layers, 5), sep="\n")
