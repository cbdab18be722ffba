"""Model cards: `card.json` beside a network's files has its facts and metrics. Reading, writing, building.

A block that is not known yet is absent. Blocks are always written in the same order, those of later steps last.
"""

import hashlib
import json
from pathlib import Path

import onnx

from dermaloupe_recipe import data, descriptions, networks, onnx_graph
from dermaloupe_recipe.files import write_files

# The blocks that are added after export, in this order.
LATER_BLOCKS = (
    "int8", "npu", "speed", "distillation", "calibration", "band", "expected_agreement", "external",
    "second_look", "recommended", "translations",
)


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def to_json(card):
    return json.dumps(card, indent=2, ensure_ascii=False) + "\n"


def read_card(folder):
    """The card in a folder, None if there is none."""
    path = Path(folder) / "card.json"
    return json.loads(path.read_text()) if path.is_file() else None


def write_card(folder, card):
    """Writes the card, unless the file is the same already."""
    later = {key: card[key] for key in LATER_BLOCKS if key in card}
    text = to_json({key: value for key, value in card.items() if key not in LATER_BLOCKS} | later)
    path = Path(folder) / "card.json"
    if not path.is_file() or path.read_text() != text:
        write_files(folder, {path.name: text.encode()})


def get(card, *keys):
    """The value under nested keys, None where the card does not have it."""
    for key in keys:
        if not isinstance(card, dict) or card.get(key) is None:
            return None
        card = card[key]
    return card


def artefact(card, format_):
    """The entry of the file of this format, None if there is none."""
    return next((a for a in card["artefacts"] if a["format"] == format_), None)


def describe_file(name, format_, content):
    """The entry of a file in `artefacts`."""
    return {"file": name, "format": format_, "bytes": len(content), "sha256": sha256(content)}


def rounded(split_name, metrics):
    return {"split": split_name} | {key: value if key == "n" else round(value, 6) for key, value in metrics.items()}


def published_facts(name):
    """The card's block on the published form: its parameters as counted, and what the reference work says of it.

    A network that was not published has none.
    """
    if name not in networks.PAPER_PARAMETERS:
        return {}
    counted = networks.count_parameters(networks.create(name, npu=False))
    miou, seconds = descriptions.PAPER_BOARD.get(name, (None, None))
    return {"published": {"parameters": counted, "paper_parameters": networks.PAPER_PARAMETERS[name],
                          "paper_miou": miou, "paper_seconds": seconds}}


def create_card(name, state, model, commands, split_sizes, test, centre_crop):
    """The card of an exported checkpoint: `model` is the ONNX file's content, the last two are `rounded` metrics."""
    graph = onnx.load_from_string(model)
    height, width = (d.dim_value for d in graph.graph.output[0].type.tensor_type.shape.dim[2:])
    trained, start = state["config"], state.get("start") or {}
    network = trained["network"]
    return {
        "schema": 1,
        "name": name,
        **descriptions.NETWORKS[network],
        "parameters": networks.count_parameters(networks.create(network)),
        "macs": onnx_graph.count_macs(graph),
        **published_facts(network),
        "input": {"height": data.IMAGE_SIZE, "width": data.IMAGE_SIZE, "layout": "NCHW", "colour": "RGB",
                  "mean": list(data.MEAN), "std": list(data.STD)},
        "output": {"height": height, "width": width, "meaning": "probability"},
        "threshold": 0.5,
        "data": {"name": "ISIC 2017", "licence": "CC0-1.0",
                 "source": "International Skin Imaging Collaboration, challenge of 2017",
                 **split_sizes},
        "licence": "MIT OR Apache-2.0",
        "test": test,
        "centre_crop": centre_crop,
        "artefacts": [describe_file("model.onnx", "onnx", model)],
        "recipe": {
            "commit": state["commit"],
            "commands": commands,
            "epochs": start.get("epochs", 0) + trained["epochs"],
            "seed": trained["seed"],
        },
    }
