"""Makes the reference vectors in `tests/fixtures/reference` that the program is held to.

For phantoms of awkward sizes: the photograph, Pillow's 256x256 of it, the normalised tensor in outline, PyTorch's
probability map (16-bit, value / 65535) and the agreement with the true mask. Remade after every export of the model.
"""

import hashlib
import io
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import PIL
import torch
from PIL import Image

import data
import evaluate
import export
import options
import phantom
import train

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "reference"
MODEL_SOURCE = Path(__file__).resolve().parents[2] / "src" / "inference" / "model.rs"  # it names the network
THRESHOLD = 0.5
SHOWN = 6  # values of the tensor written out at either end

LOOKS = {
    "odd_333x251": phantom.Look(seed=101, width=333, height=251, radius=0.25, pigment=1.5, hairs=3, bubbles=2),
    "vga_640x480": phantom.Look(seed=102, width=640, height=480, radius=0.29, pigment=1.2, hairs=5, bubbles=4),
    "small_120x90": phantom.Look(seed=103, width=120, height=90, radius=0.3, pigment=1.4, hairs=1, bubbles=0),
    "square_256x256": phantom.Look(seed=104, width=256, height=256, radius=0.24, pigment=1.3, hairs=2, bubbles=2,
                                   window=1.35),
}


@dataclass
class Config:
    network: str = ""  # empty: the one built into the program
    runs: str = ""  # folder of all runs, as given to train.py
    checkpoint: str = ""  # another checkpoint than the run's best.pt
    zoo: str = str(export.ZOO)
    out: str = str(FOLDER)


def squash(photo):
    """Pillow's antialiased bilinear 256x256 of an RGB photograph uint8 [H, W, 3]."""
    return np.asarray(Image.fromarray(photo).resize((data.SIDE, data.SIDE), Image.Resampling.BILINEAR))


def tensor_of(squashed):
    """The network's input [1, 3, 256, 256]."""
    return data.normalise(torch.from_numpy(squashed.copy()).permute(2, 0, 1)[None])


def at_photo_size(probability, width, height):
    """The map at the photograph's size, bilinear by Pillow in 32-bit floats."""
    return np.asarray(Image.fromarray(probability).resize((width, height), Image.Resampling.BILINEAR))


def png16(probability):
    pixels = np.round(probability.astype(np.float64) * 65535).astype(np.uint16)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", optimize=True)
    return out.getvalue()


def built_in():
    """The name of the network that is built into the program."""
    return re.search(r'macro_rules! built_in .*?"(\w+)"', MODEL_SOURCE.read_text(), re.DOTALL)[1]


def checked_network(config, name):
    """The checkpoint's network, and the model's hash; refused unless the model in the zoo is its very export."""
    path = Path(config.checkpoint or train.run_folder(train.Config(runs=config.runs, name=name)) / "best.pt")
    network, _ = train.load_network(path, name)
    committed = Path(config.zoo) / name / "model.onnx"
    if export.onnx_bytes(network) != committed.read_bytes():
        raise export.ExportError(f"model is not the export of {path}; run export.py first: {committed}")
    return network, hashlib.sha256(committed.read_bytes()).hexdigest()


def vector(name, look, network):
    """One phantom's files, its entry in reference.json and its entry in confusion.json."""
    drawn = phantom.draw(look)
    squashed = squash(drawn.photo)
    tensor = tensor_of(squashed)
    with torch.inference_mode():
        probability = torch.sigmoid(network(tensor))[0, 0].numpy()
    full = at_photo_size(probability, look.width, look.height)
    counts = evaluate.confusion(full >= THRESHOLD, drawn.mask)
    files = {
        f"{name}.png": phantom.png(drawn.photo),
        f"{name}_segmentation.png": phantom.png(drawn.mask.astype(np.uint8) * 255),
        f"{name}_resized.png": phantom.png(squashed),
        f"{name}_probability.png": png16(probability),
    }
    flat = tensor.flatten().double()
    entry = {
        "name": name, "seed": look.seed, "width": look.width, "height": look.height,
        "photo": f"{name}.png", "mask": f"{name}_segmentation.png",
        "resized": f"{name}_resized.png", "probability": f"{name}_probability.png",
        "tensor": {"shape": list(tensor.shape), "first": flat[:SHOWN].tolist(), "last": flat[-SHOWN:].tolist(),
                   "sum": flat.sum().item()},
    }
    agreement = {"name": name, **dict(zip(("tp", "fp", "fn", "tn"), counts)), **evaluate.scores(counts)}
    return files, entry, agreement


def make(config):
    torch.set_num_threads(1)
    name = config.network or built_in()
    network, model_hash = checked_network(config, name)
    contents, entries, agreements = {}, [], []
    for drawing, look in LOOKS.items():
        files, entry, agreement = vector(drawing, look, network)
        contents.update(files)
        entries.append(entry)
        agreements.append(agreement)
    summary = evaluate.summary([tuple(a[key] for key in ("tp", "fp", "fn", "tn")) for a in agreements])
    model = {"name": name, "file": "model.onnx", "sha256": model_hash}
    documents = {
        "reference.json": {
            "schema": 1, "model": model, "side": data.SIDE, "threshold": THRESHOLD,
            "mean": list(data.MEAN), "std": list(data.STD),
            "versions": {"torch": torch.__version__.split("+")[0], "pillow": PIL.__version__, "numpy": np.__version__},
            "vectors": entries,
        },
        "confusion.json": {
            "schema": 1, "model": model,
            "how": "probability map resized to the photograph's size (bilinear), p >= threshold, against the mask",
            "images": agreements, "summary": summary,
        },
    }
    for file, document in documents.items():
        contents[file] = (json.dumps(document, indent=2) + "\n").encode()
    export.put_in_place(Path(config.out), contents)
    for agreement in agreements:
        print(f"{agreement['name']}: Dice {agreement['dice']:.4f}")
    print(f"{sum(map(len, contents.values())):,} bytes: {config.out}")


if __name__ == "__main__":
    try:
        make(options.parse(Config, __doc__))
    except (data.DataError, export.ExportError) as problem:
        sys.exit(f"reference.py: {problem}")
