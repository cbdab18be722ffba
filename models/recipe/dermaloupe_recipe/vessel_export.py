"""Export of a run to `models/vessels/NAME/model.onnx` with its `card.json`.

The scale and the threshold are those that cross-validation chose. Files are written only after ONNX Runtime has been
compared with PyTorch, and the test photographs have been evaluated by ONNX Runtime in tiles.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
import torch

from dermaloupe_recipe import (
    cards, checkpoints, export, fundus, inference, networks, onnx_graph, tiles, training_commands,
    vessel_evaluation, vessel_networks, vessel_page, vessel_prediction, vessel_selection, vessel_training,
)
from dermaloupe_recipe.files import RECIPE, write_files

VESSELS = RECIPE.parent / "vessels"
DATA = {
    "train": "CHASE_DB1, Image_11L to 14R, and the 15 photographs of HRF 01 to 05",
    "licence": "CC-BY-4.0",
    "source": "CHASE_DB1: Kingston University; HRF: Friedrich-Alexander-Universitaet Erlangen-Nuernberg",
}


@dataclass
class Config:
    network: str = "wnet"
    name: str = ""  # of the run and of the folder in models/vessels; empty: the network's name
    runs: str = ""  # folder of all runs
    data: str = ""  # data folder
    vessels: str = str(VESSELS)
    threads: int = 1
    page_only: bool = False  # only writes the page again, from the cards


def check_agreement(session, network, photos, diameter):
    """The largest difference between ONNX Runtime and PyTorch on a tile of each photograph; an ExportError if large."""
    by_torch, by_onnx = vessel_prediction.torch_runner(network), vessel_prediction.onnx_runner(session)
    difference = 0.0
    for photo in photos:
        x = fundus.network_input(photo.photo, diameter / fundus.diameter(photo.field_of_view))
        tile = np.zeros((1, 3, tiles.TILE, tiles.TILE), np.float32)
        part = x[:, : tiles.TILE, : tiles.TILE]
        tile[0, :, : part.shape[1], : part.shape[2]] = part
        difference = max(difference, float(np.abs(by_torch(tile) - by_onnx(tile)).max()))
    if not difference < export.TOLERANCE:
        raise export.ExportError(
            f"ONNX Runtime and PyTorch differ by {difference:.2e}, at most {export.TOLERANCE:.0e} is allowed")
    return difference


def read_choice(runs, name):
    """The diameter and threshold that select_vessels.py wrote."""
    path = checkpoints.run_folder(runs, f"{name}-selection.json")
    if not path.is_file():
        raise export.ExportError(f"scale and threshold are not chosen yet; run select_vessels.py first: {path}")
    return vessel_selection.choose_from(json.loads(path.read_text()))


def rounded(metrics):
    return {key: value if key == "n" else round(value, 4) for key, value in metrics.items()}


def training_record(state, runs):
    """What is known of a run's training; `start` is the same of the run whose weights it began with, if any."""
    settings = state["config"]
    record = {
        "commit": state["commit"],
        "command": training_commands.command_of(
            "train_vessels.py", vessel_training.Config(), settings, vessel_training.MAY_DIFFER),
        "steps": state["step"], "seconds": round(state["elapsed"]), "seed": settings["seed"],
        "machine": state["machine"], "torch": state["torch"],
    }
    if settings["start"]:
        start = checkpoints.load(checkpoints.run_folder(runs, settings["start"]) / "last.pt")
        start["config"]["name"] = settings["start"]
        record["start"] = training_record(start, runs)
    return record


def create_card(config, state, model, choice, figures):
    """The card: facts of the graph, how a photograph is brought to tiles, what it was trained on, and the figures."""
    network = state["config"]["network"]
    size = {"height": tiles.TILE, "width": tiles.TILE}
    return {
        "schema": 1,
        "name": config.name,
        **vessel_networks.DESCRIPTIONS[network],
        "subject": "fundus",
        "mask": "vessels",
        "parameters": networks.count_parameters(vessel_networks.create(network)),
        "macs": onnx_graph.count_macs(onnx.load_from_string(model)),
        "published": vessel_networks.PUBLISHED[network],
        "input": {**size, "layout": "NCHW", "colour": "RGB", "mean": list(fundus.MEAN), "std": list(fundus.STD)},
        "output": {**size, "meaning": "probability"},
        "tiling": {"tile": tiles.TILE, "overlap": tiles.OVERLAP, "field_of_view_px": choice["diameter"]},
        "threshold": choice["threshold"],
        "data": DATA,
        "licence": "MIT OR Apache-2.0",
        **figures,
        "artefacts": [cards.describe_file("model.onnx", "onnx", model)],
        "recipe": training_record(state, config.runs),
    }


def export_vessels(config):
    """Exports, compares, evaluates, and only then writes the model, its card and the page. Returns the card."""
    if config.page_only:
        return vessel_page.write(config.vessels)
    torch.set_num_threads(config.threads)
    config = replace(config, name=config.name or config.network)
    root = fundus.data_root(config.data)
    network, state = vessel_networks.load_run(config.runs, config.name)
    choice = read_choice(config.runs, config.name)
    model = export.to_onnx(network, tiles.TILE)
    session = inference.create_session(model, config.threads)
    difference = check_agreement(session, network, fundus.load(root, "chase-train")[:3], choice["diameter"])
    place = choice["diameter"], choice["threshold"]
    run, test = vessel_prediction.onnx_runner(session), fundus.load(root, "chase-test")
    figures = {
        "cross_validation": {name: rounded(found) for name, found in vessel_evaluation.cross_validate(
            root, config.runs, config.name, *place).items()},
        "test": {"set": "chase-test", **rounded(vessel_evaluation.evaluate(run, test, *place))},
        "drive": rounded(vessel_evaluation.evaluate(run, fundus.load(root, "drive"), *place)),
        "second_observer": {"set": "chase-test", **rounded(vessel_evaluation.second_observer(test))},
    }
    card = create_card(config, state, model, choice, figures)
    write_files(Path(config.vessels) / config.name, {"model.onnx": model, "card.json": cards.to_json(card).encode()})
    vessel_page.write(config.vessels)
    print(f"{config.name}: {len(model):,} bytes, {card['macs']:,} MACs a tile, "
          f"ONNX Runtime within {difference:.1e} of PyTorch")
    for block in figures:
        print(block, card[block])
    return card
