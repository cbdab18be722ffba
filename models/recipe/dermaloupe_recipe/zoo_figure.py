"""The drawing of the zoo: every network's masks of three test photographs, like Figure 5 of the reference work.

A row is a photograph in its true aspect ratio; the columns are the reference and the networks, each with its Dice. The
masks are computed from the zoo's ONNX files by ONNX Runtime, as the program does. The photographs are not part of the
repository, so the committed drawing shows only where masks and reference agree.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from dermaloupe_recipe import data, evaluation, inference, zoo_page
from dermaloupe_recipe.cards import artefact, sha256
from dermaloupe_recipe.export import ExportError
from dermaloupe_recipe.files import REPOSITORY, ZOO, write_files
from dermaloupe_recipe.mask_pictures import (
    BACKGROUND, DIM, FALSE_NEGATIVE, FALSE_POSITIVE, PREDICTION, REFERENCE, TEXT, TRUE_POSITIVE, agreement_picture,
    photo_picture, reference_picture,
)

FONTS = REPOSITORY / "assets" / "fonts"
CELL, GAP, MARGIN = 176, 10, 28  # pixels: width of a picture, space between two, space around all
LABELS = 136  # width of the column with the photographs' names
HEADER, LEGEND, CAPTION = 40, 44, 34  # heights: names at the top, legend at the bottom, line under each picture
FONT_SIZE, SMALL_FONT_SIZE = 18, 15

@dataclass
class Config:
    zoo: str = str(ZOO)
    data: str = ""  # data folder, as given to train.py
    out: str = ""  # folder for a drawing with the photographs; empty: the one without them, beside models/README.md


@dataclass
class Row:
    """A photograph with its reference mask and the networks' masks, all at the networks' input size."""

    label: str  # such as 'Photograph 52'
    image_id: str
    aspect: float  # width / height of the original
    photo: np.ndarray  # uint8 [H, W, 3]
    reference: np.ndarray  # bool [H, W]
    masks: dict  # by network, bool [H, W]

    def size(self):
        return CELL, round(CELL / self.aspect)


def load_networks(zoo):
    """{name: (card, ONNX Runtime session)}; an ExportError if a file is not the one that its card names."""
    found = {}
    for card in zoo_page.read_cards(zoo):
        path = Path(zoo) / card["name"] / artefact(card, "onnx")["file"]
        content = path.read_bytes()
        if sha256(content) != artefact(card, "onnx")["sha256"]:
            raise ExportError(f"file is not the one that its card names; export it again: {path}")
        found[card["name"]] = card, inference.create_session(content)
    return found


def load_rows(zoo, root, positions):
    """A Row for each of these positions of the test split, in id order."""
    rows, networks = data.split_rows(root, "test"), load_networks(zoo)
    folder, found = Path(root) / "isic2017", []
    for position in positions:
        image_id = rows[position]["image_id"]
        photo = data.read_photo(folder / "images" / f"{image_id}.jpg")
        batch = torch.tensor(photo).permute(2, 0, 1)[None]
        masks = {name: inference.at_photo_size(inference.predict_onnx(session, batch))[0] >= card["threshold"]
                 for name, (card, session) in networks.items()}
        found.append(Row(f"Photograph {position}", image_id, data.aspect_of(rows[position]), photo,
                         data.read_mask(folder / "masks" / f"{image_id}.png"), masks))
    return found


def dice(mask, reference):
    return evaluation.scores(evaluation.confusion(mask, reference))["dice"]


def columns_with_photos(row):
    """(name, picture, caption) of each column, for the drawing with the photographs."""
    def picture(*outlines):
        return photo_picture(row.photo, outlines, row.size())

    reference = (row.reference, REFERENCE)
    pictures = [("photograph", picture(), ""), ("reference", picture(reference), "")]
    for name, mask in row.masks.items():
        pictures.append((name, picture(reference, (mask, PREDICTION)), f"{dice(mask, row.reference):.3f}"))
    return pictures


def columns_of_masks(row):
    """The same for the drawing without the photographs."""
    pictures = [("reference", reference_picture(row.reference, row.size()), "")]
    for name, mask in row.masks.items():
        picture = agreement_picture(mask, row.reference, row.size())
        pictures.append((name, picture, f"{dice(mask, row.reference):.3f}"))
    return pictures


def font(size, bold=False):
    return ImageFont.truetype(FONTS / f"Inter-{'SemiBold' if bold else 'Regular'}.otf", size)


def draw_legend(draw, left, middle, entries):
    """The meaning of the colours, in a row; an outline's colour is shown as a line."""
    for colour, is_line, words in entries:
        half_height = 2 if is_line else 7
        draw.rectangle((left, middle - half_height, left + 21, middle + half_height - 1), fill=colour)
        draw.text((left + 30, middle), words, TEXT, font(SMALL_FONT_SIZE), "lm")
        left += 30 + draw.textlength(words, font(SMALL_FONT_SIZE)) + 28


def legend_width(entries):
    return sum(30 + font(SMALL_FONT_SIZE).getlength(words) + 28 for _, _, words in entries) - 28


def sheet(rows, columns, entries):
    """All rows on one sheet: `columns` draws a row's pictures, `entries` are the legend's."""
    drawn = [columns(row) for row in rows]
    right = MARGIN + LABELS + len(drawn[0]) * (CELL + GAP) - GAP
    width = max(right, MARGIN + round(legend_width(entries))) + MARGIN
    height = MARGIN + HEADER + sum(row.size()[1] + CAPTION for row in rows) + LEGEND
    page = Image.new("RGB", (width, height), BACKGROUND)
    draw = ImageDraw.Draw(page)
    lefts = [MARGIN + LABELS + i * (CELL + GAP) for i in range(len(drawn[0]))]
    for left, (name, _, _) in zip(lefts, drawn[0]):
        draw.text((left + CELL / 2, MARGIN + HEADER - 12), name, TEXT, font(FONT_SIZE, bold=True), "ms")
    top = MARGIN + HEADER
    for row, pictures in zip(rows, drawn):
        height = row.size()[1]
        draw.text((MARGIN, top + height / 2 - 3), row.label, TEXT, font(SMALL_FONT_SIZE, bold=True), "ls")
        draw.text((MARGIN, top + height / 2 + 16), row.image_id, DIM, font(SMALL_FONT_SIZE), "ls")
        for left, (_, picture, caption) in zip(lefts, pictures):
            page.paste(picture, (left, top))
            if caption:
                draw_caption(draw, left + CELL / 2, top + height + 20, caption)
        top += height + CAPTION
    draw_legend(draw, MARGIN, top + LEGEND // 2 - 8, entries)
    return page


def draw_caption(draw, centre, baseline, value):
    """Draws 'Dice 0.912' around a centre, the word dimmer than the number."""
    word = "Dice "
    regular, bold = font(SMALL_FONT_SIZE), font(SMALL_FONT_SIZE, bold=True)
    word_width = draw.textlength(word, regular)
    left = centre - (word_width + draw.textlength(value, bold)) / 2
    draw.text((left, baseline), word, DIM, regular, "ls")
    draw.text((left + word_width, baseline), value, TEXT, bold, "ls")


PHOTO_LEGEND = ((PREDICTION, True, "the network's outline"), (REFERENCE, True, "the reference"))
MASK_LEGEND = ((TRUE_POSITIVE, False, "lesion, found"), (FALSE_POSITIVE, False, "marked, but no lesion"),
               (FALSE_NEGATIVE, False, "lesion, missed"), (TEXT, True, "edge of the reference"))


def hashes(zoo):
    """The inputs of a drawing: every network with its file's hash."""
    found = {card["name"]: artefact(card, "onnx")["sha256"] for card in zoo_page.read_cards(zoo)}
    return " ".join(f"{name}:{hash_}" for name, hash_ in found.items())


def drawing_of(zoo):
    """Where the committed drawing of a zoo is."""
    return zoo_page.page_of(zoo).parent / zoo_page.DRAWING


def is_current(zoo):
    """Whether the committed drawing shows the networks of the cards."""
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


def draw_masks(zoo, data_folder="", positions=zoo_page.POSITIONS):
    """Draws the committed drawing, unless it is up to date."""
    if is_current(zoo):
        return print("the drawing is up to date")
    rows = load_rows(zoo, data.data_root(data_folder), positions)
    path = drawing_of(zoo)
    write_files(path.parent, {path.name: png(sheet(rows, columns_of_masks, MASK_LEGEND), zoo)})
    print(f"drawn: {path}")


def draw_photos(zoo, out, data_folder="", positions=zoo_page.POSITIONS):
    """The drawing with the photographs."""
    rows = load_rows(zoo, data.data_root(data_folder), positions)
    name = zoo_page.DRAWING.replace("masks", "photographs")
    write_files(Path(out), {name: png(sheet(rows, columns_with_photos, PHOTO_LEGEND), zoo)})
    print(f"drawn: {Path(out) / name}")


def draw(config):
    if config.out:
        draw_photos(config.zoo, config.out, config.data)
    else:
        draw_masks(config.zoo, config.data)
