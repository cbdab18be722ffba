"""Which attention heads of a trained light transformer a smaller one keeps: the exact choice of `pruning.py`, of heads.

A head's importance is that of its weights, see `pruning.unit_importances`; its cost is their number. What remains has
the kept heads' weights, so that it can be measured at once, and trained on.
"""

from dataclasses import replace

import torch

from dermaloupe_recipe import pruning
from dermaloupe_recipe.lightformer import Lightformer
from dermaloupe_recipe.losses import supervised_loss

INNER = ("queries", "keys", "values")  # whose outputs are the heads' channels; those of `project` are its inputs


def heads_of(network):
    """(stage, head) of all heads. Layers that share their attention have their heads in common."""
    return [(number, head) for number, stage in enumerate(network.stages) for head in range(stage.attention[0].heads)]


def channels_of(attention, heads):
    """The inner channels of some heads, in order."""
    return torch.cat([torch.arange(head * attention.width, (head + 1) * attention.width) for head in heads])


def parts(attention, heads):
    """(parameter, its part of some heads' weights): the rows of what makes them and the columns of what reads them."""
    rows = channels_of(attention, heads)
    for name in INNER:
        for parameter in getattr(attention, name).parameters():
            yield parameter, rows
    yield attention.project[0].weight, (slice(None), rows)


def head_costs(network):
    """{(stage, head): the parameters that are removed with it}"""
    return {(number, head): sum(parameter[part].numel() for layer in network.stages[number].attention
                                for parameter, part in parts(layer, [head]))
            for number, head in heads_of(network)}


def head_importances(network, batches):
    """{(stage, head): |sum of dL/dW * W|}, a mean over batches of (normalised photographs, masks)."""
    network.eval().requires_grad_(True)
    totals, count = dict.fromkeys(heads_of(network), 0.0), 0
    for x, masks in batches:
        network.zero_grad(set_to_none=True)
        supervised_loss(network.forward_stages(x), masks, 0.0).backward()
        for number, head in totals:
            products = [(parameter.grad[part] * parameter[part]).sum().item()
                        for layer in network.stages[number].attention for parameter, part in parts(layer, [head])]
            totals[number, head] += abs(sum(products))
        count += 1
    return {key: total / count for key, total in totals.items()}


def choose_heads(network, batches, share):
    """The heads to keep, a list for each stage: the most important within `share` of all heads' parameters.

    A stage without any head has no attention, and would not be a transformer's; it keeps its most important one.
    """
    importance, cost = head_importances(network, batches), head_costs(network)
    first = [max((key for key in importance if key[0] == number), key=importance.get)
             for number in range(len(network.stages))]
    others = {key: value for key, value in importance.items() if key not in first}
    budget = share * sum(cost.values()) - sum(cost[key] for key in first)
    kept = [*first, *pruning.choose_units(others, cost, budget)]
    return [sorted(head for stage, head in kept if stage == number) for number in range(len(network.stages))]


def without_other_heads(network, design, kept):
    """A light transformer of the design with only these heads of each stage, and their weights."""
    smaller = replace(design, heads=tuple(map(len, kept)), heads_before=design.heads[0])
    state = network.state_dict()
    for number, (stage, heads) in enumerate(zip(network.stages, kept)):
        for layer, attention in enumerate(stage.attention):
            rows, name = channels_of(attention, heads), f"stages.{number}.attention.{layer}"
            for inner in INNER:
                for key in [key for key in state if key.startswith(f"{name}.{inner}.") and state[key].ndim]:
                    state[key] = state[key][rows]
            key = f"{name}.project.0.weight"
            state[key] = state[key][:, rows]
    pruned = Lightformer(design=smaller)
    pruned.load_state_dict(state)
    return pruned.eval()
