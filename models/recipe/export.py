"""Turns the best checkpoint of a run into `models/zoo/NAME/model.onnx` and the `card.json` that describes it.

The graph takes normalised photographs and answers probabilities. Nothing is put in place until the graph agrees
with PyTorch and the test split has been judged; the same checkpoint gives the same bytes every time.
"""

import hashlib
import io
import json
import os
import sys
import warnings
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

import data
import distill
import evaluate
import macs
import networks
import options
import tidy
import texts
import train

OPSET = 17  # read by ONNX Runtime, rten and the RKNN toolkit alike
AGREEMENT = 1e-4  # largest difference of a probability between ONNX Runtime and PyTorch
ZOO = Path(__file__).resolve().parents[1] / "zoo"

class ExportError(Exception):
    """The exported graph is not what it should be; nothing was put in place."""


@dataclass
class Config:
    network: str = "malunet"
    name: str = ""  # of the run and of the folder in the zoo; empty: the network's
    runs: str = ""  # folder of all runs, as given to train.py
    checkpoint: str = ""  # another checkpoint than the run's best.pt
    zoo: str = str(ZOO)
    data: str = ""  # data folder, as given to train.py
    split: str = "test"  # the split whose figures the card shows; val for a look at an unfinished run


class Probabilities(nn.Module):
    """A network with the sigmoid on its end."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return torch.sigmoid(self.network(x))


def onnx_bytes(network):
    """The graph as a file's content: of fixed shapes, tidied, with the weights inside."""
    example = torch.zeros(1, 3, data.SIDE, data.SIDE)
    raw = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Probabilities(network).eval(), (example,), raw, opset_version=OPSET,
            input_names=["input"], output_names=["probability"], do_constant_folding=True,
        )
    model = tidy.tidy(onnx.load_from_string(raw.getvalue()))
    model.graph.name = "dermaloupe"
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def session(model):
    """An ONNX Runtime session of a file's content."""
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1  # the same sums in the same order everywhere, and no waiting on a busy machine
    settings.log_severity_level = 3
    return onnxruntime.InferenceSession(model, settings, providers=["CPUExecutionProvider"])


def run_onnx(running, photos):
    """Probability maps [N, h, w], float32, of uint8 photographs [N, 3, H, W], one at a time as the program does."""
    maps = [running.run(None, {"input": data.normalise(photo[None]).numpy()})[0][0, 0] for photo in photos]
    return np.stack(maps)


def at_photo_size(maps):
    """Maps [N, h, w] enlarged to the photographs' size, bilinear, as the program does."""
    return train.enlarge(torch.from_numpy(maps)[:, None], data.SIDE)[:, 0].numpy()


def check_agreement(running, network, photos):
    """The largest difference between ONNX Runtime and PyTorch; an ExportError when it is too large."""
    network.eval()
    with torch.inference_mode():
        theirs = torch.cat([torch.sigmoid(network(data.normalise(photo[None])))[:, 0] for photo in photos])
    difference = float(np.abs(run_onnx(running, photos) - theirs.numpy()).max())
    if not difference < AGREEMENT:
        raise ExportError(f"ONNX Runtime and PyTorch differ by {difference:.2e}, at most {AGREEMENT:.0e} is allowed")
    return difference


def trial_photos(count=8, seed=1):
    """Photographs of noise and of smooth blobs, which reach what the network does with both."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(count, 3, 8, 8, generator=generator) * 255
    smooth = torch.nn.functional.interpolate(coarse, size=data.SIDE, mode="bicubic").clamp(0, 255)
    smooth[::2] = torch.rand(smooth[::2].shape, generator=generator) * 255
    return smooth.to(torch.uint8)


def judge(running, split):
    """A split's figures by the ONNX file."""
    return evaluate.judge(at_photo_size(run_onnx(running, split.photos)), split.masks.numpy())


def judge_split(running, network, split):
    """A split's figures by the ONNX file; an ExportError when PyTorch's differ."""
    references = split.masks.numpy()
    figures = judge(running, split)
    pytorch = evaluate.judge(train.predict(network, split.photos).numpy(), references)
    if abs(figures["pooled_iou"] - pytorch["pooled_iou"]) > 1e-4:
        raise ExportError(f"pooled_iou is {figures['pooled_iou']} by ONNX Runtime, {pytorch['pooled_iou']} by PyTorch")
    return figures


def command_of(script, defaults, used, hide):
    """The command line that gives these options, leaving out defaults and this machine's folders."""
    words = ["python", script]
    for field in fields(defaults):
        value = used.get(field.name, getattr(defaults, field.name))
        if field.name not in hide and value != getattr(defaults, field.name):
            words += [f"--{field.name.replace('_', '-')}", str(value)]
    return " ".join(words)


def rounded(split_name, figures):
    return {"split": split_name} | {key: value if key == "n" else round(value, 6) for key, value in figures.items()}


def published_facts(name):
    """Parameters of the published form as counted, and what the reference work says of the network."""
    counted = networks.count_parameters(networks.make(name, npu=False))
    miou, seconds = texts.PAPER_BOARD.get(name, (None, None))
    return {"parameters": counted, "paper_parameters": networks.PAPER_PARAMETERS[name],
            "paper_miou": miou, "paper_seconds": seconds}


def commands_of(config, state):
    """The commands that made the network, in order."""
    trained, hidden = state["config"], {"runs", "data", "device", "threads", "stop_after"}
    commands = []
    for settings in filter(None, (state.get("start"), trained)):
        distilled = "teacher" in settings
        script, defaults = ("distill.py", distill.Config()) if distilled else ("train.py", train.Config())
        # A distilled student is named after its network; what --name gives there is put behind that.
        name = settings.get("name", "")
        if distilled:
            name = name.removeprefix(settings["network"]).lstrip("-")
        commands.append(command_of(script, defaults, settings | {"name": name}, hidden))
    exported = vars(config) | {"name": "" if config.name == config.network else config.name}
    return [*commands, command_of("export.py", Config(), exported, {"runs", "data", "checkpoint", "zoo", "split"})]


def make_card(config, state, bytes_, sizes, figures, cropped):
    model = onnx.load_from_string(bytes_)
    height, width = (d.dim_value for d in model.graph.output[0].type.tensor_type.shape.dim[2:])
    trained, start = state["config"], state.get("start") or {}
    return {
        "schema": 1,
        "name": config.name,
        **texts.TEXTS[config.network],
        "parameters": networks.count_parameters(networks.make(config.network)),
        "macs": macs.count(model),
        "published": published_facts(config.network),
        "input": {"height": data.SIDE, "width": data.SIDE, "layout": "NCHW", "colour": "RGB",
                  "mean": list(data.MEAN), "std": list(data.STD)},
        "output": {"height": height, "width": width, "meaning": "probability"},
        "threshold": 0.5,
        "data": {"name": "ISIC 2017", "licence": "CC0-1.0",
                 "source": "International Skin Imaging Collaboration, challenge of 2017",
                 **sizes},
        "licence": "MIT OR Apache-2.0",
        "test": rounded(config.split, figures),
        "centre_crop": rounded(config.split, cropped),
        "artefacts": [{"file": "model.onnx", "format": "onnx", "bytes": len(bytes_),
                       "sha256": hashlib.sha256(bytes_).hexdigest()}],
        "recipe": {
            "commit": state["commit"],
            "commands": commands_of(config, state),
            "epochs": start.get("epochs", 0) + trained["epochs"],
            "seed": trained["seed"],
        },
    }


def put_in_place(folder, contents):
    """Writes every file beside its place, then renames them all: a failure before that leaves the folder as it was."""
    folder.mkdir(parents=True, exist_ok=True)
    staged = []
    try:
        for name, content in contents.items():
            temporary = folder / f".{name}.part"
            staged.append((temporary, folder / name))
            with open(temporary, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
        for temporary, final in staged:
            os.replace(temporary, final)
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def export(config):
    """Exports, checks, judges, and only then puts the model and its card in place. Returns the card."""
    torch.set_num_threads(1)
    config = replace(config, name=config.name or config.network)
    path = Path(config.checkpoint) if config.checkpoint else train.run_folder(config) / "best.pt"
    state = train.load_checkpoint(path, config.network)
    network = networks.make(config.network)
    network.load_state_dict(state["weights"])
    root = data.data_root(config.data)
    split = data.load(root, config.split)
    sizes = {name: len(data.split_ids(root, name)) for name in ("train", "val", "test")}
    bytes_ = onnx_bytes(network)
    running = session(bytes_)
    difference = check_agreement(running, network, trial_photos())
    figures = judge_split(running, network, split)
    cropped = judge(running, data.centre_crop(split))
    card = make_card(config, state, bytes_, sizes, figures, cropped)
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    put_in_place(Path(config.zoo) / config.name, {"model.onnx": bytes_, "card.json": text.encode()})
    print(f"{config.name}: epoch {state['epoch']}, {len(bytes_):,} bytes, {card['macs']:,} MACs, "
          f"ONNX Runtime within {difference:.1e} of PyTorch")
    for block in ("test", "centre_crop"):
        shown = "  ".join(f"{key} {value}" for key, value in card[block].items() if key != "split")
        print(f"{config.split}, {block}: {shown}")
    return card


if __name__ == "__main__":
    try:
        export(options.parse(Config, __doc__))
    except (data.DataError, ExportError) as problem:
        sys.exit(f"export.py: {problem}")
