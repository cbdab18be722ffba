"""The networks of the zoo, by name: the MALUNet teacher, its eight students, and EGE-UNet.

Every network takes normalised photographs [N, 3, H, W], H and W multiples of 32, and returns logits; the sigmoid is
added when a network is exported, because the loss is steadier on logits. The NPU form, which is trained and shipped,
returns them at half the size, [N, 1, H/2, W/2], and leaves the last enlargement to whoever reads the map; the
published form, which is only counted, at the full size. `blocks.py` says what else sets the forms apart.
"""

import json
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

import blocks
from blocks import Seen, double, halve, widen
from egeunet import EGEUNet

UNITS = ("4.attend", "4.extract", "5.attend", "5.extract", "6.attend", "6.extract",
         "-6.extract", "-6.attend", "-5.extract", "-5.attend", "-4.extract", "-4.attend")


class MALUNet(nn.Module):
    """A MALUNet: six stages of falling size, five back up, attention on the way, a bridge over each skip connection.

    Ruan, Xiang, Xie, Liu and Fu, 'MALUNet: A Multi-Attention and Light-weight UNet for Skin Lesion Segmentation',
    BIBM 2022. Five halvings (256 -> 128, 64, 32, 16, 8), a sixth stage at 8x8, and five decoder stages that add the
    bridged skips. Written from the paper; with its channels the published form has 177,943 parameters.

    A deep stage (4, 5, 6 and, on the way up, -6, -5, -4) has two units: one that attends, C -> C, and one that
    extracts, C -> C_out. `attend` and `extract` make them, `shallow` makes the plain stages 1 to 3, `bridge` the
    bridge. `without` names units of UNITS to leave out: an attending one entirely, an extracting one down to a 1x1
    shortcut.
    """

    CHANNELS = (8, 16, 24, 32, 48, 64)

    def __init__(self, npu=True, channels=CHANNELS, attend=blocks.InvertedExternalAttention,
                 extract=blocks.DilatedGatedAttention, shallow=partial(nn.Conv2d, kernel_size=3, padding=1),
                 bridge=blocks.AttentionBridge, without=()):
        super().__init__()
        if unknown := set(without) - set(UNITS):
            raise ValueError(f"no such unit: {', '.join(sorted(unknown))}; there are: {', '.join(UNITS)}")
        c = channels
        self.npu = npu

        def deep(stage, channels_in, channels_out):
            attends = stage + ".attend" not in without and attend is not None
            attender = attend(channels_in if stage[0] != "-" else channels_out, npu) if attends else nn.Identity()
            extracter = blocks.Shortcut if stage + ".extract" in without else extract
            extracter = extracter(channels_in, channels_out, npu)
            return nn.Sequential(*([extracter, attender] if stage[0] == "-" else [attender, extracter]))

        self.encoders = nn.ModuleList([
            nn.Conv2d(3, c[0], 3, stride=2 if npu else 1, padding=1),
            shallow(c[0], c[1]),
            shallow(c[1], c[2]),
            deep("4", c[2], c[3]),
            deep("5", c[3], c[4]),
        ])
        self.encoder_norms = nn.ModuleList(blocks.norm(width, npu) for width in c[:5])
        self.bridge = bridge(c[:5], npu)
        self.bottom = deep("6", c[4], c[5])
        self.decoders = nn.ModuleList([
            deep("-6", c[5], c[4]),
            deep("-5", c[4], c[3]),
            deep("-4", c[3], c[2]),
            shallow(c[2], c[1]),
            shallow(c[1], c[0]),
        ])
        self.decoder_norms = nn.ModuleList(blocks.norm(width, npu) for width in reversed(c[:5]))
        self.head = nn.Conv2d(c[0], 1, 1)
        self.apply(start_weights)

    def forward(self, x):
        return self.stages(x).logits

    def stages(self, x):
        """The logits with every stage's features: a Seen."""
        skips = []
        for depth, (encoder, norm) in enumerate(zip(self.encoders, self.encoder_norms)):
            x = halve(norm(encoder(x)), depth, self.npu)
            skips.append(x)
        x = F.gelu(self.bottom(x))
        encoded = [*skips, x]
        decoded = []
        steps = zip(self.decoders, self.decoder_norms, reversed(self.bridge(skips)))
        for depth, (decoder, norm, skip) in enumerate(steps):
            x = widen(norm(decoder(x)), depth, self.npu) + skip
            decoded.append(x)
        logits = self.head(x)
        return Seen(logits if self.npu else double(logits, False), encoded, decoded)


def start_weights(module):
    """Variance-keeping normals for convolutions, small truncated normals for the bridge's linear layers."""
    if isinstance(module, (nn.Conv1d, nn.Conv2d)):
        nn.init.kaiming_normal_(module.weight, mode="fan_out")
        if module.groups > 1:  # fan_out counts every group, though each output sees only its own
            with torch.no_grad():
                module.weight.mul_(module.groups**0.5)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.Linear):
        nn.init.trunc_normal_(module.weight, std=0.02)
        nn.init.zeros_(module.bias)


def separable(channels_in, channels_out):
    """A plain stage of depthwise 3x3 and 1x1 convolutions."""
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_in, 3, padding=1, groups=channels_in), nn.Conv2d(channels_in, channels_out, 1)
    )


SMALL = (4, 8, 12, 16, 24, 32)
MEDIUM = (8, 16, 20, 28, 40, 56)
NARROW = (8, 12, 16, 24, 32, 48)
ALL_BUT_THE_BOTTOM = tuple(unit for unit in UNITS if unit.endswith("attend") and unit != "6.attend")
PRUNING = Path(__file__).resolve().parent / "pruning.json"  # written by prune.py; shallow comes out of it
SHALLOW_WITHOUT = tuple(json.loads(PRUNING.read_text())["without"])

NETWORKS = {
    "malunet": MALUNet,
    "small": partial(MALUNet, channels=SMALL, attend=partial(blocks.InvertedExternalAttention, memory=1)),
    "medium": partial(MALUNet, channels=MEDIUM),
    "shallow": partial(MALUNet, without=SHALLOW_WITHOUT),
    "narrow": partial(MALUNet, channels=NARROW, attend=None, extract=blocks.ConvBlock),
    "efficient": partial(MALUNet, attend=None, extract=blocks.SeparableBlock, shallow=separable,
                         bridge=blocks.LightBridge),
    "attlight": partial(MALUNet, attend=partial(blocks.InvertedExternalAttention, memory=2), bridge=blocks.LightBridge),
    "globalatt": partial(MALUNet, without=ALL_BUT_THE_BOTTOM),
    "mobile": partial(MALUNet, attend=None, extract=blocks.InvertedResidual),
    "egeunet": EGEUNet,
}
PAPER_PARAMETERS = {  # Table 1 of the reference work; EGE-UNet's own paper for the last, supervision heads included
    "malunet": 177_943, "small": 36_765, "medium": 132_991, "shallow": 109_991, "narrow": 63_133,
    "efficient": 18_803, "attlight": 126_092, "globalatt": 126_718, "mobile": 118_257, "egeunet": 53_374,
}
STUDENTS = ("small", "medium", "shallow", "narrow", "efficient", "attlight", "globalatt", "mobile")


def make(name, npu=True):
    """A fresh network by its name in the zoo, in the form that is trained and shipped or, to count it, as published."""
    if name not in NETWORKS:
        raise SystemExit(f"no network named '{name}'; there are: {', '.join(sorted(NETWORKS))}")
    return NETWORKS[name](npu=npu)


def count_parameters(network):
    return sum(p.numel() for p in network.parameters() if p.requires_grad)
