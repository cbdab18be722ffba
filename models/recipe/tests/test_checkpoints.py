"""Tests of checkpoints: writing, reading, and the names of former versions."""

import hashlib

import pytest
import torch

from conftest import checkpoint

from dermaloupe_recipe import checkpoints, networks

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
    "lightformer": "b8faa6bca0b2abbb",
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


def test_a_candidate_never_had_former_names(tmp_path):
    names = networks.create("lightformer").state_dict()
    path = checkpoint(tmp_path, networks.create("lightformer"), named="lightformer")
    assert any(".narrow." in name for name in names), "one of the former names is its own"
    assert checkpoints.load_network(path, "lightformer")[0].state_dict().keys() == names.keys()


def test_a_failed_write_leaves_the_last_checkpoint_whole(network, tmp_path, monkeypatch):
    path = checkpoint(tmp_path, network)
    before = path.read_bytes()

    def fail_half_way(content, out):
        out.write(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(torch, "save", fail_half_way)
    with pytest.raises(OSError):
        checkpoints.save(path, {})
    assert path.read_bytes() == before


def test_a_checkpoint_of_another_network_is_refused(network, tmp_path):
    path = checkpoint(tmp_path, network, named="egeunet")
    with pytest.raises(SystemExit, match=f"network 'egeunet', expected 'malunet': {path}"):
        checkpoints.load(path, "malunet")


def test_a_missing_checkpoint_is_named(tmp_path):
    with pytest.raises(SystemExit, match=f"train first.*: {tmp_path / 'none.pt'}"):
        checkpoints.load(tmp_path / "none.pt", "malunet")
