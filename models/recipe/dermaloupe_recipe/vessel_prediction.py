"""Probability maps of fundus photographs: scaled so that the field of view has a given diameter, in tiles, and back."""

import numpy as np
import torch
import torch.nn.functional as F

from dermaloupe_recipe import fundus, tiles
from dermaloupe_recipe.evaluation import ratio
from dermaloupe_recipe.losses import resize_map

SIZE_MULTIPLE = 16  # of height and width, for all networks


def torch_runner(network):
    """A function for `tiles.predict` that runs a network by PyTorch."""
    network.eval()
    device = next(network.parameters()).device

    def run(x):
        with torch.inference_mode():
            return torch.sigmoid(network(torch.from_numpy(np.ascontiguousarray(x)).to(device))).float().cpu().numpy()

    return run


def onnx_runner(session):
    """A function for `tiles.predict` that runs an ONNX Runtime session."""
    return lambda x: session.run(None, {"input": np.ascontiguousarray(x)})[0]


def predict(run, photo, diameter, tile=tiles.TILE, overlap=tiles.OVERLAP):
    """The probability map [H, W] of a fundus.Fundus, at its own size.

    `diameter` is that of the field of view, in pixels, at which the network runs.
    """
    scale = diameter / fundus.diameter(photo.field_of_view)
    found = tiles.predict(run, fundus.network_input(photo.photo, scale), tile, overlap)
    return resize_map(torch.from_numpy(found)[None, None], photo.photo.shape[:2])[0, 0].numpy()


def predict_whole(network, photo, scale, device):
    """The probability map of a photograph at this scale as one image, as a tensor [h, w] on the device."""
    x = torch.from_numpy(fundus.network_input(photo.photo, scale))[None].to(device)
    height, width = x.shape[2:]
    x = F.pad(x, (0, -width % SIZE_MULTIPLE, 0, -height % SIZE_MULTIPLE))
    with torch.inference_mode():
        return torch.sigmoid(network(x.contiguous(memory_format=torch.channels_last)).float())[0, 0, :height, :width]


def quick_dice(network, photos, diameters, device):
    """{set: mean Dice} at the scale itself and at 0.5, inside the field of view: to follow a training."""
    found = {}
    for photo in photos:
        scale = diameters[photo.set] / fundus.diameter(photo.field_of_view)
        predicted = predict_whole(network, photo, scale, device).cpu().numpy() >= 0.5
        vessels, inside = (fundus.resize_mask(mask, scale) >= 0.5 for mask in (photo.vessels, photo.field_of_view))
        predicted, vessels = predicted & inside, vessels & inside
        both = np.count_nonzero(predicted & vessels)
        dice = ratio(2 * both, np.count_nonzero(predicted) + np.count_nonzero(vessels))
        found.setdefault(photo.set, []).append(dice)
    return {name: float(np.mean(values)) for name, values in found.items()}
