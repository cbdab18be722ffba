"""The U-Net that MALUNet and EGE-UNet share: five encoder stages, a bottleneck, five decoder stages.

An RK3588's NPU does not run the papers' structures as a whole, so every network has two forms. The published form
(`npu=False`) follows the paper, and is kept so that its parameters can be counted. The NPU form (`npu=True`) is
trained and shipped: batch norm, which folds into convolutions; bilinear resizing without aligned corners; a first
stage that downsamples by its stride; logits at half the image's size, which the program resizes itself.
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import nn

GROUPS = 4  # of every group norm


class StageOutputs(NamedTuple):
    """A network's logits and the feature maps of its stages.

    Six encoder stages, the last being the bottleneck; five decoder stages, deepest first; and, where the network has
    deep-supervision heads of its own, their logits, one map per decoder stage.
    """

    logits: torch.Tensor
    encoder: list
    decoder: list
    side_logits: list = ()


def make_norm(channels, npu):
    return nn.BatchNorm2d(channels) if npu else nn.GroupNorm(GROUPS, channels)


def upsample_2x(x, align_corners):
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=align_corners)


def activate_and_downsample(x, stage, npu):
    """GELU and 2x2 max pooling after an encoder stage; the NPU form's first stage has a stride of 2 instead."""
    if not npu:
        return F.gelu(F.max_pool2d(x, 2))
    return F.gelu(x) if stage == 0 else F.max_pool2d(F.gelu(x), 2)  # the activation fuses with the convolution


def activate_and_upsample(x, stage, npu):
    """GELU and 2x upsampling after a decoder stage; the deepest skip connection has the bottleneck's own size."""
    if stage == 0:
        return F.gelu(x)
    return upsample_2x(F.gelu(x), align_corners=False) if npu else F.gelu(upsample_2x(x, align_corners=True))


class UNet(nn.Module):
    """The forward pass of a U-Net.

    A subclass sets the modules `encoders`, `encoder_norms`, `bottleneck`, `decoders`, `decoder_norms` and `head`, and
    overrides `bridge_skips` or `fuse_skip` to process the skip connections.
    """

    def __init__(self, npu):
        super().__init__()
        self.npu = npu

    def forward(self, x):
        return self.forward_stages(x).logits

    def forward_stages(self, x):
        """StageOutputs of normalised images [N, 3, H, W]."""
        skips = []
        for stage, (encoder, norm) in enumerate(zip(self.encoders, self.encoder_norms)):
            x = activate_and_downsample(norm(encoder(x)), stage, self.npu)
            skips.append(x)
        x = F.gelu(self.bottleneck(x))
        deeper, encoded, decoded, side_logits = x, [*skips, x], [], []
        stages = zip(self.decoders, self.decoder_norms, reversed(self.bridge_skips(skips)))
        for stage, (decoder, norm, skip) in enumerate(stages):
            x = activate_and_upsample(norm(decoder(x)), stage, self.npu)
            deeper, side = self.fuse_skip(stage, x, skip, deeper)
            x = x + deeper
            decoded.append(x)
            if side is not None:
                side_logits.append(side)
        logits = self.head(x)
        return StageOutputs(logits if self.npu else upsample_2x(logits, True), encoded, decoded, side_logits)

    def bridge_skips(self, skips):
        """All skip connections processed together: list of [N, C_i, H_i, W_i] -> list of the same shapes."""
        return skips

    def fuse_skip(self, stage, x, skip, deeper):
        """(what is added to decoder features `x`, side logits or None); `deeper` is what the stage before added."""
        return skip, None
