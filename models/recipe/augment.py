"""How photographs and masks are varied in training: framing, placing, a dermatoscope's dark corners, colour.

Every random choice comes from one generator, on the device where the photographs lie.
"""

import math

import torch
import torch.nn.functional as F

HIDES_AT_MOST = 0.2  # of a lesion; dark corners that would hide more of it are not painted


def uniform(generator, count, low, high):
    return low + (high - low) * torch.rand(count, generator=generator, device=generator.device)


def random_framing(aspects, generator):
    """How much of the squashed photograph's width and height is framed, and where: two [N, 2] of x and y.

    Half of the photographs stay squashed. Of the others, half get their own aspect back, which leaves a square of the
    photograph's full height somewhere along its width, and half something between. A third of all are then cropped
    to 0.6-1 of what is left. Extents are 0..1; places are of the window's centre, -1..1 over the photograph.
    """
    n = len(aspects)

    def each(low, high):
        return uniform(generator, n, low, high)

    part = torch.where(each(0, 1) < 0.5, torch.zeros_like(aspects), each(0, 2).clamp(max=1))
    squarer = torch.exp(-part.unsqueeze(1) * torch.log(torch.stack([aspects, 1 / aspects], dim=1)).clamp(min=0))
    closer = torch.where(each(0, 1) < 0.33, each(0.6, 1.0), torch.ones_like(aspects)).unsqueeze(1)
    extent = squarer * closer
    return extent, (1 - extent) * uniform(generator, 2 * n, -1, 1).view(n, 2)


def random_placing(aspects, generator):
    """Flips, any rotation, scale 0.8-1.25, aspect up to 1.2, shifts up to 8 %, framing: [N, 2, 3] for affine_grid."""
    count = len(aspects)
    angle = uniform(generator, count, -math.pi, math.pi)
    scale = torch.exp(uniform(generator, count, -0.22, 0.22))
    aspect = torch.exp(uniform(generator, count, -0.09, 0.09))
    mirror = torch.where(uniform(generator, count, 0, 1) < 0.5, 1.0, -1.0)
    shift_x, shift_y = uniform(generator, count, -0.16, 0.16), uniform(generator, count, -0.16, 0.16)
    cos, sin = torch.cos(angle), torch.sin(angle)
    x_row = torch.stack([mirror * scale * aspect * cos, -scale * aspect * sin, shift_x], dim=1)
    y_row = torch.stack([mirror * scale / aspect * sin, scale / aspect * cos, shift_y], dim=1)
    extent, place = random_framing(aspects, generator)
    placing = torch.stack([x_row, y_row], dim=1) * extent.unsqueeze(2)
    placing[:, :, 2] += place
    return placing


def jitter_colour(photos, generator):
    """Brightness, contrast, saturation and the balance of the channels, each photograph its own; stays in 0..255."""
    n = len(photos)

    def factor(spread, channels=1):
        return uniform(generator, n * channels, 1 - spread, 1 + spread).view(n, channels, 1, 1)

    photos = photos * factor(0.2) * factor(0.06, 3)
    centre = photos.mean(dim=(1, 2, 3), keepdim=True)
    photos = centre + (photos - centre) * factor(0.25)
    grey = photos.mean(dim=1, keepdim=True)
    return (grey + (photos - grey) * factor(0.3)).clamp(0, 255)


def smooth_step(low, high, value):
    """0 below `low`, 1 above `high`, smooth between."""
    t = ((value - low) / (high - low)).clamp(0, 1)
    return t * t * (3 - 2 * t)


def random_windows(count, generator, side):
    """Round windows of dermatoscopes, as they lie in squashed photographs of aspect 1.0 to 1.5.

    Answers the distance of every pixel to its window's centre [N, H, W] and the windows' radii [N, 1, 1], in half
    heights of the photograph. Most windows lie nearly in the middle and are anything from a full circle in the frame
    to so wide that they cut no corner; three in ten lie off it and leave just one or two corners dark.
    """
    aspect = uniform(generator, count, 1.0, 1.5)
    heading = uniform(generator, count, -math.pi, math.pi)
    aside = uniform(generator, count, 0, 1) < 0.3
    off = torch.where(aside, uniform(generator, count, 0.15, 0.5), uniform(generator, count, 0.0, 0.1))
    x, y = off * aspect * torch.cos(heading), off * torch.sin(heading)
    corners = torch.stack([torch.hypot(i * aspect - x, j - y) for i in (-1, 1) for j in (-1, 1)], dim=1)
    corners = corners.sort(dim=1, descending=True).values
    # How many corners an off-centre window leaves dark.
    dark = torch.randint(1, 3, (count, 1), generator=generator, device=generator.device)
    nearest_dark, next_one = corners.gather(1, dark - 1)[:, 0], corners.gather(1, dark)[:, 0]
    part = uniform(generator, count, 0, 1)
    cuts_some = next_one + (0.1 + 0.8 * part) * (nearest_dark - next_one)
    radius = torch.where(aside, cuts_some, 0.9 + part * (1.08 * torch.hypot(aspect, torch.ones_like(aspect)) - 0.9))
    steps = (torch.arange(side, device=generator.device) + 0.5) * (2 / side) - 1
    across = steps.view(1, 1, side) * aspect.view(-1, 1, 1) - x.view(-1, 1, 1)
    down = steps.view(1, side, 1) - y.view(-1, 1, 1)
    return torch.hypot(across, down), radius.view(-1, 1, 1)


def paint_corners(photos, masks, generator, share):
    """Paints the dark surround of a dermatoscope's window into a share of the photographs, each its own.

    Square photos float 0..255 [N, 3, H, W] and masks bool [N, H, W] -> the same, changed, and bool [N, H, W]: what is
    hidden. What cannot be seen is no lesion, so the masks are background there. Where the paint would hide too much of
    the lesion the photograph stays as it is.
    """
    photos, masks, hidden = photos.clone(), masks.clone(), torch.zeros_like(masks)
    chosen = (uniform(generator, len(photos), 0, 1) < share).nonzero()[:, 0]
    n, side = len(chosen), photos.shape[-1]
    if n == 0:
        return photos, masks, hidden

    def each(low, high):
        return uniform(generator, n, low, high).view(n, 1, 1)

    distance, radius = random_windows(n, generator, side)
    soft = torch.exp(each(math.log(0.01), math.log(0.12)))
    cover = smooth_step(radius - soft, radius + soft, distance)
    falloff = torch.where(each(0, 1) < 0.6, each(0.2, 0.8), each(0, 0))  # the vignette, at the window's edge
    light = 1 - falloff * smooth_step(radius - each(0.15, 0.7), radius, distance)
    black = each(0, 32).unsqueeze(1) + uniform(generator, n * 3, -4, 4).view(n, 3, 1, 1)
    grain = each(0, 4).unsqueeze(1) * torch.randn(n, 3, side, side, generator=generator, device=generator.device)
    cover4, light = cover.unsqueeze(1), light.unsqueeze(1)
    painted = (photos[chosen] * light * (1 - cover4) + (black + grain) * cover4).clamp(0, 255)
    opaque = cover > 0.5
    lost = (opaque & masks[chosen]).sum(dim=(1, 2))
    fits = lost <= HIDES_AT_MOST * masks[chosen].sum(dim=(1, 2))
    into = chosen[fits]
    photos[into], hidden[into] = painted[fits], opaque[fits]
    return photos, masks & ~hidden, hidden


def augment(batch, generator, corners):
    """A varied batch: a data.Split -> photos float 0..255 [N, 3, H, W] and masks bool [N, H, W], moved as one."""
    both = torch.cat([batch.photos.float(), batch.masks.unsqueeze(1).float()], dim=1)
    both = both.contiguous(memory_format=torch.channels_last)
    grid = F.affine_grid(random_placing(batch.aspects, generator), list(both.shape), align_corners=False)
    both = F.grid_sample(both, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    photos, masks, _ = paint_corners(both[:, :3], both[:, 3] > 0.5, generator, corners)
    return jitter_colour(photos, generator), masks
