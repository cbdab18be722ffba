"""A small canvas for figures, drawn once and written twice: as PNG by Pillow, smoothed, and as SVG.

It is our own because the recipe's pinned environment has no plotting library, and the same input must give the same
bytes.
"""

import io
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from dermaloupe_recipe.files import REPOSITORY

FONTS = REPOSITORY / "assets" / "fonts"
SCALE = 2  # pixels of the PNG per unit, for screens of high density
SMOOTHING = 3  # the PNG is drawn this many times larger and then reduced
ANCHORS = {"start": "l", "middle": "m", "end": "r"}


@dataclass
class Canvas:
    """Shapes in drawing order, in units of an SVG pixel, with the origin at the top left."""

    width: int
    height: int
    background: str = "#ffffff"
    shapes: list = field(default_factory=list)

    def rectangle(self, left, top, right, bottom, colour):
        self.shapes.append(("rectangle", (left, top, right, bottom), colour))

    def line(self, points, colour, width=1.0, dash=None):
        """A line through points; `dash` is the length of its dashes and of the gaps between them."""
        self.shapes.append(("line", tuple(points), colour, width, dash))

    def dot(self, x, y, radius, colour):
        self.shapes.append(("dot", (x, y), radius, colour))

    def text(self, x, y, words, colour, size=13, anchor="start", bold=False, upwards=False):
        """Words whose middle height is at y; `upwards` turns them to be read from below."""
        self.shapes.append(("text", (x, y), words, colour, size, anchor, bold, upwards))

    def svg(self):
        parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
                 f'viewBox="0 0 {self.width} {self.height}" font-family="Inter, Arial, sans-serif">',
                 f'<rect width="100%" height="100%" fill="{self.background}"/>']
        return "\n".join([*parts, *(SVG[kind](*rest) for kind, *rest in self.shapes), "</svg>"]) + "\n"

    def image(self):
        factor = SCALE * SMOOTHING
        fine = Image.new("RGB", (self.width * factor, self.height * factor), self.background)
        for kind, *rest in self.shapes:
            PNG[kind](fine, factor, *rest)
        return fine.reduce(SMOOTHING)

    def png(self, note):
        """The PNG's bytes; `note` is kept in it as the text 'Source'."""
        info, out = PngImagePlugin.PngInfo(), io.BytesIO()
        info.add_text("Source", note)
        self.image().quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True, pnginfo=info)
        return out.getvalue()


def number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".")


def svg_rectangle(box, colour):
    left, top, right, bottom = box
    size = f'width="{number(right - left)}" height="{number(bottom - top)}"'
    return f'<rect x="{number(left)}" y="{number(top)}" {size} fill="{colour}"/>'


def svg_line(points, colour, width, dash):
    path = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    dashes = f' stroke-dasharray="{number(dash)}"' if dash else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{number(width)}"{dashes}/>'


def svg_dot(centre, radius, colour):
    return f'<circle cx="{number(centre[0])}" cy="{number(centre[1])}" r="{number(radius)}" fill="{colour}"/>'


def svg_text(place, words, colour, size, anchor, bold, upwards):
    x, y = map(number, place)
    turn = f' transform="rotate(-90 {x} {y})"' if upwards else ""
    weight = ' font-weight="600"' if bold else ""
    look = f'font-size="{size}" text-anchor="{anchor}" fill="{colour}"{weight}{turn}'
    return f'<text x="{x}" y="{y}" dy="0.36em" {look}>{escape(words)}</text>'


def png_rectangle(fine, factor, box, colour):
    left, top, right, bottom = (round(x * factor) for x in box)
    ImageDraw.Draw(fine).rectangle((left, top, right - 1, bottom - 1), fill=colour)


def pieces(points, dash):
    """The line's parts that are drawn: all of it, or every second length of `dash`."""
    if not dash:
        return [points]
    drawn, travelled = [], 0.0
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        length, at = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 0.0
        while at < length:
            step = min(dash - travelled % dash, length - at)
            if int(travelled / dash + 1e-9) % 2 == 0:
                a, b = at / length, (at + step) / length
                drawn.append([(x0 + (x1 - x0) * s, y0 + (y1 - y0) * s) for s in (a, b)])
            at, travelled = at + step, travelled + step
            travelled = round(travelled, 6)
    return drawn


def png_line(fine, factor, points, colour, width, dash):
    draw = ImageDraw.Draw(fine)
    for piece in pieces(points, dash):
        scaled = [(x * factor, y * factor) for x, y in piece]
        draw.line(scaled, fill=colour, width=max(1, round(width * factor)), joint="curve")


def png_dot(fine, factor, centre, radius, colour):
    x, y = (c * factor for c in centre)
    r = radius * factor
    ImageDraw.Draw(fine).ellipse((x - r, y - r, x + r, y + r), fill=colour)


def font(size, bold):
    return ImageFont.truetype(FONTS / f"Inter-{'SemiBold' if bold else 'Regular'}.otf", size)


def png_text(fine, factor, place, words, colour, size, anchor, bold, upwards):
    face, (x, y) = font(size * factor, bold), (c * factor for c in place)
    if not upwards:
        ImageDraw.Draw(fine).text((x, y), words, colour, face, ANCHORS[anchor] + "m")
        return
    width, height = round(face.getlength(words)) + 2, round(size * factor * 1.4)
    stamp = Image.new("L", (width, height), 0)
    ImageDraw.Draw(stamp).text((1, height / 2), words, 255, face, "lm")
    stamp = stamp.rotate(90, expand=True)
    top = {"start": y - width, "middle": y - width / 2, "end": y}[anchor]
    fine.paste(Image.new("RGB", stamp.size, colour), (round(x - height / 2), round(top)), stamp)


SVG = {"rectangle": svg_rectangle, "line": svg_line, "dot": svg_dot, "text": svg_text}
PNG = {"rectangle": png_rectangle, "line": png_line, "dot": png_dot, "text": png_text}
