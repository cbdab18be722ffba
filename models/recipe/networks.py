"""The networks of the zoo, by name.

Every network takes normalised photographs [N, 3, H, W] and returns logits [N, 1, H, W]; the sigmoid is added when
a network is exported, because the loss is steadier on logits.
"""

import torch
import torch.nn.functional as F
from torch import nn

GROUPS = 4  # of every group norm, and the number of dilations side by side in a DilatedGatedAttention


class SeparableConv(nn.Module):
    """Depthwise k x k, group norm, then 1x1 across channels: [N, C, H, W] -> [N, C_out, H, W]."""

    def __init__(self, channels_in, channels_out, kernel):
        super().__init__()
        self.depthwise = nn.Conv2d(channels_in, channels_in, kernel, padding=kernel // 2, groups=channels_in)
        self.norm = nn.GroupNorm(GROUPS, channels_in)
        self.pointwise = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x):
        return self.pointwise(self.norm(self.depthwise(x)))


class GatedUnit(nn.Module):
    """A 5x5 feature branch multiplied by a 3x3 sigmoid gate, mixed, plus a 1x1 shortcut: C -> C_out."""

    def __init__(self, channels_in, channels_out):
        super().__init__()
        self.gate = SeparableConv(channels_in, channels_in, 3)
        self.feature = SeparableConv(channels_in, channels_in, 5)
        self.mix = SeparableConv(channels_in, channels_out, 3)
        self.shortcut = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x):
        gated = torch.sigmoid(self.gate(x)) * F.gelu(self.feature(x))
        return F.gelu(self.mix(gated)) + self.shortcut(x)


class DilatedGatedAttention(nn.Module):
    """DGA: the channels in four quarters, each seen at its own dilation, joined, then gated: C -> C_out."""

    DILATIONS = (7, 5, 2, 1)

    def __init__(self, channels_in, channels_out):
        super().__init__()
        quarter = channels_in // len(self.DILATIONS)
        self.scales = nn.ModuleList(
            nn.Conv2d(quarter, quarter, 3, padding=d, dilation=d, groups=quarter) for d in self.DILATIONS
        )
        self.norm = nn.GroupNorm(GROUPS, channels_in)
        self.join = nn.Conv2d(channels_in, channels_in, 1)
        self.gated = GatedUnit(channels_in, channels_out)

    def forward(self, x):
        quarters = torch.chunk(x, len(self.DILATIONS), dim=1)
        seen = torch.cat([scale(part) for scale, part in zip(self.scales, quarters)], dim=1)
        return self.gated(F.gelu(self.join(self.norm(seen))))


class InvertedExternalAttention(nn.Module):
    """IEA: attention against a memory of 4C learnt vectors, shared by all photographs: C -> C.

    'Inverted' because the memory is wider than the features, where external attention proper squeezes them.
    """

    def __init__(self, channels):
        super().__init__()
        self.query = nn.Conv2d(channels, channels, 1)
        self.keys = nn.Conv1d(channels, 4 * channels, 1, bias=False)
        self.values = nn.Conv1d(4 * channels, channels, 1, bias=False)
        self.project = nn.Conv2d(channels, channels, 1, bias=False)
        self.norm = nn.GroupNorm(GROUPS, channels)

    def forward(self, x):
        n, c, h, w = x.shape
        memory = self.keys(self.query(x).reshape(n, c, h * w))  # [N, 4C, HW]
        weights = torch.softmax(memory, dim=2)  # over places, then shared out over the memory
        weights = weights / (weights.sum(dim=1, keepdim=True) + 1e-9)
        found = self.values(weights).reshape(n, c, h, w)
        return F.gelu(self.norm(self.project(found)) + x)


class SpatialBridge(nn.Module):
    """SAB: one 7x7 convolution of dilation 3, shared by the stages, says where to look: -> [N, 1, H, W]."""

    def __init__(self):
        super().__init__()
        self.look = nn.Conv2d(2, 1, 7, padding=9, dilation=3)

    def forward(self, x):
        mean = x.mean(dim=1, keepdim=True)
        peak = x.amax(dim=1, keepdim=True)
        return torch.sigmoid(self.look(torch.cat([mean, peak], dim=1)))


class ChannelBridge(nn.Module):
    """CAB: the pooled channels of all stages, mixed along their line, weigh each stage: list of [N, C_i, 1, 1]."""

    def __init__(self, channels):
        super().__init__()
        total = sum(channels)
        self.along = nn.Conv1d(1, 1, 3, padding=1, bias=False)
        self.stages = nn.ModuleList(nn.Linear(total, c) for c in channels)

    def forward(self, stages):
        pooled = torch.cat([x.mean(dim=(2, 3)) for x in stages], dim=1)  # [N, total]
        mixed = self.along(pooled.unsqueeze(1)).squeeze(1)
        return [torch.sigmoid(linear(mixed)).unsqueeze(2).unsqueeze(3) for linear in self.stages]


class AttentionBridge(nn.Module):
    """SC-Att-Bridge: first where, then which channels, each with a residual, on the five skip connections."""

    def __init__(self, channels):
        super().__init__()
        self.spatial = SpatialBridge()
        self.channel = ChannelBridge(channels)

    def forward(self, stages):
        placed = [self.spatial(x) * x for x in stages]
        inner = [p + x for p, x in zip(placed, stages)]
        return [w * x + p for w, x, p in zip(self.channel(inner), inner, placed)]


class MALUNet(nn.Module):
    """MALUNet: [N, 3, H, W] -> logits [N, 1, H, W]; H and W multiples of 32.

    Ruan, Xiang, Xie, Liu and Fu, 'MALUNet: A Multi-Attention and Light-weight UNet for Skin Lesion Segmentation',
    BIBM 2022. Five halvings (256 -> 128, 64, 32, 16, 8) with the channels 8, 16, 24, 32, 48, a sixth stage of 64
    at 8x8, and five decoder stages that add the bridged skips. Written from the paper; 177,943 parameters.
    """

    CHANNELS = (8, 16, 24, 32, 48, 64)

    def __init__(self):
        super().__init__()
        c = self.CHANNELS
        self.encoders = nn.ModuleList([
            nn.Conv2d(3, c[0], 3, padding=1),
            nn.Conv2d(c[0], c[1], 3, padding=1),
            nn.Conv2d(c[1], c[2], 3, padding=1),
            nn.Sequential(InvertedExternalAttention(c[2]), DilatedGatedAttention(c[2], c[3])),
            nn.Sequential(InvertedExternalAttention(c[3]), DilatedGatedAttention(c[3], c[4])),
        ])
        self.encoder_norms = nn.ModuleList(nn.GroupNorm(GROUPS, width) for width in c[:5])
        self.bridge = AttentionBridge(c[:5])
        self.bottom = nn.Sequential(InvertedExternalAttention(c[4]), DilatedGatedAttention(c[4], c[5]))
        self.decoders = nn.ModuleList([
            nn.Sequential(DilatedGatedAttention(c[5], c[4]), InvertedExternalAttention(c[4])),
            nn.Sequential(DilatedGatedAttention(c[4], c[3]), InvertedExternalAttention(c[3])),
            nn.Sequential(DilatedGatedAttention(c[3], c[2]), InvertedExternalAttention(c[2])),
            nn.Conv2d(c[2], c[1], 3, padding=1),
            nn.Conv2d(c[1], c[0], 3, padding=1),
        ])
        self.decoder_norms = nn.ModuleList(nn.GroupNorm(GROUPS, width) for width in reversed(c[:5]))
        self.head = nn.Conv2d(c[0], 1, 1)
        self.apply(start_weights)

    def forward(self, x):
        skips = []
        for encoder, norm in zip(self.encoders, self.encoder_norms):
            x = F.gelu(F.max_pool2d(norm(encoder(x)), 2))
            skips.append(x)
        x = F.gelu(self.bottom(x))
        bridged = list(reversed(self.bridge(skips)))
        for depth, (decoder, norm, skip) in enumerate(zip(self.decoders, self.decoder_norms, bridged)):
            x = norm(decoder(x))
            if depth > 0:  # the deepest skip lies at the bottom's own size
                x = double(x)
            x = F.gelu(x) + skip
        return double(self.head(x))


def double(x):
    """Twice the height and width, bilinear, corners aligned as in the paper's code."""
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True)


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


NETWORKS = {"malunet": MALUNet}


def make(name):
    """A fresh network by its name in the zoo."""
    if name not in NETWORKS:
        raise SystemExit(f"no network named '{name}'; there are: {', '.join(sorted(NETWORKS))}")
    return NETWORKS[name]()


def count_parameters(network):
    return sum(p.numel() for p in network.parameters() if p.requires_grad)
