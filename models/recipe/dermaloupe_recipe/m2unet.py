"""M2U-Net, as published: a MobileNetV2 encoder and a decoder that contracts where MobileNetV2 expands.

Laibacher, Weyde and Jalali, 'M2U-Net: Effective and Efficient Retinal Vessel Segmentation for Real-World Applications',
2019: 0.55 M parameters, made for photographs at full resolution on small processors. Of the encoder only the first 14
blocks are kept, down to 1/16 of the size. A decoder block resizes to twice the size, bilinearly without aligned
corners, appends the encoder's map of that size, at last the photograph itself, and passes a bottleneck narrower than
its input.
"""

import re

import torch
import torch.nn.functional as F
from torch import nn

# MobileNetV2's blocks by encoder stage: expansion, channels, repeats, stride of the first.
ENCODER = (
    ((1, 16, 1, 1),),
    ((6, 24, 2, 2),),
    ((6, 32, 3, 2),),
    ((6, 64, 4, 2), (6, 96, 3, 1)),
)
STEM_CHANNELS = 32
DECODER_CHANNELS = (64, 44, 30, 1)
CONTRACTION = 0.15  # hidden channels of a decoder block, in channels of its input


class Bottleneck(nn.Module):
    """1x1 convolution to hidden channels, depthwise 3x3, and 1x1 without activation; residual where shapes allow it.

    With an expansion of 1 the first convolution is left out.
    """

    def __init__(self, channels_in, channels, stride, expansion):
        super().__init__()
        hidden = round(channels_in * expansion)
        first = [nn.Conv2d(channels_in, hidden, 1, bias=False), nn.BatchNorm2d(hidden), nn.ReLU6()]
        self.is_residual = stride == 1 and channels_in == channels
        self.conv = nn.Sequential(
            *(first if expansion != 1 else ()),
            nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden, bias=False), nn.BatchNorm2d(hidden), nn.ReLU6(),
            nn.Conv2d(hidden, channels, 1, bias=False), nn.BatchNorm2d(channels),
        )

    def forward(self, x):
        return x + self.conv(x) if self.is_residual else self.conv(x)


class M2UNet(nn.Module):
    """Photographs 0..1 [N, 3, H, W], H and W multiples of 16, to logits [N, 1, H, W]."""

    def __init__(self):
        super().__init__()
        channels, skips = STEM_CHANNELS, [3]
        stem = nn.Sequential(nn.Conv2d(3, channels, 3, 2, 1, bias=False), nn.BatchNorm2d(channels), nn.ReLU6())
        self.encoder = nn.ModuleList()
        for number, rows in enumerate(ENCODER):
            stage = [] if number else [stem]
            for expansion, width, repeats, stride in rows:
                for repeat in range(repeats):
                    stage.append(Bottleneck(channels, width, 1 if repeat else stride, expansion))
                    channels = width
            self.encoder.append(nn.Sequential(*stage))
            skips.append(channels)
        self.decoder = nn.ModuleList()
        for width, skip in zip(DECODER_CHANNELS, reversed(skips[:-1])):
            self.decoder.append(Bottleneck(channels + skip, width, 1, CONTRACTION))
            channels = width
        self.initialise()

    def initialise(self):
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")

    def forward(self, x):
        maps = [x]
        for stage in self.encoder:
            maps.append(stage(maps[-1]))
        x = maps.pop()
        for block in self.decoder:
            skip = maps.pop()
            x = block(torch.cat([F.interpolate(x, skip.shape[-2:], mode="bilinear"), skip], dim=1))
        return x


def from_published(state_dict):
    """A published state dict under our names.

    There the stages are `conv1` to `conv4`, whose blocks are numbered through the whole encoder, and the decoder's are
    `decode4` to `decode1`.
    """
    firsts, count = [], 0
    for number, rows in enumerate(ENCODER):
        firsts.append(count)
        count += (number == 0) + sum(repeats for _, _, repeats, _ in rows)

    def ours(name):
        if found := re.fullmatch(r"conv(\d)\.(\d+)\.(.+)", name):
            stage, block, rest = int(found[1]) - 1, int(found[2]), found[3]
            return f"encoder.{stage}.{block - firsts[stage]}.{rest}"
        if found := re.fullmatch(r"decode(\d)\.ir1\.(.+)", name):
            return f"decoder.{len(DECODER_CHANNELS) - int(found[1])}.{found[2]}"
        return name

    return {ours(name): value for name, value in state_dict.items()}
