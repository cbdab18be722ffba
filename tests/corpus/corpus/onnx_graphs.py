"""Small ONNX graphs, from a good network to graphs that never end or fill the memory."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 32
FLOAT, INT = TensorProto.FLOAT, TensorProto.INT64
OUTPUT = (1, 1, SIDE, SIDE)


def model(nodes, weights=(), *, output=OUTPUT, kind=FLOAT, outputs=1, input_shape=(1, 3, SIDE, SIDE)):
    """A file of nodes that lead from 'input' to 'probability'; `weights` are pairs of name and array."""
    tensor = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "graph",
        [tensor("input", FLOAT, input_shape)],
        [tensor(name, kind, output) for name in ("probability", "second")[:outputs]],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in weights],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return made.SerializeToString(deterministic=True)


def node(kind, inputs, output="probability", **facts):
    return helper.make_node(kind, inputs, [output] if isinstance(output, str) else output, **facts)


def darkness(*more, last="probability", weights=(), **facts):
    """Darker than skin is lesion; `more` are nodes after it."""
    kernel = np.full((1, 3, 1, 1), -2.0, np.float32)
    first = [
        node("Conv", ["input", "kernel", "shift"], "logits", kernel_shape=[1, 1]),
        node("Sigmoid", ["logits"], last),
    ]
    return model([*first, *more], [("kernel", kernel), ("shift", np.float32([-1.0])), *weights], **facts)


def shifted(values):
    """The network with `values` added to its output."""
    return darkness(node("Add", ["map", "values"]), last="map", weights=[("values", np.asarray(values, np.float32))])


def good():
    """{name: content}: networks that must run."""
    nearly = np.full(OUTPUT, 1e-7, np.float32)
    identities = [node("Identity", [f"map{number}"], f"map{number + 1}") for number in range(200)]
    return {
        "darkness": darkness(),
        "a_rounding_error_above_1": shifted(nearly),
        "many_nodes": darkness(*identities, node("Identity", ["map200"]), last="map0"),
    }


def wrong_values():
    """{name: content}: outputs that are no probabilities."""
    spot = np.zeros(OUTPUT, np.float32)
    one_nan, one_infinite = spot.copy(), spot.copy()
    one_nan[0, 0, 5, 7], one_infinite[0, 0, 5, 7] = np.nan, np.inf
    kernel = np.full((1, 3, 1, 1), np.nan, np.float32)
    return {
        "all_nan": shifted([np.nan]),
        "all_infinite": shifted([np.inf]),
        "minus_infinite": shifted([-np.inf]),
        "one_nan": shifted(one_nan),
        "one_infinite": shifted(one_infinite),
        "a_thousand": shifted([1000.0]),
        "minus_a_thousand": shifted([-1000.0]),
        "one_and_a_half": shifted([0.6]),
        "minus_a_half": shifted([-0.9]),
        "nan_weights": model([node("Conv", ["input", "kernel"], kernel_shape=[1, 1])], [("kernel", kernel)]),
        "zero_by_zero": darkness(node("Sub", ["map", "map"], "none"), node("Div", ["none", "none"]), last="map"),
        "logarithm_of_0": darkness(node("Sub", ["map", "map"], "none"), node("Log", ["none"]), last="map"),
    }


def wrong_shapes():
    """{name: content}: files that are no network of the card's kind."""
    whole = darkness()
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 0xFF
    flat = darkness(
        node("Reshape", ["map", "shape"]),
        last="map",
        output=(1, SIDE * SIDE),
        weights=[("shape", np.int64([1, SIDE * SIDE]))],
    )
    cyclic = model([node("Add", ["input", "b"], "a"), node("Add", ["a", "a"], "b"), node("Identity", ["b"])])
    return {
        "empty": b"",
        "garbage": b"not a network at all" * 50,
        "zeros": bytes(5000),
        "cut": whole[: len(whole) // 2],
        "cut_by_one": whole[:-1],
        "bytes_changed": bytes(changed),
        "flat_output": flat,
        "cyclic": cyclic,
        "other_channels": darkness(input_shape=(1, 1, SIDE, SIDE)),
        "other_size": darkness(input_shape=(1, 3, 64, 64), output=(1, 1, 64, 64)),
        "integers": darkness(node("Cast", ["map"], to=INT), last="map", kind=INT),
        "unknown_operator": model([node("Frobnicate", ["input"])]),
        "unknown_domain": model([node("Relu", ["input"], domain="com.example")]),
        "missing_input": model([node("Relu", ["nothing"])]),
        "no_nodes": model([]),
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(1000),
    }


def endless():
    """{name: content}: graphs that take all memory, all time or the whole stack."""
    size = lambda *sides: [("size", np.int64(sides))]
    filled = lambda *sides: darkness(
        node("ConstantOfShape", ["size"], "wide"),
        node("ReduceMax", ["wide"], "most", keepdims=1, axes=list(range(len(sides)))),
        node("Reshape", ["most", "one"], "scalar"),
        node("Add", ["map", "scalar"]),
        last="map",
        weights=[*size(*sides), ("one", np.int64([1]))],
    )
    many = np.int64([1, 1, 1 << 18, 1 << 18])
    return {
        "constant_of_2_to_40": filled(1 << 20, 1 << 20),
        "constant_of_8_gb": filled(1 << 31),
        "constant_of_negative_size": filled(-5, 7),
        "expand": darkness(node("Expand", ["map", "many"]), last="map", weights=[("many", many)]),
        "tile": darkness(node("Tile", ["map", "many"]), last="map", weights=[("many", many)]),
        "resize": darkness(
            node("Resize", ["map", "", "scales"]), last="map", weights=[("scales", np.float32([1, 1, 1e5, 1e5]))]
        ),
        "pad": darkness(
            node("Pad", ["map", "many"]), last="map", weights=[("many", np.int64([0, 0, 0, 0, 0, 0, 1 << 20, 1 << 20]))]
        ),
        "range": darkness(
            node("Range", ["start", "limit", "start_1"], "wide"),
            node("Shape", ["wide"], "count"),
            node("Cast", ["count"], "number", to=FLOAT),
            node("Add", ["map", "number"]),
            last="map",
            weights=[("start", np.int64(0)), ("limit", np.int64(1 << 40)), ("start_1", np.int64(1))],
        ),
        "product_of_matrices": darkness(
            node("ConstantOfShape", ["size"], "wide"),
            node("MatMul", ["wide", "wide"], "p"),
            node("ReduceMax", ["p"], "most", keepdims=1),
            node("Add", ["map", "most"]),
            last="map",
            weights=size(1, 1, 30_000, 30_000),
        ),
        "doubling": _doubling(),
        "loop": _loop(),
        "nested_branches": _nested(5_000),
        "external_file": _external("/etc/hostname"),
        "external_upwards": _external("../../../secret.bin"),
        "external_device": _external("/dev/zero"),
    }


def _doubling():
    """Each of 40 nodes has twice the numbers of the one before."""
    nodes = [node("Concat", [f"map{number}"] * 2, f"map{number + 1}", axis=0) for number in range(40)]
    return darkness(*nodes, node("ReduceMax", ["map40"], axes=[0], keepdims=1), last="map0")


def _loop():
    """A loop of 2^62 rounds."""
    tensor = helper.make_tensor_value_info
    body = helper.make_graph(
        [node("Identity", ["condition"], "goes_on"), node("Identity", ["carried"], "next")],
        "body",
        [tensor("round", INT, []), tensor("condition", TensorProto.BOOL, []), tensor("carried", FLOAT, OUTPUT)],
        [tensor("goes_on", TensorProto.BOOL, []), tensor("next", FLOAT, OUTPUT)],
    )
    return darkness(
        node("Loop", ["rounds", "always", "map"], body=body),
        last="map",
        weights=[("rounds", np.int64(1 << 62)), ("always", np.bool_(True))],
    )


def _field(number, content):
    """A field of a protocol buffer message with bytes in it."""
    length, head = len(content), bytearray([number << 3 | 2])
    while length > 127:
        head.append(length & 127 | 128)
        length >>= 7
    return bytes(head) + bytes([length]) + content


def _nested(depth):
    """A branch within a branch within a branch. By hand: the library does not write so many levels."""
    graph = b""
    for _ in range(depth):
        attribute = (
            _field(1, b"then_branch") + _field(6, graph) + b"\xa0\x01\x05"
        )  # AttributeProto: name, g, type GRAPH
        graph = _field(1, _field(1, b"always") + _field(2, b"probability") + _field(4, b"If") + _field(5, attribute))
    return b"\x08\x08" + _field(7, graph) + _field(8, b"\x10\x11")  # ModelProto: ir_version, graph, opset 17


def _external(location):
    """Weights in another file."""
    made = onnx.load_from_string(darkness())
    kernel = made.graph.initializer[0]
    kernel.ClearField("raw_data")
    kernel.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", "0"), ("length", "12")):
        kernel.external_data.add(key=key, value=value)
    return made.SerializeToString(deterministic=True)
