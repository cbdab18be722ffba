"""Random crops of fundus photographs: rotated, flipped, scaled, bent, and with other colours and light.

Parameters are drawn on the CPU, so that no step waits for a GPU; pixels are made on the photographs' device, and so is
the noise.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from dermaloupe_recipe import fundus
from dermaloupe_recipe.centre_lines import thin

LARGEST_STEP = 1.42  # source pixels per pixel of a crop; beyond it the next smaller level is sampled
ELASTIC_POINTS = 8  # of the grid of random displacements, along a side of the crop
ELASTIC_PIXELS = 10.0  # standard deviation at a point of that grid, in pixels of the crop


@dataclass
class Source:
    """Where crops come from: a photograph's channels (red, green, blue, vessels, centre lines) at halving sizes."""

    set: str
    diameter: float  # of the field of view, in pixels of the first level
    centre: tuple  # of its bounding box, x and y in pixels of the first level
    levels: list  # float32 0..1 [5, H, W]


def make_source(photo, scale, device):
    """The source of one photograph, whose first level has this scale."""
    vessels, inside = fundus.resize_mask(photo.vessels, scale), fundus.resize_mask(photo.field_of_view, scale) > 0.5
    lines = thin(vessels > 0.5).astype(np.float32)
    stacked = np.concatenate([fundus.network_input(photo.photo, scale), vessels[None], lines[None]])
    levels = [torch.from_numpy(stacked).to(device)]
    while len(levels) < 3:
        levels.append(F.avg_pool2d(levels[-1][None], 2)[0])
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    centre = float(columns[0] + columns[-1]) / 2, float(rows[0] + rows[-1]) / 2
    return Source(photo.set, fundus.diameter(inside), centre, levels)


class Crops:
    """Batches of random crops, `size` pixels a side.

    `diameters` gives for each set the range of the field of view's diameter in pixels of the crop, which sets the scale
    of the vessels; `shares` gives the share of the crops that each set has.
    """

    def __init__(self, sources, size, diameters, shares, generator):
        self.size, self.diameters, self.shares, self.generator = size, diameters, shares, generator
        self.by_set = {name: [s for s in sources if s.set == name] for name in diameters}
        self.device = sources[0].levels[0].device
        self.noise = torch.Generator(self.device).manual_seed(generator.initial_seed())

    def uniform(self, low, high, *shape):
        return low + (high - low) * torch.rand(*shape, generator=self.generator)

    def normal(self, *shape):
        return torch.randn(*shape, generator=self.generator)

    def batch(self, count):
        """Photographs 0..1 [N, 3, S, S], vessels and centre lines 0..1 [N, 1, S, S]."""
        chosen = torch.multinomial(torch.tensor([self.shares[s] for s in self.by_set]), count, True,
                                   generator=self.generator)
        bend = self.elastic(count)
        crops = torch.stack([self.crop(list(self.by_set)[set_], bend[i]) for i, set_ in enumerate(chosen.tolist())])
        photos = self.recolour(crops[:, :3])
        return photos, crops[:, 3:4], crops[:, 4:5]

    def elastic(self, count):
        """Smooth displacements [N, S, S, 2] in pixels of the crop, of random strength."""
        strength = self.uniform(0, 1, count, 1, 1, 1) * ELASTIC_PIXELS
        coarse = (self.normal(count, 2, ELASTIC_POINTS, ELASTIC_POINTS) * strength).to(self.device)
        return F.interpolate(coarse, (self.size, self.size), mode="bicubic").permute(0, 2, 3, 1)

    def crop(self, set_, bend):
        """One crop [5, S, S]: rotation by any angle, mirrored or not, stretched up to 1.15, anywhere in the field."""
        sources = self.by_set[set_]
        source = sources[int(torch.randint(len(sources), (1,), generator=self.generator))]
        low, high = self.diameters[set_]
        step = source.diameter / math.exp(float(self.uniform(math.log(low), math.log(high), 1)))
        angle, stretch = float(self.uniform(-math.pi, math.pi, 1)), math.exp(float(self.uniform(-0.14, 0.14, 1)))
        mirror = 1.0 if float(self.uniform(0, 1, 1)) < 0.5 else -1.0
        level = 0
        while step / 2**level > LARGEST_STEP and level + 1 < len(source.levels):
            level += 1
        pixels = source.levels[level]
        # A centre within the field of view's bounding box, nearer to its middle than a crop's quarter.
        reach = max(0.0, source.diameter / 2 - step * self.size / 4)
        shift = self.uniform(-1, 1, 2) * reach
        x, y = ((c + float(s) + 0.5) / 2**level for c, s in zip(source.centre, shift))
        scale = step / 2**level
        matrix = torch.tensor([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]) @ torch.tensor(
            [[mirror * stretch, 0.0], [0.0, 1 / stretch]]) * scale
        half = torch.arange(self.size, device=self.device) + 0.5 - self.size / 2
        grid = torch.stack(torch.meshgrid(half, half, indexing="xy"), dim=-1) + bend
        height, width = pixels.shape[1:]
        extent = torch.tensor([width, height], dtype=torch.float32)
        matrix, offset = matrix / extent[:, None] * 2, torch.tensor([x, y]) / extent * 2 - 1
        grid = grid @ matrix.T.to(self.device, non_blocking=True) + offset.to(self.device, non_blocking=True)
        return F.grid_sample(pixels[None], grid[None], mode="bilinear", align_corners=False)[0]

    def recolour(self, photos):
        """Other gains, contrast, gamma, saturation, uneven light, blur and noise for each crop; stays in 0..1."""
        n = len(photos)

        def factors(spread, channels=1):
            return torch.exp(self.uniform(-spread, spread, n, channels, 1, 1)).to(self.device, non_blocking=True)

        photos = photos * factors(0.2) * factors(0.12, 3)
        centre = photos.mean(dim=(1, 2, 3), keepdim=True)
        photos = centre + (photos - centre) * factors(0.25)
        grey = photos.mean(dim=1, keepdim=True)
        photos = grey + (photos - grey) * factors(0.4)
        photos = photos.clamp(min=1e-4) ** factors(0.35)
        light = (self.normal(n, 1, 3, 3) * 0.15).to(self.device, non_blocking=True)
        photos = photos * torch.exp(F.interpolate(light, photos.shape[-2:], mode="bicubic"))
        return self.degrade(photos).clamp(0, 1)

    def degrade(self, photos):
        """Blur in a quarter of the crops, and noise."""
        n, channels = photos.shape[:2]
        sigma = float(self.uniform(0.5, 1.3, 1))
        line = torch.exp(-(torch.arange(-3, 4) ** 2) / (2 * sigma**2))
        kernel = torch.outer(line, line)
        kernel = (kernel / kernel.sum()).expand(channels, 1, 7, 7).contiguous().to(self.device, non_blocking=True)
        blurred = F.conv2d(photos, kernel, padding=3, groups=channels)
        chosen = (self.uniform(0, 1, n, 1, 1, 1) < 0.25).to(self.device, non_blocking=True)
        strength = self.uniform(0, 0.03, n, 1, 1, 1).to(self.device, non_blocking=True)
        noise = torch.randn(photos.shape, generator=self.noise, device=self.device)
        return torch.where(chosen, blurred, photos) + noise * strength
