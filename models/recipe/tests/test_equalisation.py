"""Tests of equalised channels, on the zoo's EGE-UNet; ONNX Runtime's own quantisation is the judge of their worth."""

import numpy as np
import onnx
import pytest
import torch
from onnxruntime import quantization
from torch import nn

from dermaloupe_recipe import data, equalisation, export, files, inference
from dermaloupe_recipe.equalisation import Graph, equalised, gains, spans_of


@pytest.fixture(scope="module")
def content():
    return (files.ZOO / "egeunet" / "model.onnx").read_bytes()


@pytest.fixture(scope="module")
def photos(photographs):
    return data.load(photographs[0], "val", 3).photos


@pytest.fixture(scope="module")
def equal(content, photos):
    return equalised(content, photos)


def maps_of(content, photos):
    return inference.predict_onnx(inference.create_session(content), photos)


def test_an_equalised_network_is_the_same_in_floats(content, equal, photos):
    assert equal != content
    np.testing.assert_allclose(maps_of(equal, photos), maps_of(content, photos), atol=1e-4)
    np.testing.assert_allclose(maps_of(equal, export.synthetic_photos(2)), maps_of(content, export.synthetic_photos(2)),
                               atol=1e-4)


class Photos(quantization.CalibrationDataReader):
    def __init__(self, photos):
        self.inputs = iter([{"input": data.normalise(photo[None]).numpy()} for photo in photos])

    def get_next(self):
        return next(self.inputs, None)


def error_in_int8(content, photos, folder):
    """How far the maps move by ONNX Runtime's quantisation: the least and greatest value, a scale a channel."""
    (folder / "float.onnx").write_bytes(content)
    quantization.quantize_static(
        folder / "float.onnx", folder / "int8.onnx", Photos(photos), per_channel=True,
        activation_type=quantization.QuantType.QInt8, weight_type=quantization.QuantType.QInt8)
    return np.abs(maps_of((folder / "int8.onnx").read_bytes(), photos) - maps_of(content, photos)).mean()


def test_it_loses_less_in_int8(content, equal, photos, tmp_path):
    assert error_in_int8(equal, photos, tmp_path) < 0.7 * error_in_int8(content, photos, tmp_path)


def test_channels_that_are_joined_have_one_span(content, equal, photos):
    """The first joined tensors are of Hadamard attention, where all channels can be scaled."""
    name = Graph(content).joined()[0][0].output[0]
    before, after = (spans_of(x, [name], photos)[name] for x in (content, equal))
    assert before.max() / before.min() > 3
    np.testing.assert_allclose(after, before.max(), rtol=1e-3)


def test_channels_that_cannot_be_scaled_set_the_span_of_the_others(content, equal, photos):
    graph = Graph(content)
    joined = next(node for node, _ in graph.joined() if not all(map(graph.can_scale, node.input)))
    can = np.concatenate([[graph.can_scale(name)] * graph.shapes[name][1] for name in joined.input])
    name = joined.output[0]
    before, after = (spans_of(x, [name], photos)[name] for x in (content, equal))
    np.testing.assert_allclose(after[~can], before[~can], rtol=1e-3)
    np.testing.assert_allclose(after[can], before[~can].max(), rtol=1e-3)


def test_constants_that_are_stored_once_are_scaled_apart():
    """Two batch norms of equal constants, of which one alone is before a depthwise convolution."""
    torch.manual_seed(5)
    network = nn.Sequential(nn.BatchNorm2d(3), nn.ReLU(), nn.BatchNorm2d(3), nn.Conv2d(3, 3, 3, padding=1, groups=3))
    content = export.to_onnx(network)
    photos = export.synthetic_photos(2)
    assert len({name for node in onnx.load_from_string(content).graph.node for name in node.input[1:3]}) < 6
    after = equalised(content, photos)
    sessions = [inference.create_session(x) for x in (content, after)]
    inputs = {"input": data.normalise(photos[:1]).numpy()}
    expected, found = (session.run(None, inputs)[0] for session in sessions)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_network_without_such_a_place_has_nothing_to_gain(content):
    assert gains(content) and not gains(export.to_onnx(nn.Sequential(nn.Conv2d(3, 4, 1), nn.Conv2d(4, 1, 1))))


def test_a_dead_channel_stays_as_it_is():
    assert equalisation.factors_to(2.0, np.array([1.0, 0.0, 4.0])).tolist() == [2.0, 1.0, 0.5]
