"""Dermoscopy phantoms, each with its true mask: synthetic photographs of nobody, free to be shown and shipped.

Skin and lesion are painted as light absorbers (melanin, blood) in front of a bright base, which gives realistic
browns; hairs, gel bubbles and the dermatoscope's round field of view are painted over them. The same seed gives the
same picture.
"""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy.ndimage import binary_fill_holes, gaussian_filter, label

from dermaloupe_recipe import textures
from dermaloupe_recipe.files import REPOSITORY, write_files

SAMPLES = REPOSITORY / "assets" / "sample"
REFERENCE_HEIGHT = 1152  # of a photograph at which the lengths below are in pixels; they scale with the height
MELANIN = np.array([0.50, 0.86, 1.12])  # absorption of one unit, in the logarithm of R, G, B
BLOOD = np.array([0.06, 0.42, 0.34])
BLUE_GREY = np.array([112.0, 108.0, 116.0])  # the colour of melanin deep in the skin
QUALITY = 90  # of the JPEGs


@dataclass
class Look:
    """The parameters of a phantom."""

    seed: int
    width: int = 1536
    height: int = 1152
    skin: tuple = (236, 198, 178)  # RGB of the bare skin
    centre: tuple = (0.49, 0.52)  # of the lesion, in widths and heights
    radius: float = 0.27  # mean, in heights
    stretch: float = 1.32  # length / width of the lesion
    tilt: float = -0.35  # radians
    irregular: float = 0.10  # of the border
    softness: float = 0.10  # half the width of the blurred border, in radii
    pigment: float = 1.4  # melanin at the lesion's centre
    network: float = 0.75  # strength of the pigment network
    globules: int = 130
    blue: float = 0.55  # strength of the blue-grey area
    pink: float = 0.5  # blood in and around the lesion
    hairs: int = 6
    bubbles: int = 12
    field_of_view: float = 1.26  # radius of the dermatoscope's field of view, in half widths


@dataclass
class Phantom:
    photo: np.ndarray  # uint8 [H, W, 3]
    mask: np.ndarray  # bool [H, W]


def draw(look):
    """The phantom with these parameters."""
    rng = np.random.default_rng(look.seed)
    shape = (look.height, look.width)
    unit = look.height / REFERENCE_HEIGHT
    level, envelope = lesion_form(rng, shape, look)
    mask = true_mask(envelope, unit)
    skin = paint_skin(rng, shape, unit, look)
    melanin, blood, blue = lesion_pigment(rng, shape, unit, look, level, envelope)
    photo = absorb(skin, melanin, blood)
    photo += (blue * look.blue)[..., None] * (BLUE_GREY * (0.62 + 0.5 * photo / 255) - photo)
    photo = add_hairs(rng, photo, unit, look)
    photo = add_bubbles(rng, photo, unit, look)
    photo = through_lens(rng, photo, unit, look)
    return Phantom(photo, mask)


def lesion_form(rng, shape, look):
    """(level, envelope): level is 1 at the lesion's centre and 0 on its border; envelope is its opacity, 0..1."""
    radius = look.radius * look.height
    y, x = textures.warped(rng, shape, 0.055 * radius, 0.7 * radius)
    dy, dx = y - look.centre[1] * look.height, x - look.centre[0] * look.width
    u = (dx * np.cos(look.tilt) + dy * np.sin(look.tilt)) / np.sqrt(look.stretch)
    v = (-dx * np.sin(look.tilt) + dy * np.cos(look.tilt)) * np.sqrt(look.stretch)
    angle = np.arctan2(v, u)
    border = radius * np.ones(shape)
    for waves in range(2, 8):  # few waves make lobes, many make notches
        size = look.irregular * rng.uniform(0.5, 1.0) / waves**0.75
        border += radius * size * np.cos(waves * angle + rng.uniform(0, 2 * np.pi))
    border *= 1 + 0.035 * textures.fractal_noise(rng, shape, 0.22 * radius)
    level = 1 - np.hypot(u, v) / border
    fading = look.softness * (1 + 0.45 * np.cos(angle + rng.uniform(0, 2 * np.pi)))
    return level, textures.smoothstep(-fading, fading, level)


def true_mask(envelope, unit):
    """The mask that a careful annotator would draw: along the outer visible edge, in one piece, without holes."""
    solid = binary_fill_holes(gaussian_filter(envelope, 3 * unit) > 0.35)
    pieces, count = label(solid)
    if count > 1:
        solid = pieces == 1 + np.argmax(np.bincount(pieces.ravel())[1:])
    return solid


def paint_skin(rng, shape, unit, look):
    """Mottled skin with fine relief: float [H, W, 3] in 0..255."""
    blotches = 0.030 * textures.fractal_noise(rng, shape, 260 * unit)
    flush = 0.050 * textures.fractal_noise(rng, shape, 170 * unit)
    flush = flush + 0.035 * textures.fractal_noise(rng, shape, 30 * unit, 3)
    freckles = np.maximum(textures.smooth_noise(rng, shape, 52 * unit) - 1.9, 0) * 0.12
    furrows = textures.skin_lines(rng, shape, 26 * unit)
    pores = np.maximum(textures.smooth_noise(rng, shape, 13 * unit) - 1.8, 0)
    grain = 0.013 * textures.fractal_noise(rng, shape, 7 * unit, 2)
    melanin = 0.08 + blotches + freckles + grain + 0.030 * furrows
    skin = absorb(np.ones((*shape, 1)) * np.array(look.skin, float), melanin, flush)
    shade = 1 - 0.018 * furrows - 0.02 * pores + 0.010 * textures.smooth_noise(rng, shape, 11 * unit)
    return skin * shade[..., None]


def lesion_pigment(rng, shape, unit, look, level, envelope):
    """(melanin, blood, blue) of the lesion: a network near its border, globules, dark and light quarters, a veil."""
    quarters = np.tanh(textures.fractal_noise(rng, shape, 200 * unit, 4))
    mottle = textures.fractal_noise(rng, shape, 40 * unit, 3)
    core = textures.smoothstep(-0.05, 0.7, level)
    body = look.pigment * (0.58 + 0.34 * core + 0.36 * quarters + 0.12 * mottle)
    lines = textures.pigment_network(rng, shape, max(17 * unit, 5))
    netted = textures.smoothstep(-1.6, 0.3, textures.smooth_noise(rng, shape, 190 * unit)) * (1 - 0.4 * core)
    body *= 1 + look.network * netted * (lines - 0.5)
    dots = np.zeros(shape)
    if look.globules:
        where = envelope**2 * textures.smoothstep(0.2, 1.5, textures.smooth_noise(rng, shape, 120 * unit)) + 1e-9
        dots = textures.spots(rng, where, look.globules, max(2.6 * unit, 1), max(6.5 * unit, 1.6))
    veil = textures.smooth_noise(rng, shape, 210 * unit) + 0.25 * mottle + 1.1 * core - 0.6
    veil = envelope * textures.smoothstep(0.35, 1.9, veil)
    regress = 0.5 * envelope * textures.smoothstep(1.0, 1.9, textures.smooth_noise(rng, shape, 150 * unit))
    melanin = envelope * np.maximum(body * (1 - regress), 0.30 * look.pigment) + 0.65 * dots * envelope
    halo = textures.smoothstep(-0.45, 0.05, level)
    blood = look.pink * (0.16 * halo + 0.20 * regress + 0.05 * envelope * mottle)
    return melanin, blood, veil * (1 - 0.3 * lines)


def absorb(base, melanin, blood):
    """The light that is reflected through the pigments; very dark brown keeps some red, as in photographs."""
    deep = 1.9 * (1 - np.exp(-np.maximum(melanin, 0) / 1.9)) + np.minimum(melanin, 0)
    return base * np.exp(-deep[..., None] * MELANIN - blood[..., None] * BLOOD)


def add_hairs(rng, photo, unit, look):
    """Curved, tapering hairs, some across the lesion, with a soft shadow and a lit middle."""
    height, width = photo.shape[:2]
    for number in range(look.hairs):
        heading = rng.normal(0.75, 0.5) + (np.pi if rng.random() < 0.35 else 0)
        length = rng.uniform(0.35, 1.0) * height
        aim = np.array([rng.uniform(0.0, 1.0) * height, rng.uniform(0.0, 1.0) * width])
        if number % 3 == 0:  # every third hair is aimed at the lesion
            aim = np.array([look.centre[1] * height, look.centre[0] * width]) + rng.normal(0, 0.13 * height, 2)
        start = aim - rng.uniform(0.3, 0.7) * length * np.array([np.sin(heading), np.cos(heading)])
        points = textures.curve(rng, start, heading, length, rng.normal(0, 0.75))
        fine = rng.random() < 0.45
        cover = textures.stroke(photo.shape[:2], points, (2.2 if fine else rng.uniform(3.6, 5.2)) * unit + 0.4)
        shadow = gaussian_filter(textures.shifted(cover, 4 * unit, 3 * unit), 3.2 * unit)
        photo = photo * (1 - 0.13 * shadow[..., None])
        tint = np.array([104.0, 62.0, 36.0]) if fine else np.array([64.0, 38.0, 25.0]) * rng.uniform(0.7, 1.25)
        middle = gaussian_filter(cover, 1.3 * unit)[..., None] ** 3 * cover[..., None]
        alpha = (0.66 if fine else 0.92) * gaussian_filter(cover, 0.6 * unit)[..., None]
        photo = photo * (1 - alpha) + alpha * (tint + 40 * middle * np.array([1.0, 0.72, 0.5]))
    return photo


def add_bubbles(rng, photo, unit, look):
    """Small air bubbles in the gel, in loose groups."""
    height, width = photo.shape[:2]
    group = None
    for _ in range(look.bubbles):
        if group is None or rng.random() < 0.45:
            group = np.array([rng.uniform(0.1, 0.9) * height, rng.uniform(0.12, 0.88) * width])
        radius = rng.uniform(4, 11) * unit * (1.8 if rng.random() < 0.12 else 1)
        light, dark = textures.bubble((height, width), group + rng.normal(0, 34 * unit, 2), radius)
        photo = photo * (1 - 0.22 * dark[..., None])
        photo = photo + (0.55 * np.clip(light, 0, 1))[..., None] * (np.array([255.0, 252.0, 246.0]) - photo)
    return photo


def through_lens(rng, photo, unit, look):
    """Uneven light, the round field of view, the lens's blur and the sensor's noise: uint8 [H, W, 3]."""
    height, width = photo.shape[:2]
    y, x = np.mgrid[:height, :width]
    centre = np.array([0.5 + rng.normal(0, 0.004), 0.5 + rng.normal(0, 0.004)])
    distance = np.hypot(y - centre[0] * height, x - centre[1] * width) / (width / 2)
    lamp = np.hypot(y - 0.44 * height, x - 0.47 * width) / (width / 2)
    photo = photo * (1.035 - 0.17 * lamp**2)[..., None]
    edge = look.field_of_view
    ring = np.exp(-(((distance - edge + 0.012) / 0.011) ** 2))[..., None]
    photo = photo * (1 - 0.35 * textures.smoothstep(edge - 0.3, edge, distance))[..., None]
    outside = textures.smoothstep(edge - 0.03, edge + 0.02, distance)[..., None]
    photo = photo * (1 - outside) + outside * np.array([17.0, 15.0, 16.0]) + 10 * ring * (1 - outside)
    photo = gaussian_filter(photo, (0.75 * unit, 0.75 * unit, 0))
    photo += rng.normal(0, 1.1, (height, width, 1)) + rng.normal(0, 0.6, photo.shape)
    return np.clip(np.round(photo), 0, 255).astype(np.uint8)


SAMPLE_LOOKS = {
    "phantom": Look(seed=11, field_of_view=1.4),
    "phantom2": Look(seed=23, width=1200, height=900, skin=(240, 208, 194), radius=0.21, stretch=1.15, tilt=0.6,
                     pigment=1.05, blue=0.0, globules=60, network=1.0, hairs=4, bubbles=7, irregular=0.06,
                     centre=(0.53, 0.47)),
    "phantom3": Look(seed=41, width=1200, height=900, skin=(228, 186, 160), radius=0.31, stretch=1.45, tilt=0.9,
                     pigment=1.75, blue=0.6, globules=190, network=0.6, hairs=8, bubbles=9, irregular=0.12,
                     centre=(0.48, 0.5)),
}


def jpeg(photo):
    out = io.BytesIO()
    Image.fromarray(photo).save(out, "JPEG", quality=QUALITY, optimize=True, subsampling="4:2:0")
    return out.getvalue()


def png(pixels):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", optimize=True)
    return out.getvalue()


@dataclass
class Config:
    out: str = str(SAMPLES)  # folder for the samples


def write_samples(config):
    """Writes the built-in samples."""
    for name, look in SAMPLE_LOOKS.items():
        phantom = draw(look)
        contents = {f"{name}.jpg": jpeg(phantom.photo),
                    f"{name}_segmentation.png": png(phantom.mask.astype(np.uint8) * 255)}
        write_files(config.out, contents)
        print(f"{name}: " + ", ".join(f"{file} {len(content):,} bytes" for file, content in contents.items()))
