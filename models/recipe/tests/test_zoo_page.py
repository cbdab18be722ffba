"""Tests of the zoo's page, recommendation and drawing, on cards and masks with results computed by hand."""

import json
import re
import shutil

import numpy as np
import pytest
from PIL import Image

from dermaloupe_recipe import (
    ablation, cards, descriptions, export, files, networks, recommendation, zoo, zoo_figure, zoo_page,
)

FIGURES = {"mean_iou": 0.8041, "mean_dice": 0.8787, "pooled_iou": 0.81, "pooled_dice": 0.895,
           "class_mean_iou": 0.8763, "sensitivity": 0.8919, "specificity": 0.9753, "accuracy": 0.9586}


def bare(name="narrow", **changes):
    """A card without any of the blocks that are added after export."""
    return {
        "schema": 1, "name": name, "title": name, "description": "A trial.", "parameters": 63_133, "macs": 82_740_224,
        "threshold": 0.5, "test": {"split": "test", "n": 650, **FIGURES},
        "artefacts": [{"file": "model.onnx", "format": "onnx", "bytes": 784_755, "sha256": "a" * 64}], **changes,
    }


def quantised(name, pooled_iou, cycles=1_480_000, cpu_layers=(), **changes):
    """A card with INT8 metrics and the compiler's results."""
    return bare(
        name,
        int8={"toolkit": "rknn-toolkit2 2.5.0", "platform": "rk3588", "algorithm": "mmse", "hybrid_layers": ["head"],
              "calibration_photos": 150, "test": {"split": "test", "n": 650, **FIGURES, "pooled_iou": pooled_iou},
              "pooled_iou_minus_float": -0.0012},
        npu={"layers": 1201, "cpu_layers": list(cpu_layers), "conv_cycles": 1_004_999, "estimated_cycles": cycles,
             "estimated_millis": [1.78, 2.52]},
        **changes,
    )


def full():
    """A card with every block."""
    card = quantised("narrow", 0.8088)
    card["artefacts"].append({"file": "model.rk3588.rknn", "format": "rknn", "bytes": 1_460_400, "sha256": "b" * 64})
    return card | {
        "published": {"parameters": 66_290, "paper_parameters": 63_133, "paper_miou": 0.7594, "paper_seconds": 0.014},
        "centre_crop": {"split": "test", "n": 650, **FIGURES, "mean_iou": 0.7991},
        "speed": {"machine": "2 cores", "ort_millis": 4.14, "rten_millis": 8.0},
        "distillation": {"teacher": "malunet", "output_loss": {"train": 0.1, "val": 0.2},
                         "feature_loss": {"train": 0.3, "val": 0.4}},
        "recommended": "It is the one.",
    }


TABLES = {  # a heading that only this table has
    "sizes": "published form", "accuracy": "minus plain mean_iou", "int8": "INT8 mean_dice", "npu": "RKNN kB",
    "speed": "built-in engine ms", "all_figures": "sensitivity", "distillation": "output loss, train",
    "paper": "its ms, measured",
}


def table(cards, name):
    """The lines of one of the page's tables."""
    tables = [block for block in zoo_page.render(cards).split("\n\n") if block.startswith("| ")]
    return next(block for block in tables if TABLES[name] in block.splitlines()[0])


def row_of(cards, table_name, name):
    """The cells of a network's row."""
    lines = [line.strip("| ").split(" | ") for line in table(cards, table_name).splitlines()]
    return next(line for line in lines if line[0].strip("*") == name)[1:]


# The table


def test_the_tables_have_every_network():
    assert list(descriptions.NETWORKS) == list(networks.NETWORKS) == [card["name"] for card in zoo_page.read_cards()]


def test_the_cells_of_a_full_card_are_those_computed_by_hand():
    cards = [full()]
    # 66,290 is 63,133 and 3157 more, and 3157 / 63,133 is 5.0 %
    assert row_of(cards, "sizes", "narrow") == [
        "A trial.", "63,133", "66,290", "63,133", "+5.0 %", "82.74 M", "785"]
    # 0.7991 - 0.8041 = -0.0050
    assert row_of(cards, "accuracy", "narrow") == [
        "0.8100", "0.8787", "0.8041", "0.8763", "0.7991", "−0.0050"]
    assert row_of(cards, "int8", "narrow") == ["0.8088", "−0.0012", "0.8787", "mmse", "1"]
    assert row_of(cards, "npu", "narrow") == ["1,201", "0", "1.00 M", "1.48 M", "1.8 to 2.5", "1,460"]
    assert row_of(cards, "speed", "narrow") == ["4.1", "8.0", "2 cores"]
    assert row_of(cards, "all_figures", "narrow") == [
        "0.8100", "0.8950", "0.8041", "0.8787", "0.8763", "0.8919", "0.9753", "0.9586"]
    assert row_of(cards, "distillation", "narrow") == ["malunet", "0.1000", "0.2000", "0.3000", "0.4000"]
    assert row_of(cards, "paper", "narrow") == ["0.7594", "0.8763", "14", "1.8 to 2.5"]
    assert re.findall(r"^[0-9a-f]{64}  .*$", zoo_page.render(cards), re.MULTILINE) == [
        "a" * 64 + "  zoo/narrow/model.onnx", "b" * 64 + "  zoo/narrow/model.rk3588.rknn"]


def test_what_a_card_does_not_have_is_shown_as_a_dash():
    cards, none = [bare(), full()], zoo_page.NONE
    cards[1]["name"] = "small"
    assert row_of(cards, "sizes", "narrow")[2:5] == [none] * 3
    assert row_of(cards, "accuracy", "narrow")[4:] == [none] * 2
    for name in ("int8", "npu", "speed", "paper"):
        assert set(row_of(cards, name, "narrow")) == {none}, name
    assert "narrow" not in table(cards, "distillation"), "only those that were distilled"


def test_the_ablation_is_shown_where_it_was_measured(tmp_path):
    path = tmp_path / "ablation.json"
    assert "### What each part is worth" not in zoo_page.render([full()], path)
    arm = {"pooled_iou": 0.8, "mean_dice": 0.86, "last_pooled_iou": 0.79, "output_loss": 0.1, "feature_loss": 0.25}
    path.write_text(json.dumps({"student": "narrow", "epochs": 5, "split": "val", "start": 0.78,
                                "arms": [{"name": name, **arm} for name in ablation.VARIANTS]}))
    page = zoo_page.render([full()], path)
    assert page.count("| 0.8000 | 0.8600 | 0.7900 | 0.1000 | 0.2500 |") == len(ablation.VARIANTS)
    assert "| the masks alone | 0.8000 |" in page and "`narrow`, taught in four ways for 5 epochs" in page


def test_the_page_names_the_recommended_network_first_and_in_bold():
    page = zoo_page.render([bare("malunet"), full()])
    assert page.index("**Take narrow.** It is the one.") < page.index("## Size and accuracy")
    assert "| **narrow** |" in page and "| malunet |" in page
    assert "Smallest: malunet, 63,133 parameters" in page, "the first of equals"
    assert "no board was at hand" in " ".join(page.split())


def test_a_page_without_int8_figures_recommends_nothing():
    assert "No network is recommended yet" in zoo_page.render([bare()])


def test_layers_on_the_cpu_are_named():
    page = zoo_page.render([quantised("malunet", 0.8, cpu_layers=["Resize_12", "Div_3"])])
    assert "- malunet leaves to the CPU: `Resize_12`, `Div_3`." in page


def test_a_board_time_gets_columns_of_its_own():
    card = full()
    assert "board" not in table([card], "speed")
    card["speed"] |= {"board": "Board 5", "board_millis": 3.26}
    assert row_of([card], "speed", "narrow")[3:] == ["3.3", "Board 5"]


def test_cards_measured_on_different_photographs_are_refused():
    other = bare("small", test={"split": "val", "n": 150, **FIGURES})
    with pytest.raises(zoo_page.PageError, match="narrow on 650 of split 'test', small on 150 of split 'val'"):
        zoo_page.render([bare(), other])


def test_cards_are_read_in_the_order_of_the_tables(tmp_path):
    for name in ("stranger", "egeunet", "malunet"):
        cards.write_card(tmp_path / name, bare(name))
    assert [card["name"] for card in zoo_page.read_cards(tmp_path)] == ["malunet", "egeunet", "stranger"]


def test_a_folder_without_cards_is_refused(tmp_path):
    with pytest.raises(zoo_page.PageError, match="no card.json"):
        zoo_page.read_cards(tmp_path)


# The recommendation


def test_the_fewest_cycles_near_the_best_are_recommended():
    cards = [quantised("malunet", 0.82, 3_000_000), quantised("small", 0.8149, 500_000),
             quantised("narrow", 0.815, 1_480_000), quantised("mobile", 0.819, 2_000_000)]
    name, reason = recommendation.recommend(cards)
    assert name == "narrow", "0.8150 is just within 0.005 of 0.8200, 0.8149 is not"
    assert reason["en"] == (
        "Of 4 networks 3 run on the NPU alone and lie within 0.005 of the best INT8 pooled_iou (0.8200, malunet); "
        "of these narrow (0.8150) needs the fewest estimated NPU cycles (1.48 M)."
    )
    assert reason["zh-CN"] == (
        "4 个模型中有 3 个可完全在 NPU 上运行，且 INT8 pooled_iou 与最佳值（0.8200，malunet）相差不超过 0.005；"
        "其中 narrow（0.8150）估计所需的 NPU 周期最少（1.48 M）。"
    )


def test_of_equal_cycles_the_fewest_macs_are_recommended_and_then_the_first():
    cards = [quantised("malunet", 0.82, macs=9_000_000), quantised("small", 0.82, macs=8_000_000),
             quantised("narrow", 0.82, macs=8_000_000)]
    name, reason = recommendation.recommend(cards)
    assert name == "small"
    reasons = "the fewest estimated NPU cycles (1.48 M) and, of those with as few, the fewest MACs (8.00 M)"
    assert reasons in reason["en"]


def test_networks_without_int8_figures_are_not_recommended():
    name, reason = recommendation.recommend([bare("malunet"), quantised("narrow", 0.5)])
    assert (name, reason["en"]) == ("narrow", "It is the only network with INT8 figures: narrow (0.5000).")
    assert recommendation.recommend([bare("malunet"), bare("small")]) is None


def test_the_only_network_near_the_best_is_recommended_although_another_is_faster():
    name, reason = recommendation.recommend([quantised("malunet", 0.82, 3_000_000), quantised("narrow", 0.81)])
    assert name == "malunet"
    assert reason["en"] == (
        "Of 2 networks only malunet (0.8200) runs on the NPU alone and lies within 0.005 of the best INT8 pooled_iou "
        "(0.8200, malunet)."
    )


def test_every_network_is_described_in_chinese():
    assert descriptions.CHINESE_DESIGNS.keys() == descriptions.NETWORKS.keys()


def test_a_network_with_layers_on_the_cpu_is_not_preferred_for_its_estimate():
    cards = [quantised("malunet", 0.82, 100, cpu_layers=["Div_3"]), quantised("narrow", 0.82, 200)]
    assert recommendation.recommend(cards)[0] == "narrow"
    assert recommendation.recommend(cards[:1])[0] == "malunet", "unless there is no other"


def test_without_estimates_macs_decide():
    cards = [quantised("malunet", 0.82, macs=9), quantised("narrow", 0.82, macs=8_000_000_000)]
    for card in cards:
        del card["npu"]
    name, reason = recommendation.recommend(cards)
    assert name == "malunet" and "needs the fewest MACs (0.00 M)" in reason["en"] and "NPU" not in reason["en"]


def test_the_recommendation_is_on_one_card_only(tmp_path):
    cards.write_card(tmp_path / "zoo" / "malunet", quantised("malunet", 0.82, 9_000_000, recommended="Once."))
    cards.write_card(tmp_path / "zoo" / "narrow", quantised("narrow", 0.82))
    zoo.write_page(tmp_path / "zoo")
    malunet, narrow = zoo_page.read_cards(tmp_path / "zoo")
    assert "recommended" not in malunet and narrow["recommended"].startswith("Of 2 networks 2 run")
    teacher, student = malunet["translations"]["zh-CN"], narrow["translations"]["zh-CN"]
    assert "recommended" not in teacher and "教师" in teacher["description"]
    assert student["recommended"].startswith("2 个模型中有 2 个")
    assert (tmp_path / "README.md").read_text() == zoo_page.render([malunet, narrow])


# The drawing


def rectangle(top, bottom, left, right, side=256):
    mask = np.zeros((side, side), bool)
    mask[top:bottom, left:right] = True
    return mask


def drawn_row(aspect=1.0):
    """Reference in the left two thirds of a band, one network's mask in the right two thirds."""
    photo = np.full((256, 256, 3), 200, np.uint8)
    masks = {"narrow": rectangle(64, 192, 96, 224), "small": rectangle(0, 0, 0, 0), "mobile": rectangle(0, 9, 0, 9)}
    return zoo_figure.Row("Photograph 7", "ISIC_0000007", aspect, photo, rectangle(64, 192, 32, 160), masks)


def colour_at(picture, x, y):
    """The colour at a position of a 256x256 map, as the program writes it."""
    width, height = picture.size
    return "#{:02x}{:02x}{:02x}".format(*picture.getpixel((round(x / 256 * width), round(y / 256 * height))))


@pytest.mark.parametrize("aspect", [1.0, 1.5, 0.75])
def test_agreement_and_errors_have_their_colours(aspect):
    row = drawn_row(aspect)
    picture = zoo_figure.agreement_picture(row.masks["narrow"], row.reference, row.size())
    assert picture.size == (zoo_figure.CELL, round(zoo_figure.CELL / aspect))
    assert colour_at(picture, 128, 128) == zoo_figure.TRUE_POSITIVE
    assert colour_at(picture, 192, 128) == zoo_figure.FALSE_POSITIVE
    assert colour_at(picture, 64, 128) == zoo_figure.FALSE_NEGATIVE
    assert colour_at(picture, 128, 20) == zoo_figure.PANEL
    light, missed = (np.array(zoo_figure.rgb(colour)) for colour in (zoo_figure.TEXT, zoo_figure.FALSE_NEGATIVE))
    edge = picture.getpixel((32 * zoo_figure.CELL // 256, picture.height // 2))  # one pixel of line across two
    assert np.abs(edge - (light + missed) / 2).max() < 3


def test_outlines_are_on_the_edges_with_a_halo_beside_them():
    row = drawn_row()
    picture = zoo_figure.photo_picture(row, [(row.reference, zoo_figure.REFERENCE)])
    edge = round(32 / 256 * zoo_figure.CELL)
    across = [picture.getpixel((edge + x, picture.height // 2)) for x in (-8, -2, -1, 0, 1)]
    line = ["#{:02x}{:02x}{:02x}".format(*pixel) for pixel in across]
    assert line == ["#c8c8c8", zoo_figure.HALO, zoo_figure.REFERENCE, zoo_figure.REFERENCE, zoo_figure.HALO]


def test_an_empty_or_full_mask_has_no_outline():
    row = drawn_row()
    for mask in (np.zeros((256, 256), bool), np.ones((256, 256), bool)):
        assert set(zoo_figure.photo_picture(row, [(mask, zoo_figure.PREDICTION)]).getdata()) == {(200, 200, 200)}
    assert zoo_figure.dice(row.masks["small"], row.reference) == 0.0
    # 64 of 128 columns are shared: 2 x 64 / (128 + 128)
    assert zoo_figure.dice(row.masks["narrow"], row.reference) == 0.5


def test_a_sheet_has_a_row_per_photograph_and_a_column_per_network():
    f = zoo_figure
    page = f.sheet([drawn_row(), drawn_row(2.0)], f.columns_of_masks, f.MASK_LEGEND)
    width = 2 * f.MARGIN + f.LABELS + 4 * f.CELL + 3 * f.GAP
    assert page.size == (width, f.MARGIN + f.HEADER + f.CELL + f.CELL // 2 + 2 * f.CAPTION + f.LEGEND)
    left, top = f.MARGIN + f.LABELS + f.CELL + f.GAP, f.MARGIN + f.HEADER
    narrow = page.crop((left, top, left + f.CELL, top + f.CELL))
    assert colour_at(narrow, 128, 128) == f.TRUE_POSITIVE
    with_photos = f.sheet([drawn_row()], f.columns_with_photos, f.PHOTO_LEGEND)
    assert with_photos.width == width + f.CELL + f.GAP


@pytest.fixture
def photograph_folder(tmp_path):
    """A data folder with two drawn test photographs: a dark square on light ground."""
    folder = tmp_path / "data" / "isic2017"
    lines = ["image_id,split,width,height"]
    for number in range(2):
        mask = rectangle(80, 176, 80 + 20 * number, 200)
        photo = np.where(mask[..., None], [90, 60, 50], [220, 180, 160]).astype(np.uint8)
        for kind, pixels in (("images", photo), ("masks", mask.astype(np.uint8) * 255)):
            (folder / kind).mkdir(parents=True, exist_ok=True)
            ending = "jpg" if kind == "images" else "png"
            Image.fromarray(pixels).save(folder / kind / f"DRAWN_{number}.{ending}")
        lines.append(f"DRAWN_{number},test,400,300")
    (folder / "splits.csv").write_text("\n".join(lines) + "\n")
    return folder.parent


def test_the_drawing_is_drawn_once_for_the_same_networks(photograph_folder, tmp_path, capsys):
    zoo, (folder, drawing) = tmp_path / "zoo", (tmp_path / "zoo" / "malunet", zoo_figure.drawing_of(tmp_path / "zoo"))
    shutil.copytree(files.ZOO / "malunet", folder)

    def draw():
        zoo_figure.draw_masks(zoo, photograph_folder, (0, 1))

    draw()
    first = drawing.read_bytes()
    draw()
    assert "up to date" in capsys.readouterr().out
    drawing.unlink()
    draw()
    assert drawing.read_bytes() == first, "the same networks give the same bytes"
    (folder / "model.onnx").write_bytes(b"another")
    with pytest.raises(export.ExportError, match="not the one that its card names"):
        zoo_figure.load_networks(zoo)


def test_the_drawing_with_photographs_is_written_to_the_given_folder(photograph_folder, tmp_path):
    shutil.copytree(files.ZOO / "malunet", tmp_path / "zoo" / "malunet")
    zoo_figure.draw_photos(tmp_path / "zoo", tmp_path / "out", photograph_folder, (0, 1))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["photographs-0-52-147.png"]
    assert not zoo_figure.drawing_of(tmp_path / "zoo").exists()
