"""The choice of the scale and the threshold at which a network for vessels runs, by cross-validation.

Each fold's run predicts the photographs that it was not trained on, at every diameter of the field of view. A choice's
score is the mean of the two sets' mean Dice inside the field of view, at the photographs' own size. Because the time
grows with the square of the diameter, the smallest one nearly as good as the best is taken.
"""

import json
from dataclasses import dataclass

import numpy as np
import torch

from dermaloupe_recipe import checkpoints, fundus, vessel_metrics, vessel_networks, vessel_prediction
from dermaloupe_recipe.files import write_text
from dermaloupe_recipe.losses import resize_map
from dermaloupe_recipe.vessel_training import SETS

ACCEPTED_LOSS = 0.0025  # of the score, for a smaller diameter
THRESHOLDS = tuple(round(0.3 + 0.02 * i, 2) for i in range(21))


@dataclass
class Config:
    name: str = "wnet"  # of the runs: NAME-f0, NAME-f1, NAME-f2
    folds: str = "0,1,2"  # those whose runs there are
    diameters: str = "950,1100,1200,1300,1500"  # of the field of view, in pixels
    runs: str = ""  # folder of all runs
    data: str = ""  # data folder
    device: str = ""  # "cpu" or "cuda"; empty: a GPU if there is one
    threads: int = 1
    out: str = ""  # a JSON file for the table; empty: RUNS/NAME-selection.json


def left_out(root, fold):
    """The photographs that a fold's run was not trained on."""
    return [photo for name in SETS for photo in fundus.load(root, name, fold, validation=True)]


def dice_of(network, photo, diameter, device):
    """The Dice at every threshold, with the network at this diameter of the field of view."""
    scale = diameter / fundus.diameter(photo.field_of_view)
    found = vessel_prediction.predict_whole(network, photo, scale, device)[None, None]
    found = resize_map(found, photo.photo.shape[:2])[0, 0]
    inside, vessels = (torch.from_numpy(mask).to(device) for mask in (photo.field_of_view, photo.vessels))
    return vessel_metrics.dice_by_threshold(found[inside], vessels[inside], THRESHOLDS)


def choose(table):
    """The diameter and threshold; `table` has {set: Dice by threshold} by diameter."""
    scores = {diameter: np.mean(list(by_set.values()), axis=0) for diameter, by_set in table.items()}
    best = max(float(score.max()) for score in scores.values())
    diameter = min(d for d, score in scores.items() if score.max() >= best - ACCEPTED_LOSS)
    i = int(np.argmax(scores[diameter]))
    return {"diameter": diameter, "threshold": THRESHOLDS[i], "score": float(scores[diameter][i]), "best_score": best,
            "dice": {name: row[i] for name, row in table[diameter].items()}}


def choose_from(content):
    """The choice by the table in a file that `select` wrote."""
    return choose({int(diameter): by_set for diameter, by_set in content["table"].items()})


def select(config):
    """Prints the best threshold's Dice by diameter and set, writes the table and returns the choice."""
    torch.set_num_threads(config.threads)
    device = torch.device(config.device or ("cuda" if torch.cuda.is_available() else "cpu"))
    root = fundus.data_root(config.data)
    diameters = [int(word) for word in config.diameters.split(",")]
    rows = {diameter: {} for diameter in diameters}
    for fold in (int(word) for word in config.folds.split(",")):
        network, _ = vessel_networks.load_run(config.runs, f"{config.name}-f{fold}", device)
        for photo in left_out(root, fold):
            for diameter in diameters:
                rows[diameter].setdefault(photo.set, []).append(dice_of(network, photo, diameter, device))
    table = {d: {name: np.mean(values, axis=0).tolist() for name, values in by_set.items()}
             for d, by_set in rows.items()}
    chosen = choose(table)
    for diameter, by_set in table.items():
        best = {name: int(np.argmax(row)) for name, row in by_set.items()}
        print(f"{config.name} {diameter:5d} px  " + "  ".join(
            f"{name} {by_set[name][i]:.4f} at {THRESHOLDS[i]}" for name, i in best.items()), flush=True)
    print(f"{config.name}: chosen {chosen}", flush=True)
    out = config.out or checkpoints.run_folder(config.runs, f"{config.name}-selection.json")
    write_text(out, json.dumps({"chosen": chosen, "thresholds": THRESHOLDS, "table": table}, indent=1) + "\n")
    return chosen
