"""What the RK3588 compiler says about each layer of a network, and the estimate of cycles made from it.

The compiler prints one table when it builds: where a layer runs (NPU or CPU), its shapes, the bytes it reads, and
cycles, the last for convolutions only. Every other layer shows 0/0/0, which means 'not modelled' and not 'free', so
its cycles are estimated here as the bytes it moves over the memory's bytes a cycle. No board was at hand: everything
named `estimated` is just that.
"""

import math
import re
from dataclasses import dataclass

BYTES_PER_CYCLE = 23.6  # of the memory, as the compiler itself reckons for convolutions
CLOCK_HZ = 1e9
SLOWEST, FASTEST = 1.7, 1.2  # real time over modelled time: the vendor's own figures for four known networks
LANES_BYTES = 16  # the NPU keeps a place's channels in groups of this many bytes
BYTES_OF = {"INT8": 1, "UINT8": 1, "BOOL": 1, "INT16": 2, "FLOAT16": 2, "BFLOAT16": 2, "INT32": 4, "FLOAT": 4}
ENDS = ("InputOperator", "OutputOperator")  # the table's first and last rows: where data enter and leave, no layers

TITLE = "Network Layer Information Table"
PREFIX = re.compile(r"^D RKNN: \[[\d:.]+\] ?")


class TableError(Exception):
    """The compiler's table is missing or not as this toolkit prints it."""


@dataclass
class Layer:
    """One row of the compiler's table."""

    name: str  # of the operator, with the graph's own node where there is one
    kind: str  # the compiler's name of the operator, what it fused included
    data_type: str
    target: str  # NPU or CPU
    output_shapes: list
    all_outputs: bool  # false where the table cuts them short
    cycles: int  # the compiler's total; 0 where it models none
    read_kib: int

    @property
    def is_modelled(self):
        return self.cycles > 0

    @property
    def moved_bytes(self):
        """Bytes read, as the compiler counts them, and written, channels filled up to whole lanes.

        Where the table shows only the first of many outputs, as much is taken to be written as is read.
        """
        read = self.read_kib * 1024
        written = sum(written_bytes(shape, self.data_type) for shape in self.output_shapes)
        return read + (written if self.all_outputs else max(written, read))

    @property
    def estimated_cycles(self):
        return self.cycles if self.is_modelled else self.moved_bytes / BYTES_PER_CYCLE


def written_bytes(shape, data_type):
    """Bytes of one tensor [N, C, H, W] as the NPU keeps it; of a shorter one, the second axis is the channels."""
    if data_type not in BYTES_OF:
        raise TableError(f"no size known for the compiler's data type '{data_type}'; there are: {', '.join(BYTES_OF)}")
    width = BYTES_OF[data_type]
    channels = shape[1] if len(shape) > 1 else 1
    lanes = math.ceil(channels * width / LANES_BYTES) * LANES_BYTES
    return math.prod(shape[:1]) * lanes * math.prod(shape[2:])


def read_table(log):
    """The layers in the last table that a build's verbose output holds, in the order they run."""
    lines = [PREFIX.sub("", line).rstrip() for line in log.splitlines()]
    starts = [number for number, line in enumerate(lines) if line.strip() == TITLE]
    if not starts:
        raise TableError("the compiler's output holds no table of layers; it is printed only by a verbose build")
    heading, rows, rules = None, [], 0
    for line in lines[starts[-1] + 1 :]:
        if line.startswith("----"):
            rules += 1
            if rules == 3:
                break
        elif rules == 1:
            heading = line.split()
        elif line.strip() and not line.startswith(("W RKNN", "I RKNN", "E RKNN")):
            rows.append(line)
    expected = ["ID", "OpType", "DataType", "Target", "InputShape", "OutputShape", "Cycles(DDR/NPU/Total)", "RW(KB)",
                "FullName"]
    if heading != expected or rules < 3:
        raise TableError(f"expected a whole table of the columns {' '.join(expected)}, found {' '.join(heading or [])}")
    return [layer for layer in map(read_row, rows) if layer.kind not in ENDS]


def read_row(line):
    words = line.split()
    try:
        _, kind, data_type, target, _, output, cycles, read_kib, name = words
        ddr, npu, total = (int(number) for number in cycles.split("/"))
        if target not in ("NPU", "CPU"):
            raise ValueError(target)
        cut = output.removesuffix(",...")
        return Layer(name, kind, data_type, target, read_shapes(cut), cut == output, total, int(read_kib))
    except ValueError:
        raise TableError(f"not a row of the compiler's table of layers: {line}") from None


def read_shapes(text):
    """[[1, 8, 128, 128], ...] of '(1,8,128,128),...'; a backslash stands for none."""
    if text != "\\" and not re.fullmatch(r"\([\d,]*\)(,\([\d,]*\))*", text):
        raise ValueError(text)
    return [[int(n) for n in shape.split(",") if n] for shape in re.findall(r"\(([\d,]*)\)", text)]


def on_cpu(layers):
    """The layers that the NPU leaves to the CPU."""
    return [layer for layer in layers if layer.target == "CPU"]


def summary(layers):
    """The card's `npu` block. Cycles of layers on the CPU are in no figure: nobody models them."""
    npu = [layer for layer in layers if layer.target == "NPU"]
    estimated = sum(layer.estimated_cycles for layer in npu)
    return {
        "layers": len(layers),
        "cpu_layers": [f"{layer.kind} {layer.name}" for layer in on_cpu(layers)],
        "conv_cycles": sum(layer.cycles for layer in npu),
        "estimated_cycles": round(estimated),
        "estimated_millis": [round(estimated * slower / CLOCK_HZ * 1e3, 2) for slower in (FASTEST, SLOWEST)],
    }


def dearest(layers, count=8):
    """The layers that cost most, one line each, for whoever wants to know where the time goes."""
    ranked = sorted(layers, key=lambda layer: layer.estimated_cycles, reverse=True)[:count]
    return [f"{layer.estimated_cycles:9,.0f}  {layer.target}  {layer.kind} {layer.name} "
            f"-> {layer.output_shapes}{'' if layer.is_modelled else '  (by its bytes)'}" for layer in ranked]
