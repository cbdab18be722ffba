"""Export of a run's best checkpoint to `models/zoo/NAME/model.onnx` with its `card.json`.

The graph takes normalised photographs and returns probabilities. Files are written only after ONNX Runtime has been
compared with PyTorch and the test split has been evaluated. The same checkpoint always gives the same bytes.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
import torch

from dermaloupe_recipe import cards, checkpoints, data, evaluation, networks, onnx_graph, training_commands
from dermaloupe_recipe.errors import RecipeError
from dermaloupe_recipe.files import ZOO, write_files
from dermaloupe_recipe.inference import create_session, evaluate_onnx, predict, predict_onnx
from dermaloupe_recipe.onnx_file import to_onnx

TOLERANCE = 1e-4  # of a probability, and of pooled_iou, between ONNX Runtime and PyTorch


class ExportError(RecipeError):
    """The exported graph is wrong; nothing was written."""


@dataclass
class Config:
    network: str = "malunet"
    name: str = ""  # of the run and of the folder in the zoo; empty: the network's name
    runs: str = ""  # folder of all runs, as given to train.py
    checkpoint: str = ""  # another checkpoint than the run's best.pt
    zoo: str = str(ZOO)
    data: str = ""  # data folder, as given to train.py
    split: str = "test"  # the split whose metrics the card shows; val to look at an unfinished run


def synthetic_photos(count=8, seed=1):
    """Photographs of noise and of smooth blobs, to compare two inference engines on."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(count, 3, 8, 8, generator=generator) * 255
    smooth = torch.nn.functional.interpolate(coarse, size=data.IMAGE_SIZE, mode="bicubic").clamp(0, 255)
    smooth[::2] = torch.rand(smooth[::2].shape, generator=generator) * 255
    return smooth.to(torch.uint8)


def check_agreement(session, network, photos):
    """The largest difference between ONNX Runtime and PyTorch; an ExportError if it is too large."""
    network.eval()
    with torch.inference_mode():
        expected = torch.cat([torch.sigmoid(network(data.normalise(photo[None])))[:, 0] for photo in photos])
    difference = float(np.abs(predict_onnx(session, photos) - expected.numpy()).max())
    if not difference < TOLERANCE:
        raise ExportError(f"ONNX Runtime and PyTorch differ by {difference:.2e}, at most {TOLERANCE:.0e} is allowed")
    return difference


def evaluate_split(session, network, split):
    """A split's metrics by ONNX Runtime; an ExportError if PyTorch's differ."""
    metrics = evaluate_onnx(session, split)
    expected = evaluation.evaluate(predict(network, split.photos).numpy(), split.masks.numpy())
    if abs(metrics["pooled_iou"] - expected["pooled_iou"]) > TOLERANCE:
        raise ExportError(f"pooled_iou is {metrics['pooled_iou']} by ONNX Runtime, {expected['pooled_iou']} by PyTorch")
    return metrics


def commands_of(config, state):
    """All commands that made the network, in order."""
    exported = vars(config) | {"name": "" if config.name == config.network else config.name}
    hidden = {"runs", "data", "checkpoint", "zoo", "split"}
    own = training_commands.command_of("export.py", Config(), exported, hidden)
    return [*training_commands.commands_of(state), own]


def export(config):
    """Exports, compares, evaluates, and only then writes the model and its card. Returns the card."""
    torch.set_num_threads(1)
    config = replace(config, name=config.name or config.network)
    path = config.checkpoint or checkpoints.run_folder(config.runs, config.name) / "best.pt"
    state = checkpoints.load(path, config.network)
    network = networks.create(config.network)
    network.load_state_dict(state["weights"])
    root = data.data_root(config.data)
    split = data.load(root, config.split)
    split_sizes = {name: len(data.split_ids(root, name)) for name in ("train", "val", "test")}
    model = to_onnx(network)
    session = create_session(model)
    difference = check_agreement(session, network, synthetic_photos())
    test = cards.rounded(config.split, evaluate_split(session, network, split))
    centre_crop = cards.rounded(config.split, evaluate_onnx(session, data.centre_crop(split)))
    card = cards.create_card(config.name, state, model, commands_of(config, state), split_sizes, test, centre_crop)
    write_files(Path(config.zoo) / config.name, {"model.onnx": model, "card.json": cards.to_json(card).encode()})
    print(f"{config.name}: epoch {state['epoch']}, {len(model):,} bytes, {card['macs']:,} MACs, "
          f"ONNX Runtime within {difference:.1e} of PyTorch")
    for block in ("test", "centre_crop"):
        shown = "  ".join(f"{key} {value}" for key, value in card[block].items() if key != "split")
        print(f"{config.split}, {block}: {shown}")
    return card
