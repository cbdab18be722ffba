"""EGE-UNet, the tenth network of the zoo, in the two forms that `unet.py` describes.

Ruan, Xie, Gao, Liu and Fu, 'EGE-UNet: an Efficient Group Enhanced UNet for skin lesion segmentation', MICCAI 2023.
Written from the paper; with its five deep-supervision heads the published form has 53,374 parameters.
"""

import torch
import torch.nn.functional as F
from torch import nn

from dermaloupe_recipe.unet import UNet, make_norm, upsample_2x


class ChannelNorm(nn.Module):
    """Layer norm over the channels of each position, with a learnt scale and shift: [N, C, H, W] -> the same."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        return F.layer_norm(x.permute(0, 2, 3, 1), self.weight.shape, self.weight, self.bias, 1e-6).permute(0, 3, 1, 2)


def make_channel_norm(channels, npu):
    return nn.BatchNorm2d(channels) if npu else ChannelNorm(channels)


class LearntMap(nn.Module):
    """A learnt map over two of the axes channel, height and width, refined by two small convolutions.

    `axes` is "hw", "ch" or "cw". The map does not depend on the image, so that an exported graph holds it as a
    constant. It has 8 points along height and width, and is resized to the features.
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
        """[1, C, H, W], where the axis that is not in `axes` has size 1."""
        if self.axes == "hw":
            return self.refine(F.interpolate(self.map, (height, width), mode="bilinear", align_corners=align_corners))
        length = height if self.axes == "ch" else width
        resized = F.interpolate(self.map, (self.channels, length), mode="bilinear", align_corners=align_corners)
        return self.refine(resized[0]).unsqueeze(3 if self.axes == "ch" else 2)


class HadamardAttention(nn.Module):
    """GHPA: three quarters of the channels times learnt maps, one quarter through convolutions, mixed: C -> C_out."""

    def __init__(self, channels_in, channels_out, npu):
        super().__init__()
        quarter = channels_in // 4
        self.npu = npu
        self.norm_in = make_channel_norm(channels_in, npu)
        self.maps = nn.ModuleList(LearntMap(quarter, axes) for axes in ("hw", "ch", "cw"))
        self.local = nn.Sequential(
            nn.Conv2d(quarter, quarter, 1), nn.GELU(), nn.Conv2d(quarter, quarter, 3, padding=1, groups=quarter)
        )
        self.norm_out = make_channel_norm(channels_in, npu)
        self.mix = nn.Sequential(
            nn.Conv2d(channels_in, channels_in, 3, padding=1, groups=channels_in), nn.GELU(),
            nn.Conv2d(channels_in, channels_out, 1),
        )

    def forward(self, x):
        x = self.norm_in(x)
        height, width = x.shape[2:]
        if self.npu:  # one multiplication by one constant instead of three on quarters
            maps = [m(height, width, False).expand(1, m.channels, height, width) for m in self.maps]
            quarter = maps[0].shape[1]
            weighted = [x[:, : 3 * quarter] * torch.cat(maps, dim=1)]
            last = x[:, 3 * quarter :]
        else:
            *quarters, last = torch.chunk(x, 4, dim=1)
            weighted = [part * m(height, width, True) for part, m in zip(quarters, self.maps)]
        return self.mix(self.norm_out(torch.cat([*weighted, self.local(last)], dim=1)))


class AggregationBridge(nn.Module):
    """GAB: fuses a skip connection with deeper features and a lesion map, in four groups of different dilation."""

    DILATIONS = (1, 2, 5, 7)

    def __init__(self, channels_deep, channels, npu):
        super().__init__()
        self.npu = npu
        self.project = nn.Conv2d(channels_deep, channels, 1)
        size = channels // 2 + 1  # a quarter of the deeper features, a quarter of the skip connection, the lesion map
        self.groups = nn.ModuleList(
            nn.Sequential(make_channel_norm(size, npu), nn.Conv2d(size, size, 3, padding=d, dilation=d, groups=size))
            for d in self.DILATIONS
        )
        self.join = nn.Sequential(make_channel_norm(4 * size, npu), nn.Conv2d(4 * size, channels, 1))

    def forward(self, deep, skip, lesion):
        """`deep` [N, C_deep, h, w], `skip` [N, C, H, W], `lesion` logits [N, 1, H, W] -> [N, C, H, W]."""
        deep = self.project(deep)
        if deep.shape[2:] != skip.shape[2:]:
            deep = upsample_2x(deep, align_corners=not self.npu)
        if self.npu:  # concatenated tensors share one INT8 range, in which logits would leave features too few steps
            lesion = torch.sigmoid(lesion)
        parts = zip(self.groups, deep.chunk(4, dim=1), skip.chunk(4, dim=1))
        return self.join(torch.cat([group(torch.cat([d, s, lesion], dim=1)) for group, d, s in parts], dim=1))


class EGEUNet(UNet):
    """EGE-UNet, with MALUNet's stages and sizes. Its deep-supervision heads feed the bridges, also in inference."""

    CHANNELS = (8, 16, 24, 32, 48, 64)

    def __init__(self, npu=True):
        super().__init__(npu)
        c = self.CHANNELS
        self.encoders = nn.ModuleList([
            nn.Conv2d(3, c[0], 3, stride=2 if npu else 1, padding=1),
            nn.Conv2d(c[0], c[1], 3, padding=1),
            nn.Conv2d(c[1], c[2], 3, padding=1),
            HadamardAttention(c[2], c[3], npu),
            HadamardAttention(c[3], c[4], npu),
        ])
        self.encoder_norms = nn.ModuleList(make_norm(width, npu) for width in c[:5])
        self.bottleneck = HadamardAttention(c[4], c[5], npu)
        self.decoders = nn.ModuleList([
            HadamardAttention(c[5], c[4], npu),
            HadamardAttention(c[4], c[3], npu),
            HadamardAttention(c[3], c[2], npu),
            nn.Conv2d(c[2], c[1], 3, padding=1),
            nn.Conv2d(c[1], c[0], 3, padding=1),
        ])
        self.decoder_norms = nn.ModuleList(make_norm(width, npu) for width in reversed(c[:5]))
        self.bridges = nn.ModuleList(AggregationBridge(c[i + 1], c[i], npu) for i in reversed(range(5)))
        self.side_heads = nn.ModuleList(nn.Conv2d(width, 1, 1) for width in reversed(c[:5]))
        self.head = nn.Conv2d(c[0], 1, 1)
        self.apply(init_weights)

    def fuse_skip(self, stage, x, skip, deeper):
        lesion = self.side_heads[stage](x)
        return self.bridges[stage](deeper, skip, lesion), lesion


def init_weights(module):
    """Normal distributions: by fan-out for 2D convolutions, by kernel width and outputs for 1D ones."""
    if isinstance(module, nn.Conv2d):
        fan_out = module.kernel_size[0] * module.kernel_size[1] * module.out_channels // module.groups
        nn.init.normal_(module.weight, std=(2 / fan_out) ** 0.5)
        nn.init.zeros_(module.bias)
    elif isinstance(module, nn.Conv1d):
        nn.init.normal_(module.weight, std=(1 / (module.kernel_size[0] * module.out_channels)) ** 0.5)
        nn.init.zeros_(module.bias)
