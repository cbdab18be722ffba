"""Tests of the comparison of designs, on phantoms, with one epoch of two small networks."""

import json

import numpy as np
import pytest

from dermaloupe_recipe import checkpoints, data, design_comparison, export, lightformer, networks


def config_of(tmp_path, root, **changes):
    settings = {"designs": "lightformer,efficient"} | changes
    return design_comparison.Config(epochs=1, image_size=64, data=str(root), limit=3, runs=str(tmp_path / "runs"),
                                    out=str(tmp_path / "designs.json"), speed_runs=1, **settings)


def test_designs_are_trained_and_measured_alike(phantom_data, tmp_path):
    config = config_of(tmp_path, phantom_data, designs="lightformer,globalatt", steps="train,quality,speed,prune")
    table = design_comparison.compare(config)
    assert json.loads((tmp_path / "designs.json").read_text()) == table
    assert table["networks"].keys() == {"lightformer", "globalatt"}
    for name, figures in table["networks"].items():
        assert figures["parameters"] == networks.count_parameters(networks.create(name))
        assert figures["macs"] > 0 and figures["onnx_bytes"] > 4 * figures["parameters"]
        assert figures["millis"].keys() == {"1", "2"} and min(figures["millis"].values()) > 0
        assert figures["val"]["n"] == 3 and 0 <= figures["val"]["pooled_iou"] <= 1
    configs = [checkpoints.load(tmp_path / "runs" / f"{name}-design" / "last.pt", name)["config"]
               for name in table["networks"]]
    different = {key for key in configs[0] if configs[0][key] != configs[1][key]}
    assert different == {"network", "name"}
    kept = table["pruning"]["kept"]
    assert len(kept) == 2 and all(set(heads) <= set(range(4)) for heads in kept)
    assert table["pruning"]["parameters"] < table["networks"]["lightformer"]["parameters"]


def test_figures_of_other_steps_and_designs_stay(phantom_data, tmp_path):
    (tmp_path / "designs.json").write_text(json.dumps({"networks": {"malunet": {"val": 1}, "globalatt": {"val": 2}}}))
    table = design_comparison.compare(config_of(tmp_path, phantom_data, designs="globalatt", steps="speed"))
    assert table["networks"]["malunet"] == {"val": 1} and table["networks"]["globalatt"]["val"] == 2


def test_quality_is_measured_at_the_size_of_the_masks(phantom_data):
    split = data.load(phantom_data, "val")
    found = design_comparison.quality(networks.create("efficient"), split, 64)
    assert found["n"] == 3 and 0 <= found["outlines"] <= 3


def test_surfaces_are_measured_where_there_is_an_outline():
    mask = np.zeros((2, 32, 32), bool)
    mask[:, 8:16, 8:16] = True
    moved = np.roll(mask[0], 2, axis=1).astype(np.float32)
    found = design_comparison.surface_means([moved, np.zeros((32, 32))], mask)
    assert found["outlines"] == 1 and found["hd95_px"] == pytest.approx(2) and 0 < found["assd_px"] < 2
    assert design_comparison.surface_means([np.zeros((32, 32))], mask[:1])["assd_px"] is None


def test_speed_is_that_of_one_photograph():
    content = export.to_onnx(networks.create("efficient"))
    assert design_comparison.millis({"efficient": content}, 2)["efficient"]["1"] > 0


@pytest.mark.parametrize("changes, words", [
    ({"designs": "nobody"}, "no design 'nobody'; there are: lightformer"),
    ({"steps": "train,guess"}, "no step 'guess'; there are: train"),
])
def test_unknown_words_are_named(tmp_path, changes, words):
    with pytest.raises(design_comparison.ComparisonError, match=words):
        design_comparison.compare(config_of(tmp_path, tmp_path, **{"designs": "globalatt"} | changes))


def test_every_design_is_compared():
    assert set(lightformer.DESIGNS) < set(design_comparison.NAMES) < set(networks.NETWORKS | networks.CANDIDATES)
