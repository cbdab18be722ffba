"""Lightformer: a light transformer, two convolution stages, then self-attention in windows at two scales.

Every linear layer is a 1x1 convolution with a batch norm that folds into it, as in LeViT (Graham et al., 'LeViT: a
Vision Transformer in ConvNet's Clothing for Faster Inference', ICCV 2021), and there is no layer norm, so that an
RK3588's NPU runs the whole. Windows are those of Swin (Liu et al., 'Swin Transformer', ICCV 2021), without its
shifts: windows exchange through one pooled token each. Positions are told by depthwise convolutions (Chu et al.,
'Conditional Positional Encodings for Vision Transformers', ICLR 2023). There is one form only, the one for the NPU.

At 1/16 the window is the whole image: on the NPU the transposes that cut windows of 4x4 cost more than they save, and
the compiled file passes 3 MB.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from dermaloupe_recipe.malunet import init_weights
from dermaloupe_recipe.unet import StageOutputs, upsample_2x

CHANNELS = (16, 32, 64, 96)  # of the stages at 1/2, 1/4, 1/8 and 1/16 of the image's size


@dataclass(frozen=True)
class Design:
    """What is varied between the light transformer and those that it is compared with."""

    windows: tuple = (8, 0)  # side of a window at 1/8 and at 1/16, in positions; 0: attention over the whole image
    exchange: bool = True  # whether windows exchange through a pooled token each
    shared: bool = True  # whether the layers of a stage have their projections and their MLP in common
    rank: int = 16  # of the projections to queries and keys together; 0: full
    heads: tuple = (4, 4)  # at 1/8 and at 1/16
    heads_before: int = 0  # of each stage before some were pruned; 0: none were
    depth: int = 2  # layers of a stage


DESIGNS = {  # the light transformer, and what it is compared with; each differs in one thing, the last in all
    "lightformer": Design(),
    "lightformer-small-windows": Design(windows=(8, 4)),
    "lightformer-no-exchange": Design(windows=(8, 4), exchange=False),
    "lightformer-full": Design(windows=(0, 0)),
    "lightformer-unshared": Design(shared=False),
    "lightformer-full-rank": Design(rank=0),
    "lightformer-pruned": Design(heads=(2, 3), heads_before=4),  # as compare_designs.py --steps prune has chosen
    "plain-transformer": Design(windows=(0, 0), shared=False, rank=0),
}


class ConvNorm(nn.Sequential):
    """A convolution without bias and a batch norm: C -> C_out."""

    def __init__(self, channels_in, channels_out, kernel=1, stride=1, groups=1):
        super().__init__(
            nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(channels_out),
        )


def split_windows(x, side):
    """[N, C, H, W] -> [N * windows, C, side, side], row by row; with tensors of four axes only, which the NPU has."""
    n, c, h, w = x.shape
    rows = x.reshape(n, c, h // side, side * w).transpose(1, 2)
    return rows.reshape(n * h // side, c * side, w // side, side).transpose(1, 2).reshape(-1, c, side, side)


def join_windows(x, size):
    """The inverse of `split_windows`: [N * windows, C, side, side] -> [N, C, *size]."""
    (h, w), (_, c, side, _) = size, x.shape
    rows = x.reshape(-1, w // side, c * side, side).transpose(1, 2).reshape(-1, h // side, c, side * w)
    return rows.transpose(1, 2).reshape(-1, c, h, w)


class Attention(nn.Module):
    """Self-attention with several heads over all positions of [B, C, H, W]: C -> C.

    `rank` channels lie between the features and queries and keys, if it is not 0. A head has as many channels as if
    there were `heads_before` of them, if that is not 0.
    """

    def __init__(self, channels, heads, rank, heads_before=0):
        super().__init__()
        self.heads, self.width = heads, channels // (heads_before or heads)
        inner = self.heads * self.width
        self.narrow = ConvNorm(channels, rank) if rank else nn.Identity()
        self.queries = ConvNorm(rank or channels, inner)
        self.keys = ConvNorm(rank or channels, inner)
        self.values = ConvNorm(channels, inner)
        self.project = ConvNorm(inner, channels)

    def forward(self, x):
        b, _, h, w = x.shape
        narrow = self.narrow(x)
        queries, keys, values = (
            part.reshape(b * self.heads, self.width, h * w)
            for part in (self.queries(narrow), self.keys(narrow), self.values(x))
        )
        scores = queries.transpose(1, 2) @ keys * self.width**-0.5  # [B * heads, queries, keys]
        attended = torch.softmax(scores, dim=2) @ values.transpose(1, 2)
        return self.project(attended.transpose(1, 2).reshape(b, self.heads * self.width, h, w))


class Mlp(nn.Module):
    """1x1 to twice the channels, a depthwise 3x3 that tells positions, and 1x1 back: C -> C."""

    EXPANSION = 2

    def __init__(self, channels):
        super().__init__()
        wide = self.EXPANSION * channels
        self.expand = ConvNorm(channels, wide)
        self.mix = ConvNorm(wide, wide, 3, groups=wide)
        self.reduce = ConvNorm(wide, channels)

    def forward(self, x):
        return self.reduce(F.gelu(self.mix(F.gelu(self.expand(x)))))


class TransformerStage(nn.Module):
    """A positional convolution, then `depth` layers of attention and MLP, each part with a residual: C -> C.

    All layers work on windows, which are cut once; only attention between their means crosses from one to another.
    """

    def __init__(self, channels, heads, window, design):
        super().__init__()
        self.window, self.design = window, design
        count = 1 if design.shared else design.depth
        self.positions = ConvNorm(channels, channels, 3, groups=channels)
        self.attention = nn.ModuleList(
            Attention(channels, heads, design.rank, design.heads_before) for _ in range(count)
        )
        self.mlp = nn.ModuleList(Mlp(channels) for _ in range(count))
        # What differs between layers that share their weights: a norm after each part.
        self.norms = nn.ModuleList(nn.BatchNorm2d(channels) for _ in range(2 * design.depth))

    def exchange(self, attention, windows, count):
        """What windows [N * count, C, h, w] hear from the others of their image: [N * count, C, 1, 1]."""
        means = F.adaptive_avg_pool2d(windows, 1)
        c = means.shape[1]
        means = means.reshape(-1, count, c, 1).transpose(1, 2)
        return attention(means).transpose(1, 2).reshape(-1, c, 1, 1)

    def layer(self, number, x, windows):
        part = 0 if self.design.shared else number
        attended = self.attention[part](x)
        if windows > 1 and self.design.exchange:
            attended = attended + self.exchange(self.attention[part], x, windows)
        x = x + self.norms[2 * number](attended)
        return x + self.norms[2 * number + 1](self.mlp[part](x))

    def forward(self, x):
        x, size = x + self.positions(x), x.shape[2:]
        side = self.window if self.window and max(size) > self.window else 0
        windows = size[0] * size[1] // side**2 if side else 1
        if side:
            x = split_windows(x, side)
        for number in range(self.design.depth):
            x = self.layer(number, x, windows)
        return join_windows(x, size) if side else x


class Refine(nn.Module):
    """A decoder stage: 1x1 to the skip connection's channels, 2x upsampling, the sum, and a separable convolution."""

    def __init__(self, channels_in, channels_out):
        super().__init__()
        self.reduce = ConvNorm(channels_in, channels_out)
        self.mix = ConvNorm(channels_out, channels_out, 5, groups=channels_out)
        self.pointwise = ConvNorm(channels_out, channels_out)

    def forward(self, x, skip):
        x = upsample_2x(self.reduce(x), align_corners=False) + skip
        return F.gelu(x + self.pointwise(F.gelu(self.mix(x))))


class Lightformer(nn.Module):
    """The light transformer: normalised images [N, 3, H, W], H and W multiples of 64, to logits [N, 1, H/2, W/2]."""

    def __init__(self, npu=True, design=Design(), channels=CHANNELS):
        super().__init__()
        if not npu:
            raise ValueError("the light transformer has one form only, the one for the NPU")
        c = channels
        self.stem = ConvNorm(3, c[0], 3, stride=2)
        self.downsample = nn.ModuleList(ConvNorm(c[i], c[i + 1], 3, stride=2) for i in range(3))
        self.local = nn.Sequential(ConvNorm(c[1], c[1], 5, groups=c[1]), nn.GELU(), ConvNorm(c[1], c[1]))
        self.stages = nn.ModuleList(
            TransformerStage(width, heads, window, design)
            for width, heads, window in zip(c[2:], design.heads, design.windows)
        )
        self.decoders = nn.ModuleList(Refine(c[i + 1], c[i]) for i in (2, 1, 0))
        self.head = nn.Conv2d(c[0], 1, 1)
        self.apply(init_weights)
        for stage in self.stages:  # a residual part says nothing at first, as in LeViT
            for norm in stage.norms:
                nn.init.zeros_(norm.weight)

    def forward(self, x):
        return self.forward_stages(x).logits

    def forward_stages(self, x):
        """StageOutputs of four encoder and three decoder stages."""
        encoded, decoded = self.forward_decoder(x)
        return StageOutputs(self.head(decoded[-1]), encoded, decoded)

    def forward_decoder(self, x):
        """The features of four encoder and three decoder stages."""
        half = F.gelu(self.stem(x))
        quarter = F.gelu(self.downsample[0](half))
        quarter = quarter + self.local(quarter)
        eighth = self.stages[0](F.gelu(self.downsample[1](quarter)))
        x = self.stages[1](F.gelu(self.downsample[2](eighth)))
        encoded, decoded = [half, quarter, eighth, x], []
        for decoder, skip in zip(self.decoders, reversed(encoded[:3])):
            x = decoder(x, skip)
            decoded.append(x)
        return encoded, decoded


class VesselLightformer(Lightformer):
    """The light transformer with a head for vessels: photographs 0..1 [N, 3, H, W] to logits [N, 1, H, W].

    Sides that are no multiples of 64 are filled up with black.
    The thinnest vessels are a pixel or two wide, less than a position of the decoder: the head sees the photograph too.
    """

    DETAIL = 8  # channels at the photograph's own size

    def __init__(self):
        super().__init__()
        width = CHANNELS[0]
        self.detail = ConvNorm(3, self.DETAIL, 3)
        self.head = nn.Sequential(ConvNorm(width + self.DETAIL, width, 3), nn.GELU(), nn.Conv2d(width, 1, 1))
        self.head.apply(init_weights)

    def forward(self, x):
        h, w = x.shape[2:]
        x = F.pad(x, (0, -w % 64, 0, -h % 64))
        decoded = self.forward_decoder(x)[1][-1]
        maps = self.head(torch.cat([upsample_2x(decoded, align_corners=False), F.gelu(self.detail(x))], dim=1))
        return maps[:, :, :h, :w]
