"""Tests of the zoo's page, on cards with results computed by hand."""

import json
import re

import pytest

from example_cards import FIGURES, bare, full, quantised

from dermaloupe_recipe import ablation, cards, zoo_page

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
    assert "### What each part contributes" not in zoo_page.render([full()], path)
    arm = {"pooled_iou": 0.8, "mean_dice": 0.86, "last_pooled_iou": 0.79, "output_loss": 0.1, "feature_loss": 0.25}
    path.write_text(json.dumps({"student": "narrow", "epochs": 5, "split": "val", "start": 0.78,
                                "arms": [{"name": name, **arm} for name in ablation.VARIANTS]}))
    page = zoo_page.render([full()], path)
    assert page.count("| 0.8000 | 0.8600 | 0.7900 | 0.1000 | 0.2500 |") == len(ablation.VARIANTS)
    assert "| the masks alone | 0.8000 |" in page and "`narrow`, trained with four losses for 5 epochs" in page


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
