"""PNG photographs: every depth and kind of colour, interlaced or not, what may lie beside the pixels, and damage."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

from corpus import phantom
from corpus.jpeg_photos import exif, stored_for
from corpus.manifest import EITHER, PIXELS, REFUSED, SURVIVES

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
ZEROS = zlib.compress(bytes(300_000_000), 1)  # 300 MB in little more than one
SIGNATURE = b"\x89PNG\r\n\x1a\n"
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
DAMAGED = ["png", "damaged|incomplete|cut short"]


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(samples, colour, depth, *, before=(), interlaced=False, level=6):
    """A file of samples [row, column, channel] of any depth; `before` are chunks between IHDR and IDAT."""
    height, width = samples.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    passes = [samples[y::down, x::across] for x, y, across, down in ADAM7] if interlaced else [samples]
    rows = b"".join(b"\0" + _packed(row, depth) for part in passes if part.size for row in part)
    parts = [
        SIGNATURE,
        chunk(b"IHDR", header),
        *before,
        chunk(b"IDAT", zlib.compress(rows, level)),
        chunk(b"IEND", b""),
    ]
    return b"".join(parts)


def _packed(row, depth):
    values = row.reshape(-1)
    if depth == 16:
        return values.astype(">u2").tobytes()
    bits = np.unpackbits(values.astype(np.uint8)[:, None], axis=1)[:, 8 - depth :]
    return np.packbits(bits.reshape(-1)).tobytes()


def write(picture, **options):
    out = io.BytesIO()
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    image.save(out, "PNG", **options)
    return out.getvalue()


def grey_pixels(values):
    return np.repeat(np.rint(values)[..., None], 3, axis=2)


def add(corpus):
    picture = phantom.picture(corpus.rng("same picture"))
    good = lambda name, content, pixels, **facts: corpus.photo(
        f"png_{name}.png", content, PIXELS, pixels=pixels, **facts
    )
    good("plain", write(picture), picture, mask="same")
    _depths(good, picture)
    _beside_the_pixels(good, picture)
    _damage(corpus, picture)
    _animated(corpus, picture)


def _depths(good, picture):
    grey = np.asarray(Image.fromarray(picture).convert("L"))
    for interlaced in (False, True):
        tail = "_interlaced" if interlaced else ""
        for depth in (1, 2, 4, 8):
            values = np.rint(grey / 255 * ((1 << depth) - 1)).astype(np.uint8)
            pixels = grey_pixels(values * (255 / ((1 << depth) - 1)))
            good(f"grey_{depth}{tail}", png(values[..., None], GREY, depth, interlaced=interlaced), pixels)
            indexed = Image.fromarray(picture).quantize(1 << depth)
            colours = bytes(indexed.getpalette()[: 3 << depth])
            palette = chunk(b"PLTE", colours)
            content = png(np.asarray(indexed)[..., None], PALETTE, depth, before=[palette], interlaced=interlaced)
            good(f"palette_{depth}{tail}", content, np.asarray(indexed.convert("RGB")))
        # 16 bits are rounded to 8, so the values that 8 bits can hold come back exactly.
        wide = picture.astype(np.uint16) * 257
        good(
            f"grey_16{tail}",
            png(grey[..., None].astype(np.uint16) * 257, GREY, 16, interlaced=interlaced),
            grey_pixels(grey),
        )
        good(f"rgb_16{tail}", png(wide, RGB, 16, interlaced=interlaced), picture, mask="same")
        opaque, half = np.full_like(grey, 255), np.full_like(grey, 128)
        good(f"rgba{tail}", png(np.dstack([picture, opaque]), RGBA, 8, interlaced=interlaced), picture, mask="same")
        good(
            f"rgba_16{tail}",
            png(np.dstack([wide, half * np.uint16(257)]), RGBA, 16, interlaced=interlaced),
            picture,
            mask="same",
        )
        good(f"grey_alpha{tail}", png(np.dstack([grey, half]), GREY_ALPHA, 8, interlaced=interlaced), grey_pixels(grey))
        good(f"rgb{tail}_by_hand", png(picture, RGB, 8, interlaced=interlaced), picture, mask="same")
    # Between two values of 8 bits: the nearer one.
    good(
        "grey_16_between",
        png((grey[..., None].astype(np.uint16) * 257 + 100).clip(0, 65535), GREY, 16),
        grey_pixels((grey.astype(float) * 257 + 100).clip(0, 65535) / 257),
    )


def _beside_the_pixels(good, picture):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    good("icc", write(picture, icc_profile=profile), picture, mask="same")
    # The network sees the stored pixels: gamma and chromaticities are for the screen.
    gamma = chunk(b"gAMA", struct.pack(">I", 100_000))
    good("gamma", png(picture, RGB, 8, before=[gamma]), picture, mask="same")
    primaries = chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000))
    good("chromaticities", png(picture, RGB, 8, before=[primaries, gamma]), picture, mask="same")
    transparent = chunk(b"tRNS", struct.pack(">3H", *picture[0, 0].tolist()))
    good("rgb_transparent_colour", png(picture, RGB, 8, before=[transparent]), picture, mask="same")
    indexed = Image.fromarray(picture).quantize(64)
    palette = chunk(b"PLTE", bytes(indexed.getpalette()[: 3 * 64]))
    content = png(np.asarray(indexed)[..., None], PALETTE, 8, before=[palette, chunk(b"tRNS", bytes(range(64)))])
    good("palette_transparent", content, np.asarray(indexed.convert("RGB")))
    text = chunk(b"tEXt", b"Comment\0" + b"a" * 10_000)
    good("text", png(picture, RGB, 8, before=[text, text]), picture, mask="same")
    swelling = chunk(b"zTXt", b"Comment\0\0" + ZEROS)
    good("text_of_300_mb", png(picture, RGB, 8, before=[swelling]), picture, mask="same")
    swelling = chunk(b"iCCP", b"name\0\0" + ZEROS)
    good("profile_of_300_mb", png(picture, RGB, 8, before=[swelling]), picture, mask="same")
    good("unknown_chunk", png(picture, RGB, 8, before=[chunk(b"teSt", bytes(100))]), picture, mask="same")
    good("behind_the_end", write(picture) + bytes(5000), picture, mask="same")
    stored = stored_for(6, picture)
    good("exif_6", write(stored, exif=exif(6)[6:]), picture, mask="same")
    whole = write(picture)
    at = whole.index(b"IDAT") - 4
    data = zlib.compress(zlib.decompress(whole[at + 8 : at + 8 + int.from_bytes(whole[at : at + 4], "big")]))
    pieces = b"".join(chunk(b"IDAT", data[index : index + 100]) for index in range(0, len(data), 100))
    good("many_idat", whole[:at] + pieces + chunk(b"IEND", b""), picture, mask="same")


def _damage(corpus, picture):
    refuse = lambda name, content, words=DAMAGED: corpus.photo(f"png_{name}.png", content, REFUSED, words=words)
    whole = write(picture)
    for percent in (1, 10, 50, 90, 99):
        refuse(f"cut_{percent}", whole[: len(whole) * percent // 100], ["png|not jpeg"])
    corpus.photo("png_without_end.png", whole[:-12], EITHER, pixels=picture, words=DAMAGED)
    at = whole.index(b"IDAT")
    length = int.from_bytes(whole[at - 4 : at], "big")
    rng = corpus.rng("png bits")
    for number in range(6):
        flipped = bytearray(whole)
        flipped[at + 4 + int(rng.integers(length))] ^= 1 << int(rng.integers(8))
        refuse(f"bit_{number}", bytes(flipped))
    refuse("wrong_checksum", whole[: at + 4 + length] + b"\0\0\0\0" + whole[at + 8 + length :])
    header = whole.index(b"IHDR")
    for name, width, height, words in (
        ("width_0", 0, 97, ["png"]),
        ("huge", 2**31 - 1, 2**31 - 1, ["limit|png"]),
        ("taller", 131, 194, DAMAGED),
        ("wider", 262, 97, DAMAGED),
    ):
        facts = struct.pack(">II", width, height) + whole[header + 12 : header + 17]
        refuse(name, whole[: header - 4] + chunk(b"IHDR", facts) + whole[header + 21 :], words)
    indexed = np.asarray(Image.fromarray(picture).quantize(64))[..., None]
    refuse("short_palette", png(indexed, PALETTE, 8, before=[chunk(b"PLTE", bytes(9))]), ["png", "palette|damaged"])
    refuse(
        "palette_of_4_bytes", png(indexed, PALETTE, 8, before=[chunk(b"PLTE", bytes(4))]), ["png", "palette|damaged"]
    )
    refuse("palette_of_1_byte", png(indexed, PALETTE, 8, before=[chunk(b"PLTE", bytes(1))]), ["png", "palette|damaged"])
    refuse("no_palette", png(indexed, PALETTE, 8), ["png", "palette|damaged"])
    refuse("depth_3", png(indexed, GREY, 3), ["png"])
    refuse("no_data", SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0)) + chunk(b"IEND", b""))
    swelling = png(np.zeros((100, 100, 1), np.uint8), GREY, 8)
    at = swelling.index(b"IDAT") - 4
    corpus.photo("png_data_of_300_mb.png", swelling[:at] + chunk(b"IDAT", ZEROS) + chunk(b"IEND", b""), SURVIVES)


def _animated(corpus, picture):
    out = io.BytesIO()
    frames = [Image.fromarray(255 - picture)]
    Image.fromarray(picture).save(out, "PNG", save_all=True, append_images=frames, default_image=False)
    corpus.photo("png_animated.png", out.getvalue(), EITHER, pixels=picture, words=["animat|frames|pictures"])
