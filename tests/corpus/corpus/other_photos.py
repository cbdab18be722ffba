"""BMP and WebP photographs, files of other kinds under a photograph's ending, extreme sizes, and small files that
become large."""

import io
import os
import struct
import zlib

import imagecodecs
import numpy as np
from PIL import Image

from corpus import phantom
from corpus.jpeg_photos import LEVELS, exif, read, stored_for, write as write_jpeg
from corpus.manifest import EITHER, PIXELS, REFUSED, SURVIVES, TOLD
from corpus.png_photos import GREY, chunk, png, write as write_png

ANOTHER_KIND = ["not jpeg, png|not a photograph|not supported"]
LARGE = ["limit is 100"]


def save(picture, kind, **options):
    out = io.BytesIO()
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    image.save(out, kind, **options)
    return out.getvalue()


def add(corpus):
    picture = phantom.picture(corpus.rng("same picture"))
    _bmp(corpus, picture)
    _webp(corpus, picture)
    _other_kinds(corpus, picture)
    _sizes(corpus)
    _large(corpus)


def _bmp(corpus, picture):
    good = lambda name, content, pixels=picture, **facts: corpus.photo(
        f"bmp_{name}.bmp", content, PIXELS, pixels=pixels, **facts
    )
    either = lambda name, content, pixels=picture, **facts: corpus.photo(
        f"bmp_{name}.bmp", content, EITHER, pixels=pixels, words=["bmp", "save|convert"], **facts
    )
    image = Image.fromarray(picture)
    whole = save(picture, "BMP")
    good("plain", whole, mask="same")
    good("grey", save(image.convert("L"), "BMP"), np.asarray(image.convert("L").convert("RGB")))
    good("palette", save(image.quantize(256), "BMP"), np.asarray(image.quantize(256).convert("RGB")))
    one_bit = image.convert("L").point(lambda value: 255 * (value > 128)).convert("1")
    good("one_bit", save(one_bit, "BMP"), np.asarray(one_bit.convert("RGB")))
    rows = np.pad(picture[::-1, :, ::-1], ((0, 0), (0, 0), (0, 1)))
    bits32 = struct.pack("<2sIHHI", b"BM", 54 + rows.size, 0, 0, 54)
    bits32 += struct.pack("<IiiHHIIiiII", 40, 131, 97, 1, 32, 0, rows.size, 0, 0, 0, 0) + rows.tobytes()
    good("32_bits", bits32, mask="same")
    top_down = bits32[:22] + struct.pack("<i", -97) + bits32[26:54] + rows[::-1].tobytes()
    good("top_down", top_down, mask="same")
    five = (picture.astype(np.uint16) >> 3)[::-1]
    words = five[..., 0] << 10 | five[..., 1] << 5 | five[..., 2]
    words = np.pad(words, ((0, 0), (0, 1))).astype("<u2")
    bits16 = struct.pack("<2sIHHI", b"BM", 54 + words.nbytes, 0, 0, 54)
    bits16 += struct.pack("<IiiHHIIiiII", 40, 131, 97, 1, 16, 0, words.nbytes, 0, 0, 0, 0) + words.tobytes()
    either("16_bits", bits16, np.rint((picture >> 3) * (255 / 31)), tolerance=5)
    for percent in (10, 50, 99):
        corpus.photo(f"bmp_cut_{percent}.bmp", whole[: len(whole) * percent // 100], REFUSED, words=["bmp"])
    size = lambda width, height: whole[:18] + struct.pack("<ii", width, height) + whole[26:]
    corpus.photo("bmp_taller.bmp", size(131, 194), REFUSED, words=["bmp"])
    corpus.photo("bmp_huge.bmp", size(2**31 - 1, 2**31 - 1), REFUSED, words=["limit|bmp"])
    corpus.photo("bmp_negative_width.bmp", size(-131, 97), REFUSED, words=["bmp"])


def _webp(corpus, picture):
    good = lambda name, content, pixels=picture, **facts: corpus.photo(
        f"webp_{name}.webp", content, PIXELS, pixels=pixels, **facts
    )
    lossless = save(picture, "WEBP", lossless=True)
    good("lossless", lossless, mask="same")
    for quality in (50, 95):
        lossy = save(picture, "WEBP", quality=quality)
        good(f"lossy_{quality}", lossy, read(lossy), tolerance=LEVELS, mask="similar")
    four = np.dstack([picture, np.full(picture.shape[:2], 200, np.uint8)])
    good("lossless_alpha", save(four, "WEBP", lossless=True, exact=True), mask="same")
    lossy = save(four, "WEBP", quality=95)
    good("lossy_alpha", lossy, read(lossy), tolerance=LEVELS, mask="similar")
    stored = stored_for(6, picture)
    good("exif_6", save(stored, "WEBP", lossless=True, exif=exif(6)), mask="same")
    animated = save(picture, "WEBP", lossless=True, save_all=True, append_images=[Image.fromarray(255 - picture)])
    corpus.photo("webp_animated.webp", animated, EITHER, pixels=picture, words=["animat|webp"])
    for percent in (5, 50, 95):
        corpus.photo(f"webp_cut_{percent}.webp", lossless[: len(lossless) * percent // 100], REFUSED, words=["webp"])
        cut = lossy[: len(lossy) * percent // 100]
        corpus.photo(f"webp_lossy_cut_{percent}.webp", cut, REFUSED, words=["webp"])
        plain = save(picture, "WEBP", quality=95)
        length = 20 + (len(plain) - 20) * percent // 100
        short = (
            b"RIFF" + struct.pack("<I", length - 8) + plain[8:16] + struct.pack("<I", length - 20) + plain[20:length]
        )
        corpus.photo(f"webp_short_data_{percent}.webp", short, TOLD, words=["webp"])
    rng = corpus.rng("webp bits")
    for number in range(4):
        flipped = bytearray(lossless)
        flipped[int(rng.integers(30, len(lossless)))] ^= 1 << int(rng.integers(8))
        corpus.photo(f"webp_bit_{number}.webp", bytes(flipped), SURVIVES)


def _other_kinds(corpus, picture):
    refuse = lambda name, content, words=ANOTHER_KIND: corpus.photo(f"other_{name}", content, REFUSED, words=words)
    refuse("gif.jpg", save(picture, "GIF"))
    refuse("pdf.jpg", save(picture, "PDF"))
    refuse("ico.png", save(picture[:64, :64], "ICO"))
    refuse("ppm.bmp", save(picture, "PPM"))
    refuse("text.jpg", b"Dear colleague, please find the photograph attached.")
    refuse("html.jpg", b"<!DOCTYPE html><html><body>404 Not Found</body></html>")
    refuse("svg.png", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    refuse("zip.jpg", b"PK\3\4" + bytes(200))
    refuse("photoshop.tif", b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 97, 131, 8, 3) + bytes(2000))
    refuse("exe.jpg", b"MZ" + bytes(500))
    refuse("dicom.jpg", bytes(128) + b"DICM" + bytes(200))
    refuse("one_byte.jpg", b"\xff")
    refuse("two_bytes.png", b"\x89P")
    refuse("zeros.jpg", bytes(10_000))
    refuse("random.jpg", corpus.rng("random").bytes(10_000))
    refuse("empty.jpg", b"", ["empty|no bytes|0 bytes"])
    box = lambda brand: struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"mif1" + brand
    phone = ["heic|heif|avif", "save|export|convert"]
    refuse("heic.heic", box(b"heic") + bytes(500), phone)
    refuse("heic_called.jpg", box(b"heic") + bytes(500), phone)
    refuse("avif.avif", save(picture, "AVIF"), phone)
    refuse("avif_called.jpg", save(picture, "AVIF"), phone)
    refuse(
        "raw.dng", imagecodecs.none_encode(b"II\x2a\0\x10\0\0\0CR\2\0" + bytes(300)), ["tiff|not jpeg|not supported"]
    )
    # A name may lie: the content decides.
    for name, content in (
        ("png.jpg", write_png(picture)),
        ("bmp.tif", save(picture, "BMP")),
        ("png_without_ending", write_png(picture)),
        ("tiff.png", save(picture, "TIFF")),
    ):
        corpus.photo(f"called_{name}", content, PIXELS, pixels=picture, mask="same")
    jpeg = write_jpeg(picture)
    corpus.photo("called_jpeg.png", jpeg, PIXELS, pixels=read(jpeg), tolerance=LEVELS, mask="similar")


def _sizes(corpus):
    for width, height in ((1, 1), (1, 97), (97, 1), (2, 2), (3, 500), (500, 3), (4000, 7), (7, 4000), (33, 31)):
        pixels = phantom.picture(corpus.rng(f"size {width}x{height}"), (width, height))
        corpus.photo(f"size_{width}x{height}.png", write_png(pixels), PIXELS, pixels=pixels)
        jpeg = write_jpeg(pixels, subsampling=0)
        corpus.photo(f"size_{width}x{height}_jpeg.jpg", jpeg, PIXELS, pixels=read(jpeg), tolerance=LEVELS)
    for name, value in (("black", 0), ("white", 255), ("grey", 128)):
        pixels = np.full((60, 80, 3), value, np.uint8)
        corpus.photo(f"size_{name}.png", write_png(pixels), PIXELS, pixels=pixels)


def _large(corpus):
    """Small files that become large: within the limit they are done with memory of their size, beyond it refused."""
    refuse = lambda name, content: corpus.photo(f"large_{name}", content, REFUSED, words=LARGE)
    refuse("900_megapixels.png", _black_png(30_000, 30_000))
    refuse(
        "65535x65535.jpg",
        write_jpeg(np.zeros((8, 8, 3), np.uint8)).replace(b"\0\x08\0\x08\x03", b"\xff\xff\xff\xff\x03"),
    )
    refuse("16383x16383.webp", _webp_of(16_383, 16_383))
    refuse(
        "50000x50000.bmp",
        save(np.zeros((4, 4, 3), np.uint8), "BMP").replace(
            struct.pack("<ii", 4, 4), struct.pack("<ii", 50_000, 50_000)
        ),
    )
    refuse("100001x1000.png", _black_png(100_001, 1_000))
    corpus.photo("large_9000x9000.webp", _webp_of(9_000, 9_000), SURVIVES, alone=True, megabytes=1500)
    corpus.photo("large_9999x9999_16_bit.png", _black_png(9_999, 9_999, 16), SURVIVES, alone=True, megabytes=1500)
    path = corpus.folder / "photos" / "large_6_gib.jpg"
    start = write_jpeg(np.zeros((8, 8, 3), np.uint8))
    corpus.photo(path.name, start, REFUSED, words=["too large|limit"], alone=True, megabytes=200)
    os.truncate(path, 6 << 30)  # sparse: it takes no space


def _black_png(width, height, depth=8):
    """Written in pieces: its rows would not fit into memory."""
    packer, row = zlib.compressobj(9), bytes(1 + width * depth // 8)
    data = b"".join(packer.compress(row * 100) for _ in range(height // 100))
    data += packer.compress(row * (height % 100)) + packer.flush()
    header = png(np.zeros((1, 1, 1), np.uint8), GREY, depth)[:8]
    facts = struct.pack(">IIBBBBB", width, height, depth, GREY, 0, 0, 0)
    return header + chunk(b"IHDR", facts) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def _webp_of(width, height):
    """A lossless WebP in one colour: each of its five codes has one symbol, so that a pixel takes no bits at all."""
    fields = [(0x2F, 8), (width - 1, 14), (height - 1, 14), (0, 1), (0, 3)]  # signature, size, no alpha, version
    fields += [(0, 1)] * 3  # no transform, no colour cache, one group of codes
    for symbol in (120, 160, 90, 255, 0):  # green, red, blue, alpha, distance
        fields += [(1, 1), (0, 1), (1, 1), (symbol, 8)]
    bits, length = 0, 0
    for value, count in fields:
        bits |= value << length
        length += count
    data = bits.to_bytes(-(-length // 8) + 1, "little")
    data += bytes(len(data) % 2)
    return b"RIFF" + struct.pack("<I", 12 + len(data)) + b"WEBPVP8L" + struct.pack("<I", len(data)) + data
