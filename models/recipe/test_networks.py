"""Quick tests of the ten networks: their sizes as published, and what the form for the NPU promises."""

import json

import pytest
import torch
import torch.nn.functional as F

import blocks
import networks
import prune
import train

EXACT = ("malunet", "medium", "egeunet")


@pytest.mark.parametrize("name", EXACT)
def test_the_published_form_has_exactly_the_published_parameters(name):
    assert networks.count_parameters(networks.make(name, npu=False)) == networks.PAPER_PARAMETERS[name]


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_the_published_form_is_within_five_percent_of_the_published_parameters(name):
    found, paper = networks.count_parameters(networks.make(name, npu=False)), networks.PAPER_PARAMETERS[name]
    assert abs(found / paper - 1) <= 0.05, (found, paper)


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_a_network_answers_one_logit_a_place(name):
    photos = torch.zeros(2, 3, 64, 96)
    with torch.inference_mode():
        assert networks.make(name).eval()(photos).shape == (2, 1, 32, 48)
        assert networks.make(name, npu=False).eval()(photos).shape == (2, 1, 64, 96)


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_stages_are_seen_from_the_outside_in_and_back(name):
    with torch.inference_mode():
        seen = networks.make(name).eval().stages(torch.zeros(1, 3, 64, 64))
    assert [f.shape[-1] for f in seen.encoder] == [32, 16, 8, 4, 2, 2]
    assert [f.shape[-1] for f in seen.decoder] == [2, 4, 8, 16, 32]


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_the_form_for_the_npu_has_no_norm_that_does_not_fold(name):
    kinds = {type(module) for module in networks.make(name).modules()}
    assert not kinds & {torch.nn.GroupNorm, torch.nn.LayerNorm, torch.nn.InstanceNorm2d}
    assert torch.nn.BatchNorm2d in kinds


def test_attention_over_places_is_a_softmax_over_the_memory_with_a_shift():
    """Why the NPU form may ask each place alone: the published weights are a softmax over the memory."""
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
    apart = attention.keys(attention.query(x).flatten(2))
    weight = attention.keys.weight[:, :, 0] @ attention.query.weight[:, :, 0, 0]
    bias = attention.keys.weight[:, :, 0] @ attention.query.bias
    assert torch.allclose(apart, F.conv2d(x, weight[:, :, None, None], bias).flatten(2), atol=1e-5)


def test_unknown_network_is_refused_with_the_names_there_are():
    with pytest.raises(SystemExit, match="no network named 'unet'; there are: attlight, efficient"):
        networks.make("unet")


def test_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="no such unit: 7.attend; there are: 4.attend"):
        networks.MALUNet(without=("7.attend",))


# Pruning


def test_a_unit_left_out_takes_its_parameters_with_it():
    whole = networks.MALUNet(npu=False)
    fixed, cost = prune.parameter_costs()
    assert fixed + sum(cost.values()) == 177_943
    for unit in networks.UNITS:
        pruned = networks.MALUNet(npu=False, without=(unit,))
        assert networks.count_parameters(whole) - networks.count_parameters(pruned) == cost[unit], unit


def test_shallow_is_what_pruning_chose():
    table = json.loads(networks.PRUNING.read_text())
    assert networks.count_parameters(networks.make("shallow", npu=False)) == table["pruned_cost"] <= table["budget"]
    importance = {row["unit"]: row["importance"] for row in table["units"]}
    cost = {row["unit"]: row["cost"] for row in table["units"]}
    kept = prune.choose(importance, cost, table["budget"] - table["fixed_cost"])
    assert [row["unit"] for row in table["units"] if row["kept"]] == kept
    assert tuple(table["without"]) == networks.SHALLOW_WITHOUT


def test_the_choice_is_the_exact_optimum_and_not_the_greedy_one():
    """On paper: a is worth most for its cost, but b and c together fill the budget of 10 and are worth more."""
    importance, cost = {"a": 7.0, "b": 6.0, "c": 6.0}, {"a": 6, "b": 5, "c": 5}
    assert prune.choose(importance, cost, 10) == ["b", "c"]
    assert prune.choose(importance, cost, 9) == ["a"]
    assert prune.choose({"a": 1.0, "b": 1.0}, {"a": 3, "b": 2}, 3) == ["b"], "the cheaper of equals"
    assert prune.choose(importance, cost, 0) == []
    with pytest.raises(SystemExit, match="less than what cannot be removed"):
        prune.choose(importance, cost, -1)


def test_the_importance_of_a_unit_is_its_first_order_change_of_the_loss():
    """|sum of dL/dW * W| of one unit against the loss's slope when its weights are scaled."""
    torch.manual_seed(3)
    network = networks.make("malunet")
    x, masks = torch.randn(2, 3, 64, 64), torch.rand(2, 64, 64) > 0.7
    found = prune.importances(network, [(x, masks)])
    unit, step = "5.extract", 1e-4
    losses = []
    with torch.no_grad():
        for factor in (1 + step, (1 - step) / (1 + step)):
            for parameter in prune.removable(network, unit).values():
                parameter.mul_(factor)
            losses.append(train.supervised_loss(network.stages(x), masks, 0.0).item())
    assert found[unit] == pytest.approx(abs(losses[0] - losses[1]) / (2 * step), rel=0.05, abs=1e-3)


def test_cycles_of_convolutions_are_those_of_the_formula():
    """At 32x32: 3x3 of 32 to 64 channels 1024 x 9 x 2; a 1x1 of few channels at least 4 a place; depthwise 9."""
    conv = torch.nn.Conv2d
    assert prune.conv_cycles(conv(32, 64, 3), 32, 32) == 1024 * 9 * 2
    assert prune.conv_cycles(conv(8, 8, 1), 32, 32) == 1024 * 4
    assert prune.conv_cycles(conv(48, 48, 3, groups=48), 32, 32) == 1024 * 9
    assert prune.conv_cycles(conv(8, 8, 1), 1, 1) == 16 * 4, "places are counted in sixteens"
