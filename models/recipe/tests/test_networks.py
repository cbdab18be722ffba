"""Tests of the ten networks: their published sizes, the NPU form, pruning, and names in checkpoints."""

import hashlib
import json
import shutil
import subprocess
import sys

import pytest
import torch
import torch.nn.functional as F

from dermaloupe_recipe import blocks, checkpoints, losses, malunet, networks, pruning

EXACT = ("malunet", "medium", "egeunet")


@pytest.mark.parametrize("name", EXACT)
def test_the_published_form_has_exactly_the_published_parameters(name):
    assert networks.count_parameters(networks.create(name, npu=False)) == networks.PAPER_PARAMETERS[name]


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_the_published_form_is_within_five_percent_of_the_published_parameters(name):
    found, paper = networks.count_parameters(networks.create(name, npu=False)), networks.PAPER_PARAMETERS[name]
    assert abs(found / paper - 1) <= 0.05, (found, paper)


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_a_network_returns_one_logit_per_position(name):
    photos = torch.zeros(2, 3, 64, 96)
    with torch.inference_mode():
        assert networks.create(name).eval()(photos).shape == (2, 1, 32, 48)
        assert networks.create(name, npu=False).eval()(photos).shape == (2, 1, 64, 96)


@pytest.mark.parametrize("name", networks.NETWORKS)
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


# Names in checkpoints

STATE_DICTS = {
    "malunet": "322665dfbb1dde82",
    "small": "bc35c81b04f6f3d5",
    "medium": "6ad4c393cca09365",
    "shallow": "d99c2493f2e926f6",
    "narrow": "704e892a575228d7",
    "efficient": "a41b1ab463fada73",
    "attlight": "4f794e887599a572",
    "globalatt": "5a906443852b4952",
    "mobile": "bbaf00b4722eb343",
    "egeunet": "12b12e4066ed927e",
}


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_the_names_in_a_checkpoint_stay_the_same(name):
    """A renamed module needs its former name in checkpoints.FORMER_MODULES before the hash here may change."""
    shapes = [f"{key} {list(value.shape)}" for key, value in networks.create(name).state_dict().items()]
    assert hashlib.sha256("\n".join(shapes).encode()).hexdigest()[:16] == STATE_DICTS[name]


@pytest.mark.parametrize("name, former, npu", [
    ("malunet", "bottom.0.keys.weight", True), ("malunet", "bridge.spatial.look.4.bias", True),
    ("malunet", "bridge.channel.along.weight", False), ("efficient", "bridge.along.0.weight", True),
    ("mobile", "encoders.3.1.widen_norm.weight", True), ("mobile", "decoders.2.0.narrow.weight", True),
    ("egeunet", "sides.0.weight", True), ("egeunet", "bottom.maps.0.map", True),
])
def test_a_former_name_in_a_checkpoint_is_found_under_its_current_one(name, former, npu):
    state_dict = networks.create(name, npu=npu).state_dict()
    (current,) = checkpoints.current_modules({former: None})
    assert former not in state_dict and current in state_dict
    assert checkpoints.current_modules(state_dict).keys() == state_dict.keys(), "current names are kept"


# Pruning


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
