"""The light transformer's designs beside each other, a standard U-Net and two MALUNets: trained alike, measured alike.

All start from random weights and see the same photographs in the same order, for a short schedule, far shorter than the
zoo's. There is one run of each, so that small differences are noise. Quality is measured on val, at the size of
training; speed at 256x256, for which weights do not matter: the fastest of many runs, in turns, because on a busy
machine the others say how busy it was.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch

from dermaloupe_recipe import (
    checkpoints, data, designs_page, evaluation, export, head_pruning, inference, lightformer, map_cache, networks,
    onnx_graph, pruning, training,
)
from dermaloupe_recipe.errors import RecipeError
from dermaloupe_recipe.files import ZOO, write_text
from dermaloupe_recipe.fixtures.surface_distances import surface_metrics

NAMES = (*lightformer.DESIGNS, "standard-unet", "malunet", "globalatt")
STEPS = ("train", "prune", "quality", "speed", "finished", "page")
THREADS = (1, 2)


class ComparisonError(RecipeError):
    """A comparison that cannot be made; the message says why."""


@dataclass
class Config:
    designs: str = ",".join(NAMES)  # separated by commas
    steps: str = "train,quality,speed,page"  # of train, prune, quality, speed, finished and page, separated by commas
    epochs: int = 5
    image_size: int = 128  # in training and when quality is measured
    learning_rate: float = 2e-3
    seed: int = 20170
    share: float = 0.7  # of the parameters of all heads, which `prune` keeps at most
    finished: str = "lightformer"  # the run that `finished` measures at 256x256, of the network of that name
    split: str = "val"  # of `finished`
    speed_runs: int = 40
    runs: str = ""  # folder of all runs, as given to train.py
    data: str = ""  # data folder, as given to train.py
    limit: int = 0  # use only the first photographs of each split; 0: all (for tests)
    out: str = str(designs_page.TABLE)
    page: str = str(designs_page.PAGE)


def run_config(config, name):
    """The training of a design; its run is named NAME-design."""
    return training.Config(network=name, name=f"{name}-design", epochs=config.epochs, seed=config.seed,
                           image_sizes=f"{config.image_size}x1", learning_rate=config.learning_rate,
                           runs=config.runs, data=config.data, limit=config.limit)


def trained(config, name):
    """A design's network with its best weights."""
    return checkpoints.load_network(training.run_folder(run_config(config, name)) / "best.pt", name)[0]


def size_figures(name):
    """Parameters, multiply-accumulates and bytes of the ONNX file at 256x256; with that file's content."""
    network = networks.create(name)
    content = export.to_onnx(network)
    return {"parameters": networks.count_parameters(network), "onnx_bytes": len(content),
            "macs": onnx_graph.count_macs(onnx.load_from_string(content))}, content


def surface_means(maps, references):
    """Means of ASSD and HD95 in pixels over the photographs with an outline, and their number."""
    found = [surface_metrics(probability >= 0.5, reference) for probability, reference in zip(maps, references)]
    found = [metrics for metrics in found if metrics["assd_px"] is not None]
    return {**{key: float(np.mean([metrics[key] for metrics in found])) if found else None
               for key in ("assd_px", "hd95_px")}, "outlines": len(found)}


def quality(network, split, size):
    """The figures of a network that sees photographs of `size` pixels; its maps are measured at 256x256."""
    photos = data.resize(split, size).photos
    maps = inference.at_photo_size(inference.predict(network, photos).numpy(), tuple(split.masks.shape[-2:]))
    references = split.masks.numpy()
    figures = evaluation.evaluate(maps, references) | surface_means(maps, references)
    return {key: round(value, 6) if isinstance(value, float) else value for key, value in figures.items()}


def millis(contents, runs):
    """{name: {threads: milliseconds of one 256x256 photograph, the fastest}} by ONNX Runtime, in turns."""
    image = {"input": np.zeros((1, 3, data.IMAGE_SIZE, data.IMAGE_SIZE), np.float32)}
    times = {name: {} for name in contents}
    for threads in THREADS:
        sessions = {name: inference.create_session(content, threads) for name, content in contents.items()}
        taken = {name: [] for name in contents}
        for run in range(runs + 2):
            for name, session in sessions.items():
                began = time.perf_counter()
                session.run(None, image)
                if run >= 2:  # the first runs allocate
                    taken[name].append(time.perf_counter() - began)
        for name in contents:
            times[name][str(threads)] = round(1000 * min(taken[name]), 3)
    return times


def choose_heads(config, split):
    """The heads that the light transformer keeps, and what it is worth before and without any further training."""
    network = trained(config, "lightformer")
    before = quality(network, split("val"), config.image_size)
    batches = pruning.training_batches(pruning.Config(seed=config.seed),
                                       data.resize(split("train"), config.image_size))
    kept = head_pruning.choose_heads(network, batches, config.share)
    pruned = head_pruning.without_other_heads(network, lightformer.DESIGNS["lightformer"], kept)
    return {"kept": kept, "share": config.share, "pooled_iou": before["pooled_iou"],
            "pruned_pooled_iou": quality(pruned, split("val"), config.image_size)["pooled_iou"],
            "parameters": networks.count_parameters(pruned)}


def finished_figures(config, split, globalatt):
    """The figures at 256x256 of a run that was trained to its end, beside those of the recommended network.

    `globalatt` has the latter's pooled_iou of the splits that were measured before.
    """
    network, state = checkpoints.load_network(
        checkpoints.run_folder(config.runs, config.finished) / "best.pt", config.finished)
    keys = ("epochs", "image_sizes", "learning_rate", "seed", "teacher")
    trainings = [{key: settings[key] for key in keys if key in settings}
                 for settings in (state.get("start"), state["config"]) if settings]
    session = inference.create_session(map_cache.load_network(ZOO, "globalatt")[0])
    shipped = round(inference.evaluate_onnx(session, split(config.split))["pooled_iou"], 6)
    return {config.split: quality(network, split(config.split), data.IMAGE_SIZE), "trainings": trainings,
            "epoch": state["epoch"], "commit": state["commit"], "globalatt": globalatt | {config.split: shipped}}


def chosen(words, known, what):
    found = [word.strip() for word in words.split(",") if word.strip()]
    if unknown := [word for word in found if word not in known]:
        raise ComparisonError(f"no {what} '{unknown[0]}'; there are: {', '.join(known)}")
    return found


def compare(config):
    """Does the steps, and writes the figures after each; those of other steps and designs stay. Returns the table."""
    torch.set_num_threads(1)
    names, steps = chosen(config.designs, NAMES, "design"), chosen(config.steps, STEPS, "step")
    out, splits = Path(config.out), {}
    table = json.loads(out.read_text()) if out.is_file() else {"networks": {}}

    def split(name):
        if name not in splits:
            splits[name] = data.load(data.data_root(config.data), name, config.limit or None)
        return splits[name]

    def keep(name, figures):
        table["networks"].setdefault(name, {}).update(figures)
        write_text(out, json.dumps(table, indent=2) + "\n")
        print(f"{name}: {json.dumps(figures)}", flush=True)

    for name in names if "train" in steps else ():
        training.train(run_config(config, name))
    if "prune" in steps:
        table["pruning"] = choose_heads(config, split)
        print(f"pruning: {json.dumps(table['pruning'])}", flush=True)
    for name in names if "quality" in steps else ():
        table["training"] = {key: getattr(config, key) for key in ("epochs", "image_size", "learning_rate", "seed")}
        table["training"]["photographs"] = config.limit or len(data.split_ids(data.data_root(config.data), "train"))
        keep(name, {"val": quality(trained(config, name), split("val"), config.image_size)})
    if "speed" in steps:
        sizes = {name: size_figures(name) for name in names}
        times = millis({name: content for name, (_, content) in sizes.items()}, config.speed_runs)
        for name, (figures, _) in sizes.items():
            keep(name, figures | {"millis": times[name]})
        table["speed_runs"] = config.speed_runs
    if "finished" in steps:
        former = table.get("finished", {})
        table["finished"] = former | finished_figures(config, split, former.get("globalatt", {}))
        print(f"finished: {json.dumps(table['finished'])}", flush=True)
    table["networks"] = {name: table["networks"][name] for name in NAMES if name in table["networks"]}
    write_text(out, json.dumps(table, indent=2) + "\n")
    if "page" in steps:
        designs_page.write(out, config.page)
    return table
