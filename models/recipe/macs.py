"""Multiply-accumulates of one run of an ONNX graph.

Counted: Conv, ConvTranspose, Gemm and MatMul, which is where the work is. Not counted: element-wise arithmetic,
norms, pooling, resizing and the additions of biases.
"""

import argparse
from math import prod

import onnx


def shapes_of(model):
    """Name -> shape, of every tensor in the graph; needs fixed shapes."""
    graph = onnx.shape_inference.infer_shapes(model, strict_mode=True).graph
    known = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    for value in [*graph.input, *graph.value_info, *graph.output]:
        dims = value.type.tensor_type.shape.dim
        if all(d.HasField("dim_value") for d in dims):
            known[value.name] = [d.dim_value for d in dims]
    return known


def count(model):
    """The multiply-accumulates of one run."""
    shapes = shapes_of(model)
    return sum(node_macs(node, shapes) for node in model.graph.node)


def node_macs(node, shapes):
    if node.op_type not in ("Conv", "ConvTranspose", "Gemm", "MatMul"):
        return 0
    try:
        left, right, out = shapes[node.input[0]], shapes[node.input[1]], shapes[node.output[0]]
    except KeyError as missing:
        raise ValueError(f"{node.op_type} {node.name}: shape of {missing} is not fixed, MACs cannot be counted")
    if node.op_type == "Conv":  # weight [C_out, C_in / groups, k...]: one dot product an output
        return prod(out) * prod(right[1:])
    if node.op_type == "ConvTranspose":  # weight [C_in, C_out / groups, k...]: one spread an input
        return prod(left) * prod(right[1:])
    if node.op_type == "Gemm":
        flipped = any(a.name == "transA" and a.i for a in node.attribute)
        return prod(out) * left[0 if flipped else 1]
    return prod(out) * left[-1]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="+", help="ONNX files")
    for path in parser.parse_args().model:
        print(f"{count(onnx.load(path)):>14,}  {path}")
