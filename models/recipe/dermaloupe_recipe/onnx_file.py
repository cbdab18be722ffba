"""A network as the content of an ONNX file."""

import io
import warnings

import onnx
import torch
from torch import nn

from dermaloupe_recipe import data, onnx_graph

OPSET = 17  # supported by ONNX Runtime, rten and the RKNN toolkit


class WithSigmoid(nn.Module):
    """A network that returns probabilities."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return torch.sigmoid(self.network(x))


def to_onnx(network, size=data.IMAGE_SIZE):
    """The content of an ONNX file for images of `size` pixels: fixed shapes, simplified, with the weights inside."""
    example = torch.zeros(1, 3, size, size)
    raw = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            WithSigmoid(network).eval(), (example,), raw, opset_version=OPSET,
            input_names=["input"], output_names=["probability"], do_constant_folding=True,
        )
    model = onnx_graph.simplify(onnx.load_from_string(raw.getvalue()))
    model.graph.name = "dermaloupe"
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)
