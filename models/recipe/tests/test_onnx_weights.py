"""Tests of reading a network's weights back from its ONNX file."""

import pytest
import torch

from dermaloupe_recipe import data, export, files, networks, onnx_weights
from dermaloupe_recipe.inference import create_session


@pytest.mark.parametrize("name", ("globalatt", "malunet", "efficient"))
def test_a_network_of_the_zoo_is_read_back(name):
    content = (files.ZOO / name / "model.onnx").read_bytes()
    photos = export.synthetic_photos()
    network = onnx_weights.read(name, content, photos)
    assert export.check_agreement(create_session(content), network, photos) < 1e-4


def test_a_folded_norm_has_the_statistics_of_the_photographs():
    content, photos = (files.ZOO / "globalatt" / "model.onnx").read_bytes(), export.synthetic_photos()
    network = onnx_weights.read("globalatt", content, photos)
    with torch.inference_mode():
        x = network.encoders[0](data.normalise(photos))
        norm = network.encoder_norms[0]
        assert torch.allclose(norm.running_mean, x.mean((0, 2, 3)), atol=1e-4)
        assert torch.allclose(norm.running_var, x.var((0, 2, 3), unbiased=False), rtol=1e-3)
        assert torch.allclose(norm.train()(x), norm.eval()(x), atol=1e-3)


def test_another_networks_file_is_refused():
    content = export.to_onnx(networks.create("efficient"))
    with pytest.raises(onnx_weights.WeightError, match="not an export of 'globalatt'"):
        onnx_weights.read("globalatt", content, export.synthetic_photos(2))
