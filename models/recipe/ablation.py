"""What each part of the distillation is worth: one student taught in four ways from the same start.

Plainly, with the teacher's answers, with its features unweighed as well, and with its features weighed by their norms,
which is the loss that ships. All four see the same photographs in the same order. The figures are of the validation
split and go to `ablation.json`, which the zoo's table shows; one run each, so that small differences are noise.
"""

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import data
import distill
import options
import train

TABLE = Path(__file__).resolve().parent / "ablation.json"
ARMS = {  # name -> what differs from the loss that ships
    "plain": {"output": 0.0, "features": 0.0},
    "output": {"features": 0.0},
    "output-features": {"normalised": 0},
    "output-features-normalised": {},
}


@dataclass
class Config(distill.Config):
    network: str = "efficient"  # the student
    epochs: int = 30
    out: str = str(TABLE)


def arms_of(config):
    """The four runs, named STUDENT-ablation-ARM."""
    own = {name: value for name, value in vars(config).items() if name != "out"}
    own["name"] = ""
    return [
        replace(distill.Config(**own), name=f"{config.network}-ablation-{arm}", **changes)
        for arm, changes in ARMS.items()
    ]


def ablate(config):
    trainers = distill.distil_together(arms_of(config))
    if trainers[0].epoch < config.epochs:
        return None
    start = train.load_checkpoint(train.run_folder(replace(trainers[0].config, name=f"{config.network}-{config.start}"))
                                  / "best.pt", config.network)
    table = {"student": config.network, "epochs": config.epochs, "seed": config.seed, "split": "val",
             "start": round(start["val"]["pooled_iou"], 6), "arms": []}
    for arm, trainer in zip(ARMS, trainers):
        best = train.load_checkpoint(trainer.folder / "best.pt", config.network)
        gap = json.loads((trainer.folder / "distillation.json").read_text())
        table["arms"].append({
            "name": arm, "pooled_iou": round(best["val"]["pooled_iou"], 6),
            "mean_dice": round(best["val"]["mean_dice"], 6),
            "last_pooled_iou": round(trainer.validate()["pooled_iou"], 6),
            "output_loss": gap["output_loss"]["val"], "feature_loss": gap["feature_loss"]["val"],
        })
        print(table["arms"][-1], flush=True)
    train.write_text(Path(config.out), json.dumps(table, indent=2) + "\n")
    return table


if __name__ == "__main__":
    try:
        ablate(options.parse(Config, __doc__))
    except data.DataError as problem:
        sys.exit(f"ablation.py: {problem}")
