"""How much of a dermatoscope's dark corners a network predicts as lesion.

Measured on the photographs as they are, on the same photographs with randomly painted corners, several times over,
and on those whose own corners are black. `corner_false_positive` is the mean over photographs of the share of the dark
corners that is predicted as lesion.
"""

from dataclasses import dataclass

import numpy as np
import torch
from scipy import ndimage

from dermaloupe_recipe import augment, checkpoints, data, evaluation, inference
from dermaloupe_recipe.files import ZOO

BLACK_BELOW = 48  # of the brightest channel, slightly smoothed


@dataclass
class Config:
    network: str = "malunet"  # in the zoo, or of the checkpoint
    checkpoint: str = ""  # evaluates this checkpoint instead of the model in the zoo
    data: str = ""  # data folder, as given to train.py
    split: str = "val"  # the split that decides; test is for the card alone
    rounds: int = 4  # how many times each photograph is painted
    seed: int = 7


def corner_false_positive(predicted, dark):
    """The mean share of dark pixels that is predicted, over photographs that have some; bool [N, H, W]."""
    shares = [(p & d).sum() / d.sum() for p, d in zip(predicted, dark) if d.any()]
    return float(np.mean(shares)) if shares else 0.0


def black_corners(photo, reference):
    """Black regions that touch a corner, outside the reference mask: bool [H, W] of uint8 [3, H, W]."""
    black = ndimage.uniform_filter(photo.max(axis=0).astype(float), 5) < BLACK_BELOW
    labels, _ = ndimage.label(black)
    touching = {labels[y, x] for y in (0, -1) for x in (0, -1)} - {0}
    return np.isin(labels, list(touching)) & ~reference


def corner_metrics(maps, references, dark):
    metrics = evaluation.evaluate(maps, references)
    shown = {key: metrics[key] for key in ("n", "pooled_iou", "mean_iou", "mean_dice")}
    return {**shown, "corner_false_positive": corner_false_positive(maps >= 0.5, dark)}


def measure(predict, split, rounds, seed):
    """The metrics by name; `predict` returns probability maps [N, H, W] of uint8 photographs [N, 3, H, W]."""
    references = split.masks.numpy()
    plain = predict(split.photos)
    real = np.stack([black_corners(p, r) for p, r in zip(split.photos.numpy(), references)])
    generator = torch.Generator().manual_seed(seed)
    maps, masks, dark = [], [], []
    for _ in range(rounds):
        photos, visible, hidden = augment.paint_dark_corners(split.photos.float(), split.masks, generator, share=1.0)
        painted = hidden.any(dim=(1, 2))
        maps.append(predict(photos[painted].round().to(torch.uint8)))
        masks.append(visible[painted].numpy())
        dark.append(hidden[painted].numpy())
    maps, masks, dark = (np.concatenate(parts) for parts in (maps, masks, dark))
    own = real.any(axis=(1, 2))
    return {
        "plain": evaluation.evaluate(plain, references),
        "painted": corner_metrics(maps, masks, dark),
        "own black corners": corner_metrics(plain[own], references[own], real[own]) if own.any() else {"n": 0},
    }


def create_predictor(config):
    if not config.checkpoint:
        session = inference.create_session(ZOO / config.network / "model.onnx")
        return lambda photos: inference.at_photo_size(inference.predict_onnx(session, photos))
    network, _ = checkpoints.load_network(config.checkpoint, config.network)
    return lambda photos: inference.predict(network, photos).numpy()


def report(config):
    """Measures a network and prints the metrics."""
    torch.set_num_threads(1)
    split = data.load(data.data_root(config.data), config.split)
    for name, metrics in measure(create_predictor(config), split, config.rounds, config.seed).items():
        shown = (f"{key} {value}" if key == "n" else f"{key} {value:.4f}" for key, value in metrics.items())
        print(f"{config.split}, {name}: " + "  ".join(shown))
