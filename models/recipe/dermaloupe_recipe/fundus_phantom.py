"""A fundus phantom with its true vessels: a synthetic photograph of nobody's eye, free to be shown and shipped.

Vessels leave the optic disc, arch around the macula and branch by Murray's law. Each is a curve with a width, so that
the length of all centre lines and the share of the field of view that vessels cover are known. The same seed gives the
same picture.
"""

import json
from dataclasses import dataclass, field

import numpy as np
from scipy.ndimage import gaussian_filter

from dermaloupe_recipe import textures
from dermaloupe_recipe.files import REPOSITORY, write_files
from dermaloupe_recipe.phantom import jpeg, png

SAMPLES = REPOSITORY / "assets" / "sample"
NAME = "fundus"
MURRAY = 3.0  # radii of two branches: r^3 = r1^3 + r2^3
SUPERSAMPLING = 3  # of the drawn mask, in each direction


@dataclass
class Look:
    """The parameters of a phantom; lengths in shares of the side."""

    seed: int = 5
    side: int = 1024
    field_radius: float = 0.465
    disc: tuple = (0.745, 0.49)  # centre of the optic disc
    disc_radius: float = 0.062
    macula: tuple = (0.43, 0.52)
    widest: float = 0.0135  # width of the vessels at the disc
    thinnest: float = 0.0030  # below it nothing is drawn
    retina: tuple = (206.0, 104.0, 52.0)  # RGB


@dataclass
class Vessel:
    points: np.ndarray  # [N, 2] as (x, y), in pixels
    width: float  # pixels
    is_vein: bool


@dataclass
class FundusPhantom:
    photo: np.ndarray  # uint8 [H, W, 3]
    vessels: np.ndarray  # bool [H, W]
    field_of_view: np.ndarray  # bool [H, W]
    figures: dict = field(default_factory=dict)


def draw(look):
    """The phantom with these parameters."""
    rng = np.random.default_rng(look.seed)
    tree = grow_tree(rng, look)
    y, x = np.mgrid[:look.side, :look.side] + 0.5
    inside = np.hypot(x - look.side / 2, y - look.side / 2) < look.field_radius * look.side
    cover = {kind: cover_of([v for v in tree if v.is_vein == kind], look.side) for kind in (False, True)}
    both = np.maximum(cover[False], cover[True])
    vessels = (both >= 0.5) & inside
    photo = paint(rng, look, (x, y), inside, cover)
    found = figures(tree, look, vessels, inside)
    return FundusPhantom(photo, vessels, inside, found)


def grow_tree(rng, look):
    """The vessels: four arcades around the macula and four to the nasal side, with their branches."""
    disc, side = np.array(look.disc) * look.side, look.side
    grown = []
    for up in (-1, 1):
        for is_vein in (False, True):
            width = look.widest * side * (1.0 if is_vein else 0.78)
            off = np.array([rng.uniform(-0.012, 0.012), (0.012 if is_vein else 0.024) * up]) * side
            branch(rng, look, grown, disc + off, up * (2.0 if is_vein else 2.22), width, -up * 0.95, is_vein, 0)
            branch(rng, look, grown, disc - off * (-1, 1), up * (0.75 if is_vein else 1.1), 0.68 * width, up * 0.25,
                   is_vein, 1)
    return grown


def branch(rng, look, grown, start, heading, width, bend, is_vein, depth):
    """Adds a vessel from `start`, and those that leave it, until they are too thin or leave the field of view.

    `heading` and `bend` are in radians, the bend along a whole arcade.
    """
    side = look.side
    if width < look.thinnest * side or depth > 7:
        return
    length = side * rng.uniform(0.10, 0.17) * (1.15 if depth < 2 else 0.9)
    count = max(int(length / 3), 4)
    wiggle = rng.normal(0, 0.10) * np.sin(np.linspace(0, np.pi * rng.uniform(1, 2), count))
    turn = heading + bend * 0.36 * np.linspace(0, 1, count) + wiggle
    steps = np.stack([np.cos(turn), np.sin(turn)], axis=1) * (length / count)
    points = start + np.concatenate([np.zeros((1, 2)), np.cumsum(steps, axis=0)])
    reached = np.hypot(*(points - side / 2).T) < look.field_radius * side
    macula = np.hypot(*(points - np.array(look.macula) * side).T) > 0.075 * side  # the fovea has no vessels
    keep = np.logical_and.accumulate(reached & macula)
    points = points[keep]
    if len(points) < 3:
        return
    grown.append(Vessel(points, width, is_vein))
    if not keep.all():
        return
    share = rng.uniform(0.16, 0.42)  # of the flow that the thinner branch takes
    thin, thick = width * share ** (1 / MURRAY), width * (1 - share) ** (1 / MURRAY)
    sideways = rng.choice([-1, 1])
    end, heading = points[-1], turn[-1]
    branch(rng, look, grown, end, heading - 0.16 * sideways, thick, bend, is_vein, depth + 1)
    away = heading + rng.uniform(0.5, 0.95) * sideways
    branch(rng, look, grown, end, away, thin, rng.normal(0, 0.5), is_vein, depth + 1)


def cover_of(vessels, side):
    """The share of each pixel that vessels cover: float [side, side]."""
    fine = side * SUPERSAMPLING
    drawn = np.zeros((fine, fine), bool)
    for vessel in vessels:
        radius = vessel.width / 2 * SUPERSAMPLING
        for x, y in dense(vessel.points) * SUPERSAMPLING:
            left, top = int(max(x - radius - 1, 0)), int(max(y - radius - 1, 0))
            right, bottom = int(min(x + radius + 2, fine)), int(min(y + radius + 2, fine))
            at_y, at_x = np.mgrid[top:bottom, left:right] + 0.5
            drawn[top:bottom, left:right] |= np.hypot(at_x - x, at_y - y) <= radius
    return drawn.reshape(side, SUPERSAMPLING, side, SUPERSAMPLING).mean(axis=(1, 3))


def dense(points, step=0.4):
    """Points along a line at most `step` pixels apart."""
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.linspace(0, lengths[-1], max(int(lengths[-1] / step), 2))
    return np.stack([np.interp(at, lengths, points[:, axis]) for axis in (0, 1)], axis=1)


def paint(rng, look, place, inside, cover):
    """The photograph: uint8 [H, W, 3]."""
    (x, y), side = place, look.side
    shape = (side, side)
    from_middle = np.hypot(x - side / 2, y - side / 2) / (look.field_radius * side)
    coarse = textures.fractal_noise(rng, shape, side / 9)
    texture = 1 + 0.045 * coarse + 0.02 * textures.fractal_noise(rng, shape, side / 60, 3)
    light = (1.06 - 0.34 * from_middle**2) * texture
    macula = np.hypot(x - look.macula[0] * side, y - look.macula[1] * side) / side
    light = light * (1 - 0.30 * np.exp(-((macula / 0.055) ** 2)))
    photo = light[..., None] * np.array(look.retina)
    disc = np.hypot(x - look.disc[0] * side, (y - look.disc[1] * side) * 0.92) / (look.disc_radius * side)
    pale = textures.smoothstep(1.12, 0.86, disc)[..., None]
    cup = textures.smoothstep(0.62, 0.30, disc)[..., None]
    photo = photo * (1 - pale) + pale * (np.array([246.0, 206.0, 138.0]) + cup * np.array([6.0, 30.0, 60.0]))
    for is_vein, depth in ((False, (0.20, 0.48, 0.42)), (True, (0.34, 0.64, 0.50))):
        alpha = gaussian_filter(cover[is_vein], 0.8)[..., None]
        reflex = gaussian_filter(np.maximum(cover[is_vein] - 0.55, 0), 1.6)[..., None] * (0.10 if is_vein else 0.28)
        photo = photo * (1 - alpha * np.array(depth)) + 60 * reflex * alpha
    photo = photo * textures.smoothstep(1.0, 0.985, from_middle)[..., None] + 3.0
    photo = gaussian_filter(photo, (0.9, 0.9, 0))
    photo += rng.normal(0, 1.6, (side, side, 1)) * inside[..., None] + rng.normal(0, 0.8, photo.shape)
    return np.clip(np.round(photo), 0, 255).astype(np.uint8)


def figures(tree, look, vessels, inside):
    """What is known of the vessels: lengths in pixels of the photograph."""
    length = sum(float(np.hypot(*np.diff(v.points, axis=0).T).sum()) for v in tree)
    widths = [(float(np.hypot(*np.diff(v.points, axis=0).T).sum()), v.width) for v in tree]
    return {
        "width": look.side,
        "height": look.side,
        "vessel_density_share": round(float(vessels.sum() / inside.sum()), 6),
        "vessel_area_px": int(vessels.sum()),
        "field_of_view_area_px": int(inside.sum()),
        "centre_line_length_px": round(length, 2),
        "mean_calibre_px": round(sum(part * width for part, width in widths) / length, 3),
        "vessels": len(tree),
    }


@dataclass
class Config:
    out: str = str(SAMPLES)  # folder for the sample


def write_sample(config):
    """Writes the built-in sample."""
    phantom = draw(Look())
    contents = {
        f"{NAME}.jpg": jpeg(phantom.photo),
        f"{NAME}_segmentation.png": png(phantom.vessels.astype(np.uint8) * 255),
        f"{NAME}.json": (json.dumps(phantom.figures, indent=2) + "\n").encode(),
    }
    write_files(config.out, contents)
    print(f"{NAME}: " + ", ".join(f"{file} {len(content):,} bytes" for file, content in contents.items()))
