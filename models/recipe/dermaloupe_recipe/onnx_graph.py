"""ONNX graphs of fixed shapes: simplifying an exported one, and counting its multiply-accumulates.

PyTorch's exporter leaves shape arithmetic, Identity and Constant nodes behind. Inference engines for small devices
support fewer operators; a graph without these nodes runs on more of them.
"""

from math import prod

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator


def simplify(model):
    """The same graph with constants folded and deduplicated, and nodes and tensors named by position."""
    while fold_constants(model):
        pass
    deduplicate_constants(model)
    rename(model)
    del model.graph.value_info[:]
    return onnx.shape_inference.infer_shapes(model, strict_mode=True)


def fold_constants(model):
    """One pass over the nodes; returns whether something was folded, so that another pass may find more."""
    inferred = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    shapes = fixed_shapes(inferred)
    constants = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    alias, kept = {}, []
    for node in model.graph.node:
        for slot, name in enumerate(node.input):
            node.input[slot] = alias.get(name, name)
        if node.op_type == "Identity":
            alias[node.output[0]] = node.input[0]
        elif node.op_type == "Shape" and node.input[0] in shapes and not node.attribute:
            constants[node.output[0]] = np.array(shapes[node.input[0]], np.int64)
        elif all(name in constants for name in node.input if name):
            for name, value in zip(node.output, evaluate_node(node, constants)):
                constants[name] = np.asarray(value)
        else:
            kept.append(node)
    folded = len(kept) < len(model.graph.node)
    used = {name for node in kept for name in node.input} | {out.name for out in model.graph.output}
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(kept)
    model.graph.initializer.extend(
        numpy_helper.from_array(value, name) for name, value in constants.items() if name in used
    )
    return folded


def fixed_shapes(graph):
    """{name: shape} of the tensors whose shape is fixed."""
    known = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    for value in [*graph.input, *graph.value_info, *graph.output]:
        kind = value.type.tensor_type
        if kind.HasField("shape") and all(d.HasField("dim_value") for d in kind.shape.dim):
            known[value.name] = [d.dim_value for d in kind.shape.dim]
    return known


def evaluate_node(node, constants):
    return ReferenceEvaluator(node).run(None, {name: constants[name] for name in node.input if name})


def deduplicate_constants(model):
    """Stores equal constants once."""
    first, alias, kept = {}, {}, []
    for tensor in model.graph.initializer:
        value = numpy_helper.to_array(tensor)
        key = (value.dtype.str, value.shape, value.tobytes())
        if key in first:
            alias[tensor.name] = first[key]
        else:
            first[key] = tensor.name
            kept.append(tensor)
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    for node in model.graph.node:
        for slot, name in enumerate(node.input):
            node.input[slot] = alias.get(name, name)


def rename(model):
    """Short names by position; the graph's inputs and outputs keep theirs."""
    fixed = {value.name for value in [*model.graph.input, *model.graph.output]}
    names = {}
    for tensor in model.graph.initializer:
        short = f"w{len(names)}"
        names[tensor.name] = short
        tensor.name = short
    for position, node in enumerate(model.graph.node):
        node.name = f"{node.op_type}_{position}"
        node.doc_string = ""
        for slot, name in enumerate(node.input):
            node.input[slot] = names.get(name, name)
        for slot, name in enumerate(node.output):
            if name not in fixed:
                names[name] = f"t{position}_{slot}"
                node.output[slot] = names[name]


def count_macs(model):
    """The multiply-accumulates of one run: those of Conv, ConvTranspose, Gemm and MatMul, where nearly all work is.

    Element-wise arithmetic, norms, pooling, resizing and the additions of biases are not counted.
    """
    shapes = fixed_shapes(onnx.shape_inference.infer_shapes(model, strict_mode=True).graph)
    return sum(node_macs(node, shapes) for node in model.graph.node)


def node_macs(node, shapes):
    if node.op_type not in ("Conv", "ConvTranspose", "Gemm", "MatMul"):
        return 0
    try:
        left, right, out = shapes[node.input[0]], shapes[node.input[1]], shapes[node.output[0]]
    except KeyError as missing:
        raise ValueError(f"{node.op_type} {node.name}: shape of {missing} is not fixed, MACs cannot be counted")
    if node.op_type == "Conv":  # weight [C_out, C_in / groups, k...]: a dot product per output
        return prod(out) * prod(right[1:])
    if node.op_type == "ConvTranspose":  # weight [C_in, C_out / groups, k...]: each input is multiplied by a kernel
        return prod(left) * prod(right[1:])
    if node.op_type == "Gemm":
        transposed = any(a.name == "transA" and a.i for a in node.attribute)
        return prod(out) * left[0 if transposed else 1]
    return prod(out) * left[-1]
