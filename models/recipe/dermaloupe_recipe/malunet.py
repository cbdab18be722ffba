"""MALUNet, the teacher of the zoo, with the switches that make its students."""

from functools import partial

import torch
from torch import nn

from dermaloupe_recipe import blocks
from dermaloupe_recipe.unet import UNet, make_norm

# The units of the deep stages, in forward order: stages 4 to 6 of the encoder, -6 to -4 of the decoder.
UNITS = ("4.attend", "4.extract", "5.attend", "5.extract", "6.attend", "6.extract",
         "-6.extract", "-6.attend", "-5.extract", "-5.attend", "-4.extract", "-4.attend")


class MALUNet(UNet):
    """Six encoder stages (the sixth is the bottleneck), five decoder stages, a bridge over all skip connections.

    Ruan, Xiang, Xie, Liu and Fu, 'MALUNet: A Multi-Attention and Light-weight UNet for Skin Lesion Segmentation',
    BIBM 2022. Five times downsampled (256 -> 128, 64, 32, 16, 8), with the bottleneck at 8x8. Written from the paper;
    with its channels the published form has 177,943 parameters.

    A deep stage has two units: attention, C -> C, and feature extraction, C -> C_out. `attention`, `extraction`,
    `shallow` (stages 1 to 3) and `bridge` are the classes of the blocks. `without` names units of UNITS to leave out:
    an attention unit is removed entirely, an extraction unit is reduced to its 1x1 shortcut.
    """

    CHANNELS = (8, 16, 24, 32, 48, 64)

    def __init__(self, npu=True, channels=CHANNELS, attention=blocks.InvertedExternalAttention,
                 extraction=blocks.DilatedGatedAttention, shallow=partial(nn.Conv2d, kernel_size=3, padding=1),
                 bridge=blocks.AttentionBridge, without=()):
        super().__init__(npu)
        if unknown := set(without) - set(UNITS):
            raise ValueError(f"no such unit: {', '.join(sorted(unknown))}; there are: {', '.join(UNITS)}")
        c = channels

        def deep(stage, channels_in, channels_out):
            in_decoder = stage.startswith("-")
            has_attention = attention is not None and f"{stage}.attend" not in without
            attend = attention(channels_out if in_decoder else channels_in, npu) if has_attention else nn.Identity()
            block = blocks.Shortcut if f"{stage}.extract" in without else extraction
            extract = block(channels_in, channels_out, npu)
            return nn.Sequential(extract, attend) if in_decoder else nn.Sequential(attend, extract)

        self.encoders = nn.ModuleList([
            nn.Conv2d(3, c[0], 3, stride=2 if npu else 1, padding=1),
            shallow(c[0], c[1]),
            shallow(c[1], c[2]),
            deep("4", c[2], c[3]),
            deep("5", c[3], c[4]),
        ])
        self.encoder_norms = nn.ModuleList(make_norm(width, npu) for width in c[:5])
        self.bridge = bridge(c[:5], npu)
        self.bottleneck = deep("6", c[4], c[5])
        self.decoders = nn.ModuleList([
            deep("-6", c[5], c[4]),
            deep("-5", c[4], c[3]),
            deep("-4", c[3], c[2]),
            shallow(c[2], c[1]),
            shallow(c[1], c[0]),
        ])
        self.decoder_norms = nn.ModuleList(make_norm(width, npu) for width in reversed(c[:5]))
        self.head = nn.Conv2d(c[0], 1, 1)
        self.apply(init_weights)

    def bridge_skips(self, skips):
        return self.bridge(skips)

    def unit(self, name):
        """The module of a unit of UNITS."""
        stage, kind = name.split(".")
        number = int(stage)
        if number == 6:
            pair = self.bottleneck
        else:
            pair = self.encoders[number - 1] if number > 0 else self.decoders[6 + number]
        attention_first = number > 0
        return pair[0 if (kind == "attend") == attention_first else 1]


def init_weights(module):
    """Kaiming normal for convolutions, truncated normal for linear layers, zero for biases."""
    if isinstance(module, (nn.Conv1d, nn.Conv2d)):
        nn.init.kaiming_normal_(module.weight, mode="fan_out")
        if module.groups > 1:  # fan_out counts all groups, though an output sees only its own
            with torch.no_grad():
                module.weight.mul_(module.groups**0.5)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.Linear):
        nn.init.trunc_normal_(module.weight, std=0.02)
        nn.init.zeros_(module.bias)
