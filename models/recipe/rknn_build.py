"""Turns `models/zoo/NAME/model.onnx` into `model.rk3588.rknn`, INT8 for the NPU, and adds what it is to the card.

The network is quantised on the first training photographs, compiled, read layer by layer, and judged by the
toolkit's simulator. Which way of quantising is taken is decided on the val split; the split of the card's figures is
looked at once, at the end. Nothing is put in place before all that has succeeded.

The same model.onnx gives the same figures every time, but not the same bytes: the compiler leaves addresses of its
own memory in fields of the file that nobody reads.

This file is not called rknn.py, because that name would hide the toolkit's own package `rknn`.
"""

import contextlib
import ctypes
import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch

import data
import evaluate
import export
import npu_layers
import options

PLATFORM = "rk3588"
FILE = f"model.{PLATFORM}.rknn"
TOOLKIT = "rknn-toolkit2"
ALGORITHMS = ("normal", "kl_divergence", "mmse")  # quickest first; the last takes twenty times as long as the first
CALIBRATION_PHOTOS = 150
ENOUGH = 0.002  # of pooled_iou lost on val; within it `--algorithm auto` spares itself mmse
LOSS_WITHOUT_HYBRID = 0.01  # of pooled_iou lost on val; beyond it `--hybrid auto` tries layers in FP16
HYBRIDS = ("last", "first,last")
LARGEST_BYTES = 3_000_000


class BuildError(Exception):
    """The network cannot be built for the NPU as asked; nothing was put in place."""


@dataclass
class Config:
    name: str = "malunet"  # of the folder in the zoo
    zoo: str = str(export.ZOO)
    data: str = ""  # data folder, as given to train.py
    algorithm: str = "auto"  # normal, kl_divergence, mmse, several with commas (val decides), or auto: see Trials
    hybrid: str = "auto"  # convolutions in FP16: none, first, last, names, several with commas, or auto: see Trials
    allow_cpu: int = 0  # 1 puts a network in place though layers of it run on the CPU; the card names them


@dataclass
class Source:
    """A network of the zoo, as export.py left it."""

    folder: Path
    card: dict
    model: bytes

    @property
    def sha256(self):
        return hashlib.sha256(self.model).hexdigest()

    @property
    def label(self):
        """What the compiled file says of itself, for whoever finds it without its card."""
        return json.dumps({"name": self.card["name"], "onnx_sha256": self.sha256}, separators=(",", ":"))


def read_source(folder):
    """The network in this folder; a BuildError when model.onnx is not the one the card was written for."""
    path = folder / "card.json"
    try:
        card, model = json.loads(path.read_text()), (folder / "model.onnx").read_bytes()
        named = next(artefact["sha256"] for artefact in card["artefacts"] if artefact["file"] == "model.onnx")
        card["name"], card["test"]["split"], card["test"]["pooled_iou"]
    except FileNotFoundError as problem:
        raise BuildError(f"file is missing; run export.py for this network first: {problem.filename}") from None
    except (ValueError, KeyError, TypeError, StopIteration):
        raise BuildError(f"no card of a name, test figures and a model.onnx; run export.py again: {path}") from None
    source = Source(folder, card, model)
    if named != source.sha256:
        raise BuildError(f"model.onnx has SHA-256 {source.sha256}, the card says {named}; run export.py again: {path}")
    return source


def calibration_photos(root):
    """The files of the first training photographs in id order, each known to be 256x256.

    The toolkit would take a photograph of any other size, and calibrate on nonsense, without a word.
    """
    ids = data.split_ids(root, "train")[:CALIBRATION_PHOTOS]
    paths = [Path(root).resolve() / "isic2017" / "images" / f"{image_id}.jpg" for image_id in ids]
    for path in paths:
        data.read_photo(path)
    return paths


def hybrid_tensors(model, words):
    """{node's name: its output tensor} of the convolutions meant by 'first', 'last' or their names, with commas."""
    convolutions = [node for node in onnx.load_from_string(model).graph.node if node.op_type == "Conv"]
    known = {node.name: node for node in convolutions} | {"first": convolutions[0], "last": convolutions[-1]}
    chosen = [word.strip() for word in words.split(",") if word.strip()]
    if unknown := [word for word in chosen if word not in known]:
        raise BuildError(f"no convolution is called {', '.join(unknown)}; there are: {', '.join(known)}")
    return {known[word].name: known[word].output[0] for word in chosen}


@contextlib.contextmanager
def quietly(folder, what):
    """Runs the toolkit in `folder`, because it litters where it runs, and keeps all it prints in toolkit.log there.

    Its native code prints too, so the descriptors themselves are redirected. Whatever goes wrong is a BuildError.
    """
    log, home = folder / "toolkit.log", os.getcwd()
    flush_all()
    saved = os.dup(1), os.dup(2)
    try:
        with open(log, "a") as out, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
            os.chdir(folder)
            yield
    except (Exception, SystemExit) as problem:
        raise BuildError(f"{what} failed: {reason(problem)}; what the toolkit said: {log}") from problem
    finally:
        os.chdir(home)
        flush_all()
        for kept, standard in zip(saved, (1, 2)):
            os.dup2(kept, standard)
            os.close(kept)


def flush_all():
    sys.stdout.flush()
    sys.stderr.flush()
    ctypes.CDLL(None).fflush(None)  # what native code has printed and holds back


def reason(problem):
    """The last line of an error, which in the toolkit's long ones is the one that tells."""
    plain = re.sub(r"\x1b\[[\d;]*m", "", str(problem))
    return ([line.strip() for line in plain.splitlines() if line.strip()] or [type(problem).__name__])[-1]


def expect_zero(step, code):
    if code != 0:
        raise RuntimeError(f"{step} answered {code}")


class Compiled:
    """A network quantised and compiled in a folder of its own, and ready to run in the toolkit's simulator."""

    def __init__(self, source, photos, algorithm, hybrid, folder):
        self.algorithm = algorithm
        self.hybrid = hybrid_tensors(source.model, hybrid)
        self.folder = folder
        self.lay_out(source, photos)
        with quietly(folder, f"building with {algorithm}"):
            self.toolkit = self.quantise(source.label)
            expect_zero("export_rknn", self.toolkit.export_rknn(FILE))
            expect_zero("init_runtime", self.toolkit.init_runtime())
        self.content = (folder / FILE).read_bytes()
        self.layers = self.read_layers()

    def lay_out(self, source, photos):
        """What the toolkit reads. Its list of photographs splits lines at blanks, so links without any stand in."""
        (self.folder / "photos").mkdir(parents=True)
        (self.folder / "model.onnx").write_bytes(source.model)
        for number, path in enumerate(photos):
            (self.folder / "photos" / f"{number}.jpg").symlink_to(path)
        (self.folder / "photos.txt").write_text("".join(f"photos/{number}.jpg\n" for number in range(len(photos))))

    def quantise(self, label):
        from rknn.api import RKNN  # here, because it is slow to load and prints

        toolkit = RKNN(verbose=True)  # the table of layers is printed by nothing less
        toolkit.config(
            mean_values=[list(data.MEAN)], std_values=[list(data.STD)], target_platform=PLATFORM,
            quantized_dtype="w8a8", quantized_algorithm=self.algorithm, single_core_mode=True, custom_string=label,
        )
        expect_zero("load_onnx", toolkit.load_onnx(model="model.onnx"))
        if not self.hybrid:
            expect_zero("build", toolkit.build(do_quantization=True, dataset="photos.txt"))
            return toolkit
        expect_zero("hybrid_quantization_step1", toolkit.hybrid_quantization_step1(dataset="photos.txt"))
        toolkit.release()
        settings = Path("model.quantization.cfg")
        settings.write_text(with_hybrid(settings.read_text(), self.hybrid.values()))
        toolkit = RKNN(verbose=True)
        expect_zero("hybrid_quantization_step2", toolkit.hybrid_quantization_step2(
            model_input="model.model", data_input="model.data", model_quantization_cfg=str(settings)))
        return toolkit

    def read_layers(self):
        log = self.folder / "toolkit.log"
        try:
            return npu_layers.read_table(log.read_text(errors="replace"))
        except npu_layers.TableError as problem:
            raise BuildError(f"{problem}; what the toolkit said: {log}") from problem

    def probabilities(self, photos):
        """Maps [N, h, w], float32, of uint8 photographs [N, 3, H, W]; the simulator takes one at a time."""
        with quietly(self.folder, "simulating"):
            pixels = photos.permute(0, 2, 3, 1).contiguous().numpy()
            return np.stack([self.toolkit.inference([photo[None]], data_format=["nhwc"])[0][0, 0] for photo in pixels])

    def judge(self, split):
        """The split's figures, as the program would get them."""
        return evaluate.judge(export.at_photo_size(self.probabilities(split.photos)), split.masks.numpy())

    def release(self):
        with quietly(self.folder, "ending"):
            self.toolkit.release()


def with_hybrid(settings, tensors):
    """The toolkit's settings of a hybrid quantisation, with the layers that answer these tensors in FP16."""
    empty = "custom_quantize_layers: {}"
    if settings.count(empty) != 1:
        raise RuntimeError(f"expected '{empty}' once in the settings of the hybrid quantisation")
    return settings.replace(empty, "custom_quantize_layers:\n" + "".join(f"    {t}: float16\n" for t in tensors))


def refuse_cpu(compiled, allow):
    found = npu_layers.on_cpu(compiled.layers)
    if found and not allow:
        named = ", ".join(f"{layer.kind} {layer.name} -> {layer.output_shapes}" for layer in found)
        raise BuildError(f"{len(found)} of {len(compiled.layers)} layers would run on the CPU: {named}; rewrite them "
                         f"or give --allow-cpu 1; what the toolkit said: {compiled.folder / 'toolkit.log'}")


class Trials:
    """Ways of quantising one network, tried in turn on val; the best so far is kept.

    `--algorithm auto` tries normal and kl_divergence, and mmse when both lose more than ENOUGH. `--hybrid auto` goes
    on to HYBRIDS when even the best loses more than LOSS_WITHOUT_HYBRID.
    """

    def __init__(self, config, source, photos, val, scratch):
        self.config, self.source, self.photos, self.val, self.scratch = config, source, photos, val, scratch
        self.float_iou = export.judge(export.session(source.model), val)["pooled_iou"]
        self.best, self.best_iou, self.count = None, -1.0, 0

    def run(self, algorithm, hybrid):
        began = time.monotonic()
        self.count += 1
        compiled = Compiled(self.source, self.photos, algorithm, hybrid, self.scratch / f"trial{self.count}")
        refuse_cpu(compiled, self.config.allow_cpu)
        iou = compiled.judge(self.val)["pooled_iou"]
        print(f"{algorithm}{', FP16 in ' + ' '.join(compiled.hybrid) if compiled.hybrid else ''}: val pooled_iou "
              f"{iou:.4f}, float {self.float_iou:.4f}, difference {iou - self.float_iou:+.4f}, "
              f"{time.monotonic() - began:.0f} s", flush=True)
        worse = compiled
        if iou > self.best_iou:
            worse, self.best, self.best_iou = self.best, compiled, iou
        if worse:
            worse.release()

    @property
    def loss(self):
        return self.float_iou - self.best_iou

    def choose(self):
        """The best by val of what the options allow; of equals the first."""
        fixed = self.config.hybrid if self.config.hybrid not in ("auto", "none") else ""
        for algorithm in algorithms_of(self.config):
            if self.config.algorithm == "auto" and algorithm == "mmse" and self.loss <= ENOUGH:
                print(f"mmse: not tried, because {self.best.algorithm} loses at most {ENOUGH}", flush=True)
            else:
                self.run(algorithm, fixed)
        if self.config.hybrid == "auto" and self.loss > LOSS_WITHOUT_HYBRID:
            algorithm = self.best.algorithm
            for hybrid in HYBRIDS:
                self.run(algorithm, hybrid)
        return self.best


def completed_card(source, compiled, figures, calibration_count):
    """The card with its blocks on INT8 and the NPU; all else as it was."""
    card = dict(source.card)
    others = [artefact for artefact in card["artefacts"] if artefact["file"] != FILE]
    content = compiled.content
    card["artefacts"] = [*others, {"file": FILE, "format": "rknn", "bytes": len(content),
                                   "sha256": hashlib.sha256(content).hexdigest()}]
    card["int8"] = {
        "toolkit": f"{TOOLKIT} {importlib.metadata.version(TOOLKIT)}",
        "platform": PLATFORM,
        "algorithm": compiled.algorithm,
        "hybrid_layers": list(compiled.hybrid),
        "calibration_photos": calibration_count,
        "test": export.rounded(card["test"]["split"], figures),
        "pooled_iou_minus_float": round(figures["pooled_iou"] - card["test"]["pooled_iou"], 6),
    }
    card["npu"] = npu_layers.summary(compiled.layers)
    return card


def algorithms_of(config):
    return ALGORITHMS if config.algorithm == "auto" else config.algorithm.split(",")


def check_options(config):
    if unknown := [word for word in algorithms_of(config) if word not in ALGORITHMS]:
        raise BuildError(f"no algorithm '{unknown[0]}'; there are: auto, {', '.join(ALGORITHMS)}")
    try:
        importlib.metadata.version(TOOLKIT)
    except importlib.metadata.PackageNotFoundError:
        raise BuildError(f"{TOOLKIT} is not installed; environment.sh makes an environment that has it") from None


def build(config):
    """Quantises, compiles, judges, and only then puts the .rknn and its card in place. Returns the card."""
    torch.set_num_threads(1)
    check_options(config)
    source = read_source(Path(config.zoo) / config.name)
    root = data.data_root(config.data)
    photos = calibration_photos(root)
    val, split = data.load(root, "val"), data.load(root, source.card["test"]["split"])
    scratch = Path(tempfile.mkdtemp(prefix="rknn-build-"))
    best = Trials(config, source, photos, val, scratch).choose()
    if len(best.content) >= LARGEST_BYTES:
        raise BuildError(f"the compiled network has {len(best.content):,} bytes, at most {LARGEST_BYTES:,} are allowed")
    card = completed_card(source, best, best.judge(split), len(photos))
    best.release()
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    export.put_in_place(source.folder, {FILE: best.content, "card.json": text.encode()})
    shutil.rmtree(scratch)  # kept where something failed: it holds what the toolkit said
    report(card, best.layers)
    return card


def report(card, layers):
    int8, npu, compiled = card["int8"], card["npu"], card["artefacts"][-1]
    low, high = npu["estimated_millis"]
    print(f"{card['name']}: {compiled['bytes']:,} bytes, {npu['layers']} layers, {len(npu['cpu_layers'])} on the CPU; "
          f"{npu['conv_cycles']:,} cycles in convolutions, {npu['estimated_cycles']:,} estimated in all, "
          f"{low} to {high} ms estimated")
    print(f"{int8['test']['split']}, INT8 by {int8['algorithm']}: pooled_iou {int8['test']['pooled_iou']:.4f}, "
          f"{int8['pooled_iou_minus_float']:+.4f} to float")
    print("the dearest layers, in estimated cycles:", *npu_layers.dearest(layers, 5), sep="\n")


if __name__ == "__main__":
    try:
        build(options.parse(Config, __doc__))
    except (data.DataError, BuildError) as problem:
        sys.exit(f"rknn_build.py: {problem}")
