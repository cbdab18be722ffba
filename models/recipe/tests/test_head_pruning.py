"""Tests of the choice of attention heads, and of what remains when the others are removed."""

import itertools

import pytest
import torch

from dermaloupe_recipe import head_pruning, networks
from dermaloupe_recipe.lightformer import Attention, Design, Lightformer


@pytest.fixture(scope="module", params=(Design(), Design(shared=False, rank=0)), ids=("shared", "unshared"))
def transformer(request):
    torch.manual_seed(8)
    network = Lightformer(design=request.param)
    for stage in network.stages:
        for norm in stage.norms:
            torch.nn.init.ones_(norm.weight)  # every residual part is heard
    with torch.no_grad():
        network.train()(torch.randn(4, 3, 64, 64))
    return network.eval(), request.param


def test_what_is_removed_is_counted(transformer):
    network, design = transformer
    costs, kept = head_pruning.head_costs(network), [[0, 2], [1, 2, 3]]
    smaller = head_pruning.without_other_heads(network, design, kept)
    removed = sum(cost for (stage, head), cost in costs.items() if head not in kept[stage])
    assert networks.count_parameters(network) - networks.count_parameters(smaller) == removed


def test_a_network_without_heads_answers_as_if_their_weights_were_zero(transformer):
    network, design = transformer
    kept, x = [[1, 3], [0]], torch.randn(2, 3, 64, 64)
    silent = Lightformer(design=design).eval()
    silent.load_state_dict(network.state_dict())
    with torch.inference_mode():
        for number, stage in enumerate(silent.stages):
            for layer in stage.attention:
                others = [head for head in range(4) if head not in kept[number]]
                layer.project[0].weight[:, head_pruning.channels_of(layer, others)] = 0
        assert torch.allclose(head_pruning.without_other_heads(network, design, kept)(x), silent(x), atol=1e-4)
        assert not torch.allclose(network(x), silent(x), atol=1e-2)


def test_the_most_important_heads_within_the_budget_are_kept(transformer):
    network, _ = transformer
    batches = [(torch.randn(2, 3, 64, 64), torch.rand(2, 64, 64) > 0.5)]
    importance = head_pruning.head_importances(network, batches)
    assert len(importance) == 8 and all(value > 0 for value in importance.values())
    cost = head_pruning.head_costs(network)
    kept = head_pruning.choose_heads(network, batches, 0.6)
    chosen = {(stage, head) for stage, heads in enumerate(kept) for head in heads}
    allowed = [set(keys) for count in range(9) for keys in itertools.combinations(cost, count)
               if sum(cost[key] for key in keys) <= 0.6 * sum(cost.values())
               and {max((k for k in cost if k[0] == number), key=importance.get) for number in (0, 1)} <= set(keys)]
    assert sum(importance[key] for key in chosen) == pytest.approx(
        max(sum(importance[key] for key in keys) for keys in allowed))


def test_a_head_that_nothing_reads_has_no_importance(transformer):
    network, design = transformer
    other = Lightformer(design=design).eval()
    other.load_state_dict(network.state_dict())
    with torch.no_grad():
        for layer in other.stages[1].attention:
            layer.project[0].weight[:, head_pruning.channels_of(layer, [2])] = 0
            layer.values[1].weight[head_pruning.channels_of(layer, [2])] = 0
            layer.values[1].bias[head_pruning.channels_of(layer, [2])] = 0
    batches = [(torch.randn(2, 3, 64, 64), torch.rand(2, 64, 64) > 0.5)]
    importance = head_pruning.head_importances(other, batches)
    assert importance[1, 2] == 0 < importance[1, 1]
    assert [2 in heads for heads in head_pruning.choose_heads(other, batches, 0.9)] == [True, False]


def test_attention_with_fewer_heads_has_heads_of_the_same_width():
    assert Attention(64, 3, 16, heads_before=4).width == Attention(64, 4, 16).width == 16
