"""Tests of the networks of the zoo: their published sizes, the two forms, and their errors."""

import pytest
import torch
import torch.nn.functional as F

from dermaloupe_recipe import blocks, malunet, networks

EXACT = ("malunet", "medium", "egeunet")


@pytest.mark.parametrize("name", EXACT)
def test_the_published_form_has_exactly_the_published_parameters(name):
    assert networks.count_parameters(networks.create(name, npu=False)) == networks.PAPER_PARAMETERS[name]


@pytest.mark.parametrize("name", networks.PAPER_PARAMETERS)
def test_the_published_form_is_within_five_percent_of_the_published_parameters(name):
    found, paper = networks.count_parameters(networks.create(name, npu=False)), networks.PAPER_PARAMETERS[name]
    assert abs(found / paper - 1) <= 0.05, (found, paper)


@pytest.mark.parametrize("name", networks.PAPER_PARAMETERS)
def test_a_network_returns_one_logit_per_position(name):
    photos = torch.zeros(2, 3, 64, 96)
    with torch.inference_mode():
        assert networks.create(name).eval()(photos).shape == (2, 1, 32, 48)
        assert networks.create(name, npu=False).eval()(photos).shape == (2, 1, 64, 96)


@pytest.mark.parametrize("name", networks.PAPER_PARAMETERS)
def test_stages_are_returned_from_the_image_to_the_bottleneck_and_back(name):
    with torch.inference_mode():
        outputs = networks.create(name).eval().forward_stages(torch.zeros(1, 3, 64, 64))
    assert [f.shape[-1] for f in outputs.encoder] == [32, 16, 8, 4, 2, 2]
    assert [f.shape[-1] for f in outputs.decoder] == [2, 4, 8, 16, 32]


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_the_npu_form_has_only_norms_that_fold_into_convolutions(name):
    kinds = {type(module) for module in networks.create(name).modules()}
    assert not kinds & {torch.nn.GroupNorm, torch.nn.LayerNorm, torch.nn.InstanceNorm2d}
    assert torch.nn.BatchNorm2d in kinds


def test_attention_over_positions_is_a_softmax_over_the_memory_with_a_bias():
    """Why the NPU form may treat each position separately: the published weights are a softmax over the memory."""
    torch.manual_seed(1)
    logits = torch.randn(2, 12, 50)
    published = torch.softmax(logits, dim=2)
    published = published / published.sum(dim=1, keepdim=True)
    shifted = torch.softmax(logits - logits.logsumexp(dim=2, keepdim=True), dim=1)
    assert torch.allclose(published, shifted, atol=1e-6)


def test_query_and_keys_are_one_convolution():
    torch.manual_seed(2)
    attention = blocks.InvertedExternalAttention(8, npu=False)
    x = torch.randn(1, 8, 3, 3)
    separate = attention.keys(attention.query(x).flatten(2))
    weight = attention.keys.weight[:, :, 0] @ attention.query.weight[:, :, 0, 0]
    bias = attention.keys.weight[:, :, 0] @ attention.query.bias
    assert torch.allclose(separate, F.conv2d(x, weight[:, :, None, None], bias).flatten(2), atol=1e-5)


def test_unknown_network_is_refused_with_the_names_there_are():
    with pytest.raises(SystemExit, match="no network named 'unet'; there are: attlight, efficient"):
        networks.create("unet")


def test_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="no such unit: 7.attend; there are: 4.attend"):
        malunet.MALUNet(without=("7.attend",))
