"""Tidies an exported graph of fixed shapes: everything that does not depend on the photograph becomes a constant.

PyTorch's exporter leaves shape arithmetic, Identity nodes and Constant nodes behind; engines on small devices read
a graph without them more surely, and the weights lie in one place.
"""

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator


def tidy(model):
    """The same graph with constants folded, nodes and tensors renamed in order, and nothing unused left."""
    while fold_once(model):
        pass
    share_constants(model)
    rename(model)
    del model.graph.value_info[:]
    return onnx.shape_inference.infer_shapes(model, strict_mode=True)


def fold_once(model):
    """One sweep over the nodes; true when something was folded, so that another sweep may find more."""
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
    known = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    for value in [*graph.input, *graph.value_info, *graph.output]:
        kind = value.type.tensor_type
        if kind.HasField("shape") and all(d.HasField("dim_value") for d in kind.shape.dim):
            known[value.name] = [d.dim_value for d in kind.shape.dim]
    return known


def evaluate_node(node, constants):
    return ReferenceEvaluator(node).run(None, {name: constants[name] for name in node.input if name})


def share_constants(model):
    """Equal constants are stored once, and those no node reads are dropped."""
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
    """Short names by position; the graph's own inputs and outputs keep theirs."""
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
