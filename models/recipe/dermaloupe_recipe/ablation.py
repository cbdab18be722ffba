"""Ablation of the distillation loss: one student, trained with four losses from the same initial weights.

The losses are: the masks alone; with the teacher's outputs; with its features too, unweighted; and with its features
divided by their mean squares, which is the loss that the zoo is trained with. All four see the same batches in the
same order. The metrics are of the validation split; one run each, so that small differences are noise.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

from dermaloupe_recipe import checkpoints, distillation
from dermaloupe_recipe.files import RECIPE, write_text

TABLE = RECIPE / "ablation.json"
VARIANTS = {  # name -> difference from the loss that the zoo is trained with
    "plain": {"output_weight": 0.0, "feature_weight": 0.0},
    "output": {"feature_weight": 0.0},
    "output-features": {"normalise_features": 0},
    "output-features-normalised": {},
}


@dataclass
class Config(distillation.Config):
    network: str = "efficient"  # the student
    epochs: int = 30
    out: str = str(TABLE)  # the table that the zoo's page shows


def variant_configs(config):
    """The four runs, named STUDENT-ablation-VARIANT."""
    common = {name: value for name, value in vars(config).items() if name != "out"}
    return [
        replace(distillation.Config(**common), name=f"{config.network}-ablation-{variant}", **changes)
        for variant, changes in VARIANTS.items()
    ]


def ablate(config):
    """Trains the four variants and writes the table; returns it, or None when stopped before the end."""
    trainers = distillation.distil_together(variant_configs(config))
    if trainers[0].epoch < config.epochs:
        return None
    start_run = checkpoints.run_folder(config.runs, f"{config.network}-{config.start}")
    start = checkpoints.load(start_run / "best.pt", config.network)
    table = {"student": config.network, "epochs": config.epochs, "seed": config.seed, "split": "val",
             "start": round(start["val"]["pooled_iou"], 6), "arms": []}
    for variant, trainer in zip(VARIANTS, trainers):
        best = checkpoints.load(trainer.folder / "best.pt", config.network)
        losses = json.loads((trainer.folder / "distillation.json").read_text())
        table["arms"].append({
            "name": variant, "pooled_iou": round(best["val"]["pooled_iou"], 6),
            "mean_dice": round(best["val"]["mean_dice"], 6),
            "last_pooled_iou": round(trainer.validate()["pooled_iou"], 6),
            "output_loss": losses["output_loss"]["val"], "feature_loss": losses["feature_loss"]["val"],
        })
        print(table["arms"][-1], flush=True)
    write_text(Path(config.out), json.dumps(table, indent=2) + "\n")
    return table
