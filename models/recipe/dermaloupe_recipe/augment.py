"""Data augmentation: random crops, affine transforms, a dermatoscope's dark corners, colour jitter.

Every random number comes from one generator, on the device of the photographs.
"""

import math

import torch
import torch.nn.functional as F

MAX_HIDDEN_SHARE = 0.2  # of a lesion's area; dark corners that would hide more are not painted


def uniform(generator, count, low, high):
    return low + (high - low) * torch.rand(count, generator=generator, device=generator.device)


def random_crop(aspects, generator):
    """Extent and centre of a random crop of each photograph: two [N, 2] of x and y.

    Half of the photographs keep the stored aspect ratio. Of the others, half get their original one back, by a crop to
    a square of the original's full height somewhere along its width, and half one in between. A third of all are then
    cropped to 0.6-1 of that. Extents are 0..1; centres are -1..1 over the photograph.
    """
    n = len(aspects)

    def sample(low, high):
        return uniform(generator, n, low, high)

    restored = torch.where(sample(0, 1) < 0.5, torch.zeros_like(aspects), sample(0, 2).clamp(max=1))
    aspect_crop = torch.exp(-restored.unsqueeze(1) * torch.log(torch.stack([aspects, 1 / aspects], dim=1)).clamp(min=0))
    zoom = torch.where(sample(0, 1) < 0.33, sample(0.6, 1.0), torch.ones_like(aspects)).unsqueeze(1)
    extent = aspect_crop * zoom
    return extent, (1 - extent) * uniform(generator, 2 * n, -1, 1).view(n, 2)


def random_affine(aspects, generator):
    """Flips, any rotation, scale 0.8-1.25, aspect up to 1.2, shifts up to 8 %, crops: [N, 2, 3] for affine_grid."""
    count = len(aspects)
    angle = uniform(generator, count, -math.pi, math.pi)
    scale = torch.exp(uniform(generator, count, -0.22, 0.22))
    aspect = torch.exp(uniform(generator, count, -0.09, 0.09))
    mirror = torch.where(uniform(generator, count, 0, 1) < 0.5, 1.0, -1.0)
    shift_x, shift_y = uniform(generator, count, -0.16, 0.16), uniform(generator, count, -0.16, 0.16)
    cos, sin = torch.cos(angle), torch.sin(angle)
    x_row = torch.stack([mirror * scale * aspect * cos, -scale * aspect * sin, shift_x], dim=1)
    y_row = torch.stack([mirror * scale / aspect * sin, scale / aspect * cos, shift_y], dim=1)
    extent, centre = random_crop(aspects, generator)
    affine = torch.stack([x_row, y_row], dim=1) * extent.unsqueeze(2)
    affine[:, :, 2] += centre
    return affine


def jitter_colour(photos, generator):
    """Random brightness, contrast, saturation and colour balance, separate for each photograph; stays in 0..255."""
    n = len(photos)

    def factor(spread, channels=1):
        return uniform(generator, n * channels, 1 - spread, 1 + spread).view(n, channels, 1, 1)

    photos = photos * factor(0.2) * factor(0.06, 3)
    centre = photos.mean(dim=(1, 2, 3), keepdim=True)
    photos = centre + (photos - centre) * factor(0.25)
    grey = photos.mean(dim=1, keepdim=True)
    return (grey + (photos - grey) * factor(0.3)).clamp(0, 255)


def smoothstep(low, high, value):
    """0 below `low`, 1 above `high`, smooth in between."""
    t = ((value - low) / (high - low)).clamp(0, 1)
    return t * t * (3 - 2 * t)


def random_fields_of_view(count, generator, size):
    """Round fields of view of dermatoscopes in photographs whose original aspect ratio is 1.0 to 1.5.

    Returns the distance of every pixel to the centre of its field of view [N, H, W] and the radii [N, 1, 1], in half
    heights of the photograph. Most are nearly centred, from a full circle inside the photograph to one so wide that no
    corner is dark; three in ten are off-centre and leave one or two corners dark.
    """
    aspect = uniform(generator, count, 1.0, 1.5)
    angle = uniform(generator, count, -math.pi, math.pi)
    off_centre = uniform(generator, count, 0, 1) < 0.3
    offset = torch.where(off_centre, uniform(generator, count, 0.15, 0.5), uniform(generator, count, 0.0, 0.1))
    x, y = offset * aspect * torch.cos(angle), offset * torch.sin(angle)
    corners = torch.stack([torch.hypot(i * aspect - x, j - y) for i in (-1, 1) for j in (-1, 1)], dim=1)
    corners = corners.sort(dim=1, descending=True).values
    # The number of corners that an off-centre field of view leaves dark.
    dark = torch.randint(1, 3, (count, 1), generator=generator, device=generator.device)
    nearest_dark, next_corner = corners.gather(1, dark - 1)[:, 0], corners.gather(1, dark)[:, 0]
    t = uniform(generator, count, 0, 1)
    off_centre_radius = next_corner + (0.1 + 0.8 * t) * (nearest_dark - next_corner)
    centred_radius = 0.9 + t * (1.08 * torch.hypot(aspect, torch.ones_like(aspect)) - 0.9)
    radius = torch.where(off_centre, off_centre_radius, centred_radius)
    positions = (torch.arange(size, device=generator.device) + 0.5) * (2 / size) - 1
    dx = positions.view(1, 1, size) * aspect.view(-1, 1, 1) - x.view(-1, 1, 1)
    dy = positions.view(1, size, 1) - y.view(-1, 1, 1)
    return torch.hypot(dx, dy), radius.view(-1, 1, 1)


def paint_dark_corners(photos, masks, generator, share):
    """Paints the dark surround of a dermatoscope's field of view into a random share of the photographs.

    Square photos float 0..255 [N, 3, H, W] and masks bool [N, H, W] -> both, changed, and bool [N, H, W]: the hidden
    pixels. They are background in the masks. A photograph whose lesion would be hidden by more than MAX_HIDDEN_SHARE is
    left unchanged.
    """
    photos, masks, hidden = photos.clone(), masks.clone(), torch.zeros_like(masks)
    chosen = (uniform(generator, len(photos), 0, 1) < share).nonzero()[:, 0]
    n, size = len(chosen), photos.shape[-1]
    if n == 0:
        return photos, masks, hidden

    def sample(low, high):
        return uniform(generator, n, low, high).view(n, 1, 1)

    distance, radius = random_fields_of_view(n, generator, size)
    softness = torch.exp(sample(math.log(0.01), math.log(0.12)))
    cover = smoothstep(radius - softness, radius + softness, distance)
    falloff = torch.where(sample(0, 1) < 0.6, sample(0.2, 0.8), sample(0, 0))  # the vignette, at the edge
    light = 1 - falloff * smoothstep(radius - sample(0.15, 0.7), radius, distance)
    black = sample(0, 32).unsqueeze(1) + uniform(generator, n * 3, -4, 4).view(n, 3, 1, 1)
    noise = sample(0, 4).unsqueeze(1) * torch.randn(n, 3, size, size, generator=generator, device=generator.device)
    cover4, light = cover.unsqueeze(1), light.unsqueeze(1)
    painted = (photos[chosen] * light * (1 - cover4) + (black + noise) * cover4).clamp(0, 255)
    opaque = cover > 0.5
    hidden_lesion = (opaque & masks[chosen]).sum(dim=(1, 2))
    allowed = hidden_lesion <= MAX_HIDDEN_SHARE * masks[chosen].sum(dim=(1, 2))
    changed = chosen[allowed]
    photos[changed], hidden[changed] = painted[allowed], opaque[allowed]
    return photos, masks & ~hidden, hidden


def augment(batch, generator, dark_corners):
    """A data.Split -> augmented photos float 0..255 [N, 3, H, W] and masks bool [N, H, W].

    Photographs and masks are transformed together; `dark_corners` is the share that gets dark corners.
    """
    both = torch.cat([batch.photos.float(), batch.masks.unsqueeze(1).float()], dim=1)
    both = both.contiguous(memory_format=torch.channels_last)
    grid = F.affine_grid(random_affine(batch.aspects, generator), list(both.shape), align_corners=False)
    both = F.grid_sample(both, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    photos, masks, _ = paint_dark_corners(both[:, :3], both[:, 3] > 0.5, generator, dark_corners)
    return jitter_colour(photos, generator), masks
