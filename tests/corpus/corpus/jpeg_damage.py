"""JPEG files that were cut, changed or made up: a refusal or a warning, never a silent picture."""

import struct

import numpy as np
from PIL import Image

from corpus import phantom
from corpus.jpeg_encoder import Arrangement, encode, segment, ycc
from corpus.jpeg_photos import exif, write
from corpus.manifest import REFUSED, SURVIVES, TOLD

END = b"\xff\xd9"
DAMAGED = ["damaged|incomplete|cut short|end"]


def add(corpus):
    picture = phantom.picture(corpus.rng("damage"), (256, 192))
    # Noise, so that the coded data are long, as a photograph's.
    noise = corpus.rng("noise").integers(-12, 13, picture.shape)
    picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
    files = {
        "baseline": write(picture),
        "progressive": write(picture, progressive=True),
        "restarts": write(picture, restart_marker_blocks=4),
        "scans": encode(ycc(picture), Arrangement([(2, 2), (1, 1), (1, 1)], [[0], [1], [2]])),
        "grey": write(Image.fromarray(picture).convert("L")),
    }
    for kind, content in files.items():
        _cut(corpus, kind, content)
        _wrong_height(corpus, kind, content)
        _changed(corpus, kind, content)
    _scans_missing(corpus, files)
    _made_up(corpus, picture)


def _refused(corpus, name, content, words=None):
    corpus.photo(f"damaged_{name}.jpg", content, REFUSED, words=["jpeg", *DAMAGED] if words is None else words)


def _cut(corpus, kind, content):
    data = content.index(b"\xff\xda")
    for percent in (1, 10, 50, 90, 99):
        at = data + 14 + (len(content) - data - 14) * percent // 100
        _refused(corpus, f"{kind}_cut_{percent}", content[:at])
        corpus.photo(f"damaged_{kind}_cut_{percent}_with_end.jpg", content[:at] + END, TOLD, words=DAMAGED)
    _refused(corpus, f"{kind}_without_end", content[:-2])
    _refused(corpus, f"{kind}_cut_in_header", content[: data // 2])
    _refused(corpus, f"{kind}_of_start_alone", content[:2])


def _wrong_height(corpus, kind, content):
    frame = next(content.index(bytes([0xFF, marker])) for marker in (0xC0, 0xC2) if bytes([0xFF, marker, 0]) in content)
    height = int.from_bytes(content[frame + 5 : frame + 7], "big")
    for name, stated in (("twice", 2 * height), ("a_row_more", height + 16), ("huge", 9999)):
        tall = content[: frame + 5] + struct.pack(">H", stated) + content[frame + 7 :]
        corpus.photo(f"damaged_{kind}_height_{name}.jpg", tall, TOLD, words=DAMAGED)


def _changed(corpus, kind, content):
    """Damage within the coded data: it may decode to something, but a piece that is missing leaves too few data."""
    rng = corpus.rng(f"changed {kind}")
    data = content.index(b"\xff\xda") + 14
    for number in range(4):
        at = int(rng.integers(data, len(content) - 700))
        flipped = bytearray(content)
        flipped[at] ^= 1 << int(rng.integers(8))
        corpus.photo(f"damaged_{kind}_bit_{number}.jpg", bytes(flipped), SURVIVES)
        random = content[:at] + rng.bytes(512) + content[at + 512 :]
        corpus.photo(f"damaged_{kind}_random_{number}.jpg", random, SURVIVES)
        zeros = content[:at] + bytes(512) + content[at + 512 :]
        corpus.photo(f"damaged_{kind}_zeros_{number}.jpg", zeros, SURVIVES)
    middle = (data + len(content)) // 2
    without = content[:middle] + content[middle + (len(content) - data) // 4 :]
    corpus.photo(f"damaged_{kind}_quarter_missing.jpg", without, TOLD, words=DAMAGED)


def _scans_missing(corpus, files):
    """Scans that end where they should, and others that never come."""
    content = files["progressive"]
    starts = [at for at in range(len(content) - 1) if content[at : at + 2] == b"\xff\xda"]
    corpus.photo("damaged_first_scan_alone.jpg", content[: starts[1]] + END, TOLD, words=DAMAGED)
    corpus.photo("damaged_without_last_scan.jpg", content[: starts[-1]] + END, TOLD, words=DAMAGED)
    content = files["scans"]
    starts = [at for at in range(len(content) - 1) if content[at : at + 2] == b"\xff\xda"]
    for count in (1, 2):
        corpus.photo(f"damaged_{count}_of_3_components.jpg", content[: starts[count]] + END, TOLD, words=DAMAGED)
    content = files["restarts"]
    first, second = content.index(b"\xff\xd0"), content.index(b"\xff\xd2")
    corpus.photo("damaged_restart_interval_missing.jpg", content[:first] + content[second:], TOLD, words=DAMAGED)


def _made_up(corpus, picture):
    content = write(picture)
    frame = content.index(b"\xff\xc0")
    size = lambda height, width: content[: frame + 5] + struct.pack(">HH", height, width) + content[frame + 9 :]
    _refused(corpus, "width_0", size(192, 0), ["jpeg"])
    _refused(corpus, "height_0", size(0, 256), ["jpeg"])
    _refused(corpus, "65535_by_65535", size(65535, 65535), ["65535 × 65535", "megapixels", "limit"])
    _refused(corpus, "no_tables", content[:2] + content[frame:], ["jpeg"])
    _refused(corpus, "segment_of_length_0", content[:2] + b"\xff\xe1\0\0" + content[2:], ["jpeg"])
    _refused(corpus, "segment_beyond_the_end", content[:2] + b"\xff\xe1\xff\xff" + content[2:300], ["jpeg"])
    scan = content[content.index(b"\xff\xda") : -2]
    corpus.photo("damaged_3000_scans.jpg", content[:-2] + scan[:14] * 3000 + END, SURVIVES)
    corpus.photo("damaged_exif_loop.jpg", write(picture, exif=_looping_exif()), SURVIVES)
    corpus.photo("damaged_no_scan.jpg", content[: content.index(b"\xff\xda")] + END, REFUSED, words=["jpeg"])
    bomb = write(np.zeros((1, 1, 3), np.uint8), icc_profile=bytes(5_000_000))
    corpus.photo("damaged_profile_of_zeros.jpg", bomb, SURVIVES)
    corpus.photo("damaged_only_comments.jpg", b"\xff\xd8" + segment(0xFE, bytes(60_000)) * 100, REFUSED, words=["jpeg"])


def _looping_exif():
    """A directory whose next directory is itself."""
    content = bytearray(exif(6))
    content[-4:] = struct.pack("<I", 8)
    return bytes(content)
