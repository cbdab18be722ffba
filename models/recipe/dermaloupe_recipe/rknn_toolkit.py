"""The RKNN toolkit: quantises and compiles a network for the RK3588's NPU, and runs it in a simulator.

This module is not called rknn, which is the toolkit's own package.
"""

import contextlib
import ctypes
import os
import re
import sys
from pathlib import Path

import numpy as np
import onnx

from dermaloupe_recipe import evaluation, inference, rknn_accuracy, rknn_layers
from dermaloupe_recipe.errors import RecipeError

PLATFORM = "rk3588"
FILE = f"model.{PLATFORM}.rknn"


class BuildError(RecipeError):
    """The network cannot be built for the NPU as asked; nothing was written."""


def hybrid_tensors(model, words):
    """{node's name: its output tensor} of the convolutions named by 'first', 'last' or their names, with commas.

    Any other node can be named by its output tensor.
    """
    nodes = onnx.load_from_string(model).graph.node
    convolutions = [node for node in nodes if node.op_type == "Conv"]
    known = {node.name: node for node in convolutions} | {"first": convolutions[0], "last": convolutions[-1]}
    chosen = [word.strip() for word in words.split(",") if word.strip()]
    known_tensors = {output: node for node in nodes for output in node.output}
    if unknown := [word for word in chosen if word not in known | known_tensors]:
        raise BuildError(f"no convolution is called {', '.join(unknown)}; there are: {', '.join(known)}")
    found = [(known | known_tensors)[word] for word in chosen]
    return {node.name: node.output[0] for node in found}


@contextlib.contextmanager
def captured_output(folder, what):
    """Runs the toolkit in `folder`, where it leaves temporary files, and appends its output to toolkit.log there.

    Its native code prints too, so the file descriptors are redirected. Every exception becomes a BuildError.
    """
    log, home = folder / "toolkit.log", os.getcwd()
    flush()
    saved = os.dup(1), os.dup(2)
    try:
        with open(log, "a") as out, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
            os.chdir(folder)
            yield
    except (Exception, SystemExit) as problem:
        raise BuildError(f"{what} failed: {last_line(problem)}; the toolkit's output: {log}") from problem
    finally:
        os.chdir(home)
        flush()
        for original, standard in zip(saved, (1, 2)):
            os.dup2(original, standard)
            os.close(original)


def flush():
    sys.stdout.flush()
    sys.stderr.flush()
    ctypes.CDLL(None).fflush(None)  # the buffers of native code


def last_line(problem):
    """The last line of an error, which in the toolkit's long ones is the message."""
    plain = re.sub(r"\x1b\[[\d;]*m", "", str(problem))
    return ([line.strip() for line in plain.splitlines() if line.strip()] or [type(problem).__name__])[-1]


def expect_zero(step, code):
    if code != 0:
        raise RuntimeError(f"{step} returned {code}")


class Compiled:
    """A network quantised and compiled in a folder of its own, ready to run in the toolkit's simulator."""

    def __init__(self, source, photos, algorithm, hybrid, folder):
        self.algorithm = algorithm
        self.hybrid = hybrid_tensors(source.model, hybrid)
        self.folder = folder
        self.write_inputs(source, photos)
        with captured_output(folder, f"building with {algorithm}"):
            self.toolkit = self.quantise(source)
            expect_zero("export_rknn", self.toolkit.export_rknn(FILE))
            expect_zero("init_runtime", self.toolkit.init_runtime())
        self.content = (folder / FILE).read_bytes()
        self.layers = self.read_layers()

    def write_inputs(self, source, photos):
        """The toolkit's input files. Its list of photographs is split at blanks, so it names links without any."""
        (self.folder / "photos").mkdir(parents=True)
        (self.folder / "model.onnx").write_bytes(source.model)
        for number, path in enumerate(photos):
            (self.folder / "photos" / f"{number}.jpg").symlink_to(path)
        (self.folder / "photos.txt").write_text("".join(f"photos/{number}.jpg\n" for number in range(len(photos))))

    def quantise(self, source):
        from rknn.api import RKNN  # here, because importing it is slow and prints

        toolkit = RKNN(verbose=True)  # otherwise the table of layers is not printed
        toolkit.config(
            mean_values=[source.card["input"]["mean"]], std_values=[source.card["input"]["std"]],
            target_platform=PLATFORM, quantized_dtype="w8a8", quantized_algorithm=self.algorithm, single_core_mode=True,
            custom_string=source.label,
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
            return rknn_layers.read_table(log.read_text(errors="replace"))
        except rknn_layers.LayerTableError as problem:
            raise BuildError(f"{problem}; the toolkit's output: {log}") from problem

    def accuracy(self):
        """How close every layer is to float on the first photograph, as the toolkit's own analysis says it."""
        with captured_output(self.folder, "analysing the layers"):
            expect_zero("accuracy_analysis", self.toolkit.accuracy_analysis(inputs=["photos/0.jpg"], output_dir="snap"))
        return rknn_accuracy.read((self.folder / "snap" / "error_analysis.txt").read_text())

    def probabilities(self, photos):
        """Maps [N, h, w], float32, of uint8 photographs [N, 3, H, W]; the simulator takes one at a time."""
        with captured_output(self.folder, "simulating"):
            pixels = photos.permute(0, 2, 3, 1).contiguous().numpy()
            return np.stack([self.toolkit.inference([photo[None]], data_format=["nhwc"])[0][0, 0] for photo in pixels])

    def evaluate(self, split):
        """The split's metrics in the simulator."""
        maps = inference.at_photo_size(self.probabilities(split.photos))
        return evaluation.evaluate(maps, split.masks.numpy())

    def release(self):
        with captured_output(self.folder, "releasing"):
            self.toolkit.release()


def with_hybrid(settings, tensors):
    """The toolkit's settings of a hybrid quantisation, with the layers that compute these tensors in FP16."""
    empty = "custom_quantize_layers: {}"
    if settings.count(empty) != 1:
        raise RuntimeError(f"expected '{empty}' once in the settings of the hybrid quantisation")
    return settings.replace(empty, "custom_quantize_layers:\n" + "".join(f"    {t}: float16\n" for t in tensors))
