"""The photographs on which networks are measured, one at a time: ISIC 2017's val and test, HAM10000, and two more.

HAM10000 (CC BY-NC 4.0) is for evaluation only: no network here was trained on it. Its photographs are 200x150 and
become 256x256 as the program does it; its masks stay as they are. So do the 512x512 crops that ISIC 2018 has of val,
and the originals, which belong to test.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from dermaloupe_recipe import data

HAM10000 = "ham10000"
NAMES = ("val", "test", HAM10000)  # those on which uncertainty is measured
CROPS, ORIGINALS = "isic2018-val", "originals"
HAM_COLUMNS = {"lesion_id", "image_id", "dx", "age", "sex", "localization"}
UNKNOWN = ("", "unknown")
TOOLS = {"T1": "polygon", "T2": "flood fill", "T3": "automatic"}
SEVERAL = "several people"


@dataclass
class EvaluationSet:
    """The photographs of a set, in id order. Photographs and masks are read when they are asked for."""

    name: str
    folder: Path
    rows: list  # one dict a photograph, with 'image_id' and 'lesion'
    resized: bool = False  # whether the files are of any size; otherwise they are 256x256
    photo: str = "images/{}.jpg"  # where an id's files are in the folder
    mask: str = "masks/{}.png"

    def __len__(self):
        return len(self.rows)

    @property
    def ids(self):
        return [row["image_id"] for row in self.rows]

    def photos(self):
        """Each photograph as the networks are given it: uint8 [3, 256, 256]."""
        read = read_resized if self.resized else data.read_photo
        for image_id in self.ids:
            yield torch.tensor(read(self.folder / self.photo.format(image_id))).permute(2, 0, 1)

    def images(self):
        """Each photograph at the size of its file."""
        for image_id in self.ids:
            yield open_image(self.folder / self.photo.format(image_id), "RGB")

    def masks(self):
        """Each reference mask at its own size: bool [H, W]."""
        read = read_mask_as_it_is if self.resized else data.read_mask
        for image_id in self.ids:
            yield read(self.folder / self.mask.format(image_id))


def open_image(path, mode):
    try:
        with Image.open(path) as image:
            return image.convert(mode)
    except FileNotFoundError:
        raise data.DataError(f"file is missing; restore it or take its row out of the table: {path}") from None
    except OSError as problem:
        raise data.DataError(f"not a readable image ({problem}): {path}") from None


def read_resized(path):
    """A photograph of any size as uint8 [256, 256, 3]: antialiased, bilinear, its aspect not kept."""
    size = (data.IMAGE_SIZE, data.IMAGE_SIZE)
    return np.asarray(open_image(path, "RGB").resize(size, Image.Resampling.BILINEAR))


def read_mask_as_it_is(path):
    return np.asarray(open_image(path, "L")) > data.FOREGROUND_ABOVE


def ham10000_rows(root):
    """The rows of HAM10000's table, in id order, with the project's names for its columns."""
    table = Path(root) / HAM10000 / "photographs.csv"
    if not table.is_file():
        raise data.DataError(f"no HAM10000: expected its table; put it there or leave it out with --sets: {table}")
    rows = sorted(data.read_table(table, HAM_COLUMNS), key=lambda row: row["image_id"])
    return [{"image_id": row["image_id"], "lesion": row["lesion_id"], "diagnosis": row["dx"],
             "site": named(row["localization"]), "sex": named(row["sex"]), "age": decade(row["age"], table)}
            for row in rows]


def named(value):
    return None if value in UNKNOWN else value


def decade(age, table):
    """An age in years as its decade, such as '40 to 49'; None where it is not known."""
    if age in UNKNOWN:
        return None
    try:
        tens = int(float(age)) // 10 * 10
    except ValueError:
        raise data.DataError(f"expected an age in years, found '{age}': {table}") from None
    return f"{tens} to {tens + 9}"


def reference_makers(root):
    """{image id: how its references were made}: the tool of the only one, or SEVERAL where several people drew one.

    Without the table, which training does not need, no photograph has an entry.
    """
    table = Path(root) / "isic2017" / "mask_tools.csv"
    if not table.is_file():
        return {}
    rows = data.read_table(table, {"image_id", "tools"})
    return {row["image_id"]: SEVERAL if " " in row["tools"] else TOOLS.get(row["tools"]) for row in rows}


def crop_rows(root):
    """The rows of ISIC 2018's crops of val, in id order."""
    table = Path(root) / "isic2018_512" / "splits.csv"
    if not table.is_file():
        raise data.DataError(f"no crops of ISIC 2018: expected their table; leave them out with --sets: {table}")
    ids = sorted(row["image_id"] for row in data.read_table(table, {"image_id", "split"}) if row["split"] == "val")
    return [{"image_id": image_id, "lesion": image_id} for image_id in ids]


def original_rows(root):
    """The originals that have a mask, in id order."""
    folder, end = Path(root) / ORIGINALS, "_segmentation.png"
    ids = sorted(path.name.removesuffix(end) for path in folder.glob(f"*{end}"))
    if not ids:
        raise data.DataError(f"no originals with masks; leave them out with --sets: {folder}")
    return [{"image_id": image_id, "lesion": image_id} for image_id in ids]


def read(root, name, limit=None):
    """The set of this name; `limit` takes only its first photographs."""
    if name == HAM10000:
        return EvaluationSet(name, Path(root) / HAM10000, ham10000_rows(root)[:limit], resized=True)
    if name == CROPS:
        return EvaluationSet(name, Path(root) / "isic2018_512", crop_rows(root)[:limit], resized=True)
    if name == ORIGINALS:
        return EvaluationSet(name, Path(root) / ORIGINALS, original_rows(root)[:limit], resized=True,
                             photo="{}.jpg", mask="{}_segmentation.png")
    makers = reference_makers(root)
    rows = [{"image_id": row["image_id"], "lesion": row["image_id"], "reference": makers.get(row["image_id"])}
            for row in data.split_rows(root, name)[:limit]]
    return EvaluationSet(name, Path(root) / "isic2017", rows)
