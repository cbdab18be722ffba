"""Tests of the comparison of designs, on phantoms, with one epoch of two small networks."""

import json

import numpy as np
import pytest

from dermaloupe_recipe import checkpoints, data, design_comparison, designs_page, export, lightformer, networks


def config_of(tmp_path, root, **changes):
    settings = {"designs": "lightformer,efficient"} | changes
    return design_comparison.Config(epochs=1, image_size=64, data=str(root), limit=3, runs=str(tmp_path / "runs"),
                                    out=str(tmp_path / "designs.json"), page=str(tmp_path / "page.md"), speed_runs=1,
                                    **settings)


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


def example(**changes):
    """A table with the figures that the page needs."""
    figures = {"parameters": 195_121, "onnx_bytes": 900_000, "macs": 200_000_000, "millis": {"1": 20.0, "2": 12.5},
               "val": {"n": 150, "pooled_iou": 0.8, "mean_iou": 0.79, "mean_dice": 0.87, "assd_px": 5.1,
                       "hd95_px": 15.2}}
    slow = figures | {"parameters": 400_000, "millis": {"1": 60.0, "2": 40.0}, "val": {}}
    return {"networks": {"lightformer": figures, "plain-transformer": slow, "standard-unet": figures}, "speed_runs": 5,
            "training": {"epochs": 6, "photographs": 675, "image_size": 128, "learning_rate": 0.002}} | changes


def test_the_page_says_which_claims_hold():
    page = designs_page.render(example())
    assert "51 % smaller and 3.00 times as fast with one thread" in page and "neither claim holds here" in page
    assert "| lightformer | 195,121 | 200.00 M | 900 | 20.0 |" in page and "| plain-transformer | – | – |" in page
    assert "Trained to the end" not in page and "pruner" not in page
    table = example()
    del table["networks"]["plain-transformer"]["millis"]
    assert "as fast with one thread" not in designs_page.render(table) and "51 % fewer" in designs_page.render(table)
    table["networks"]["plain-transformer"] |= {"parameters": 800_000, "millis": {"1": 80.0, "2": 20.0}}
    assert "both claims hold here" in designs_page.render(table)


def test_the_page_has_the_finished_training_beside_globalatt():
    finished = {"val": example()["networks"]["lightformer"]["val"], "globalatt": {"val": 0.83}, "epoch": 27,
                "trainings": [{"epochs": 28, "image_sizes": "128x1", "learning_rate": 0.002},
                              {"epochs": 9, "image_sizes": "256x1", "learning_rate": 0.001,
                               "teacher": "zoo:globalatt"}]}
    page = designs_page.render(example(finished=finished, verdict="It is not worth taking."))
    assert "| val | 0.8000 | 0.8300 | −0.0300 |" in page and "It is not worth taking." in page
    assert "Trained for 28 epochs (`128x1`, learning rate 0.002), then\ntrained for 9 epochs" in page
    assert "with the outputs of globalatt as a teacher, best epoch 27:" in page


def test_the_committed_page_is_rendered_from_the_committed_table():
    table = json.loads(designs_page.TABLE.read_text())
    assert designs_page.PAGE.read_text() == designs_page.render(table), "run compare_designs.py --steps page"


def test_every_design_is_compared():
    assert set(lightformer.DESIGNS) < set(design_comparison.NAMES) < set(networks.NETWORKS | networks.CANDIDATES)
