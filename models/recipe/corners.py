"""How much of a dermatoscope's dark corners a network takes for lesion; by default the zoo's model, on val.

First the photographs as they are; then the same with seeded corners painted in, several times over; then those whose
corners are black by themselves. `corner_false_positive` is the mean over photographs of the share of the dark corners
that is predicted lesion.
"""

import sys
from dataclasses import dataclass

import numpy as np
import torch
from scipy import ndimage

import augment
import data
import evaluate
import export
import networks
import options
import train

BLACK_BELOW = 48  # of the brightest channel, slightly smoothed


@dataclass
class Config:
    network: str = "malunet"  # of the zoo, or of the checkpoint
    checkpoint: str = ""  # judges this checkpoint of train.py instead of the model
    data: str = ""  # data folder, as given to train.py
    split: str = "val"  # the split that decides; test is for the card alone
    rounds: int = 4  # each photograph is painted this many times
    seed: int = 7


def corner_false_positive(predicted, dark):
    """The mean share of the dark pixels that is predicted, over the photographs that have some; bool [N, H, W]."""
    shares = [(p & d).sum() / d.sum() for p, d in zip(predicted, dark) if d.any()]
    return float(np.mean(shares)) if shares else 0.0


def black_corners(photo, reference):
    """What is black and touches a corner, and is no lesion by the reference: bool [H, W] of uint8 [3, H, W]."""
    black = ndimage.uniform_filter(photo.max(axis=0).astype(float), 5) < BLACK_BELOW
    parts, _ = ndimage.label(black)
    touching = {parts[y, x] for y in (0, -1) for x in (0, -1)} - {0}
    return np.isin(parts, list(touching)) & ~reference


def measure(predict, split, rounds, seed):
    """The figures by name. `predict` answers probability maps [N, H, W] of uint8 photographs [N, 3, H, W]."""
    references = split.masks.numpy()
    plain = predict(split.photos)
    real = np.stack([black_corners(p, r) for p, r in zip(split.photos.numpy(), references)])
    generator = torch.Generator().manual_seed(seed)
    maps, masks, dark = [], [], []
    for _ in range(rounds):
        photos, seen, hidden = augment.paint_corners(split.photos.float(), split.masks, generator, share=1.0)
        some = hidden.any(dim=(1, 2))
        maps.append(predict(photos[some].round().to(torch.uint8)))
        masks.append(seen[some].numpy())
        dark.append(hidden[some].numpy())
    maps, masks, dark = (np.concatenate(parts) for parts in (maps, masks, dark))

    def figures(maps, references, dark):
        judged = evaluate.judge(maps, references)
        chosen = {key: judged[key] for key in ("n", "pooled_iou", "mean_iou", "mean_dice")}
        return {**chosen, "corner_false_positive": corner_false_positive(maps >= 0.5, dark)}

    own = real.any(axis=(1, 2))
    return {
        "plain": {key: value for key, value in evaluate.judge(plain, references).items()},
        "painted": figures(maps, masks, dark),
        "black by themselves": figures(plain[own], references[own], real[own]) if own.any() else {"n": 0},
    }


def predictor(config):
    if not config.checkpoint:
        running = export.session(export.ZOO / config.network / "model.onnx")
        return lambda photos: export.at_photo_size(export.run_onnx(running, photos))
    network = networks.make(config.network)
    network.load_state_dict(train.load_checkpoint(config.checkpoint, config.network)["weights"])
    return lambda photos: train.predict(network, photos).numpy()


def main(config):
    torch.set_num_threads(1)
    split = data.load(data.data_root(config.data), config.split)
    for name, figures in measure(predictor(config), split, config.rounds, config.seed).items():
        shown = (f"{key} {value}" if key == "n" else f"{key} {value:.4f}" for key, value in figures.items())
        print(f"{config.split}, {name}: " + "  ".join(shown))


if __name__ == "__main__":
    try:
        main(options.parse(Config, __doc__))
    except data.DataError as problem:
        sys.exit(f"corners.py: {problem}")
