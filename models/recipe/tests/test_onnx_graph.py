"""Tests of counting multiply-accumulates."""

import numpy as np
import pytest
from onnx import TensorProto, helper

from dermaloupe_recipe import onnx_graph


def test_macs_of_a_small_graph_are_those_computed_by_hand():
    """Conv 3x3 in 2 groups, then a transposed one, then Gemm and MatMul:

    6x6 outputs x 8 channels x (4/2 x 3 x 3) = 5184; 8x(6x6) inputs, 2 outputs: 8 x 36 x (2 x 2 x 2) = 2304;
    Gemm 5x7 outputs x 3 = 105; MatMul 2x(4x6) outputs x 5 = 240.
    """
    def weight(name, *shape):
        return helper.make_tensor(name, TensorProto.FLOAT, shape, np.zeros(int(np.prod(shape))).tolist())

    def value(name, *shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["x", "wc"], ["c"], group=2, pads=[1, 1, 1, 1], kernel_shape=[3, 3]),
            helper.make_node("Relu", ["c"], ["r"]),
            helper.make_node("ConvTranspose", ["r", "wt"], ["t"], strides=[2, 2], kernel_shape=[2, 2]),
            helper.make_node("Gemm", ["g", "wg"], ["go"], transA=1),
            helper.make_node("MatMul", ["m", "wm"], ["mo"]),
        ],
        "small",
        [value("x", 1, 4, 6, 6), value("g", 3, 5), value("m", 2, 4, 5)],
        [value("t", 1, 2, 12, 12), value("go", 5, 7), value("mo", 2, 4, 6)],
        [weight("wc", 8, 2, 3, 3), weight("wt", 8, 2, 2, 2), weight("wg", 3, 7), weight("wm", 5, 6)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    assert onnx_graph.count_macs(model) == 5184 + 2304 + 105 + 240


def test_a_graph_without_fixed_shapes_is_not_counted():
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 5])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    weight = helper.make_tensor("w", TensorProto.FLOAT, [5, 2], [0.0] * 10)
    graph = helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["y"])], "small", [x], [y], [weight])
    with pytest.raises(ValueError, match="not fixed"):
        onnx_graph.count_macs(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]))
