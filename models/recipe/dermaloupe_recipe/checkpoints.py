"""Checkpoints of a run: where they are, how they are written and read, and the names in older ones.

A run's folder has `last.pt`, to resume training from, and `best.pt`, to export.
"""

import subprocess
from pathlib import Path

import torch

from dermaloupe_recipe import networks
from dermaloupe_recipe.files import RECIPE, cache_folder, write_file

# Names in checkpoints written before the recipe was a library, and what they are called now.
FORMER_SETTINGS = {
    "rate": "learning_rate", "rate_end": "final_learning_rate", "average": "ema_decay", "batch": "batch_size",
    "sides": "image_sizes", "supervision": "deep_supervision", "corners": "dark_corners", "council": "ensemble",
    "output": "output_weight", "features": "feature_weight", "normalised": "normalise_features",
}
FORMER_MODULES = {
    "bottom": "bottleneck", "widen": "expand", "widen_norm": "expand_norm", "narrow": "project",
    "narrow_norm": "project_norm", "look": "spatial_conv", "along": "channel_conv", "sides": "side_heads",
}
FORMER_KEYS = {"learner": "model", "mean": "ema"}


def run_folder(runs, name):
    """The folder of a run; `runs` is the folder of all runs, empty for `runs` in the cache folder."""
    return Path(runs or cache_folder() / "runs") / name


def recipe_commit():
    """The last commit that touched the recipe, with '-dirty' when its files have been changed since."""
    def git(*words):
        return subprocess.run(["git", *words], cwd=RECIPE, capture_output=True, text=True, check=True).stdout.strip()

    try:
        commit = git("log", "-1", "--format=%H", "--", ".")
        return (commit or "uncommitted") + ("-dirty" if git("status", "--porcelain", "--", ".") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def save(path, content):
    write_file(path, lambda out: torch.save(content, out))


def load(path, network_name=None):
    """A checkpoint with current names, except in its `config` and `start`, which name options as its commit does.

    It is refused when it is of another network than `network_name`.
    """
    path = Path(path)
    if not path.is_file():
        raise SystemExit(f"no checkpoint; train first, or name another with --checkpoint: {path}")
    state = torch.load(path, map_location="cpu", weights_only=True)
    found = state.get("config", {}).get("network")
    if network_name and found != network_name:
        raise SystemExit(f"checkpoint is of network '{found}', expected '{network_name}': {path}")
    state = {FORMER_KEYS.get(key, key): value for key, value in state.items()}
    if found and found not in networks.PAPER_PARAMETERS:  # younger than the former names, some of which may be its own
        return state
    return state | {key: current_modules(state[key]) for key in ("weights", "model", "ema") if key in state}


def current_modules(state_dict):
    """A state dict with the current module names."""
    return {".".join(FORMER_MODULES.get(word, word) for word in name.split(".")): value
            for name, value in state_dict.items()}


def current_settings(settings):
    """A checkpoint's settings with the current option names."""
    return {FORMER_SETTINGS.get(name, name): value for name, value in settings.items()}


def load_network(path, network_name=None):
    """A checkpoint's network, in evaluation mode and in the form that it was trained in, and the checkpoint."""
    state = load(path, network_name)
    network = networks.create(state["config"]["network"], npu=state["config"].get("form", "npu") == "npu")
    network.load_state_dict(state["weights"])
    return network.eval(), state
