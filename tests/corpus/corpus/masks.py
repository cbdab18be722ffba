"""Reference masks of one lesion in every encoding that data sets and drawing programs use: the same Dice, or a refusal
that names the values."""

import io

import numpy as np
import tifffile
from PIL import Image

from corpus import phantom
from corpus.png_photos import GREY, PALETTE, chunk, png, write as write_png

PLAIN = "mask_grey_0_255"
SIZE = (160, 120)
REFUSAL = ["a_segmentation", "value|colour|alpha|bits|grey|not supported|not jpeg|no reference mask"]
EVALUATE = "evaluate --images photos --masks masks --json"


def add(corpus):
    photo, lesion = phantom.picture(corpus.rng("masks"), SIZE), phantom.lesion(SIZE)
    written = write_png(photo)
    _plain(corpus, written, lesion)
    for name, (ending, content) in _encodings(lesion).items():
        pair(corpus, f"mask_{name}", written, content, mask_name=f"a_segmentation.{ending}")
        tolerance = 0.002 if "jpeg" in name or "soft" in name else 5e-5
        corpus.run(f"mask_{name}", EVALUATE, same_dice_as=PLAIN, dice_tolerance=tolerance, or_refused=REFUSAL)
    _other_commands(corpus, written, lesion)
    _undecided(corpus, written, lesion)
    _empty(corpus, written, lesion)
    _refused(corpus, written, lesion)


def pair(corpus, name, photo, mask, photo_name="a.png", mask_name="a_segmentation.png"):
    """A new folder with a photograph in `photos` and its mask in `masks`."""
    folder = corpus.case(name)
    for path, content in (f"photos/{photo_name}", photo), (f"masks/{mask_name}", mask):
        (folder / path).parent.mkdir()
        (folder / path).write_bytes(content)
    return folder


def grey(lesion, low=0, high=255):
    return write_png(Image.fromarray(np.where(lesion, high, low).astype(np.uint8)))


def _plain(corpus, photo, lesion):
    pair(corpus, PLAIN, photo, grey(lesion))
    corpus.run(PLAIN, EVALUATE, dice=0.93, dice_tolerance=0.07)


def _encodings(lesion):
    """{name: (ending, content)}"""
    found = {f"grey_0_{high}": ("png", grey(lesion, 0, high)) for high in (1, 2, 100, 127, 128, 129, 254)}
    found |= {f"grey_{low}_{high}": ("png", grey(lesion, low, high)) for low, high in ((1, 2), (10, 250), (1, 255))}
    for high in (1, 255, 256, 32768, 65535):
        wide = np.where(lesion, high, 0).astype(np.uint16)[..., None]
        found[f"16_bit_0_{high}"] = ("png", png(wide, GREY, 16))
    for depth in (1, 2, 4):
        found[f"{depth}_bit"] = ("png", png((lesion * ((1 << depth) - 1))[..., None], GREY, depth))
        found[f"{depth}_bit_value_1"] = ("png", png(lesion[..., None] * 1, GREY, depth))
    colours = {
        "black_white": ((0, 0, 0), (255, 255, 255)),
        "black_red": ((0, 0, 0), (128, 0, 0)),
        "black_green": ((0, 0, 0), (0, 255, 0)),
        "black_blue": ((0, 0, 0), (0, 0, 255)),
        "dark_light": ((20, 20, 20), (90, 90, 90)),
    }
    for name, (low, high) in colours.items():
        rgb = np.where(lesion[..., None], np.uint8(high), np.uint8(low))
        found[f"rgb_{name}"] = ("png", write_png(rgb))
        palette = chunk(b"PLTE", bytes([*low, *high]))
        found[f"palette_{name}"] = ("png", png(lesion[..., None] * 1, PALETTE, 8, before=[palette]))
        found[f"palette_1_bit_{name}"] = ("png", png(lesion[..., None] * 1, PALETTE, 1, before=[palette]))
    palette = chunk(b"PLTE", bytes([255] * 3 + [0] * 3))
    found["palette_white_first"] = ("png", png(~lesion[..., None] * 1, PALETTE, 8, before=[palette]))
    cover = np.where(lesion, 255, 0).astype(np.uint8)
    for name, value in (("white", 255), ("black", 0), ("red", (255, 0, 0))):
        rgb = np.full((*lesion.shape, 3), value, np.uint8)
        found[f"alpha_{name}"] = ("png", write_png(np.dstack([rgb, cover])))
    found["alpha_grey"] = ("png", write_png(np.dstack([cover, cover])))
    found["alpha_opaque"] = ("png", write_png(np.dstack([cover, cover, cover, np.full_like(cover, 255)])))
    soft = Image.fromarray(cover).resize((640, 480), Image.Resampling.NEAREST).resize(SIZE, Image.Resampling.BILINEAR)
    found["soft_border"] = ("png", write_png(soft))
    image = Image.fromarray(cover)
    files = (
        ("bmp", "BMP", image),
        ("webp", "WEBP", image.convert("RGB")),
        ("gif", "GIF", image),
        ("tif", "TIFF", image),
        ("jpg", "JPEG", image),
    )
    for ending, kind, picture in files:
        out = io.BytesIO()
        picture.save(out, kind, **({"lossless": True} if kind == "WEBP" else {"quality": 90} if kind == "JPEG" else {}))
        found[f"{kind.lower()}_file"] = (ending, out.getvalue())
        found[f"{kind.lower()}_called_png"] = ("png", out.getvalue())
    for name, values in (
        ("one_bit", lesion),
        ("float_0_1", lesion.astype(np.float32)),
        ("16_bit", cover * np.uint16(257)),
        ("float_0_255", cover.astype(np.float32)),
        ("labels", lesion.astype(np.int32)),
    ):
        out = io.BytesIO()
        tifffile.imwrite(out, values, photometric="minisblack")
        found[f"tiff_{name}"] = ("tif", out.getvalue())
        found[f"tiff_{name}_called_png"] = ("png", out.getvalue())
    return found


def _other_commands(corpus, photo, lesion):
    """A mask of 0 and 1 is the same mask for every command."""
    area = int(lesion.sum())
    for name, mask in (("commands_0_255", grey(lesion)), ("commands_0_1", grey(lesion, 0, 1))):
        pair(corpus, name, photo, mask)
        refused = {} if name.endswith("255") else {"or_refused": REFUSAL}
        corpus.run(
            f"{name}: export",
            "export photos --masks masks --format coco --out {out}/coco.json",
            coco_area=area,
            **refused,
        )
        corpus.run(f"{name}: report", "report photos --masks masks --json", says=["dice"], **refused)


def _undecided(corpus, photo, lesion):
    """More than two values, or colours: no rule says which are lesion, so a quiet figure would be a guess."""
    rows = np.arange(lesion.shape[0])[:, None]
    labels = np.where(lesion, np.where(rows < 60, 1, 2), 0).astype(np.uint8)
    rgb = np.where(
        lesion[..., None], np.where(rows[..., None] < 60, np.uint8([255, 0, 0]), np.uint8([0, 255, 0])), np.uint8(0)
    )
    for name, mask in (("three_labels", write_png(Image.fromarray(labels))), ("three_colours", write_png(rgb))):
        pair(corpus, f"mask_{name}", photo, mask)
        corpus.run(f"mask_{name}", EVALUATE, same_dice_as=PLAIN, or_told=["a_segmentation", "value|colour"])
    pair(corpus, "mask_is_a_photograph", photo, photo)
    corpus.run("mask_is_a_photograph", EVALUATE, exits=[1], says=["a_segmentation", "colour|value"])


def _empty(corpus, photo, lesion):
    none = np.zeros_like(lesion)
    for name, mask in (("empty", grey(none)), ("empty_rgba", write_png(np.zeros((*lesion.shape, 4), np.uint8)))):
        pair(corpus, f"mask_{name}", photo, mask)
        corpus.run(f"mask_{name}", EVALUATE, dice=0.0, says=["empty"], or_refused=["a_segmentation", "empty"])
    pair(corpus, "mask_full", photo, grey(~none))
    full = {"dice": 0.36, "dice_tolerance": 0.15}
    corpus.run("mask_full", EVALUATE, **full, or_refused=["a_segmentation", "everywhere"])
    skin = write_png(np.full((120, 160, 3), (228, 178, 158), np.uint8))
    pair(corpus, "mask_both_empty", skin, grey(none))
    corpus.run("mask_both_empty", EVALUATE, dice=1.0, says=["empty"])
    pair(corpus, "mask_inverted", photo, grey(~lesion))
    corpus.run("mask_inverted", EVALUATE, dice=0.0, dice_tolerance=0.15)


def _refused(corpus, photo, lesion):
    whole = grey(lesion)
    size = Image.fromarray(np.where(lesion, 255, 0).astype(np.uint8)).resize((80, 60))
    for name, mask, words in (
        ("of_another_size", write_png(size), ["80 × 60", "160 × 120"]),
        ("cut", whole[:200], ["png"]),
        ("of_no_bytes", b"", ["empty|no bytes"]),
        ("of_text", b"lesion", ["not jpeg|not a"]),
    ):
        pair(corpus, f"mask_{name}", photo, mask)
        corpus.run(f"mask_{name}", EVALUATE, exits=[1], says=[*words, "a_segmentation.png"])
