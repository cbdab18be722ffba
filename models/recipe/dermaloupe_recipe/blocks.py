"""The building blocks of MALUNet and its students; all take and return [N, C, H, W].

Each has the published form and the form for the NPU, see `unet.py`. In the NPU form attention is a softmax over
channels, which INT8 can represent where a softmax over positions cannot, and no operator falls back to the CPU.
"""

import torch
import torch.nn.functional as F
from torch import nn

from dermaloupe_recipe.unet import make_norm


class SeparableConv(nn.Module):
    """Depthwise k x k, norm, then 1x1 across channels: C -> C_out."""

    def __init__(self, channels_in, channels_out, kernel, npu):
        super().__init__()
        self.depthwise = nn.Conv2d(channels_in, channels_in, kernel, padding=kernel // 2, groups=channels_in)
        self.norm = make_norm(channels_in, npu)
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
    """DGA: four groups of channels, each convolved with its own dilation, concatenated, then gated: C -> C_out."""

    DILATIONS = (7, 5, 2, 1)

    def __init__(self, channels_in, channels_out, npu):
        super().__init__()
        quarter = channels_in // len(self.DILATIONS)
        self.scales = nn.ModuleList(
            nn.Conv2d(quarter, quarter, 3, padding=d, dilation=d, groups=quarter) for d in self.DILATIONS
        )
        self.norm = make_norm(channels_in, npu)
        self.join = nn.Conv2d(channels_in, channels_in, 1)
        self.gated = GatedUnit(channels_in, channels_out, npu)

    def forward(self, x):
        quarters = torch.chunk(x, len(self.DILATIONS), dim=1)
        multiscale = torch.cat([scale(part) for scale, part in zip(self.scales, quarters)], dim=1)
        return self.gated(F.gelu(self.join(self.norm(multiscale))))


class Shortcut(nn.Module):
    """What remains of a DilatedGatedAttention after pruning: the 1x1 shortcut of its gated unit, C -> C_out."""

    def __init__(self, channels_in, channels_out, npu):
        super().__init__()
        self.shortcut = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x):
        return self.shortcut(x)


class InvertedExternalAttention(nn.Module):
    """IEA: attention against a memory of `memory` x C learnt vectors that all images share: C -> C.

    'Inverted' because the memory is wider than the features, where external attention is narrower. The published form
    takes a softmax over positions and then normalises over the memory. The NPU form treats each position separately:
    the published attention equals a softmax over the memory with an image-dependent bias, and a learnt bias takes its
    place. In the NPU form query and keys, and values and projection, are merged into one convolution each, because
    there is nothing between them.
    """

    def __init__(self, channels, npu, memory=4):
        super().__init__()
        self.npu = npu
        expanded = memory * channels
        if npu:
            self.keys = nn.Conv2d(channels, expanded, 1)
            self.values = nn.Conv2d(expanded, channels, 1, bias=False)
        else:
            self.query = nn.Conv2d(channels, channels, 1)
            self.keys = nn.Conv1d(channels, expanded, 1, bias=False)
            self.values = nn.Conv1d(expanded, channels, 1, bias=False)
            self.project = nn.Conv2d(channels, channels, 1, bias=False)
        self.norm = make_norm(channels, npu)

    def forward(self, x):
        attended = self.values(torch.softmax(self.keys(x), dim=1)) if self.npu else self.attend_over_positions(x)
        return F.gelu(self.norm(attended) + x)

    def attend_over_positions(self, x):
        n, c, h, w = x.shape
        scores = self.keys(self.query(x).reshape(n, c, h * w))  # [N, memory * C, HW]
        weights = torch.softmax(scores, dim=2)  # over positions, then normalised over the memory
        weights = weights / (weights.sum(dim=1, keepdim=True) + 1e-9)
        return self.project(self.values(weights).reshape(n, c, h, w))


class SpatialBridge(nn.Module):
    """SAB: a spatial attention map for each stage, 0..1: list of [N, C_i, H_i, W_i] -> list of [N, 1, H_i, W_i].

    Published: one 7x7 convolution of dilation 3 over each stage's channel mean and maximum, shared by the stages. NPU:
    a 3x3 convolution of dilation 3 over the stage's own channels, because a maximum over channels runs on the CPU and
    a 7x7 at 128x128 costs more than the rest of the network.
    """

    def __init__(self, channels, npu):
        super().__init__()
        self.npu = npu
        if npu:
            self.spatial_conv = nn.ModuleList(nn.Conv2d(c, 1, 3, padding=3, dilation=3) for c in channels)
        else:
            self.spatial_conv = nn.Conv2d(2, 1, 7, padding=9, dilation=3)

    def forward(self, stages):
        if self.npu:
            return [torch.sigmoid(conv(x)) for conv, x in zip(self.spatial_conv, stages)]
        pooled = [torch.cat([x.mean(dim=1, keepdim=True), x.amax(dim=1, keepdim=True)], dim=1) for x in stages]
        return [torch.sigmoid(self.spatial_conv(x)) for x in pooled]


class ChannelBridge(nn.Module):
    """CAB: channel weights for each stage from the pooled channels of all stages: list of [N, C_i, 1, 1].

    The NPU form leaves out the 1D convolution over the channels, which the dense layers after it can express.
    """

    def __init__(self, channels, npu):
        super().__init__()
        total = sum(channels)
        self.npu = npu
        if npu:
            self.stages = nn.ModuleList(nn.Conv2d(total, c, 1) for c in channels)
        else:
            self.channel_conv = nn.Conv1d(1, 1, 3, padding=1, bias=False)
            self.stages = nn.ModuleList(nn.Linear(total, c) for c in channels)

    def forward(self, stages):
        pooled = torch.cat([F.adaptive_avg_pool2d(x, 1) for x in stages], dim=1)  # [N, total, 1, 1]
        if self.npu:
            return [torch.sigmoid(dense(pooled)) for dense in self.stages]
        mixed = self.channel_conv(pooled.flatten(1).unsqueeze(1)).squeeze(1)
        return [torch.sigmoid(dense(mixed)).unsqueeze(2).unsqueeze(3) for dense in self.stages]


class AttentionBridge(nn.Module):
    """SC-Att-Bridge: spatial, then channel attention, each with a residual, on the five skip connections."""

    def __init__(self, channels, npu):
        super().__init__()
        self.spatial = SpatialBridge(channels, npu)
        self.channel = ChannelBridge(channels, npu)

    def forward(self, stages):
        masked = [attention * x for attention, x in zip(self.spatial(stages), stages)]
        inner = [m + x for m, x in zip(masked, stages)]
        return [attention * x + m for attention, x, m in zip(self.channel(inner), inner, masked)]


class LightBridge(nn.Module):
    """A light bridge: channel attention for each stage from its own pooled channels, without a spatial map.

    Published: efficient channel attention, a 1D convolution of width 3 over the channels. The NPU has no such
    operator; its form has one weight and one bias per channel.
    """

    def __init__(self, channels, npu):
        super().__init__()
        self.npu = npu
        if npu:
            self.channel_conv = nn.ModuleList(nn.Conv2d(c, c, 1, groups=c) for c in channels)
        else:
            self.channel_conv = nn.ModuleList(nn.Conv1d(1, 1, 3, padding=1, bias=False) for _ in channels)

    def forward(self, stages):
        return [x + x * torch.sigmoid(self.channel_scores(conv, x)) for conv, x in zip(self.channel_conv, stages)]

    def channel_scores(self, conv, x):
        pooled = F.adaptive_avg_pool2d(x, 1)
        if self.npu:
            return conv(pooled)
        return conv(pooled.flatten(1).unsqueeze(1)).squeeze(1).unsqueeze(2).unsqueeze(3)


class ConvBlock(nn.Module):
    """A standard 3x3 convolution with batch norm and GELU: C -> C_out."""

    def __init__(self, channels_in, channels_out, npu):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, 3, padding=1)
        self.norm = nn.BatchNorm2d(channels_out)

    def forward(self, x):
        return F.gelu(self.norm(self.conv(x)))


class SeparableBlock(nn.Module):
    """Depthwise, norm, GELU, then 1x1: C -> C_out. 5x5 in the encoder for a larger receptive field, else 3x3."""

    def __init__(self, channels_in, channels_out, npu):
        super().__init__()
        kernel = 5 if channels_out > channels_in else 3
        self.depthwise = nn.Conv2d(channels_in, channels_in, kernel, padding=kernel // 2, groups=channels_in)
        self.norm = make_norm(channels_in, npu)
        self.pointwise = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x):
        return self.pointwise(F.gelu(self.norm(self.depthwise(x))))


class InvertedResidual(nn.Module):
    """MobileNetV3's block: expand 1x1, depthwise 5x5, squeeze-and-excite, project 1x1, hard-swish: C -> C_out.

    Howard et al., 'Searching for MobileNetV3', ICCV 2019.
    """

    EXPANSION = 2
    REDUCTION = 3  # of the squeeze-and-excite

    def __init__(self, channels_in, channels_out, npu):
        super().__init__()
        expanded = self.EXPANSION * channels_in
        self.expand = nn.Conv2d(channels_in, expanded, 1, bias=False)
        self.expand_norm = nn.BatchNorm2d(expanded)
        self.depthwise = nn.Conv2d(expanded, expanded, 5, padding=2, groups=expanded, bias=False)
        self.depthwise_norm = nn.BatchNorm2d(expanded)
        self.squeeze = nn.Conv2d(expanded, expanded // self.REDUCTION, 1)
        self.excite = nn.Conv2d(expanded // self.REDUCTION, expanded, 1)
        self.project = nn.Conv2d(expanded, channels_out, 1, bias=False)
        self.project_norm = nn.BatchNorm2d(channels_out)
        self.has_residual = channels_in == channels_out

    def forward(self, x):
        wide = F.hardswish(self.expand_norm(self.expand(x)))
        wide = F.hardswish(self.depthwise_norm(self.depthwise(wide)))
        wide = wide * F.hardsigmoid(self.excite(F.relu(self.squeeze(F.adaptive_avg_pool2d(wide, 1)))))
        out = self.project_norm(self.project(wide))
        return out + x if self.has_residual else out
