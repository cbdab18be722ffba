"""The RK3588 compiler's table of a network's layers, and the estimate of cycles made from it.

The compiler prints one table when it builds: where a layer runs (NPU or CPU), its shapes, the bytes it reads, and, for
convolutions only, its cycles. Every other layer shows 0/0/0, which means 'not modelled' and not 'free', so its cycles
are estimated as the bytes it moves divided by the memory's bytes per cycle. No board was available: everything named
`estimated` has not been measured.
"""

import math
import re
from dataclasses import dataclass

from dermaloupe_recipe.errors import RecipeError

BYTES_PER_CYCLE = 23.6  # of the memory, as the compiler assumes for convolutions
CLOCK_HZ = 1e9
FASTEST, SLOWEST = 1.2, 1.7  # real over modelled time, by the vendor's own figures for four known networks
CHANNEL_ALIGNMENT = 16  # bytes to which the NPU pads the channels of a position
BYTES_OF = {"INT8": 1, "UINT8": 1, "BOOL": 1, "INT16": 2, "FLOAT16": 2, "BFLOAT16": 2, "INT32": 4, "FLOAT": 4}
INPUT_AND_OUTPUT = ("InputOperator", "OutputOperator")  # the table's first and last rows, which are no layers

INSERTED = "(inserted)"  # in place of the name that a layer of the compiler's own does not have

TITLE = "Network Layer Information Table"
PREFIX = re.compile(r"^D RKNN: \[[\d:.]+\] ?")


class LayerTableError(RecipeError):
    """The compiler's table is missing or not in the format of this toolkit."""


@dataclass
class Layer:
    """One row of the compiler's table."""

    name: str  # of the operator, with the graph's node where there is one, or INSERTED
    kind: str  # the compiler's name of the operator, including those fused with it
    data_type: str
    target: str  # NPU or CPU
    output_shapes: list
    all_outputs: bool  # false where the table shows only the first
    cycles: int  # the compiler's total; 0 where it is not modelled
    read_kib: int

    @property
    def is_modelled(self):
        return self.cycles > 0

    @property
    def moved_bytes(self):
        """Bytes read, as the compiler counts them, and written, with padded channels.

        Where the table shows only the first of several outputs, as many bytes are assumed to be written as read.
        """
        read = self.read_kib * 1024
        written = sum(written_bytes(shape, self.data_type) for shape in self.output_shapes)
        return read + (written if self.all_outputs else max(written, read))

    @property
    def estimated_cycles(self):
        return self.cycles if self.is_modelled else self.moved_bytes / BYTES_PER_CYCLE


def written_bytes(shape, data_type):
    """Bytes of a tensor [N, C, H, W] in the NPU's layout; the second axis of a shorter one is the channels too."""
    if data_type not in BYTES_OF:
        known = ", ".join(BYTES_OF)
        raise LayerTableError(f"no size known for the compiler's data type '{data_type}'; there are: {known}")
    width = BYTES_OF[data_type]
    channels = shape[1] if len(shape) > 1 else 1
    padded = math.ceil(channels * width / CHANNEL_ALIGNMENT) * CHANNEL_ALIGNMENT
    return math.prod(shape[:1]) * padded * math.prod(shape[2:])


def read_table(log):
    """The layers of the last table in a build's verbose output, in execution order."""
    lines = [PREFIX.sub("", line).rstrip() for line in log.splitlines()]
    starts = [number for number, line in enumerate(lines) if line.strip() == TITLE]
    if not starts:
        raise LayerTableError("the compiler's output has no table of layers; only a verbose build prints it")
    heading, rows, rulers = None, [], 0
    for line in lines[starts[-1] + 1 :]:
        if line.startswith("----"):
            rulers += 1
            if rulers == 3:
                break
        elif rulers == 1:
            heading = line.split()
        elif line.strip() and not line.startswith(("W RKNN", "I RKNN", "E RKNN")):
            rows.append(line)
    expected = ["ID", "OpType", "DataType", "Target", "InputShape", "OutputShape", "Cycles(DDR/NPU/Total)", "RW(KB)",
                "FullName"]
    if heading != expected or rulers < 3:
        found = " ".join(heading or [])
        raise LayerTableError(f"expected a complete table with the columns {' '.join(expected)}, found {found}")
    return [layer for layer in map(read_row, rows) if layer.kind not in INPUT_AND_OUTPUT]


def read_row(line):
    words = line.split()
    if len(words) == 8:
        words.append(INSERTED)
    try:
        _, kind, data_type, target, _, output, cycles, read_kib, name = words
        ddr, npu, total = (int(number) for number in cycles.split("/"))
        if target not in ("NPU", "CPU"):
            raise ValueError(target)
        listed = output.removesuffix(",...")
        return Layer(name, kind, data_type, target, read_shapes(listed), listed == output, total, int(read_kib))
    except ValueError:
        raise LayerTableError(f"not a row of the compiler's table of layers: {line}") from None


def read_shapes(text):
    """[[1, 8, 128, 128], ...] from '(1,8,128,128),...'; a backslash means none."""
    if text != "\\" and not re.fullmatch(r"\([\d,]*\)(,\([\d,]*\))*", text):
        raise ValueError(text)
    return [[int(n) for n in shape.split(",") if n] for shape in re.findall(r"\(([\d,]*)\)", text)]


def on_cpu(layers):
    """The layers that run on the CPU."""
    return [layer for layer in layers if layer.target == "CPU"]


def summary(layers):
    """The card's `npu` block. The time of layers on the CPU is not included: it is not modelled."""
    npu = [layer for layer in layers if layer.target == "NPU"]
    estimated = sum(layer.estimated_cycles for layer in npu)
    return {
        "layers": len(layers),
        "cpu_layers": [f"{layer.kind} {layer.name}" for layer in on_cpu(layers)],
        "conv_cycles": sum(layer.cycles for layer in npu),
        "estimated_cycles": round(estimated),
        "estimated_millis": [round(estimated * factor / CLOCK_HZ * 1e3, 2) for factor in (FASTEST, SLOWEST)],
    }


def most_expensive(layers, count=8):
    """The layers with the most estimated cycles, one line each."""
    ranked = sorted(layers, key=lambda layer: layer.estimated_cycles, reverse=True)[:count]
    return [f"{layer.estimated_cycles:9,.0f}  {layer.target}  {layer.kind} {layer.name} "
            f"-> {layer.output_shapes}{'' if layer.is_modelled else '  (from its bytes)'}" for layer in ranked]
