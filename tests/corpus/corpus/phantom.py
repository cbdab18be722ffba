"""Lesions drawn by a computer, with their true masks."""

import numpy as np

SIZE = (131, 97)  # odd in both directions, so that the blocks of every format are incomplete at two borders


def lesion(size=SIZE, centre=(0.47, 0.52), radii=(0.25, 0.3)):
    """The true mask: an ellipse with a wavy border, true inside. Fractions of the size, as (x, y)."""
    return _depth(size, centre, radii) > 0


def picture(rng, size=SIZE, centre=(0.47, 0.52), radii=(0.25, 0.3)):
    """Skin in soft light with a darker lesion, as an array of RGB bytes. Smooth, so that lossy formats hold it well."""
    width, height = size
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    inside = 1 / (1 + np.exp(-14 * _depth(size, centre, radii)))
    skin = np.stack([228 - 18 * x, 178 - 20 * y, 158 - 12 * x * y], axis=-1)
    brown = np.stack([112 + 26 * y, 72 + 18 * x, 58 + 22 * x * y], axis=-1)
    waves = sum(np.sin(2 * np.pi * (a * x + b * y + c)) for a, b, c in rng.uniform(-2, 2, (4, 3)))
    light = skin * (1 - inside[..., None]) + brown * inside[..., None] + 3 * waves[..., None]
    return np.clip(light.round(), 0, 255).astype(np.uint8)


def _depth(size, centre, radii):
    """How far inside the border, from 1 in the middle to below 0 outside."""
    width, height = size
    x, y = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    dx, dy = (x - centre[0]) / radii[0], (y - centre[1]) / radii[1]
    wave = 0.06 * np.sin(3 * np.arctan2(dy, dx))
    return 1 + wave - np.hypot(dx, dy)
