"""The building blocks of the zoo's networks, each in two forms.

The published form (`npu=False`) is the paper's structure, kept so that its parameters can be counted. The NPU form
(`npu=True`) is what is trained and shipped: batch norm, which folds into convolutions; attention by a softmax over
channels, which INT8 holds where a softmax over places does not; corners not aligned; nothing an RK3588 leaves to
its CPU. All take and return [N, C, H, W].
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import nn

GROUPS = 4  # of every group norm, and the number of dilations side by side in a DilatedGatedAttention


class Seen(NamedTuple):
    """What a network saw on the way: its logits and each stage's features.

    Six encoder stages, the last being the bottom; five decoder stages, deepest first; and, where the network has
    supervision heads of its own, their logits, one a decoder stage.
    """

    logits: torch.Tensor
    encoder: list
    decoder: list
    sides: list = ()


def norm(channels, npu):
    return nn.BatchNorm2d(channels) if npu else nn.GroupNorm(GROUPS, channels)


def double(x, npu):
    """Twice the height and width, bilinear; corners aligned only in the published form."""
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=not npu)


def halve(x, depth, npu):
    """Activation and pooling after an encoder stage; the NPU form's first stage has halved by its stride."""
    if not npu:
        return F.gelu(F.max_pool2d(x, 2))
    return F.gelu(x) if depth == 0 else F.max_pool2d(F.gelu(x), 2)  # the activation fuses behind a convolution


def widen(x, depth, npu):
    """Activation and doubling after a decoder stage; the deepest skip lies at the bottom's own size."""
    if depth == 0:
        return F.gelu(x)
    return double(F.gelu(x), True) if npu else F.gelu(double(x, False))


class SeparableConv(nn.Module):
    """Depthwise k x k, norm, then 1x1 across channels: C -> C_out."""

    def __init__(self, channels_in, channels_out, kernel, npu):
        super().__init__()
        self.depthwise = nn.Conv2d(channels_in, channels_in, kernel, padding=kernel // 2, groups=channels_in)
        self.norm = norm(channels_in, npu)
        self.pointwise = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x):
        return self.pointwise(self.norm(self.depthwise(x)))


class GatedUnit(nn.Module):
    """A 5x5 feature branch multiplied by a 3x3 sigmoid gate, mixed, plus a 1x1 shortcut: C -> C_out."""

    def __init__(self, channels_in, channels_out, npu):
        super().__init__()
        self.gate = SeparableConv(channels_in, channels_in, 3, npu)
        self.feature = SeparableConv(channels_in, channels_in, 5, npu)
        self.mix = SeparableConv(channels_in, channels_out, 3, npu)
        self.shortcut = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x):
        gated = torch.sigmoid(self.gate(x)) * F.gelu(self.feature(x))
        return F.gelu(self.mix(gated)) + self.shortcut(x)


class DilatedGatedAttention(nn.Module):
    """DGA: the channels in four quarters, each seen at its own dilation, joined, then gated: C -> C_out."""

    DILATIONS = (7, 5, 2, 1)

    def __init__(self, channels_in, channels_out, npu):
        super().__init__()
        quarter = channels_in // len(self.DILATIONS)
        self.scales = nn.ModuleList(
            nn.Conv2d(quarter, quarter, 3, padding=d, dilation=d, groups=quarter) for d in self.DILATIONS
        )
        self.norm = norm(channels_in, npu)
        self.join = nn.Conv2d(channels_in, channels_in, 1)
        self.gated = GatedUnit(channels_in, channels_out, npu)

    def forward(self, x):
        quarters = torch.chunk(x, len(self.DILATIONS), dim=1)
        seen = torch.cat([scale(part) for scale, part in zip(self.scales, quarters)], dim=1)
        return self.gated(F.gelu(self.join(self.norm(seen))))


class Shortcut(nn.Module):
    """What pruning leaves of a DilatedGatedAttention: the 1x1 shortcut of its gated unit, C -> C_out."""

    def __init__(self, channels_in, channels_out, npu):
        super().__init__()
        self.shortcut = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x):
        return self.shortcut(x)


class InvertedExternalAttention(nn.Module):
    """IEA: attention against a memory of `memory` x C learnt vectors, shared by all photographs: C -> C.

    'Inverted' because the memory is wider than the features, where external attention proper squeezes them. The
    published form weighs every place against all others and then shares the weights out over the memory. The NPU
    form asks each place alone: the published one equals a softmax over the memory whose shift depends on the
    photograph, and a learnt bias takes that shift's place. Query and keys, values and projection follow each other
    without anything between, so the NPU form holds each pair as one convolution.
    """

    def __init__(self, channels, npu, memory=4):
        super().__init__()
        self.npu = npu
        wide = memory * channels
        if npu:
            self.keys = nn.Conv2d(channels, wide, 1)
            self.values = nn.Conv2d(wide, channels, 1, bias=False)
        else:
            self.query = nn.Conv2d(channels, channels, 1)
            self.keys = nn.Conv1d(channels, wide, 1, bias=False)
            self.values = nn.Conv1d(wide, channels, 1, bias=False)
            self.project = nn.Conv2d(channels, channels, 1, bias=False)
        self.norm = norm(channels, npu)

    def forward(self, x):
        found = self.values(torch.softmax(self.keys(x), dim=1)) if self.npu else self.over_places(x)
        return F.gelu(self.norm(found) + x)

    def over_places(self, x):
        n, c, h, w = x.shape
        memory = self.keys(self.query(x).reshape(n, c, h * w))  # [N, memory * C, HW]
        weights = torch.softmax(memory, dim=2)  # over places, then shared out over the memory
        weights = weights / (weights.sum(dim=1, keepdim=True) + 1e-9)
        return self.project(self.values(weights).reshape(n, c, h, w))


class SpatialBridge(nn.Module):
    """SAB: says where to look, a map in 0..1 for each stage: list of [N, C_i, H_i, W_i] -> list of [N, 1, H_i, W_i].

    Published: one 7x7 convolution of dilation 3 over each stage's mean and peak, shared by the stages. NPU: a 3x3
    convolution of dilation 3 over the stage's own channels, because a maximum over channels runs on the CPU and a
    7x7 at 128x128 costs more than the rest of the network.
    """

    def __init__(self, channels, npu):
        super().__init__()
        self.npu = npu
        if npu:
            self.look = nn.ModuleList(nn.Conv2d(c, 1, 3, padding=3, dilation=3) for c in channels)
        else:
            self.look = nn.Conv2d(2, 1, 7, padding=9, dilation=3)

    def forward(self, stages):
        if self.npu:
            return [torch.sigmoid(look(x)) for look, x in zip(self.look, stages)]
        seen = [torch.cat([x.mean(dim=1, keepdim=True), x.amax(dim=1, keepdim=True)], dim=1) for x in stages]
        return [torch.sigmoid(self.look(x)) for x in seen]


class ChannelBridge(nn.Module):
    """CAB: the pooled channels of all stages, mixed along their line, weigh each stage: list of [N, C_i, 1, 1].

    The NPU form leaves out the convolution along the line, which the dense layers after it can express.
    """

    def __init__(self, channels, npu):
        super().__init__()
        total = sum(channels)
        self.npu = npu
        if npu:
            self.stages = nn.ModuleList(nn.Conv2d(total, c, 1) for c in channels)
        else:
            self.along = nn.Conv1d(1, 1, 3, padding=1, bias=False)
            self.stages = nn.ModuleList(nn.Linear(total, c) for c in channels)

    def forward(self, stages):
        pooled = torch.cat([F.adaptive_avg_pool2d(x, 1) for x in stages], dim=1)  # [N, total, 1, 1]
        if self.npu:
            return [torch.sigmoid(dense(pooled)) for dense in self.stages]
        mixed = self.along(pooled.flatten(1).unsqueeze(1)).squeeze(1)
        return [torch.sigmoid(dense(mixed)).unsqueeze(2).unsqueeze(3) for dense in self.stages]


class AttentionBridge(nn.Module):
    """SC-Att-Bridge: first where, then which channels, each with a residual, on the five skip connections."""

    def __init__(self, channels, npu):
        super().__init__()
        self.spatial = SpatialBridge(channels, npu)
        self.channel = ChannelBridge(channels, npu)

    def forward(self, stages):
        placed = [where * x for where, x in zip(self.spatial(stages), stages)]
        inner = [p + x for p, x in zip(placed, stages)]
        return [which * x + p for which, x, p in zip(self.channel(inner), inner, placed)]


class LightBridge(nn.Module):
    """The bridge made simple: each stage weighs its own channels by its own pooled ones, and nothing says where.

    Efficient channel attention: a convolution of width 3 along the line of channels; the NPU form, which has none
    of those, takes one weight and one bias a channel.
    """

    def __init__(self, channels, npu):
        super().__init__()
        self.npu = npu
        if npu:
            self.along = nn.ModuleList(nn.Conv2d(c, c, 1, groups=c) for c in channels)
        else:
            self.along = nn.ModuleList(nn.Conv1d(1, 1, 3, padding=1, bias=False) for _ in channels)

    def forward(self, stages):
        return [x + x * torch.sigmoid(self.weigh(along, x)) for along, x in zip(self.along, stages)]

    def weigh(self, along, x):
        pooled = F.adaptive_avg_pool2d(x, 1)
        if self.npu:
            return along(pooled)
        return along(pooled.flatten(1).unsqueeze(1)).squeeze(1).unsqueeze(2).unsqueeze(3)


class ConvBlock(nn.Module):
    """A standard 3x3 convolution with batch norm and GELU: C -> C_out."""

    def __init__(self, channels_in, channels_out, npu):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, 3, padding=1)
        self.norm = nn.BatchNorm2d(channels_out)

    def forward(self, x):
        return F.gelu(self.norm(self.conv(x)))


class SeparableBlock(nn.Module):
    """Depthwise, norm, GELU, then 1x1: C -> C_out. 5x5 on the way down, where context is gathered, 3x3 on the way up.
    """

    def __init__(self, channels_in, channels_out, npu):
        super().__init__()
        kernel = 5 if channels_out > channels_in else 3
        self.depthwise = nn.Conv2d(channels_in, channels_in, kernel, padding=kernel // 2, groups=channels_in)
        self.norm = norm(channels_in, npu)
        self.pointwise = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x):
        return self.pointwise(F.gelu(self.norm(self.depthwise(x))))


class InvertedResidual(nn.Module):
    """MobileNetV3's block: widen 1x1, depthwise 5x5, squeeze-and-excite, narrow 1x1, hard-swish: C -> C_out.

    Howard et al., 'Searching for MobileNetV3', ICCV 2019.
    """

    WIDEN = 2
    SQUEEZE = 3

    def __init__(self, channels_in, channels_out, npu):
        super().__init__()
        wide = self.WIDEN * channels_in
        self.widen = nn.Conv2d(channels_in, wide, 1, bias=False)
        self.widen_norm = nn.BatchNorm2d(wide)
        self.depthwise = nn.Conv2d(wide, wide, 5, padding=2, groups=wide, bias=False)
        self.depthwise_norm = nn.BatchNorm2d(wide)
        self.squeeze = nn.Conv2d(wide, wide // self.SQUEEZE, 1)
        self.excite = nn.Conv2d(wide // self.SQUEEZE, wide, 1)
        self.narrow = nn.Conv2d(wide, channels_out, 1, bias=False)
        self.narrow_norm = nn.BatchNorm2d(channels_out)
        self.residual = channels_in == channels_out

    def forward(self, x):
        wide = F.hardswish(self.widen_norm(self.widen(x)))
        wide = F.hardswish(self.depthwise_norm(self.depthwise(wide)))
        wide = wide * F.hardsigmoid(self.excite(F.relu(self.squeeze(F.adaptive_avg_pool2d(wide, 1)))))
        out = self.narrow_norm(self.narrow(wide))
        return out + x if self.residual else out
