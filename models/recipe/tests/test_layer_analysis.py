"""Tests of the analysis of a quantised network's layers, with the toolkit's own on a small network."""

import json

import pytest

from dermaloupe_recipe import layer_analysis, rknn_accuracy, rknn_build
from test_rknn_build import config, models, needs_toolkit, zoo  # noqa: F401  (two are fixtures)

pytestmark = pytest.mark.filterwarnings("ignore:.*mapping.*TYPE.*:DeprecationWarning")  # the toolkit's, of onnx

PRINTED = """\
# simulator_error: calculate the output error of each layer of the simulator (compared to the 'golden' value).
layer_name                               simulator_error
                                     entire              single
                                  cos      euc        cos      euc
------------------------------------------------------------------------
[Input] input                   1.00000 | 0.00000   1.00000 | 0.00000
[exDataConvert] input_int8      0.99999 | 2.50207   0.99999 | 2.50207
[Conv] t0_0                     0.99998 | 3.09253   0.99998 | 3.09253
[BatchNormalization] t32_0      0.99305 | 31.07429  0.99372 | 28.54975
[Conv] t327_0
[Sigmoid] probability_int8      0.99138 | 2.93724   0.99998 | 0.50112
"""


def test_the_worst_layers_are_those_that_lose_most_alone():
    layers = rknn_accuracy.read(PRINTED)
    assert [layer.tensor for layer in layers] == ["t0_0", "t32_0", "probability_int8"], "a row without figures is fused"
    assert rknn_accuracy.block(layers, 2) == [
        {"layer": "BatchNormalization t32_0", "cosine_alone": 0.99372, "cosine_so_far": 0.99305},
        {"layer": "Conv t0_0", "cosine_alone": 0.99998, "cosine_so_far": 0.99998}]


@pytest.mark.parametrize("text", ("", "layer_name  cosine\nConv t0_0 0.99\n"))
def test_another_format_is_refused(text):
    with pytest.raises(rknn_accuracy.AccuracyError, match="no row in the format"):
        rknn_accuracy.read(text)


def test_a_network_without_int8_is_refused(phantom_data, zoo):  # noqa: F811
    with pytest.raises(rknn_build.BuildError, match="run rknn_build.py first"):
        layer_analysis.analyse(layer_analysis.Config(networks="small", zoo=str(zoo), data=str(phantom_data)))


@needs_toolkit
def test_a_networks_layers_are_analysed_and_some_are_tried_in_fp16(phantom_data, zoo):  # noqa: F811
    card = rknn_build.build(config(zoo, phantom_data, algorithm="normal"))
    trials = layer_analysis.analyse(layer_analysis.Config(networks="small", zoo=str(zoo), data=str(phantom_data),
                                                          hybrid="1"))["small"]
    kept = json.loads((zoo / "small" / "card.json").read_text())
    worst = kept["int8"].pop("worst_layers")
    assert kept == card, "nothing else of the card changes"
    assert 0 < len(worst) <= layer_analysis.WORST and all(0.9 < row["cosine_alone"] <= 1 for row in worst)
    assert [trial["fp16"] for trial in trials] == [0, 1]
    assert trials[0]["pooled_iou"] == pytest.approx(card["int8"]["test"]["pooled_iou"], abs=1e-4), "the same split"
    assert trials[1]["bytes"] != trials[0]["bytes"]
