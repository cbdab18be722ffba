"""One-shot structured pruning: which units of the trained teacher the student `shallow` keeps.

Each unit of malunet.UNITS has an importance and a cost; the units to keep are the exact solution of a knapsack
problem, the largest sum of importances within a budget of parameters or of NPU cycles. The result, `pruning.json`,
defines the network `shallow`.
"""

import itertools
import json
from dataclasses import dataclass

import torch
from torch import nn

from dermaloupe_recipe import augment, checkpoints, data, networks
from dermaloupe_recipe.files import write_text
from dermaloupe_recipe.inference import channels_last
from dermaloupe_recipe.losses import supervised_loss
from dermaloupe_recipe.malunet import UNITS

BATCH_SIZE = 8
DARK_CORNERS = 0.2  # as in training


@dataclass
class Config:
    teacher: str = "malunet-start"  # the run
    runs: str = ""  # folder of all runs, as given to train.py
    data: str = ""  # data folder, as given to train.py
    budget: int = networks.PAPER_PARAMETERS["shallow"]  # the largest cost of the pruned network
    cost: str = "parameters"  # of the published form; or "cycles", the estimated NPU cycles of its convolutions
    batches: int = 64  # of 8 training photographs, augmented as in training
    seed: int = 20170
    out: str = str(networks.PRUNING_TABLE)


def removable_parameters(network, unit):
    """The parameters that are removed with a unit, by name; an extraction unit keeps its 1x1 shortcut."""
    parameters = network.unit(unit).named_parameters()
    return {name: p for name, p in parameters if not name.startswith("gated.shortcut.")}


def unit_importances(network, batches):
    """|sum of dL/dW * W| over each unit's parameters, a mean over batches of (normalised photographs, masks).

    The first-order importance of Molchanov et al., 'Importance Estimation for Neural Network Pruning', CVPR 2019. The
    network is in evaluation mode: with batch statistics, scaling a convolution before a batch norm changes nothing, so
    that its importance would always be zero.
    """
    network.eval().requires_grad_(True)
    totals, count = dict.fromkeys(UNITS, 0.0), 0
    for x, masks in batches:
        network.zero_grad(set_to_none=True)
        supervised_loss(network.forward_stages(x), masks, 0.0).backward()
        for unit in UNITS:
            products = [(p.grad * p).sum().item() for p in removable_parameters(network, unit).values()]
            totals[unit] += abs(sum(products))
        count += 1
    return {unit: total / count for unit, total in totals.items()}


def parameter_costs():
    """(cost of what cannot be removed, {unit: cost}) in parameters of the published form."""
    network = networks.create("malunet", npu=False)
    costs = {unit: sum(p.numel() for p in removable_parameters(network, unit).values()) for unit in UNITS}
    return networks.count_parameters(network) - sum(costs.values()), costs


def conv_cycles(conv, height, width):
    """The compiler's INT8 cycles of a convolution, by a formula fitted to its tables (within 3 %)."""
    positions = -(-height * width // 16) * 16
    kernel = conv.kernel_size[0] * conv.kernel_size[1]
    if conv.groups > 1 and conv.groups == conv.in_channels:
        return positions * kernel * -(-conv.in_channels // 64)
    per_position = max(kernel * -(-conv.in_channels // conv.groups // 32), 4)
    return positions * per_position * -(-conv.out_channels // 32)


def cycle_costs(network):
    """(cost of what cannot be removed, {unit: cost}) in cycles of the NPU form on one 256x256 photograph."""
    sizes, handles = {}, []
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            handles.append(module.register_forward_hook(lambda m, _, out: sizes.update({m: out.shape[2:]})))
    with torch.inference_mode():
        network.eval()(torch.zeros(1, 3, data.IMAGE_SIZE, data.IMAGE_SIZE))
    for handle in handles:
        handle.remove()
    costs = {}
    for unit in UNITS:
        module = network.unit(unit)
        shortcut = getattr(getattr(module, "gated", None), "shortcut", None)
        costs[unit] = sum(conv_cycles(m, *sizes[m]) for m in module.modules() if m in sizes and m is not shortcut)
    total = sum(conv_cycles(m, *size) for m, size in sizes.items())
    return total - sum(costs.values()), costs


def choose_units(importance, cost, budget):
    """The units with the largest sum of importances whose cost is at most `budget`; of equals the cheaper set.

    All 2^12 sets are tried, so that the optimum is exact.
    """
    units = list(importance)
    best = None
    for mask in itertools.product((False, True), repeat=len(units)):
        kept = [unit for unit, keep in zip(units, mask) if keep]
        total_cost = sum(cost[unit] for unit in kept)
        if total_cost <= budget:
            value = (sum(importance[unit] for unit in kept), -total_cost)
            if best is None or value > best[0]:
                best = value, kept
    if best is None:
        raise SystemExit("the budget is less than what cannot be removed; increase it with --budget")
    return best[1]


def training_batches(config, split):
    generator = torch.Generator().manual_seed(config.seed)
    order = torch.randperm(len(split), generator=generator)
    for indices in order.split(BATCH_SIZE)[: config.batches]:
        photos, masks = augment.augment(split.select(indices), generator, DARK_CORNERS)
        yield channels_last(data.normalise(photos)), masks


def prune(config):
    """Chooses the units and writes the table; returns it."""
    torch.set_num_threads(1)
    path = checkpoints.run_folder(config.runs, config.teacher) / "best.pt"
    network, state = checkpoints.load_network(path, "malunet")
    costs = {"parameters": parameter_costs, "cycles": lambda: cycle_costs(network)}
    if config.cost not in costs:
        raise SystemExit(f"no cost named '{config.cost}'; there are: {', '.join(costs)}")
    fixed, cost = costs[config.cost]()
    split = data.load(data.data_root(config.data), "train")
    importance = unit_importances(network, training_batches(config, split))
    kept = choose_units(importance, cost, config.budget - fixed)
    table = {
        "teacher": config.teacher, "teacher_epoch": state["epoch"], "cost": config.cost, "budget": config.budget,
        "fixed_cost": fixed, "pruned_cost": fixed + sum(cost[unit] for unit in kept),
        "units": [{"unit": unit, "importance": round(importance[unit], 6), "cost": cost[unit], "kept": unit in kept}
                  for unit in UNITS],
        "without": [unit for unit in UNITS if unit not in kept],
    }
    write_text(config.out, json.dumps(table, indent=2) + "\n")
    for row in table["units"]:
        print(f"{row['unit']:>10}  importance {row['importance']:.6f}  {config.cost} {row['cost']:>7,}  "
              f"{'kept' if row['kept'] else 'removed'}")
    print(f"{config.cost}: {table['pruned_cost']:,} of at most {config.budget:,}")
    return table
