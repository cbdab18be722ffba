"""JPEG photographs as cameras, scanners and programs write them. Right is what libjpeg reads, through Pillow."""

import io
import struct

import imagecodecs
import numpy as np
from PIL import Image, ImageCms, ImageOps

from corpus import phantom
from corpus.jpeg_encoder import Arrangement, encode, segment, ycc
from corpus.manifest import EITHER, PIXELS, REFUSED

LEVELS = 4  # by which two decoders may differ: both round their transforms, and enlarge colour in their own way

SAMPLINGS = {
    "444": [(1, 1)] * 3,
    "422": [(2, 1), (1, 1), (1, 1)],
    "420": [(2, 2), (1, 1), (1, 1)],
    "440": [(1, 2), (1, 1), (1, 1)],
    "411": [(4, 1), (1, 1), (1, 1)],
    "410": [(4, 2), (1, 1), (1, 1)],
    "441": [(1, 4), (1, 1), (1, 1)],
    "uneven": [(2, 2), (2, 1), (1, 2)],
    "large_chroma": [(1, 1), (2, 2), (2, 2)],
}
SCANS = {"one_scan": None, "scan_per_component": [[0], [1], [2]], "luma_then_chroma": [[0], [1, 2]]}
ADOBE_RGB, ADOBE_YCC, ADOBE_YCCK = (segment(0xEE, b"Adobe\0\x64\0\0\0\0" + bytes([kind]))[4:] for kind in (0, 1, 2))
NOT_SUPPORTED = ["not supported", "save|convert|export"]


def read(content):
    """The picture as Pillow reads it: upright, RGB."""
    return np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB"))


def write(picture, **options):
    """As Pillow writes it."""
    out = io.BytesIO()
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    image.save(out, "JPEG", **{"quality": 95, **options})
    return out.getvalue()


def exif(orientation):
    """The smallest EXIF content there is: one entry, the orientation."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"Exif\0\0" + b"II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0)


def stored_for(orientation, picture):
    """The pixels that a file with this orientation stores, so that it is shown as `picture`."""
    turned = {
        1: lambda p: p,
        2: lambda p: p[:, ::-1],
        3: lambda p: p[::-1, ::-1],
        4: lambda p: p[::-1],
        5: lambda p: p.transpose(1, 0, 2),
        6: lambda p: np.rot90(p),
        7: lambda p: np.rot90(p, 2).transpose(1, 0, 2),
        8: lambda p: np.rot90(p, -1),
    }
    return np.ascontiguousarray(turned[orientation](picture))


def add(corpus):
    picture = phantom.picture(corpus.rng("same picture"))
    _samplings(corpus, picture)
    _libjpeg(corpus, picture)
    _colours(corpus, picture)
    _headers(corpus, picture)
    _orientations(corpus, picture)
    _other_processes(corpus, picture)


def _good(corpus, name, content, mask="similar", outcome=PIXELS, **facts):
    corpus.photo(f"jpeg_{name}.jpg", content, outcome, pixels=read(content), tolerance=LEVELS, mask=mask, **facts)


def _samplings(corpus, picture):
    for sampling, factors in SAMPLINGS.items():
        for scans, parts in SCANS.items():
            # 'uneven' and 'large_chroma' are valid, but no camera writes them: a refusal is in order too.
            odd = sampling in ("uneven", "large_chroma")
            facts = {"outcome": EITHER, "words": NOT_SUPPORTED} if odd else {}
            _good(corpus, f"{sampling}_{scans}", encode(ycc(picture), Arrangement(factors, parts)), **facts)
            restarts = Arrangement(factors, parts, restart=3)
            _good(corpus, f"{sampling}_{scans}_restarts", encode(ycc(picture), restarts), **facts)


def _libjpeg(corpus, picture):
    for sampling in ("4:4:4", "4:2:2", "4:2:0", "4:1:1"):
        name = sampling.replace(":", "")
        _good(corpus, f"progressive_{name}", write(picture, subsampling=sampling, progressive=True))
        _good(corpus, f"optimised_{name}", write(picture, subsampling=sampling, optimize=True, quality=90))
    _good(corpus, "progressive_restarts", write(picture, progressive=True, restart_marker_rows=1))
    _good(corpus, "restart_rows", write(picture, restart_marker_rows=1))
    _good(corpus, "low_quality", write(picture, quality=60))
    _good(corpus, "best_quality", write(picture, quality=100, subsampling=0))
    for side in (1, 7, 8, 9, 15, 16, 17):
        small = np.ascontiguousarray(picture[20 : 20 + side, 30 : 30 + side])
        _good(corpus, f"side_{side}", write(small), mask="")


def _colours(corpus, picture):
    ones = [(1, 1)]
    image = Image.fromarray(picture)
    grey = np.asarray(image.convert("L"), float)
    _good(corpus, "grey", write(image.convert("L")), mask="")
    _good(corpus, "grey_progressive", write(image.convert("L"), progressive=True), mask="")
    # One component is not interleaved: its sampling has no meaning, whatever it says.
    for h, v in ((2, 2), (2, 1), (4, 2)):
        _good(corpus, f"grey_sampling_{h}{v}", encode([grey], Arrangement([(h, v)])), mask="")
    _good(corpus, "rgb_by_pillow", write(picture, keep_rgb=True))
    planes = list(np.moveaxis(picture.astype(float), -1, 0))
    _good(corpus, "rgb_adobe", encode(planes, Arrangement(ones * 3, segments=[(0xEE, ADOBE_RGB)])))
    _good(corpus, "rgb_by_identifiers", encode(planes, Arrangement(ones * 3, identifiers=[82, 71, 66])))
    _good(corpus, "ycc_adobe", encode(ycc(picture), Arrangement(ones * 3, segments=[(0xEE, ADOBE_YCC)])))
    _good(corpus, "identifiers_0_1_2", encode(ycc(picture), Arrangement(ones * 3, identifiers=[0, 1, 2])))
    inks = [255 - plane for plane in planes]
    none = np.zeros_like(grey)
    cmyk = [255 - plane for plane in (*inks, none)]  # Adobe stores CMYK inverted
    _good(corpus, "cmyk_adobe", encode(cmyk, Arrangement(ones * 4, segments=[(0xEE, ADOBE_RGB)])))
    black = encode([*cmyk[:3], 255 - 0.3 * grey], Arrangement(ones * 4, segments=[(0xEE, ADOBE_RGB)]))
    _good(corpus, "cmyk_with_black", black, mask="")
    _good(corpus, "cmyk_by_pillow", write(image.convert("CMYK")))
    # YCCK is the YCC of what is stored for RGB's opposite; libjpeg turns it round.
    ycck = [*ycc(np.stack(inks, axis=-1)), 255 - none]
    _good(corpus, "ycck_adobe", encode(ycck, Arrangement(ones * 4, segments=[(0xEE, ADOBE_YCCK)])))
    subsampled = Arrangement([(2, 2), (1, 1), (1, 1), (2, 2)], segments=[(0xEE, ADOBE_YCCK)])
    _good(corpus, "ycck_subsampled", encode(ycck, subsampled))
    corpus.photo("jpeg_two_components.jpg", encode(planes[:2], Arrangement(ones * 2)), REFUSED, words=["jpeg"])


def _headers(corpus, picture):
    content = write(picture)
    jfif = 2 + 2 + int.from_bytes(content[4:6], "big")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    _good(corpus, "icc", write(picture, icc_profile=profile))
    _good(corpus, "icc_of_many_segments", write(picture, icc_profile=profile + bytes(150_000)))
    _good(corpus, "comment", write(picture, comment="a comment " * 500))
    _good(corpus, "without_jfif", content[:2] + content[jfif:])
    _good(corpus, "fill_bytes", content[:2] + b"\xff" * 5 + content[2:])
    _good(corpus, "two_bytes_between_segments", content[:jfif] + b"\0\0" + content[jfif:])
    _good(corpus, "one_byte_between_segments", content[:jfif] + b"\0" + content[jfif:])
    _good(corpus, "behind_the_end", content + b"\0\0\0\x18ftypmp42\xff\xd9 .. \xff\xda .." + bytes(4000))
    _good(corpus, "second_picture_behind", content + write(255 - picture))
    thumbnail = write(255 - picture[:48, :64])
    _good(corpus, "thumbnail_in_exif", content[:jfif] + segment(0xE1, exif(1) + thumbnail) + content[jfif:])
    _good(corpus, "many_segments", content[:jfif] + segment(0xE5, bytes(60_000)) * 40 + content[jfif:])
    _good(corpus, "sof1_wide_tables", encode(ycc(picture), Arrangement([(1, 1)] * 3, frame=0xC1, wide_tables=True)))
    # libjpeg does not read it: what is right is what was drawn, with the error of the coding.
    later = encode(ycc(picture), Arrangement([(1, 1)] * 3, height_after=True))
    corpus.photo("jpeg_height_after_the_scan.jpg", later, EITHER, pixels=picture, tolerance=2 * LEVELS, words=["jpeg"])


def _orientations(corpus, picture):
    for orientation in range(1, 9):
        stored = stored_for(orientation, picture)
        content = write(stored, subsampling=0, exif=exif(orientation))
        corpus.photo(
            f"jpeg_exif_{orientation}.jpg", content, PIXELS, pixels=read(content), tolerance=LEVELS, mask="similar"
        )
    for orientation in (0, 9, 200):
        _good(corpus, f"exif_invalid_{orientation}", write(picture, exif=exif(orientation)))
    _good(corpus, "exif_cut", write(picture, exif=exif(6)[:17]), mask="similar")
    _good(corpus, "exif_garbage", write(picture, exif=b"Exif\0\0" + bytes(range(200))))


def _other_processes(corpus, picture):
    """Files that are no baseline or progressive Huffman JPEG. They are whole: 'damaged' would be wrong."""
    refuse = lambda name, content, *words: corpus.photo(
        f"jpeg_{name}", content, REFUSED, words=[*NOT_SUPPORTED, *words]
    )
    deep = [plane * 16 for plane in ycc(picture)]
    refuse("12_bit.jpg", encode(deep, Arrangement([(1, 1)] * 3, frame=0xC1, precision=12)), "12")
    refuse("12_bit_by_libjpeg.jpg", imagecodecs.jpeg8_encode(picture.astype(np.uint16) * 16, bitspersample=12), "12")
    arithmetic = write(picture).replace(b"\xff\xc0", b"\xff\xc9", 1)
    refuse("arithmetic.jpg", arithmetic, "arithmetic")
    refuse(
        "arithmetic_progressive.jpg",
        write(picture, progressive=True).replace(b"\xff\xc2", b"\xff\xca", 1),
        "arithmetic",
    )
    refuse("lossless.jpg", imagecodecs.ljpeg_encode(picture[..., 0].copy()), "lossless")
    refuse("ls.jpg", imagecodecs.jpegls_encode(picture), "jpeg-ls|lossless")
    refuse("hierarchical.jpg", write(picture).replace(b"\xff\xc0", b"\xff\xc5", 1), "hierarchical")
    for name, encoder in (("2000.jpg", imagecodecs.jpeg2k_encode), ("xl.jpg", imagecodecs.jpegxl_encode)):
        corpus.photo(
            f"jpeg_{name}", encoder(picture), REFUSED, words=["jpeg 2000|jpeg xl|not jpeg", "save|convert|png"]
        )
