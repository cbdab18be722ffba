"""The toolkit's analysis of a quantised network's layers: how close each is to float on one photograph.

`alone` is the cosine of a layer's output with float's where its input is float's, so that it shows where accuracy is
lost; `so_far` is that of the whole network up to there.
"""

import re
from dataclasses import dataclass

from dermaloupe_recipe.errors import RecipeError

ROW = re.compile(r"^\[(\w+)\] (\S+)\s+([\d.]+) \| [\d.]+\s+([\d.]+) \| [\d.]+\s*$", re.MULTILINE)
NO_LAYERS = ("Input", "exDataConvert")  # rows for the photograph itself


class AccuracyError(RecipeError):
    """The analysis is missing or not in the format of this toolkit."""


@dataclass
class LayerAccuracy:
    kind: str  # the compiler's name of the operator
    tensor: str  # that the layer makes, as in the ONNX file
    so_far: float
    alone: float


def read(text):
    """The layers of an `error_analysis.txt`, in order."""
    layers = [LayerAccuracy(kind, tensor, float(so_far), float(alone))
              for kind, tensor, so_far, alone in ROW.findall(text) if kind not in NO_LAYERS]
    if not layers:
        raise AccuracyError("the toolkit's analysis of the layers has no row in the format that is known")
    return layers


def worst(layers, count):
    """The layers that lose most, the worst first."""
    return sorted(layers, key=lambda layer: layer.alone)[:count]


def block(layers, count):
    """What a card says of them."""
    return [{"layer": f"{layer.kind} {layer.tensor}", "cosine_alone": layer.alone, "cosine_so_far": layer.so_far}
            for layer in worst(layers, count)]
