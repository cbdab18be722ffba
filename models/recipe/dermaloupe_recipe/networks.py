"""The networks by name: of the zoo MALUNet and its eight students, EGE-UNet and a light transformer; and candidates.

Every network takes normalised images [N, 3, H, W], H and W multiples of 32, and returns logits; the sigmoid is added
at export, because the loss is numerically more stable on logits. The NPU form returns them at half the size,
[N, 1, H/2, W/2]; the published form, which is only counted, at the full size. See `unet.py` for the two forms.
"""

import json
from functools import partial
from pathlib import Path

from torch import nn

from dermaloupe_recipe import blocks
from dermaloupe_recipe.egeunet import EGEUNet
from dermaloupe_recipe.lightformer import DESIGNS, Lightformer
from dermaloupe_recipe.malunet import UNITS, MALUNet
from dermaloupe_recipe.standard_unet import StandardUNet

PRUNING_TABLE = Path(__file__).resolve().parents[1] / "pruning.json"  # written by prune.py

SMALL_CHANNELS = (4, 8, 12, 16, 24, 32)
MEDIUM_CHANNELS = (8, 16, 20, 28, 40, 56)
NARROW_CHANNELS = (8, 12, 16, 24, 32, 48)
ATTENTION_OUTSIDE_BOTTLENECK = tuple(unit for unit in UNITS if unit.endswith("attend") and unit != "6.attend")


def depthwise_separable(channels_in, channels_out):
    """A shallow stage of a depthwise 3x3 and a 1x1 convolution."""
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_in, 3, padding=1, groups=channels_in), nn.Conv2d(channels_in, channels_out, 1)
    )


def pruned_units():
    """The units that pruning removed from the teacher; read when a network needs them, because prune.py writes them."""
    if not PRUNING_TABLE.is_file():
        raise SystemExit(f"'shallow' is defined by pruning; run prune.py first: {PRUNING_TABLE}")
    return tuple(json.loads(PRUNING_TABLE.read_text())["without"])


def pruned_malunet(npu=True):
    return MALUNet(npu, without=pruned_units())


NETWORKS = {
    "malunet": MALUNet,
    "small": partial(MALUNet, channels=SMALL_CHANNELS, attention=partial(blocks.InvertedExternalAttention, memory=1)),
    "medium": partial(MALUNet, channels=MEDIUM_CHANNELS),
    "shallow": pruned_malunet,
    "narrow": partial(MALUNet, channels=NARROW_CHANNELS, attention=None, extraction=blocks.ConvBlock),
    "efficient": partial(MALUNet, attention=None, extraction=blocks.SeparableBlock, shallow=depthwise_separable,
                         bridge=blocks.LightBridge),
    "attlight": partial(MALUNet, attention=partial(blocks.InvertedExternalAttention, memory=2),
                        bridge=blocks.LightBridge),
    "globalatt": partial(MALUNet, without=ATTENTION_OUTSIDE_BOTTLENECK),
    "mobile": partial(MALUNet, attention=None, extraction=blocks.InvertedResidual),
    "egeunet": EGEUNet,
    "lightformer": Lightformer,
}
CANDIDATES = {  # trained and measured by the same recipe, not in the zoo
    "standard-unet": StandardUNet,
    **{name: partial(Lightformer, design=design) for name, design in DESIGNS.items() if name not in NETWORKS},
}
PAPER_PARAMETERS = {  # Table 1 of the reference work, for EGE-UNet its own paper; the light transformer is ours alone
    "malunet": 177_943, "small": 36_765, "medium": 132_991, "shallow": 109_991, "narrow": 63_133,
    "efficient": 18_803, "attlight": 126_092, "globalatt": 126_718, "mobile": 118_257, "egeunet": 53_374,
}


def create(name, npu=True):
    """A newly initialised network by its name: the form that is trained, or the zoo's published one to count."""
    known = NETWORKS | CANDIDATES
    if name not in known:
        raise SystemExit(f"no network named '{name}'; there are: {', '.join(sorted(known))}")
    return known[name](npu=npu)


def count_parameters(network):
    return sum(p.numel() for p in network.parameters() if p.requires_grad)
