"""The standard U-Net, as a yardstick for light networks: two 3x3 convolutions a stage, four times downsampled.

Ronneberger, Fischer and Brox, 'U-Net: Convolutional Networks for Biomedical Image Segmentation', MICCAI 2015, with
batch norm, padding, bilinear upsampling and a quarter of its channels; like the other networks it returns logits at
half the image's size, so that its finest stage is at 1/2.
"""

import torch
import torch.nn.functional as F
from torch import nn

from dermaloupe_recipe.malunet import init_weights
from dermaloupe_recipe.unet import StageOutputs, upsample_2x

CHANNELS = (16, 32, 64, 128, 256)  # at 1/2 to 1/32 of the image's size


def double_conv(channels_in, channels_out, stride=1):
    layers = []
    for count, step in ((channels_in, stride), (channels_out, 1)):
        layers += [nn.Conv2d(count, channels_out, 3, step, padding=1, bias=False), nn.BatchNorm2d(channels_out),
                   nn.ReLU()]
    return nn.Sequential(*layers)


class StandardUNet(nn.Module):
    """Normalised images [N, 3, H, W], H and W multiples of 32, to logits [N, 1, H/2, W/2]; there is one form only."""

    def __init__(self, npu=True, channels=CHANNELS):
        super().__init__()
        if not npu:
            raise ValueError("the standard U-Net has one form only")
        c = channels
        self.encoders = nn.ModuleList(
            [double_conv(3, c[0], stride=2), *(double_conv(c[i], c[i + 1]) for i in range(4))]
        )
        self.decoders = nn.ModuleList(double_conv(c[i + 1] + c[i], c[i]) for i in (3, 2, 1, 0))
        self.head = nn.Conv2d(c[0], 1, 1)
        self.apply(init_weights)

    def forward(self, x):
        return self.forward_stages(x).logits

    def forward_stages(self, x):
        """StageOutputs of five encoder and four decoder stages."""
        encoded, decoded = [], []
        for stage, encoder in enumerate(self.encoders):
            x = encoder(F.max_pool2d(x, 2) if stage else x)
            encoded.append(x)
        for decoder, skip in zip(self.decoders, reversed(encoded[:4])):
            x = decoder(torch.cat([upsample_2x(x, align_corners=False), skip], dim=1))
            decoded.append(x)
        return StageOutputs(self.head(x), encoded, decoded)
