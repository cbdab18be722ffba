"""W-Net: two small U-Nets in a row, of which the second corrects the first one's map.

After Galdran et al., 'State-of-the-art retinal vessel segmentation with minimalistic models', 2022: three levels of 8,
16 and 32 channels each, 68 k parameters in all. Theirs sees photographs at about 500 pixels; at the larger scale that
suits thin vessels, wide ones were missed, so the lowest level is dilated here, and a pixel of the map depends on 148
pixels around it in place of 84. Only operators that an RK3588's NPU runs: convolutions, batch norm, ReLU, max pooling,
transposed convolutions.
"""

import torch
import torch.nn.functional as F
from torch import nn

CHANNELS = (8, 16, 32)
LOWEST_DILATIONS = (2, 4)  # of the two convolutions of the lowest level


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions, with a 1x1 convolution around them."""

    def __init__(self, channels_in, channels, dilations=(1, 1)):
        super().__init__()
        a, b = dilations
        self.convs = nn.Sequential(
            nn.Conv2d(channels_in, channels, 3, padding=a, dilation=a, bias=False), nn.BatchNorm2d(channels), nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=b, dilation=b, bias=False), nn.BatchNorm2d(channels),
        )
        self.shortcut = nn.Conv2d(channels_in, channels, 1, bias=False)

    def forward(self, x):
        return F.relu(self.convs(x) + self.shortcut(x))


class SmallUNet(nn.Module):
    """[N, C, H, W] to logits [N, 1, H, W]."""

    def __init__(self, channels_in, channels):
        super().__init__()
        widths = (channels_in, *channels)
        dilations = [(1, 1)] * (len(channels) - 1) + [LOWEST_DILATIONS]
        self.encoder = nn.ModuleList(ResidualBlock(a, b, d) for a, b, d in zip(widths, channels, dilations))
        steps = list(zip(channels[:0:-1], channels[-2::-1]))
        self.upsample = nn.ModuleList(nn.ConvTranspose2d(a, b, 2, 2) for a, b in steps)
        self.decoder = nn.ModuleList(ResidualBlock(2 * b, b) for _, b in steps)
        self.head = nn.Conv2d(channels[0], 1, 1)

    def forward(self, x):
        skips = []
        for block in self.encoder:
            x = block(F.max_pool2d(x, 2) if skips else x)
            skips.append(x)
        skips.pop()
        for upsample, block in zip(self.upsample, self.decoder):
            x = block(torch.cat([upsample(x), skips.pop()], dim=1))
        return self.head(x)


class WNet(nn.Module):
    """Photographs 0..1 [N, 3, H, W], H and W multiples of 4, to logits [N, 1, H, W]."""

    def __init__(self, channels=CHANNELS):
        super().__init__()
        self.first = SmallUNet(3, channels)
        self.second = SmallUNet(4, channels)

    def forward_maps(self, x):
        """The logits of both U-Nets, the final ones last."""
        first = self.first(x)
        return [first, self.second(torch.cat([x, torch.sigmoid(first)], dim=1))]

    def forward(self, x):
        return self.forward_maps(x)[-1]
