"""Journals of corrections, framed records of 50 strokes, as src/correction/journal writes them."""

import struct
import zlib

MAGIC, VERSION = b"DLMASKJ\n", 2
BEGIN, STEP, UNDO, REDO, OPENED, CLOSED, FORGET = range(7)
EMPTY_START, FILL_HOLES = 1, 3
STROKES, STROKE_PX = 50, 40


def number(value):
    """A whole number in groups of 7 bits, the lowest first."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def text(value):
    return number(len(value)) + value.encode()


def runs(lengths):
    """Lengths of runs of pixels: left alone, changed, left alone …"""
    return number(len(lengths)) + b"".join(map(number, lengths))


def frame(content, version, at):
    """Length, checksum and content; from version 2 on the checksum covers where the frame stands."""
    length = struct.pack("<I", len(content))
    place = struct.pack("<Q", at) if version > 1 else b""
    return length + struct.pack("<I", zlib.crc32(place + length + content)) + content


def records(width, strokes=STROKES):
    """The records of strokes, each a piece of a row of its own."""
    begin = number(BEGIN) + number(EMPTY_START) + runs([])
    steps = [
        number(STEP)
        + number(0)
        + number(FILL_HOLES)
        + number(1_700_000_000 + row)
        + runs([(row + 5) * width + 10, STROKE_PX])
        for row in range(strokes)
    ]
    return [begin, number(OPENED), *steps, number(CLOSED)]


def journal(sha256, size, contents, version=VERSION):
    """A whole file; from version 2 on its head has a mark, the length of what is on the disk."""
    binding = text(sha256) + number(size[0]) + number(size[1])
    head = MAGIC + struct.pack("<H", version)
    start = len(head) + (12 if version > 1 else 0)
    out = bytearray()
    for content in [binding, *contents]:
        out += frame(content, version, start + len(out))
    if version > 1:
        length = struct.pack("<Q", start + len(out))
        head += length + struct.pack("<I", zlib.crc32(length))
    return head + bytes(out)
