"""A small JPEG encoder for the arrangements that no library writes: any sampling, any scans, any header.

Its Huffman codes are of one length (8 bits for AC, 5 for DC), which is valid and needs no tables of the standard.
"""

import struct
from dataclasses import dataclass, field

import numpy as np

ZIGZAG = sorted(range(64), key=lambda at: (at // 8 + at % 8, at % 8 if (at // 8 + at % 8) % 2 == 0 else at // 8))
AC_SYMBOLS = [run << 4 | size for run in range(16) for size in range(1, 11)] + [0x00, 0xF0]
DC_SYMBOLS = list(range(16))
STEP = 3  # of every coefficient's quantisation
COSINES = np.array(
    [[np.cos((2 * x + 1) * u * np.pi / 16) * (np.sqrt(0.125) if u == 0 else 0.5) for x in range(8)] for u in range(8)]
)


@dataclass
class Arrangement:
    """How the components of a file are stored."""

    sampling: list[tuple[int, int]]  # horizontal and vertical factor of each component
    scans: list[list[int]] | None = None  # the components of each scan; None: all in one
    restart: int = 0  # MCUs between restart markers
    identifiers: list[int] | None = None  # None: 1, 2, 3 …
    segments: list[tuple[int, bytes]] = field(default_factory=list)  # (marker, content) before the tables
    frame: int = 0xC0  # SOF0
    precision: int = 8
    wide_tables: bool = False  # quantisation with 16 bits
    height_after: bool = False  # height 0 in the header, and a DNL segment behind the first scan


def segment(marker, content):
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def encode(planes, arrangement):
    """A whole file of the planes, arrays of one size, whose values are in the colour space to be stored."""
    height, width = planes[0].shape
    factors = arrangement.sampling
    identifiers = arrangement.identifiers or list(range(1, len(planes) + 1))
    table = struct.pack(">B64H", 16, *[STEP] * 64) if arrangement.wide_tables else bytes([0] + [STEP] * 64)
    stated = 0 if arrangement.height_after else height
    frame = struct.pack(">BHHB", arrangement.precision, stated, width, len(planes))
    frame += b"".join(bytes([name, h << 4 | v, 0]) for name, (h, v) in zip(identifiers, factors))
    out = [
        b"\xff\xd8",
        *(segment(*pair) for pair in arrangement.segments),
        segment(0xDB, table),
        segment(arrangement.frame, frame),
        segment(0xC4, bytes([0x00] + [0] * 4 + [16] + [0] * 11 + DC_SYMBOLS)),
        segment(0xC4, bytes([0x10] + [0] * 7 + [162] + [0] * 8 + AC_SYMBOLS)),
    ]
    if arrangement.restart:
        out.append(segment(0xDD, struct.pack(">H", arrangement.restart)))
    blocks = [_blocks(plane, factors, index, arrangement.precision) for index, plane in enumerate(planes)]
    for number, scan in enumerate(arrangement.scans or [list(range(len(planes)))]):
        parts = b"".join(bytes([identifiers[index], 0]) for index in scan)
        out.append(segment(0xDA, bytes([len(scan)]) + parts + bytes([0, 63, 0])))
        out.append(_scan(blocks, scan, factors, (width, height), arrangement.restart))
        if arrangement.height_after and number == 0:
            out.append(segment(0xDC, struct.pack(">H", height)))
    return b"".join([*out, b"\xff\xd9"])


def ycc(rgb):
    """Planes of luma and two differences, as JFIF defines them."""
    red, green, blue = np.moveaxis(np.asarray(rgb, float), -1, 0)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    return [luma, 128 + (blue - luma) * 0.564, 128 + (red - luma) * 0.713]


def _most(factors):
    return max(h for h, _ in factors), max(v for _, v in factors)


def _blocks(plane, factors, index, precision):
    """Quantised coefficients of a component in zigzag order, padded to whole MCUs: [row, column, 64]."""
    (most_h, most_v), (h, v) = _most(factors), factors[index]
    rows, columns = (-(-side // (8 * most)) for side, most in zip(plane.shape, (most_v, most_h)))
    across, down = most_h // h, most_v // v
    height, width = rows * 8 * most_v, columns * 8 * most_h
    plane = np.pad(plane, ((0, height - plane.shape[0]), (0, width - plane.shape[1])), mode="edge")
    plane = plane.reshape(height // down, down, width // across, across).mean(axis=(1, 3)) - (1 << precision - 1)
    squares = plane.reshape(plane.shape[0] // 8, 8, -1, 8).transpose(0, 2, 1, 3)
    coefficients = np.rint(COSINES @ squares @ COSINES.T / STEP).astype(int)
    return coefficients.reshape(*coefficients.shape[:2], 64)[:, :, ZIGZAG]


def _scan(blocks, scan, factors, size, restart):
    """The coded data of one scan. A scan of one component has a block for an MCU, and no padding beyond its own."""
    most_h, most_v = _most(factors)
    if len(scan) == 1:
        index = scan[0]
        h, v = factors[index]
        columns = -(-(-(-size[0] * h // most_h)) // 8)
        rows = -(-(-(-size[1] * v // most_v)) // 8)
        units = [[(index, row, column)] for row in range(rows) for column in range(columns)]
    else:
        rows, columns = -(-size[1] // (8 * most_v)), -(-size[0] // (8 * most_h))
        units = [
            [
                (index, row * factors[index][1] + y, column * factors[index][0] + x)
                for index in scan
                for y in range(factors[index][1])
                for x in range(factors[index][0])
            ]
            for row in range(rows)
            for column in range(columns)
        ]
    out, pieces, last = [], [], dict.fromkeys(scan, 0)
    for number, unit in enumerate(units):
        if restart and number and number % restart == 0:
            out += [_packed(pieces), bytes([0xFF, 0xD0 + (number // restart - 1) % 8])]
            pieces, last = [], dict.fromkeys(scan, 0)
        for index, row, column in unit:
            block = blocks[index][row, column]
            _code(block, block[0] - last[index], pieces)
            last[index] = block[0]
    return b"".join([*out, _packed(pieces)])


def _code(block, difference, pieces):
    """Appends the bits of a block: the DC difference, then runs of zeros with the value after each."""
    pieces.append(_number(difference, lambda size: format(size, "05b")))
    run = 0
    for value in block[1:]:
        if value == 0:
            run += 1
            continue
        while run > 15:
            pieces.append(_ac(0xF0))
            run -= 16
        pieces.append(_number(value, lambda size, run=run: _ac(run << 4 | size)))
        run = 0
    if run:
        pieces.append(_ac(0x00))


def _ac(symbol):
    return format(AC_SYMBOLS.index(symbol), "08b")


def _number(value, code_of_size):
    size = int(abs(value)).bit_length()
    bits = format(int(value) if value > 0 else int(value) + (1 << size) - 1, f"0{size}b") if size else ""
    return code_of_size(size) + bits


def _packed(pieces):
    """Bits as bytes, filled up with ones; a zero follows every 0xFF."""
    bits = "".join(pieces)
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0") if bits else b""
