"""EGE-UNet, the tenth network of the zoo, in the two forms that `blocks.py` describes.

Ruan, Xie, Gao, Liu and Fu, 'EGE-UNet: an Efficient Group Enhanced UNet for skin lesion segmentation', MICCAI 2023.
Written from the paper; with its five supervision heads the published form has 53,374 parameters.
"""

import torch
import torch.nn.functional as F
from torch import nn

from blocks import Seen, double, halve, norm, widen


class ChannelNorm(nn.Module):
    """Layer norm over the channels of each place, with a learnt scale and shift: [N, C, H, W] -> the same."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        return F.layer_norm(x.permute(0, 2, 3, 1), self.weight.shape, self.weight, self.bias, 1e-6).permute(0, 3, 1, 2)


def channel_norm(channels, npu):
    return nn.BatchNorm2d(channels) if npu else ChannelNorm(channels)


class LearntMap(nn.Module):
    """A learnt map over two of the axes channel, height and width, refined by two small convolutions.

    `axes` is "hw", "ch" or "cw". The map does not look at the photograph, so that an exported graph holds it as a
    constant. It is learnt on 8 points of height and width and drawn out to the features' own size.
    """

    POINTS = 8

    def __init__(self, channels, axes):
        super().__init__()
        self.channels, self.axes, p = channels, axes, self.POINTS
        self.map = nn.Parameter(torch.ones(1, channels, p, p) if axes == "hw" else torch.ones(1, 1, channels, p))
        conv = nn.Conv2d if axes == "hw" else nn.Conv1d
        self.refine = nn.Sequential(
            conv(channels, channels, 3, padding=1, groups=channels), nn.GELU(), conv(channels, channels, 1)
        )

    def forward(self, height, width, align_corners):
        """[1, C, H, W], with a one in place of the axis that is not named."""
        if self.axes == "hw":
            return self.refine(F.interpolate(self.map, (height, width), mode="bilinear", align_corners=align_corners))
        long = height if self.axes == "ch" else width
        drawn = F.interpolate(self.map, (self.channels, long), mode="bilinear", align_corners=align_corners)
        return self.refine(drawn[0]).unsqueeze(3 if self.axes == "ch" else 2)


class HadamardAttention(nn.Module):
    """GHPA: three quarters of the channels multiplied by learnt maps, one by convolutions; then mixed: C -> C_out."""

    def __init__(self, channels_in, channels_out, npu):
        super().__init__()
        quarter = channels_in // 4
        self.npu = npu
        self.norm_in = channel_norm(channels_in, npu)
        self.maps = nn.ModuleList(LearntMap(quarter, axes) for axes in ("hw", "ch", "cw"))
        self.local = nn.Sequential(
            nn.Conv2d(quarter, quarter, 1), nn.GELU(), nn.Conv2d(quarter, quarter, 3, padding=1, groups=quarter)
        )
        self.norm_out = channel_norm(channels_in, npu)
        self.mix = nn.Sequential(
            nn.Conv2d(channels_in, channels_in, 3, padding=1, groups=channels_in), nn.GELU(),
            nn.Conv2d(channels_in, channels_out, 1),
        )

    def forward(self, x):
        x = self.norm_in(x)
        height, width = x.shape[2:]
        if self.npu:  # one multiplication by one constant, in place of three on quarters
            maps = [m(height, width, False).expand(1, m.channels, height, width) for m in self.maps]
            quarter = maps[0].shape[1]
            by_map = x[:, : 3 * quarter] * torch.cat(maps, dim=1)
            seen = torch.cat([by_map, self.local(x[:, 3 * quarter :])], dim=1)
        else:
            quarters = torch.chunk(x, 4, dim=1)
            by_map = [part * m(height, width, True) for part, m in zip(quarters, self.maps)]
            seen = torch.cat([*by_map, self.local(quarters[3])], dim=1)
        return self.mix(self.norm_out(seen))


class AggregationBridge(nn.Module):
    """GAB: a skip connection joined, in four groups of own dilation, with the deeper stage and its map of the lesion.
    """

    DILATIONS = (1, 2, 5, 7)

    def __init__(self, channels_deep, channels, npu):
        super().__init__()
        self.npu = npu
        self.project = nn.Conv2d(channels_deep, channels, 1)
        size = channels // 2 + 1  # a quarter of the deep stage, a quarter of the skip, and the map
        self.groups = nn.ModuleList(
            nn.Sequential(channel_norm(size, npu), nn.Conv2d(size, size, 3, padding=d, dilation=d, groups=size))
            for d in self.DILATIONS
        )
        self.join = nn.Sequential(channel_norm(4 * size, npu), nn.Conv2d(4 * size, channels, 1))

    def forward(self, deep, skip, lesion):
        """`deep` [N, C_deep, h, w], `skip` [N, C, H, W], `lesion` logits [N, 1, H, W] -> [N, C, H, W]."""
        deep = self.project(deep)
        if deep.shape[2:] != skip.shape[2:]:
            deep = double(deep, self.npu)
        if self.npu:  # a map in 0..1 shares its quantisation with the features beside it; logits would drown them
            lesion = torch.sigmoid(lesion)
        parts = zip(self.groups, deep.chunk(4, dim=1), skip.chunk(4, dim=1))
        return self.join(torch.cat([group(torch.cat([d, s, lesion], dim=1)) for group, d, s in parts], dim=1))


class EGEUNet(nn.Module):
    """EGE-UNet; stages and sizes as in MALUNet. Its supervision heads feed the bridges, so they stay at run time."""

    CHANNELS = (8, 16, 24, 32, 48, 64)

    def __init__(self, npu=True):
        super().__init__()
        c = self.CHANNELS
        self.npu = npu
        self.encoders = nn.ModuleList([
            nn.Conv2d(3, c[0], 3, stride=2 if npu else 1, padding=1),
            nn.Conv2d(c[0], c[1], 3, padding=1),
            nn.Conv2d(c[1], c[2], 3, padding=1),
            HadamardAttention(c[2], c[3], npu),
            HadamardAttention(c[3], c[4], npu),
        ])
        self.encoder_norms = nn.ModuleList(norm(width, npu) for width in c[:5])
        self.bottom = HadamardAttention(c[4], c[5], npu)
        self.decoders = nn.ModuleList([
            HadamardAttention(c[5], c[4], npu),
            HadamardAttention(c[4], c[3], npu),
            HadamardAttention(c[3], c[2], npu),
            nn.Conv2d(c[2], c[1], 3, padding=1),
            nn.Conv2d(c[1], c[0], 3, padding=1),
        ])
        self.decoder_norms = nn.ModuleList(norm(width, npu) for width in reversed(c[:5]))
        self.bridges = nn.ModuleList(AggregationBridge(c[i + 1], c[i], npu) for i in reversed(range(5)))
        self.sides = nn.ModuleList(nn.Conv2d(width, 1, 1) for width in reversed(c[:5]))
        self.head = nn.Conv2d(c[0], 1, 1)
        self.apply(start_weights)

    def forward(self, x):
        return self.stages(x).logits

    def stages(self, x):
        """The logits with every stage's features and the supervision heads' logits: a Seen."""
        skips = []
        for depth, (encoder, scale) in enumerate(zip(self.encoders, self.encoder_norms)):
            x = halve(scale(encoder(x)), depth, self.npu)
            skips.append(x)
        x = F.gelu(self.bottom(x))
        deep, encoded, decoded, sides = x, [*skips, x], [], []
        steps = zip(self.decoders, self.decoder_norms, self.bridges, self.sides, reversed(skips))
        for depth, (decoder, scale, bridge, side, skip) in enumerate(steps):
            x = widen(scale(decoder(x)), depth, self.npu)
            lesion = side(x)
            deep = bridge(deep, skip, lesion)
            x = x + deep
            sides.append(lesion)
            decoded.append(x)
        logits = self.head(x)
        return Seen(logits if self.npu else double(logits, False), encoded, decoded, sides)


def start_weights(module):
    """Normals by fan out for convolutions over places, by width for those along a line."""
    if isinstance(module, nn.Conv2d):
        outputs = module.kernel_size[0] * module.kernel_size[1] * module.out_channels // module.groups
        nn.init.normal_(module.weight, std=(2 / outputs) ** 0.5)
        nn.init.zeros_(module.bias)
    elif isinstance(module, nn.Conv1d):
        nn.init.normal_(module.weight, std=(1 / (module.kernel_size[0] * module.out_channels)) ** 0.5)
        nn.init.zeros_(module.bias)
