"""Tests of pruning: importances, costs, the exact choice, and the table from nothing."""

import json
import shutil
import subprocess
import sys

import pytest
import torch

from dermaloupe_recipe import checkpoints, losses, malunet, networks, pruning


def test_the_pruning_table_can_be_made_from_nothing(phantom_data, tmp_path, monkeypatch):
    """Neither the networks nor pruning need `pruning.json`; only `shallow` does, and says how to get it."""
    monkeypatch.setattr(networks, "PRUNING_TABLE", tmp_path / "pruning.json")
    with pytest.raises(SystemExit, match=f"run prune.py first: {tmp_path}"):
        networks.create("shallow")
    teacher = networks.create("malunet")
    checkpoints.save(tmp_path / "malunet-start" / "best.pt", {
        "config": {"network": "malunet"}, "commit": "0" * 40, "epoch": 1, "weights": teacher.state_dict()})
    table = pruning.prune(pruning.Config(runs=str(tmp_path), data=str(phantom_data), batches=1,
                                         out=str(networks.PRUNING_TABLE)))
    assert 0 < len(table["without"]) < len(malunet.UNITS)
    shallow = networks.create("shallow", npu=False)
    assert networks.count_parameters(shallow) == table["pruned_cost"] <= table["budget"]


def test_the_library_is_imported_without_the_pruning_table(tmp_path):
    for file in ("dermaloupe_recipe", "prune.py"):
        source = networks.PRUNING_TABLE.parent / file
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / file)
    subprocess.run([sys.executable, "prune.py", "--help"], cwd=tmp_path, check=True, capture_output=True)


def test_removing_a_unit_removes_its_parameters():
    whole = malunet.MALUNet(npu=False)
    fixed, cost = pruning.parameter_costs()
    assert fixed + sum(cost.values()) == 177_943
    for unit in malunet.UNITS:
        pruned = malunet.MALUNet(npu=False, without=(unit,))
        assert networks.count_parameters(whole) - networks.count_parameters(pruned) == cost[unit], unit


def test_shallow_is_what_pruning_chose():
    table = json.loads(networks.PRUNING_TABLE.read_text())
    assert networks.count_parameters(networks.create("shallow", npu=False)) == table["pruned_cost"] <= table["budget"]
    importance = {row["unit"]: row["importance"] for row in table["units"]}
    cost = {row["unit"]: row["cost"] for row in table["units"]}
    kept = pruning.choose_units(importance, cost, table["budget"] - table["fixed_cost"])
    assert [row["unit"] for row in table["units"] if row["kept"]] == kept
    assert tuple(table["without"]) == networks.pruned_units()


def test_the_choice_is_the_exact_optimum_and_not_the_greedy_one():
    """By hand: a has the best ratio, but b and c together fit the budget of 10 and have a larger sum."""
    importance, cost = {"a": 7.0, "b": 6.0, "c": 6.0}, {"a": 6, "b": 5, "c": 5}
    assert pruning.choose_units(importance, cost, 10) == ["b", "c"]
    assert pruning.choose_units(importance, cost, 9) == ["a"]
    assert pruning.choose_units({"a": 1.0, "b": 1.0}, {"a": 3, "b": 2}, 3) == ["b"], "the cheaper of equals"
    assert pruning.choose_units(importance, cost, 0) == []
    with pytest.raises(SystemExit, match="less than what cannot be removed"):
        pruning.choose_units(importance, cost, -1)


def test_the_importance_of_a_unit_is_its_first_order_change_of_the_loss():
    """|sum of dL/dW * W| of one unit against the derivative of the loss when its weights are scaled."""
    torch.manual_seed(3)
    network = networks.create("malunet")
    x, masks = torch.randn(2, 3, 64, 64), torch.rand(2, 64, 64) > 0.7
    found = pruning.unit_importances(network, [(x, masks)])
    unit, step = "5.extract", 1e-4
    scaled = []
    with torch.no_grad():
        for factor in (1 + step, (1 - step) / (1 + step)):
            for parameter in pruning.removable_parameters(network, unit).values():
                parameter.mul_(factor)
            scaled.append(losses.supervised_loss(network.forward_stages(x), masks, 0.0).item())
    assert found[unit] == pytest.approx(abs(scaled[0] - scaled[1]) / (2 * step), rel=0.05, abs=1e-3)


def test_cycles_of_convolutions_are_those_of_the_formula():
    """At 32x32: 3x3 of 32 to 64 channels 1024 x 9 x 2; a 1x1 of few channels at least 4 per position; depthwise 9."""
    conv = torch.nn.Conv2d
    assert pruning.conv_cycles(conv(32, 64, 3), 32, 32) == 1024 * 9 * 2
    assert pruning.conv_cycles(conv(8, 8, 1), 32, 32) == 1024 * 4
    assert pruning.conv_cycles(conv(48, 48, 3, groups=48), 32, 32) == 1024 * 9
    assert pruning.conv_cycles(conv(8, 8, 1), 1, 1) == 16 * 4, "positions are counted in groups of 16"
