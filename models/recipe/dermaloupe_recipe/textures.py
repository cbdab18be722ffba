"""The textures of a dermoscopy phantom: noise, pigment network, skin relief, hairs and bubbles.

Every function takes its random numbers from the given generator and returns arrays [H, W]; lengths are in pixels.
"""

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.spatial import cKDTree

HAIR_OVERSAMPLING = 3


def smooth_noise(rng, shape, feature, angle=0.0, stretch=1.0):
    """Smooth noise of mean 0 and deviation 1, with features of one size, stretched along `angle`."""
    fy = np.fft.fftfreq(shape[0])[:, None]
    fx = np.fft.rfftfreq(shape[1])[None, :]
    along = (fx * np.cos(angle) + fy * np.sin(angle)) * feature * stretch
    across = (-fx * np.sin(angle) + fy * np.cos(angle)) * feature
    envelope = np.exp(-2.0 * (along**2 + across**2))
    white = np.fft.rfft2(rng.standard_normal(shape))
    noise = np.fft.irfft2(white * envelope, s=shape)
    noise -= noise.mean()
    return noise / (noise.std() + 1e-12)


def fractal_noise(rng, shape, feature, octaves=4, roughness=0.55):
    """Fractal noise: each octave has half the feature size and `roughness` times the strength; deviation about 1."""
    layers = [roughness**k * smooth_noise(rng, shape, max(feature / 2**k, 1.5)) for k in range(octaves)]
    return sum(layers) / np.sqrt(sum(roughness ** (2 * k) for k in range(octaves)))


def smoothstep(low, high, x):
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return t * t * (3 - 2 * t)


def warped(rng, shape, amount, feature):
    """Pixel coordinates (y, x), displaced by smooth noise."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(float)
    return y + amount * smooth_noise(rng, shape, feature), x + amount * smooth_noise(rng, shape, feature)


def pigment_network(rng, shape, cell):
    """A pigment network: 1 on the lines, falling smoothly to 0 in rounded holes of uneven size."""
    rows, columns = int(shape[0] / cell) + 3, int(shape[1] / cell) + 3
    seeds = np.stack(np.mgrid[-1:rows, -1:columns], axis=-1).reshape(-1, 2).astype(float)
    seeds[:, 1] += 0.5 * (seeds[:, 0] % 2)
    seeds = (seeds + rng.uniform(-0.33, 0.33, seeds.shape)) * cell
    y, x = warped(rng, shape, 0.12 * cell, 1.3 * cell)
    nearest, _ = cKDTree(seeds).query(np.stack([y, x], axis=-1).reshape(-1, 2), k=2)
    nearest = nearest.reshape(*shape, 2) / cell
    to_line = nearest[..., 1] - nearest[..., 0]
    # A line is where two cells are about equally near, or every cell is far, which rounds the holes' corners.
    width = np.clip(0.34 + 0.09 * smooth_noise(rng, shape, 5 * cell), 0.16, 0.6)
    lines = np.maximum(np.exp(-((to_line / width) ** 2)), smoothstep(0.42, 0.72, nearest[..., 0]))
    strength = np.clip(0.8 + 0.25 * smooth_noise(rng, shape, 2.5 * cell), 0.3, 1.2)
    return gaussian_filter(lines, 0.075 * cell) * strength


def skin_lines(rng, shape, spacing):
    """Skin lines: two families of fine furrows that cross at an angle; 1 in a furrow, 0 between."""
    heading = rng.uniform(-0.5, 0.5)
    furrows = np.zeros(shape)
    for turn, strength in ((0.0, 1.0), (rng.uniform(0.9, 1.3), 0.6)):
        field = smooth_noise(rng, shape, spacing, heading + turn, stretch=5.0)
        furrows = np.maximum(furrows, strength * np.exp(-((field / 0.22) ** 2)))
    return gaussian_filter(furrows, 0.05 * spacing + 0.4)


def spots(rng, weight, count, radius_low, radius_high):
    """Soft round spots, more of them where `weight` is high; 1 at the centre of a spot."""
    shape = weight.shape
    chance = weight.ravel() / weight.sum()
    layer = np.zeros(shape)
    for place in rng.choice(weight.size, size=count, p=chance):
        cy, cx = divmod(int(place), shape[1])
        radius = rng.uniform(radius_low, radius_high)
        squash, turn, strength = rng.uniform(0.75, 1.0), rng.uniform(0, np.pi), rng.uniform(0.5, 1.0)
        reach = int(2 * radius) + 2
        y0, y1, x0, x1 = max(cy - reach, 0), min(cy + reach, shape[0]), max(cx - reach, 0), min(cx + reach, shape[1])
        y, x = np.mgrid[y0:y1, x0:x1] - np.array([cy, cx])[:, None, None]
        u = x * np.cos(turn) + y * np.sin(turn)
        v = (-x * np.sin(turn) + y * np.cos(turn)) / squash
        spot = strength * (1 - smoothstep(0.6 * radius, 1.35 * radius, np.hypot(u, v)))
        layer[y0:y1, x0:x1] = np.maximum(layer[y0:y1, x0:x1], spot)
    return layer


def curve(rng, start, heading, length, bend, steps=160):
    """Points (y, x) along a path whose direction drifts, such as a hair."""
    turning = bend / steps * (1 + 0.8 * np.sin(np.linspace(0, rng.uniform(2, 6), steps) + rng.uniform(0, 6)))
    direction = heading + np.cumsum(turning)
    step = length / steps
    return np.stack([start[0] + np.cumsum(np.sin(direction) * step), start[1] + np.cumsum(np.cos(direction) * step)], 1)


def stroke(shape, points, width_root, taper=0.75):
    """Coverage 0..1 of a hair that becomes thinner from its root to its tip."""
    k = HAIR_OVERSAMPLING
    canvas = Image.new("L", (shape[1] * k, shape[0] * k))
    pen = ImageDraw.Draw(canvas)
    share = np.linspace(0, 1, len(points))
    widths = k * width_root * (1 - taper * share**2) * np.minimum(1, 0.45 + 14 * share)  # a root is rounded
    pixels = [(float(x * k), float(y * k)) for y, x in points]
    for a, b, width in zip(pixels, pixels[1:], widths):
        pen.line([a, b], fill=255, width=max(1, round(width)))
        pen.ellipse([b[0] - width / 2, b[1] - width / 2, b[0] + width / 2, b[1] + width / 2], fill=255)
    return np.asarray(canvas.resize((shape[1], shape[0]), Image.Resampling.BOX), float) / 255


def bubble(shape, centre, radius):
    """A gel bubble: (light, dark), a bright rim towards the lamp, a faint dark rim away from it, and a highlight."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    dy, dx = y - centre[0], x - centre[1]
    distance = np.hypot(dy, dx)
    rim = np.exp(-(((distance - radius) / (0.11 * radius + 0.7)) ** 2))
    towards_lamp = 0.5 - 0.5 * (dx + dy) / (np.sqrt(2) * np.maximum(distance, 1))
    highlight = np.exp(-((dy + 0.42 * radius) ** 2 + (dx + 0.38 * radius) ** 2) / (0.16 * radius + 0.5) ** 2)
    inside = 0.10 * (distance < radius)
    return rim * (0.25 + 0.6 * towards_lamp) + 0.95 * highlight + inside, rim * (1 - towards_lamp)


def shifted(layer, dy, dx):
    """The layer moved by a fraction of a pixel or more, for shadows."""
    y, x = np.mgrid[: layer.shape[0], : layer.shape[1]].astype(float)
    return map_coordinates(layer, [y - dy, x - dx], order=1, mode="nearest")
