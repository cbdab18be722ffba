"""Draws what every network of the zoo makes of three test photographs, like Figure 5 of the reference work.

    python zoo_figure.py --out FOLDER     with the photographs, for a folder outside the checkout
    python zoo_figure.py                  the masks alone, beside models/README.md

A row is a photograph at its true proportions; the columns are the reference and the networks, each with its Dice.
The masks come from the ONNX files of the zoo by ONNX Runtime, as the program makes them. The photographs themselves
stay out of the repository, so the committed drawing shows no more than where masks and reference agree.
"""

import hashlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin
from scipy import ndimage

import data
import evaluate
import export
import options
import zoo_table

FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
FINE = 4  # masks are drawn this many times larger and then shrunk, which smooths their edges
CELL, GAP, EDGE = 176, 10, 28  # pixels: width of a picture, space between two, space around all
LABELS = 136  # width of the column that names the photographs
HEAD, FOOT, CAPTION = 40, 44, 34  # heights: names above, legend below, the line under each picture
SIZE, SMALL = 18, 15  # of letters

# The program's colours.
GROUND, CANVAS = "#17191c", "#24282d"
TEXT, DIM = "#e6e8ea", "#9aa1a8"
PREDICTION, REFERENCE, HALO = "#56b4e9", "#e69f00", "#101214"
FOUND, WRONG, MISSED = "#009e73", "#d55e00", "#cc79a7"  # true positive, false positive, false negative


@dataclass
class Config:
    zoo: str = zoo_table.Config.zoo
    data: str = ""  # data folder, as given to train.py
    out: str = ""  # folder for the drawing with the photographs; empty: the one without, beside models/README.md


@dataclass
class Row:
    """A photograph with its reference and what the networks made of it, all at the networks' square size."""

    label: str  # such as 'Photograph 52'
    image_id: str
    aspect: float  # width / height of the original
    photo: np.ndarray  # uint8 [H, W, 3]
    reference: np.ndarray  # bool [H, W]
    masks: dict  # by network, bool [H, W]

    def size(self):
        return CELL, round(CELL / self.aspect)


# What is drawn


def load_networks(zoo):
    """{name: (card, ONNX Runtime session)}; an ExportError when a file is not the one that its card means."""
    found = {}
    for card in zoo_table.read_cards(zoo):
        path = Path(zoo) / card["name"] / zoo_table.artefact(card, "onnx")["file"]
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != zoo_table.artefact(card, "onnx")["sha256"]:
            raise export.ExportError(f"file is not the one that its card means; export it again: {path}")
        found[card["name"]] = card, export.session(content)
    return found


def load_rows(zoo, root, positions):
    """A Row for each of these positions of the test split, in id order."""
    rows, networks = data.split_rows(root, "test"), load_networks(zoo)
    folder, found = Path(root) / "isic2017", []
    for position in positions:
        image_id = rows[position]["image_id"]
        photo = data.read_photo(folder / "images" / f"{image_id}.jpg")
        batch = torch.tensor(photo).permute(2, 0, 1)[None]
        masks = {name: export.at_photo_size(export.run_onnx(running, batch))[0] >= card["threshold"]
                 for name, (card, running) in networks.items()}
        found.append(Row(f"Photograph {position}", image_id, data.aspect_of(rows[position]), photo,
                         data.read_mask(folder / "masks" / f"{image_id}.png"), masks))
    return found


def dice(mask, reference):
    return evaluate.scores(evaluate.confusion(mask, reference))["dice"]


# One picture


def enlarge(mask, size):
    """A mask at FINE times `size` (width, height), its steps smoothed away."""
    width, height = size
    soft = Image.fromarray(mask.astype(np.float32)).resize((width * FINE, height * FINE), Image.Resampling.BICUBIC)
    return ndimage.gaussian_filter(np.asarray(soft), FINE) > 0.5


def rgb(colour):
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def canvas(size, colour=CANVAS):
    return np.full((size[1] * FINE, size[0] * FINE, 3), rgb(colour), np.uint8)


def shrink(fine):
    """The picture at its own size, every pixel the mean of its FINE x FINE ones."""
    return Image.fromarray(fine).reduce(FINE)


def distance_to_edge(mask):
    """How far each pixel is from the border of the mask; endless where it has none."""
    if mask.all() or not mask.any():
        return np.full(mask.shape, np.inf)
    return np.where(mask, ndimage.distance_transform_edt(mask), ndimage.distance_transform_edt(~mask))


def outline(fine, mask, colour):
    """Draws the border of an enlarged mask into a picture: 2 pixels wide, with a dark halo of 1 pixel."""
    distance = distance_to_edge(mask)
    fine[distance <= 2 * FINE] = rgb(HALO)
    fine[distance <= FINE] = rgb(colour)


def photo_picture(row, outlines):
    """The photograph with the outlines of these (mask, colour) pairs, the last on top."""
    width, height = row.size()
    photo = Image.fromarray(row.photo).resize((width, height), Image.Resampling.LANCZOS)
    fine = np.asarray(photo.resize((width * FINE, height * FINE), Image.Resampling.NEAREST)).copy()
    for mask, colour in outlines:
        outline(fine, enlarge(mask, row.size()), colour)
    return shrink(fine)


def agreement_picture(mask, reference, size):
    """Where mask and reference agree and where not, filled, with the edge of the reference as a thin line."""
    found, true = enlarge(mask, size), enlarge(reference, size)
    fine = canvas(size)
    for where, colour in ((found & true, FOUND), (found & ~true, WRONG), (~found & true, MISSED)):
        fine[where] = rgb(colour)
    fine[distance_to_edge(true) <= FINE / 2] = rgb(TEXT)  # thin, because most errors lie along it
    return shrink(fine)


def reference_picture(reference, size):
    fine = canvas(size)
    fine[enlarge(reference, size)] = rgb(REFERENCE)
    return shrink(fine)


# The sheet


def columns_with_photos(row):
    """(name, picture, caption) of each column, for the drawing with the photographs."""
    true = (row.reference, REFERENCE)
    pictures = [("photograph", photo_picture(row, []), ""), ("reference", photo_picture(row, [true]), "")]
    for name, mask in row.masks.items():
        picture = photo_picture(row, [true, (mask, PREDICTION)])
        pictures.append((name, picture, f"{dice(mask, row.reference):.3f}"))
    return pictures


def columns_of_masks(row):
    """The same for the drawing of the masks alone."""
    pictures = [("reference", reference_picture(row.reference, row.size()), "")]
    for name, mask in row.masks.items():
        picture = agreement_picture(mask, row.reference, row.size())
        pictures.append((name, picture, f"{dice(mask, row.reference):.3f}"))
    return pictures


def font(size, bold=False):
    return ImageFont.truetype(FONTS / f"Inter-{'SemiBold' if bold else 'Regular'}.otf", size)


def legend(draw, left, middle, entries):
    """The colours in words, in a line; an outline's colour is shown as a line."""
    for colour, is_line, words in entries:
        high = 2 if is_line else 7
        draw.rectangle((left, middle - high, left + 21, middle + high - 1), fill=colour)
        draw.text((left + 30, middle), words, TEXT, font(SMALL), "lm")
        left += 30 + draw.textlength(words, font(SMALL)) + 28


def legend_width(entries):
    return sum(30 + font(SMALL).getlength(words) + 28 for _, _, words in entries) - 28


def sheet(rows, columns, entries):
    """All rows on one sheet: `columns` makes a row's pictures, `entries` are the legend's."""
    drawn = [columns(row) for row in rows]
    right = EDGE + LABELS + len(drawn[0]) * (CELL + GAP) - GAP
    width = max(right, EDGE + round(legend_width(entries))) + EDGE
    height = EDGE + HEAD + sum(row.size()[1] + CAPTION for row in rows) + FOOT
    page = Image.new("RGB", (width, height), GROUND)
    draw = ImageDraw.Draw(page)
    lefts = [EDGE + LABELS + place * (CELL + GAP) for place in range(len(drawn[0]))]
    for left, (name, _, _) in zip(lefts, drawn[0]):
        draw.text((left + CELL / 2, EDGE + HEAD - 12), name, TEXT, font(SIZE, bold=True), "ms")
    top = EDGE + HEAD
    for row, pictures in zip(rows, drawn):
        high = row.size()[1]
        draw.text((EDGE, top + high / 2 - 3), row.label, TEXT, font(SMALL, bold=True), "ls")
        draw.text((EDGE, top + high / 2 + 16), row.image_id, DIM, font(SMALL), "ls")
        for left, (_, picture, caption) in zip(lefts, pictures):
            page.paste(picture, (left, top))
            if caption:
                caption_at(draw, left + CELL / 2, top + high + 20, caption)
        top += high + CAPTION
    legend(draw, EDGE, top + FOOT // 2 - 8, entries)
    return page


def caption_at(draw, centre, baseline, value):
    """'Dice 0.912' about a centre, the word dimmer than the figure."""
    word = "Dice "
    before, after = draw.textlength(word, font(SMALL)), draw.textlength(value, font(SMALL, bold=True))
    left = centre - (before + after) / 2
    draw.text((left, baseline), word, DIM, font(SMALL), "ls")
    draw.text((left + before, baseline), value, TEXT, font(SMALL, bold=True), "ls")


PHOTO_LEGEND = ((PREDICTION, True, "the network's outline"), (REFERENCE, True, "the reference"))
MASK_LEGEND = ((FOUND, False, "lesion, found"), (WRONG, False, "marked, but no lesion"),
               (MISSED, False, "lesion, missed"), (TEXT, True, "edge of the reference"))


# Files


def hashes(zoo):
    """What a drawing was made from: every network with its file's hash."""
    found = {card["name"]: zoo_table.artefact(card, "onnx")["sha256"] for card in zoo_table.read_cards(zoo)}
    return " ".join(f"{name}:{hash_}" for name, hash_ in found.items())


def drawing_of(zoo):
    """Where the committed drawing of a zoo lies."""
    return zoo_table.readme_of(zoo).parent / zoo_table.DRAWING


def is_current(zoo):
    """Whether the committed drawing shows the networks that the cards mean."""
    path = drawing_of(zoo)
    if not path.is_file():
        return False
    with Image.open(path) as image:
        return image.text.get("Networks") == hashes(zoo)


def png(page, zoo):
    note = PngImagePlugin.PngInfo()
    note.add_text("Networks", hashes(zoo))
    out = io.BytesIO()
    page.save(out, "PNG", optimize=True, pnginfo=note)
    return out.getvalue()


def draw_masks(zoo, data_folder="", positions=zoo_table.POSITIONS):
    """The committed drawing, unless it is the one already."""
    if is_current(zoo):
        return print("the drawing is up to date")
    rows = load_rows(zoo, data.data_root(data_folder), positions)
    path = drawing_of(zoo)
    export.put_in_place(path.parent, {path.name: png(sheet(rows, columns_of_masks, MASK_LEGEND), zoo)})
    print(f"drawn: {path}")


def draw_photos(zoo, out, data_folder="", positions=zoo_table.POSITIONS):
    """The drawing with the photographs."""
    rows = load_rows(zoo, data.data_root(data_folder), positions)
    name = zoo_table.DRAWING.replace("masks", "photographs")
    export.put_in_place(Path(out), {name: png(sheet(rows, columns_with_photos, PHOTO_LEGEND), zoo)})
    print(f"drawn: {Path(out) / name}")


if __name__ == "__main__":
    given = options.parse(Config, __doc__)
    try:
        if given.out:
            draw_photos(given.zoo, given.out, given.data)
        else:
            draw_masks(given.zoo, given.data)
    except (data.DataError, export.ExportError, zoo_table.TableError) as problem:
        sys.exit(f"zoo_figure.py: {problem}")
