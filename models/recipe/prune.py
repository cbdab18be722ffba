"""One-shot layer pruning: which units of the trained teacher the student `shallow` keeps.

Each unit of networks.UNITS gets an importance and a cost; the set of units to keep is the exact optimum of one
decision, the largest sum of importances that a budget of parameters or of NPU cycles allows. The table is written
to `pruning.json`, which networks.py reads.
"""

import itertools
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

import augment
import data
import networks
import options
import train

TABLE = Path(__file__).resolve().parent / "pruning.json"


@dataclass
class Config:
    teacher: str = "malunet-start"  # the run
    runs: str = ""  # folder of all runs, as given to train.py
    data: str = ""  # data folder, as given to train.py
    budget: int = networks.PAPER_PARAMETERS["shallow"]  # what the pruned network may cost
    cost: str = "parameters"  # of the published form; or "cycles", an estimate of the NPU's for its convolutions
    batches: int = 64  # of 8 training photographs, varied as in training
    seed: int = 20170
    out: str = str(TABLE)


def unit_module(network, unit):
    """The module of a unit."""
    stage, kind = unit.split(".")
    down = {"4": 3, "5": 4}
    if stage in down:
        pair = network.encoders[down[stage]]
    else:
        pair = network.bottom if stage == "6" else network.decoders[6 + int(stage)]
    attends_first = stage[0] != "-"
    return pair[0 if (kind == "attend") == attends_first else 1]


def removable(network, unit):
    """The parameters that go when the unit goes, by name; an extracting unit leaves its 1x1 shortcut."""
    parameters = unit_module(network, unit).named_parameters()
    return {name: p for name, p in parameters if not name.startswith("gated.shortcut.")}


def importances(network, batches):
    """|sum of dL/dW * W| over a unit's parameters, a mean over batches of (normalised photographs, masks).

    The network is in evaluation: with a batch's own statistics, a convolution before a batch norm could be scaled at
    will without a change, and its sum would be nothing. Molchanov et al., 'Importance Estimation for Neural Network
    Pruning', CVPR 2019, for the first-order form.
    """
    network.eval().requires_grad_(True)
    totals, count = dict.fromkeys(networks.UNITS, 0.0), 0
    for x, masks in batches:
        network.zero_grad(set_to_none=True)
        train.supervised_loss(network.stages(x), masks, 0.0).backward()
        for unit in networks.UNITS:
            products = [(p.grad * p).sum().item() for p in removable(network, unit).values()]
            totals[unit] += abs(sum(products))
        count += 1
    return {unit: total / count for unit, total in totals.items()}


def parameter_costs():
    """(what cannot be removed, {unit: parameters}) of the published form."""
    network = networks.make("malunet", npu=False)
    each = {unit: sum(p.numel() for p in removable(network, unit).values()) for unit in networks.UNITS}
    return networks.count_parameters(network) - sum(each.values()), each


def conv_cycles(conv, height, width):
    """The compiler's INT8 cycles of one convolution, by the formula fitted to its tables (within 3 %)."""
    places = -(-height * width // 16) * 16
    kernel = conv.kernel_size[0] * conv.kernel_size[1]
    if conv.groups > 1 and conv.groups == conv.in_channels:
        return places * kernel * -(-conv.in_channels // 64)
    per_place = max(kernel * -(-conv.in_channels // conv.groups // 32), 4)
    return places * per_place * -(-conv.out_channels // 32)


def cycle_costs(network):
    """(what cannot be removed, {unit: cycles}) of the NPU form on one 256x256 photograph."""
    sizes, handles = {}, []
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            handles.append(module.register_forward_hook(lambda m, _, out: sizes.update({m: out.shape[2:]})))
    with torch.inference_mode():
        network.eval()(torch.zeros(1, 3, data.SIDE, data.SIDE))
    for handle in handles:
        handle.remove()
    each = {}
    for unit in networks.UNITS:
        shortcut = getattr(getattr(unit_module(network, unit), "gated", None), "shortcut", None)
        each[unit] = sum(conv_cycles(m, *sizes[m]) for m in unit_module(network, unit).modules()
                         if m in sizes and m is not shortcut)
    total = sum(conv_cycles(m, *size) for m, size in sizes.items())
    return total - sum(each.values()), each


def choose(importance, cost, allowance):
    """The units to keep: the largest sum of importances whose cost is at most `allowance`, the cheaper of equals.

    All 2^12 sets are looked at, so that the optimum is exact.
    """
    units = list(importance)
    best = None
    for mask in itertools.product((False, True), repeat=len(units)):
        kept = [unit for unit, keep in zip(units, mask) if keep]
        price = sum(cost[unit] for unit in kept)
        if price <= allowance:
            worth = (sum(importance[unit] for unit in kept), -price)
            if best is None or worth > best[0]:
                best = worth, kept
    if best is None:
        raise SystemExit("the budget is less than what cannot be removed; give more with --budget")
    return best[1]


def training_batches(config, split):
    generator = torch.Generator().manual_seed(config.seed)
    order = torch.randperm(len(split), generator=generator)
    for chosen in order.split(8)[: config.batches]:
        photos, masks = augment.augment(split.take(chosen), generator, corners=0.2)
        yield train.channels_last(data.normalise(photos)), masks


def prune(config):
    torch.set_num_threads(1)
    folder = train.run_folder(train.Config(runs=config.runs, name=config.teacher))
    network, state = train.load_network(folder / "best.pt", "malunet")
    costs = {"parameters": parameter_costs, "cycles": lambda: cycle_costs(network)}
    if config.cost not in costs:
        raise SystemExit(f"no cost named '{config.cost}'; there are: {', '.join(costs)}")
    fixed, cost = costs[config.cost]()
    split = data.load(data.data_root(config.data), "train")
    importance = importances(network, training_batches(config, split))
    kept = choose(importance, cost, config.budget - fixed)
    without = [unit for unit in networks.UNITS if unit not in kept]
    table = {
        "teacher": config.teacher, "teacher_epoch": state["epoch"], "cost": config.cost, "budget": config.budget,
        "fixed_cost": fixed, "pruned_cost": fixed + sum(cost[unit] for unit in kept),
        "units": [{"unit": unit, "importance": round(importance[unit], 6), "cost": cost[unit], "kept": unit in kept}
                  for unit in networks.UNITS],
        "without": without,
    }
    train.write_text(Path(config.out), json.dumps(table, indent=2) + "\n")
    for row in table["units"]:
        print(f"{row['unit']:>10}  importance {row['importance']:.6f}  {config.cost} {row['cost']:>7,}  "
              f"{'kept' if row['kept'] else 'removed'}")
    print(f"{config.cost}: {table['pruned_cost']:,} of at most {config.budget:,}")
    return table


if __name__ == "__main__":
    try:
        prune(options.parse(Config, __doc__))
    except data.DataError as problem:
        sys.exit(f"prune.py: {problem}")
