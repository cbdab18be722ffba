"""Probability maps of the zoo's networks, computed once and kept as logits in the cache folder.

float16 logits keep what float16 probabilities would lose near 0 and 1. A file is named after the ONNX file's hash, so a
network that was exported again is computed again. An interrupted computation goes on where it was: finished parts are
kept in a folder beside the file until it is whole.
"""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from dermaloupe_recipe import data, evaluation_sets, inference
from dermaloupe_recipe.cards import artefact, read_card, sha256
from dermaloupe_recipe.errors import RecipeError
from dermaloupe_recipe.files import ZOO, cache_folder, write_file
from dermaloupe_recipe.losses import resize_map

PART = 100  # photographs whose maps are kept together as soon as they are computed
EPSILON = 1e-6  # probabilities are clipped to [EPSILON, 1 - EPSILON] before their logit is taken


class MapError(RecipeError):
    """Maps that cannot be computed; the message says why."""


@dataclass
class Config:
    networks: str = ""  # separated by commas; empty: all of the zoo
    sets: str = ",".join(evaluation_sets.NAMES)
    maps: str = ""  # folder of the maps; empty: 'maps' in the cache folder
    zoo: str = str(ZOO)
    data: str = ""  # data folder, as given to train.py
    careful: bool = False  # the mean of the eight turned and mirrored photographs


def logit(probabilities):
    clipped = np.clip(probabilities, EPSILON, 1 - EPSILON).astype(np.float64)
    return np.log(clipped) - np.log1p(-clipped)


def sigmoid(logits):
    return 1 / (1 + np.exp(-np.asarray(logits, np.float64)))


def sorted_downwards(logits):
    """The logits of each map, float16 [N, h, w], sorted: [N, h * w]. As integers, which is five times as fast."""
    bits = logits.reshape(len(logits), -1).view(np.int16)
    for row in bits:
        ordered = np.sort(np.where(row < 0, row ^ 0x7FFF, row), kind="stable")[::-1]
        yield np.where(ordered < 0, ordered ^ 0x7FFF, ordered).astype(np.int16).view(np.float16)


def turned(photo, turn):
    """One of the eight ways to turn and mirror the last two axes, a square; 0 is as it is."""
    mirrored = torch.flip(photo, (-1,)) if turn >= 4 else photo
    return torch.rot90(mirrored, turn % 4, (-2, -1))


def turned_back(pixels, turn):
    """The inverse of `turned`."""
    upright = torch.rot90(pixels, -(turn % 4), (-2, -1))
    return torch.flip(upright, (-1,)) if turn >= 4 else upright


def predict(session, photo, careful=False):
    """A photograph's probability map [h, w], at the network's output size."""
    turns = range(8) if careful else range(1)
    maps = [turned_back(torch.from_numpy(inference.predict_onnx(session, [turned(photo, turn)])[0]), turn)
            for turn in turns]
    return torch.stack(maps).mean(0).numpy()


def file_of(folder, name, hash_, set_name, careful=False):
    base = Path(folder) if folder else cache_folder() / "maps"
    return base / f"{name}-{'careful-' if careful else ''}{set_name}-{hash_[:12]}.npz"


def load_network(zoo, name):
    """(the ONNX file's content, its SHA-256) of a network of the zoo."""
    card = read_card(Path(zoo) / name)
    if card is None:
        raise MapError(f"no network of this name, expected its card: {Path(zoo) / name / 'card.json'}")
    content = (Path(zoo) / name / artefact(card, "onnx")["file"]).read_bytes()
    if sha256(content) != artefact(card, "onnx")["sha256"]:
        raise MapError(f"the ONNX file is not the one that its card names; export it again: {Path(zoo) / name}")
    return content, sha256(content)


def kept_logits(path, ids):
    """The logits in a file of maps of exactly these photographs, None if there is none."""
    if not path.is_file():
        return None
    with np.load(path) as kept:
        return kept["logits"] if kept["ids"].tolist() == ids else None


def keep(path, ids, logits):
    write_file(path, lambda out: np.savez(out, ids=np.array(ids), logits=logits))


def computed_logits(session, photographs, careful, folder):
    """The logits of all photographs; each part is read from `folder`, or computed and kept there."""
    parts = []
    for start in range(0, len(photographs), PART):
        part, path = replace(photographs, rows=photographs.rows[start : start + PART]), folder / f"{start}.npz"
        logits = kept_logits(path, part.ids)
        if logits is None:
            logits = np.stack([logit(predict(session, photo, careful)).astype(np.float16) for photo in part.photos()])
            keep(path, part.ids, logits)
        parts.append(logits)
    return np.concatenate(parts)


def logits_of(zoo, name, photographs, folder="", careful=False):
    """The logits of a network's maps of an EvaluationSet, float16 [N, h, w]: from the cache, or computed and kept."""
    content, hash_ = load_network(zoo, name)
    path = file_of(folder, name, hash_, photographs.name, careful)
    logits = kept_logits(path, photographs.ids)
    if logits is not None:
        return logits
    parts = path.with_suffix(".parts")
    logits = computed_logits(inference.create_session(content), photographs, careful, parts)
    keep(path, photographs.ids, logits)
    shutil.rmtree(parts)
    print(f"computed: {path.name}", flush=True)
    return logits


def at_size(logits, size):
    """The probability map of a photograph at `size` (height, width), float32: bilinear, as the program does it."""
    maps = torch.from_numpy(sigmoid(logits).astype(np.float32))[None, None]
    return resize_map(maps, size)[0, 0].numpy()


def names_of(config):
    """The networks that a config names, by default all of the zoo."""
    return [name.strip() for name in config.networks.split(",") if name.strip()] or sorted(
        path.parent.name for path in Path(config.zoo).glob("*/card.json"))


def compute(config):
    """Computes the maps that are missing."""
    torch.set_num_threads(1)
    root = data.data_root(config.data)
    for set_name in filter(None, config.sets.split(",")):
        photographs = evaluation_sets.read(root, set_name)
        for name in names_of(config):
            logits_of(config.zoo, name, photographs, config.maps, config.careful)
