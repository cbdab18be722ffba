"""Photographs made worse in known steps, and how often the program's checks of capture quality find them.

The thresholds of src/quality.rs were set on photographs of the train and val splits; `docs/quality.md` shows these
curves. Every step is in units of the photograph itself: blur in its longer side, light in stops, cover in its area.
"""

import csv
import io
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from dermaloupe_recipe.canvas import Canvas
from dermaloupe_recipe.cards import sha256
from dermaloupe_recipe.errors import RecipeError
from dermaloupe_recipe.files import REPOSITORY, write_files
from dermaloupe_recipe.uncertainty_figures import BLUE, DIM, ORANGE, TEXT, Axes

FINE = 4  # drawn this many times finer, then reduced


@dataclass
class Config:
    photographs: str = ""  # folder of photographs
    list: str = ""  # CSV with the columns image_id and split
    split: str = "val"
    count: int = 60  # so many of them, evenly over the split
    program: str = "target/debug/examples/quality_values"
    out: str = "docs"
    name: str = "quality"
    seed: int = 7


class CurveError(RecipeError):
    """Curves that cannot be drawn; the message says what is missing."""


def blur(image, sigma, _):
    return image.filter(ImageFilter.GaussianBlur(sigma * max(image.size))) if sigma else image


def light(image, stops, _):
    """More or less light: stops are of linear light, as a camera's shutter has them."""
    levels = np.arange(256) / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4) * 2.0**stops
    shown = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)
    table = np.clip(np.round(shown * 255), 0, 255).astype(np.uint8)
    return Image.fromarray(table[np.asarray(image)])


def painted(image, draw, colour, softness=0.0):
    """The image with what `draw` draws on a finer stamp, in a colour."""
    stamp = Image.new("L", [side * FINE for side in image.size])
    draw(ImageDraw.Draw(stamp), *stamp.size)
    stamp = stamp.resize(image.size, Image.Resampling.BOX)
    if softness:
        stamp = stamp.filter(ImageFilter.GaussianBlur(softness * max(image.size)))
    return Image.composite(Image.new("RGB", image.size, colour), image, stamp)


def glare(image, share, random):
    """Soft white spots that cover a share of the photograph."""
    def spots(draw, width, height):
        left = share * width * height
        while left > 1:
            area = min(left, random.uniform(0.002, 0.01) * width * height)
            a, b = np.sqrt(area / np.pi) * np.array([1.5, 1 / 1.5])[:: random.choice([1, -1])]
            x, y = random.uniform(0, width), random.uniform(0, height)
            draw.ellipse((x - a, y - b, x + a, y + b), fill=255)
            left -= area
    return painted(image, spots, (252, 252, 252), 0.003) if share else image


def hair(image, count, random):
    """Dark curved hairs, a two-hundredth of the longer side wide."""
    def hairs(draw, width, height):
        longer = max(width, height)
        for _ in range(int(count)):
            x, y, turn = random.uniform(0, width), random.uniform(0, height), random.uniform(0, 2 * np.pi)
            bend, length = random.normal(0, 1.2), random.uniform(0.2, 0.6)
            steps = np.linspace(0, length, 40)
            angles = turn + bend * steps / length
            xs = x + np.cumsum(np.cos(angles)) * length / 40 * longer
            ys = y + np.cumsum(np.sin(angles)) * length / 40 * longer
            draw.line(list(zip(xs, ys)), fill=255, width=max(1, round(longer / 200)), joint="curve")
    return painted(image, hairs, (48, 36, 32)) if count else image


def corners(image, share, _):
    """A round field of view outside of which a share of the photograph is black."""
    if not share:
        return image
    y, x = np.mgrid[: image.size[1], : image.size[0]] + 0.5
    from_middle = np.hypot(x - image.size[0] / 2, y - image.size[1] / 2)
    radius = np.quantile(from_middle, 1 - share)
    seen = np.clip((radius - from_middle) / 2 + 0.5, 0, 1)[..., None]
    return Image.fromarray(np.round(np.asarray(image) * seen + 6 * (1 - seen)).astype(np.uint8))


def ruler(image, contrast, random):
    """A ruler etched into glass, with a line and two kinds of marks, darker than the skin by a number of levels."""
    def marks(draw, width, height):
        longer, turn = max(width, height), random.uniform(-0.4, 0.4)
        along = np.array([np.cos(turn), np.sin(turn)])
        across = np.array([-along[1], along[0]])
        start = np.array([width * 0.22, height * 0.8 - along[1] * 0.25 * longer])
        thick = max(1, round(longer / 320))
        ends = [tuple(start + along * place * longer) for place in (0, 0.52)]
        draw.line(ends, fill=255, width=thick)
        for place in range(27):
            foot = start + along * place * 0.02 * longer
            tip = foot - across * (0.03 if place % 2 == 0 else 0.018) * longer
            draw.line([tuple(foot), tuple(tip)], fill=255, width=thick)
    if not contrast:
        return image
    darker = Image.fromarray(np.clip(np.asarray(image).astype(int) - int(contrast), 0, 255).astype(np.uint8))
    stamp = painted(Image.new("RGB", image.size), marks, (255, 255, 255)).convert("L")
    return Image.composite(darker, image, stamp)


PANELS = (  # key of the check, what is done, its steps, title, unit, form of a step
    ("blurred", blur, (0, 0.002, 0.004, 0.006, 0.008, 0.012), "Blur", "standard deviation, % of the longer side",
     lambda x: f"{100 * x:g}"),
    ("too_dark", light, (0, -0.5, -1, -1.5, -2, -3), "Less light", "stops", "{:g}".format),
    ("too_bright", light, (0, 0.25, 0.5, 1, 1.5, 2), "More light", "stops", "{:+g}".format),
    ("glare", glare, (0, 0.005, 0.01, 0.02, 0.04, 0.08), "Reflections", "% of the photograph",
     lambda x: f"{100 * x:g}"),
    ("hair", hair, (0, 5, 10, 20, 40, 80), "Hair", "number of hairs", "{:g}".format),
    ("dark_corners", corners, (0, 0.02, 0.04, 0.08, 0.16, 0.3), "Dark corners", "% of the photograph",
     lambda x: f"{100 * x:g}"),
    ("ruler", ruler, (0, 15, 30, 45, 60, 90), "Ruler", "levels that it is darker", "{:g}".format),
)


def chosen(config):
    """Paths of so many photographs of the split, evenly over it."""
    with open(config.list, newline="") as file:
        ids = sorted(row["image_id"] for row in csv.DictReader(file) if row["split"] == config.split)
    if len(ids) < config.count:
        raise CurveError(f"the split {config.split} has {len(ids)} photographs, not {config.count}: {config.list}")
    places = np.linspace(0, len(ids) - 1, config.count).round().astype(int)
    return [Path(config.photographs) / f"{ids[place]}.jpg" for place in places]


def found_keys(program, folder):
    """The keys of the findings of each photograph in a folder."""
    done = subprocess.run([program, folder], capture_output=True, text=True)
    if done.returncode != 0:
        raise CurveError(f"{program} failed; build it by cargo build --example quality_values: {done.stderr.strip()}")
    return [row["quality"].split() for row in csv.DictReader(io.StringIO(done.stdout))]


def curve(config, paths, key, worsen, steps):
    """The share of the photographs that the check finds, at each step."""
    shares = []
    for step in steps:
        random = np.random.default_rng(config.seed)
        with tempfile.TemporaryDirectory() as folder:
            for path in paths:
                with Image.open(path) as image:
                    worsen(image.convert("RGB"), step, random).save(Path(folder) / f"{path.stem}.png")
            keys = found_keys(config.program, folder)
        shares.append(sum(key in found for found in keys) / len(keys))
    return shares


def figure(config, curves):
    """A panel a check: the share that is found over the step."""
    width, height, gap_x, gap_y, columns = 190, 130, 62, 92, 4
    lines = -(-len(PANELS) // columns)
    canvas = Canvas(70 + columns * (width + gap_x), 72 + lines * (height + gap_y))
    title = "Photographs that a check of capture quality finds, made worse step by step"
    canvas.text(20, 24, title, TEXT, 15, bold=True)
    subtitle = f"{config.count} photographs of the {config.split} split at 256 pixels; at the left as they are"
    canvas.text(20, 46, subtitle, DIM, 12)
    for place, (key, _, steps, title, unit, form) in enumerate(PANELS):
        left, top = 60 + place % columns * (width + gap_x), 96 + place // columns * (height + gap_y)
        axes = Axes(canvas, left, top, width, height, (0, len(steps) - 1), (0, 1))
        axes.grid(range(len(steps)), (0, 0.5, 1), lambda value: f"{100 * value:g} %", 11)
        bottom = top + height
        canvas.rectangle(left - 20, bottom + 4, left + width + 20, bottom + 24, "#ffffff")
        for index, step in enumerate(steps):
            canvas.text(axes.x(index), bottom + 13, form(step), DIM, 11, "middle")
        canvas.text(left + width / 2, bottom + 32, unit, DIM, 11, "middle")
        canvas.text(left, top - 15, title, TEXT, 13, bold=True)
        axes.curve(list(enumerate(curves[key])), BLUE, 2, dots=3)
        canvas.dot(axes.x(0), axes.y(curves[key][0]), 3.5, ORANGE)
    return canvas


def draw(config):
    """Writes the figure as PNG and SVG, and the shares as CSV."""
    for name in ("photographs", "list"):
        if not getattr(config, name):
            raise CurveError(f"--{name} is missing: where the photographs are and which split each belongs to")
    paths = chosen(config)
    curves = {}
    for key, worsen, steps, *_ in PANELS:
        curves[key] = curve(config, paths, key, worsen, steps)
        print(key, *(f"{step:g}: {share:.2f}" for step, share in zip(steps, curves[key])), sep="  ", flush=True)
    canvas = figure(config, curves)
    svg = canvas.svg().encode()
    rows = [f"{key},{step:g},{share:.4f}" for key, _, steps, *_ in PANELS for step, share in zip(steps, curves[key])]
    table = "\n".join(["check,step,share_found", *rows]) + "\n"
    out, name = Path(config.out), config.name
    out = out if out.is_absolute() else REPOSITORY / out
    files = {f"{name}.svg": svg, f"{name}.png": canvas.png(sha256(svg)), f"{name}.csv": table.encode()}
    write_files(out, files)
    print(f"drawn: {out / name}.png, .svg and .csv")
