"""Makes `tests/fixtures/display`: photographs with embedded colour profiles, and how LittleCMS shows them in sRGB.

All have the same drawn pixels, every mix of sixteen levels, which lie in `stored.png` without a profile. The profiles
are written here from published primaries and curves. `shown_NAME.png` is what LittleCMS makes of NAME; the other files
hold profiles that a program had better not use.
"""

import struct
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

import options

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "display"
D50 = np.array([0.9642, 1.0, 0.8249])
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
D65 = (0.3127, 0.3290)
# CIE xy of red, green and blue.
SRGB = [(0.640, 0.330), (0.300, 0.600), (0.150, 0.060)]
DISPLAY_P3 = [(0.680, 0.320), (0.265, 0.690), (0.150, 0.060)]
ADOBE_RGB = [(0.640, 0.330), (0.210, 0.710), (0.150, 0.060)]
ADOBE_GAMMA = 563 / 256
GRID = 17  # steps of a table's cube
PIECE = 200  # bytes of a profile in each segment of the JPEG that holds it in pieces


@dataclass
class Config:
    out: str = str(FOLDER)


def stored():
    """64x64 pixels: every mix of sixteen levels."""
    index = np.arange(16**3)
    levels = np.stack((index % 16, index // 16 % 16, index // 256), axis=-1) * 17
    return Image.fromarray(levels.reshape(64, 64, 3).astype(np.uint8))


def colorants(primaries):
    """Columns: XYZ of red, green and blue at full level, adapted from D65 to D50 by Bradford."""
    xyz = lambda x, y: np.array([x / y, 1.0, (1 - x - y) / y])
    raw = np.stack([xyz(*xy) for xy in primaries], axis=1)
    white = xyz(*D65)
    scaled = raw * np.linalg.solve(raw, white)
    adapt = np.linalg.inv(BRADFORD) @ np.diag((BRADFORD @ D50) / (BRADFORD @ white)) @ BRADFORD
    return adapt @ scaled


def fixed(*values):
    return b"".join(struct.pack(">i", round(float(value) * 65536)) for value in values)


def xyz_tag(values):
    return b"XYZ \0\0\0\0" + fixed(*values)


def gamma_tag(gamma):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))


def srgb_curve_tag():
    return b"para\0\0\0\0" + struct.pack(">HH", 3, 0) + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def falling_curve_tag():
    return b"curv\0\0\0\0" + struct.pack(">I2H", 2, 65535, 0)


def name_tag(name, version):
    if version == 2:
        ascii_part = name.encode() + b"\0"
        return b"desc\0\0\0\0" + struct.pack(">I", len(ascii_part)) + ascii_part + b"\0" * 78
    words = name.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(words), 28) + words


def table_tag():
    """mft2: a cube from RGB of a wide space with gamma 1.8 to Lab, as scanners' profiles have it."""
    steps = np.linspace(0, 1, GRID)
    rgb = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    relative = (rgb**1.8) @ colorants(ADOBE_RGB).T / D50
    f = np.where(relative > 216 / 24389, np.cbrt(relative), (24389 / 27 * relative + 16) / 116)
    lab = np.stack((116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])), axis=-1)
    # ICC version 2 writes L from 0 to 100 as 0 to 0xFF00, and a and b from -128 on in steps of 1/256.
    coded = np.stack((lab[:, 0] * 652.8, (lab[:, 1] + 128) * 256, (lab[:, 2] + 128) * 256), axis=-1)
    coded = np.clip(np.rint(coded), 0, 65535).astype(">u2")
    line = struct.pack(">2H", 0, 65535) * 3
    head = struct.pack(">4B", 3, 3, GRID, 0) + fixed(1, 0, 0, 0, 1, 0, 0, 0, 1) + struct.pack(">2H", 2, 2)
    return b"mft2\0\0\0\0" + head + line + coded.tobytes() + line


def profile(name, tags, version=4, space=b"RGB ", kind=b"mntr", connection=b"XYZ "):
    """A profile's bytes: header, list of tags, tags."""
    tags = {b"desc": name_tag(name, version), b"wtpt": xyz_tag(D50), **tags}
    listed, body, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for key, value in tags.items():
        listed += key + struct.pack(">II", start + len(body), len(value))
        body += value + b"\0" * (-len(value) % 4)
    date = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    number = {2: 0x02400000, 4: 0x04200000}[version]
    head = struct.pack(">I4sI4s4s4s12s4s", start + len(body), b"\0" * 4, number, kind, space, connection, date, b"acsp")
    return (head + b"\0" * 28 + fixed(*D50)).ljust(128, b"\0") + listed + body


def matrix_profile(name, columns, curve, version=4):
    tags = {bytes([letter]) + b"XYZ": xyz_tag(columns[:, place]) for place, letter in enumerate(b"rgb")}
    curves = {bytes([letter]) + b"TRC": curve for letter in b"rgb"}
    return profile(name, {**tags, **curves}, version)


def good():
    """Name to profile."""
    srgb = colorants(SRGB)
    return {
        "display_p3": matrix_profile("Display P3", colorants(DISPLAY_P3), srgb_curve_tag()),
        "adobe_rgb": matrix_profile("Adobe RGB (1998)", colorants(ADOBE_RGB), gamma_tag(ADOBE_GAMMA), version=2),
        # Whoever ignores it shows red as green: a quick check by eye.
        "swapped": matrix_profile("Swapped channels", srgb[:, [1, 2, 0]], srgb_curve_tag()),
        "table": profile("Scanner table", {b"A2B0": table_tag()}, version=2, kind=b"scnr", connection=b"Lab "),
    }


def bad():
    """Name to profile that is not to be used for an RGB photograph."""
    whole = good()["display_p3"]
    curves = {b"kTRC": gamma_tag(2.2)}
    return {
        "garbage": b"this is no profile " * 9,
        "cut": whole[:200],
        "cmyk": profile("Offset paper", {}, space=b"CMYK", kind=b"prtr", connection=b"Lab "),
        "grey": profile("Grey gamma 2.2", curves, space=b"GRAY"),
        "inverted": matrix_profile("Negative", colorants(SRGB), falling_curve_tag()),
        "large": whole + b"\0" * (5 << 20),
    }


def shown(image, icc):
    """The picture in sRGB, by LittleCMS."""
    source, target = ImageCms.ImageCmsProfile(BytesIO(icc)), ImageCms.createProfile("sRGB")
    return ImageCms.profileToProfile(image, source, target, renderingIntent=ImageCms.Intent.PERCEPTUAL)


def in_pieces(jpeg, icc, leave_out=None):
    """A JPEG with its profile in several segments, the last first; one may be left out."""
    pieces = [icc[at : at + PIECE] for at in range(0, len(icc), PIECE)]
    segments = b""
    for number, piece in reversed(list(enumerate(pieces, 1))):
        body = b"ICC_PROFILE\0" + bytes([number, len(pieces)]) + piece
        if number != leave_out:
            segments += b"\xff\xe2" + struct.pack(">H", len(body) + 2) + body
    return jpeg[:2] + segments + jpeg[2:]


def make(config):
    out = Path(config.out)
    out.mkdir(parents=True, exist_ok=True)
    image = stored()
    image.save(out / "stored.png")
    for name, icc in {**good(), **bad()}.items():
        image.save(out / f"{name}.png", icc_profile=icc)
    for name, icc in good().items():
        shown(image, icc).save(out / f"shown_{name}.png")
    image.save(out / "srgb.png", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    icc = good()["display_p3"]
    image.save(out / "display_p3.tif", icc_profile=icc, compression="tiff_lzw")
    image.save(out / "display_p3.webp", icc_profile=icc, lossless=True)
    plain, whole = BytesIO(), out / "display_p3.jpg"
    jpeg = {"format": "JPEG", "quality": 90, "subsampling": 0}
    image.save(plain, **jpeg)
    image.save(whole, icc_profile=icc, **jpeg)
    (out / "pieces.jpg").write_bytes(in_pieces(plain.getvalue(), icc))
    (out / "missing_piece.jpg").write_bytes(in_pieces(plain.getvalue(), icc, leave_out=2))
    print(out)


if __name__ == "__main__":
    make(options.parse(Config, __doc__))
