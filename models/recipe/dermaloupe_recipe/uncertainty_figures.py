"""The figures of the zoo's page on how sure the networks are, from the cards and `uncertainty.json`.

`reliability`: what calibration changes, on test. `queue`: how many failures an order of looking finds, on test.
`external`: the agreement by group of photographs of HAM10000. Each is written as PNG and as SVG; the same cards give
the same bytes.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from dermaloupe_recipe import zoo_page
from dermaloupe_recipe.canvas import Canvas
from dermaloupe_recipe.cards import get, sha256
from dermaloupe_recipe.errors import RecipeError
from dermaloupe_recipe.files import ZOO, write_files
from dermaloupe_recipe.uncertainty_page import UNCERTAINTY, group_name

NAMES = ("reliability", "queue", "external")
TEXT, DIM, GRID, PALE = "#1b1f24", "#57606a", "#e3e6ea", "#b4bac2"
BLUE, ORANGE, GREEN = "#0072b2", "#d55e00", "#009e73"  # told apart by colour-blind readers


class FigureError(RecipeError):
    """A figure that cannot be drawn; the message says what is missing."""


@dataclass
class Config:
    zoo: str = str(ZOO)
    results: str = str(UNCERTAINTY)
    out: str = ""  # folder; empty: beside the zoo's page


@dataclass
class Axes:
    """A rectangle of a canvas with a range of values in each direction."""

    canvas: Canvas
    left: float
    top: float
    width: float
    height: float
    x_range: tuple = (0, 1)
    y_range: tuple = (0, 1)

    def x(self, value):
        return self.left + self.width * (value - self.x_range[0]) / (self.x_range[1] - self.x_range[0])

    def y(self, value):
        return self.top + self.height * (1 - (value - self.y_range[0]) / (self.y_range[1] - self.y_range[0]))

    def grid(self, x_ticks, y_ticks, form, size=12):
        """Lines and labels at ticks; `form` makes a label of a value."""
        bottom, right = self.top + self.height, self.left + self.width
        for value in x_ticks:
            self.canvas.line([(self.x(value), self.top), (self.x(value), bottom)], GRID)
            self.canvas.text(self.x(value), bottom + 13, form(value), DIM, size, "middle")
        for value in y_ticks:
            self.canvas.line([(self.left, self.y(value)), (right, self.y(value))], GRID)
            self.canvas.text(self.left - 7, self.y(value), form(value), DIM, size, "end")

    def curve(self, points, colour, width=2.0, dash=None, dots=0.0):
        placed = [(self.x(x), self.y(y)) for x, y in points]
        self.canvas.line(placed, colour, width, dash)
        for x, y in placed if dots else ():
            self.canvas.dot(x, y, dots, colour)


def legend(canvas, left, top, entries, step=20):
    """One line an entry: (colour, dash or None, words)."""
    for place, (colour, dash, words) in enumerate(entries):
        y = top + place * step
        canvas.line([(left, y), (left + 26, y)], colour, 2.5, dash)
        canvas.text(left + 34, y, words, TEXT, 12)


def reliability(cards, document):
    """A panel for each network: the observed share of lesion over the map's probability, before and after."""
    side, gap_x, gap_y, columns = 150, 34, 60, 5
    lines = -(-len(cards) // columns)
    canvas = Canvas(50 + columns * (side + gap_x), 76 + lines * (side + gap_y))
    canvas.text(20, 24, "Share of pixels that are lesion in the reference, over the probability on the map", TEXT, 15,
                bold=True)
    legend(canvas, 20, 48, [(ORANGE, None, "as the network gives it")])
    legend(canvas, 230, 48, [(BLUE, None, "calibrated on val")])
    canvas.text(390, 48, "650 photographs of the test split; on the diagonal is right", DIM, 12)
    for place, card in enumerate(cards):
        left, top = 54 + place % columns * (side + gap_x), 98 + place // columns * (side + gap_y)
        axes, errors = Axes(canvas, left, top, side, side), card["calibration"]["test_calibration_error"]
        axes.grid((0, 0.5, 1), (0, 0.5, 1), "{:g}".format, 11)
        canvas.line([(axes.x(0), axes.y(0)), (axes.x(1), axes.y(1))], PALE, 1, 4)
        rows = document["networks"][card["name"]]["reliability"]
        for key, colour in (("before", ORANGE), ("after", BLUE)):
            axes.curve([(mean, observed) for mean, observed, _ in rows[key]], colour, 1.75, dots=2)
        canvas.text(left, top - 15, card["name"], TEXT, 13, bold=True)
        for line, (key, colour) in enumerate((("before", ORANGE), ("after", BLUE))):
            canvas.text(left + side - 6, top + side - 28 + 16 * line, f"error {errors[key]:.4f}", colour, 11, "end")
    return canvas


def queue(cards, document):
    """The share of failures found over the share of photographs looked at."""
    found, canvas = document["queue"], Canvas(720, 470)
    axes = Axes(canvas, 70, 66, 620, 330, (0, 0.5), (0, 1))

    def percent(share):
        return f"{100 * share:g} %"

    canvas.text(20, 24, f"Failures found by looking at the doubtful outlines first ({found['network']}, "
                f"{found['failures']} of {found['n']} test photographs)", TEXT, 15, bold=True)
    canvas.text(20, 46, "Failures found", DIM, 12)
    axes.grid((0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5), (0, 0.25, 0.5, 0.75, 1), percent)
    canvas.text(axes.left + axes.width / 2, 436, "Photographs looked at", DIM, 12, "middle")
    shares = [share for share in found["shares"] if share <= 0.5]
    styles = {"ideal": (PALE, 5, "if every failure were known"),
              "expected": (BLUE, None, "lowest expected agreement"),
              "four networks": (ORANGE, None, "least agreement of four networks"),
              "both": (GREEN, None, "both together")}
    for key, (colour, dash, _) in styles.items():
        axes.curve(list(zip(shares, found["curves"][key])), colour, 2.25, dash)
    for key, radius in (("expected", 6), ("four networks", 3.5)):  # both are seen where they meet
        for share, value in zip(found["looked_at"], found["found"][key]):
            canvas.dot(axes.x(share), axes.y(value), radius, styles[key][0])
    axes.curve([(0, 0), (0.5, 0.5)], DIM, 1.5, 2)
    legend(canvas, 440, 310, [*styles.values(), (DIM, 2, "random order")], 18)
    canvas.text(20, 456, f"A failure is an outline with an IoU below {document['failure_below']} with the reference.",
                DIM, 12)
    return canvas


def group_rows(external):
    """(heading or None, label, figures) of each line, from the top."""
    yield None, "all photographs", external["overall"]
    for attribute, rows in external["by"].items():
        for place, row in enumerate(rows):
            yield attribute if place == 0 else None, group_name(row), row


def external(cards, document):
    """The mean IoU by group of HAM10000: the recommended network with its interval, the others as pale dots."""
    chosen = next((card for card in cards if get(card, "recommended")), cards[0])
    rows = list(group_rows(chosen["external"]))
    line, gap, top = 19, 26, 84
    height = top + line * len(rows) + gap * sum(heading is not None for heading, _, _ in rows) + 40
    canvas = Canvas(760, height)
    axes = Axes(canvas, 270, top, 450, height - top - 40, (0.5, 1), (0, 1))
    canvas.text(20, 24, f"Agreement on HAM10000 by group: mean IoU of {chosen['name']}", TEXT, 15, bold=True)
    canvas.text(20, 46, "Dots: mean IoU; lines: 95 % bootstrap interval; pale: the other networks. "
                "No network was trained on these photographs.", DIM, 12)
    axes.grid((0.5, 0.6, 0.7, 0.8, 0.9, 1), (), "{:g}".format)
    overall = chosen["external"]["overall"]["mean_iou"]
    canvas.line([(axes.x(overall), top), (axes.x(overall), top + axes.height)], PALE, 1, 3)
    others = [list(group_rows(card["external"])) for card in cards
              if card is not chosen and "overall" in card["external"]]
    y = top + 12
    for place, (heading, label, figures) in enumerate(rows):
        if heading:
            y += gap
            canvas.text(20, y - line, heading.capitalize(), TEXT, 13, bold=True)
        small = figures.get("small", False)
        canvas.text(20, y, label, DIM if small else TEXT, 12)
        canvas.text(250, y, f"{figures['n']:,}" + (" (few)" if small else ""), DIM, 12, "end")
        for lines in others:
            canvas.dot(axes.x(max(0.5, lines[place][2]["mean_iou"])), y, 2.5, PALE)
        draw_interval(canvas, axes, y, figures, PALE if small else BLUE)
        y += line
    return canvas


def draw_interval(canvas, axes, y, figures, colour):
    if interval := figures.get("mean_iou_interval"):
        low, high = (min(max(x, axes.x_range[0]), axes.x_range[1]) for x in interval)
        canvas.line([(axes.x(low), y), (axes.x(high), y)], colour, 2)
    canvas.dot(axes.x(max(axes.x_range[0], figures["mean_iou"])), y, 4, colour)


def figure(name, cards, document):
    missing = [card["name"] for card in cards if "external" not in card or card["name"] not in document["networks"]]
    if missing:
        raise FigureError(f"no figures of {', '.join(missing)}; run uncertainty.py first")
    return {"reliability": reliability, "queue": queue, "external": external}[name](cards, document)


def read_results(path):
    if not Path(path).is_file():
        raise FigureError(f"no measurements; run uncertainty.py first: {path}")
    return json.loads(Path(path).read_text())


def drawings(zoo=ZOO, results=UNCERTAINTY):
    """{name: Canvas} of all figures."""
    cards, document = zoo_page.read_cards(zoo), read_results(results)
    return {name: figure(name, cards, document) for name in NAMES}


def is_current(folder, name, canvas):
    """Whether the figure's two files in a folder are those of this canvas."""
    svg, png = Path(folder) / f"{name}.svg", Path(folder) / f"{name}.png"
    if not (svg.is_file() and png.is_file() and svg.read_text() == canvas.svg()):
        return False
    with Image.open(png) as image:
        return image.text.get("Source") == sha256(canvas.svg().encode())


def draw(config):
    """Writes all figures."""
    folder = Path(config.out) if config.out else zoo_page.page_of(config.zoo).parent
    for name, canvas in drawings(config.zoo, config.results).items():
        svg = canvas.svg().encode()
        write_files(folder, {f"{name}.svg": svg, f"{name}.png": canvas.png(sha256(svg))})
        print(f"drawn: {folder / name}.png and .svg")
