"""TIFF photographs: sample formats, storage and compression. Right is the picture itself or a refusal that says what to
do; a sample format that is misread gives another picture, and that is the worst that can happen.
"""

import io
import struct

import numpy as np
import tifffile
from PIL import Image

from corpus import phantom
from corpus.jpeg_photos import LEVELS, stored_for
from corpus.manifest import EITHER, PIXELS, REFUSED, SURVIVES, TOLD

REMEDY = ["tiff", "save|export|convert"]


def write(samples, **options):
    out = io.BytesIO()
    bigtiff, byteorder = options.pop("bigtiff", False), options.pop("byteorder", "<")
    with tifffile.TiffWriter(out, bigtiff=bigtiff, byteorder=byteorder) as file:
        file.write(samples, metadata=None, **{"photometric": "rgb" if samples.ndim == 3 else "minisblack", **options})
    return out.getvalue()


def add(corpus):
    picture = phantom.picture(corpus.rng("same picture"))
    grey = np.asarray(Image.fromarray(picture).convert("L"))

    def good(name, content, pixels=picture, **facts):
        corpus.photo(f"tiff_{name}.tif", content, PIXELS, pixels=pixels, **facts)

    def either(name, content, pixels=picture, tolerance=0, **facts):
        corpus.photo(f"tiff_{name}.tif", content, EITHER, pixels=pixels, tolerance=tolerance, words=REMEDY, **facts)

    _storage(good, either, picture)
    _sample_formats(good, either, picture, grey)
    # Nothing in it tells 14 bits from a dark photograph: a word must be there.
    corpus.photo("tiff_rgb_16_values_of_14_bits.tif", write(in_16_bits(picture, 14)), TOLD)
    _values_that_say_nothing(corpus, picture)
    _colours(good, either, picture, grey)
    _pages(good, either, picture)
    _damage(corpus, picture)


def in_16_bits(picture, bits):
    return np.rint(picture / 255 * ((1 << bits) - 1)).astype(np.uint16)


def _storage(good, either, picture):
    good("plain", write(picture), mask="same")
    good("big_endian", write(picture, byteorder=">"), mask="same")
    good("one_strip", write(picture, rowsperstrip=97), mask="same")
    good("rows_of_one", write(picture, rowsperstrip=1), mask="same")
    good("tiles", write(picture, tile=(32, 48)), mask="same")
    either("planar", write(np.ascontiguousarray(picture.transpose(2, 0, 1)), planarconfig="separate"))
    for name in ("lzw", "deflate", "packbits"):
        good(name, write(picture, compression=name), mask="same")
        good(f"{name}_tiles", write(picture, compression=name, tile=(16, 16)), mask="same")
        good(f"{name}_tiles_big", write(picture, compression=name, tile=(32, 16), bigtiff=True), mask="same")
        good(f"{name}_big_endian", write(picture, compression=name, byteorder=">"), mask="same")
    good("lzw_predictor", write(picture, compression="lzw", predictor=2), mask="same")
    good("deflate_predictor", write(picture, compression="deflate", predictor=2), mask="same")
    either("zstd", write(picture, compression="zstd"))
    either("lzma", write(picture, compression="lzma"))
    either("webp_inside", write(picture, compression="webp", compressionargs={"lossless": True}))
    either("jpeg_inside", write(picture, compression="jpeg", compressionargs={"level": 97}), tolerance=2 * LEVELS)
    content = write(picture, compression="jpeg", tile=(64, 64), compressionargs={"level": 97})
    either("jpeg_inside_tiles", content, tolerance=2 * LEVELS)
    image = io.BytesIO()
    Image.fromarray(picture).save(image, "TIFF", compression="jpeg", quality=97)
    either("jpeg_inside_by_pillow", image.getvalue(), tolerance=2 * LEVELS)
    either("bigtiff", write(picture, bigtiff=True))
    either("bigtiff_tiles", write(picture, bigtiff=True, tile=(32, 32)))
    either("bigtiff_big_endian", write(picture, bigtiff=True, byteorder=">"))


def _sample_formats(good, either, picture, grey):
    three = np.repeat(grey[..., None], 3, axis=2)
    good("grey_8", write(grey), three)
    wide, most = picture.astype(np.uint16) * 257, (1 << 32) // 255
    good("rgb_16", write(wide), mask="same")
    good("rgb_16_big_endian", write(wide, byteorder=">"), mask="same")
    good("grey_16", write(grey.astype(np.uint16) * 257), three)
    either("rgb_16_predictor", write(wide, compression="deflate", predictor=2))
    either("rgb_32", write((picture.astype(np.uint64) * ((1 << 32) - 1) // 255).astype(np.uint32)))
    either("grey_32", write((grey.astype(np.uint64) * most).astype(np.uint32)), three, tolerance=1)
    either("rgb_64", write(picture.astype(np.uint64) * (((1 << 64) - 1) // 255)))
    for bits in (32, 64):
        values = picture.astype(f"float{bits}")
        either(f"float{bits}_to_1", write(values / 255))
        either(f"float{bits}_to_255", write(values))
    either("float16_to_1", write((picture / 255).astype(np.float16)), tolerance=1)
    either("float32_grey_to_1", write(grey.astype(np.float32) / 255), three)
    either("float32_predictor", write(picture.astype(np.float32) / 255, compression="deflate", predictor=3))
    either("float32_to_65535", write(picture.astype(np.float32) * 257))
    either("int8", write(picture.astype(np.int16).clip(0, 127).astype(np.int8)), picture.clip(0, 127))
    either("int16", write((picture.astype(np.int32) * 32767 // 255).astype(np.int16)), tolerance=1)
    either("int16_to_255", write(picture.astype(np.int16)))
    # Used bits: cameras store 8, 10, 12 or 14 bits in 16, and some say so.
    either("grey_16_values_to_255", write(grey.astype(np.uint16)), three)
    either("rgb_16_values_to_255", write(picture.astype(np.uint16)))
    for bits in (10, 12):
        either(f"rgb_16_values_of_{bits}_bits", write(in_16_bits(picture, bits)), tolerance=1)
    for bits in (10, 12, 14):
        stated = [(281, "H", 3, ((1 << bits) - 1,) * 3, True)]  # MaxSampleValue
        good(f"rgb_16_states_{bits}_bits", write(in_16_bits(picture, bits), extratags=stated), tolerance=1)
    # Statistics of a picture of 16 bits, as the tag is meant: no scale.
    stated = [(281, "H", 3, (60_000,) * 3, True)]
    good("rgb_16_states_its_largest", write(wide, extratags=stated), mask="same")
    either("rgb_4_bits", write(picture // 16, bitspersample=4), picture // 16 * 17)
    either("rgb_12_bits", write(np.rint(picture / 255 * 4095).astype(np.uint16), bitspersample=12), tolerance=1)
    either("grey_2_bits", write(grey // 64, bitspersample=2), np.repeat((grey // 64 * 85)[..., None], 3, axis=2))
    bits = grey > 128
    good("one_bit", write(bits), np.repeat(bits[..., None], 3, axis=2) * 255)


def _values_that_say_nothing(corpus, picture):
    refuse = lambda name, samples: corpus.photo(f"tiff_{name}.tif", write(samples), REFUSED, words=REMEDY)
    spoilt = picture.astype(np.float32) / 255
    spoilt[40, 50] = np.nan
    refuse("float32_with_nan", spoilt)
    spoilt = picture.astype(np.float32) / 255
    spoilt[40, 50] = np.inf
    refuse("float32_with_infinity", spoilt)
    refuse("float32_below_0", picture.astype(np.float32) / 255 - 0.5)
    refuse("int16_below_0", picture.astype(np.int16) - 100)
    refuse("complex64", (picture[..., 0] / 255).astype(np.complex64))


def _colours(good, either, picture, grey):
    three = np.repeat(grey[..., None], 3, axis=2)
    either("white_is_zero", write(255 - grey, photometric="miniswhite"), three)
    indexed = Image.fromarray(picture).quantize(256)
    table = np.array(indexed.getpalette(), np.uint16).reshape(-1, 3)
    table = np.ascontiguousarray(np.pad(table, ((0, 256 - len(table)), (0, 0))).T * np.uint16(257))
    content = write(np.asarray(indexed), photometric="palette", colormap=table)
    either("palette", content, np.asarray(indexed.convert("RGB")))
    four = np.dstack([picture, np.full_like(grey, 128)])
    good("rgba_unassociated", write(four, extrasamples=["unassalpha"]), mask="same")
    opaque = np.dstack([picture, np.full_like(grey, 255)])
    either("rgba_associated_opaque", write(opaque, extrasamples=["assocalpha"]))
    either("unspecified_sample", write(four, extrasamples=["unspecified"]))
    either("five_samples", write(np.dstack([four, grey]), extrasamples=["unspecified"] * 2))
    either(
        "grey_alpha",
        write(np.dstack([grey, np.full_like(grey, 128)]), photometric="minisblack", extrasamples=["unassalpha"]),
        three,
    )
    cmyk = np.asarray(Image.fromarray(picture).convert("CMYK"))
    either("cmyk", write(cmyk, photometric="separated"), tolerance=LEVELS)
    out = io.BytesIO()
    image = Image.fromarray(picture).convert("YCbCr")
    image.save(out, "TIFF")
    either("ycbcr", out.getvalue(), np.asarray(image.convert("RGB")), tolerance=LEVELS)
    lab = np.dstack([grey, np.full_like(grey, 128), np.full_like(grey, 128)])
    either("lab", write(lab, photometric="cielab"), three, tolerance=30)
    for orientation in range(1, 9):
        tag = [(274, "H", 1, orientation, True)]
        good(f"orientation_{orientation}", write(stored_for(orientation, picture), extratags=tag), mask="same")


def _pages(good, either, picture):
    def pages(*arrays, kinds=(0, 0, 0)):
        out = io.BytesIO()
        with tifffile.TiffWriter(out) as file:
            for samples, kind in zip(arrays, kinds):
                file.write(samples, photometric="rgb", metadata=None, subfiletype=kind)
        return out.getvalue()

    small = np.ascontiguousarray(picture[::4, ::4])
    good("thumbnail_behind", pages(picture, small, kinds=(0, 1)), mask="same")
    either("thumbnail_first", pages(small, picture, kinds=(1, 0)))
    either("three_pages", pages(picture, 255 - picture, small))


def _damage(corpus, picture):
    whole = write(picture, compression="deflate", rowsperstrip=16)
    refuse = lambda name, content: corpus.photo(f"tiff_{name}.tif", content, REFUSED, words=["tiff"])
    for percent in (10, 50, 90):
        refuse(f"cut_{percent}", write(picture)[: 37_000 * percent // 100])
    corpus.photo("tiff_of_8_bytes.tif", whole[:8], REFUSED, words=["tiff"])
    directory = struct.unpack("<I", whole[4:8])[0]
    count = struct.unpack("<H", whole[directory : directory + 2])[0]
    after = directory + 2 + 12 * count
    looped = whole[:after] + whole[4:8] + whole[after + 4 :]
    corpus.photo("tiff_directory_loop.tif", looped, EITHER, pixels=picture, words=["tiff"])

    def with_entry(tag, change):
        content = bytearray(whole)
        for at in range(directory + 2, after, 12):
            if struct.unpack("<H", content[at : at + 2])[0] == tag:
                content[at : at + 12] = change(bytes(content[at : at + 12]))
        return bytes(content)

    entry = lambda tag, kind, number, value: struct.pack("<HHII", tag, kind, number, value)
    refuse("width_huge", with_entry(256, lambda _: entry(256, 4, 1, 0xFFFFFFFF)))
    refuse("width_0", with_entry(256, lambda _: entry(256, 4, 1, 0)))
    refuse("height_of_100000", with_entry(257, lambda _: entry(257, 4, 1, 100_000)))
    refuse("strip_count_huge", with_entry(273, lambda old: entry(273, 4, 0xFFFFFFF0, struct.unpack("<I", old[8:])[0])))
    refuse("strip_beyond_the_end", with_entry(273, lambda _: entry(273, 4, 1, 0x7FFFFFFF)))
    refuse("bits_huge_count", with_entry(258, lambda old: entry(258, 3, 0x7FFFFFFF, struct.unpack("<I", old[8:])[0])))
    refuse("samples_per_pixel_60000", with_entry(277, lambda _: entry(277, 3, 1, 60_000)))
    refuse("compression_unknown", with_entry(259, lambda _: entry(259, 3, 1, 777)))
    rng = corpus.rng("tiff bits")
    for number in range(6):
        flipped = bytearray(whole)
        flipped[int(rng.integers(len(whole)))] ^= 1 << int(rng.integers(8))
        corpus.photo(f"tiff_bit_{number}.tif", bytes(flipped), SURVIVES)
