"""A drawn fundus photograph with known vessels, for tests without photographs."""

import numpy as np
from PIL import Image, ImageDraw

from dermaloupe_recipe import fundus


def draw(size=320, seed=1, vessels=7):
    """A fundus.Fundus: a round orange field of view on black, with darker bent vessels of 2 to 6 pixels."""
    rng = np.random.default_rng(seed)
    lines = Image.new("L", (size, size))
    pen = ImageDraw.Draw(lines)
    for _ in range(vessels):
        angle, bend = rng.uniform(0, 2 * np.pi), rng.uniform(-1, 1)
        t = np.linspace(0, 1, 30)
        x = size * (0.5 + 0.42 * t * np.cos(angle + bend * t))
        y = size * (0.5 + 0.42 * t * np.sin(angle + bend * t))
        pen.line(list(zip(x.tolist(), y.tolist())), fill=255, width=int(rng.integers(2, 7)), joint="curve")
    vessels_mask = np.asarray(lines) > 0
    y, x = np.mgrid[:size, :size] + 0.5 - size / 2
    inside = np.hypot(x, y) < 0.46 * size
    photo = np.where(inside[..., None], [200.0, 90.0, 40.0], 3.0)
    vessels_mask &= inside
    photo = np.where(vessels_mask[..., None], photo * 0.6, photo) + rng.normal(0, 3, (size, size, 3))
    photo = photo.clip(0, 255).astype(np.uint8)
    return fundus.Fundus("chase-train", f"PHANTOM_{seed}", photo, vessels_mask, inside, vessels_mask.copy())
