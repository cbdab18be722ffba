"""Tests of the page's section on how sure the networks are, and of its figures, on made-up figures."""

import json
from xml.etree import ElementTree

import pytest
from PIL import Image

import example_uncertainty
from example_cards import bare

from dermaloupe_recipe import canvas, uncertainty_figures, uncertainty_page, zoo_page


@pytest.fixture
def results(tmp_path):
    path = tmp_path / "uncertainty.json"
    path.write_text(json.dumps(example_uncertainty.document()))
    return path


@pytest.fixture
def page(results):
    return zoo_page.render(example_uncertainty.cards(), uncertainty=results)


def row_of(page, heading, name):
    """The cells of a row, by its first cell, of the first table whose line of headings has `heading`."""
    tables = [block.splitlines() for block in page.split("\n\n") if block.startswith("| ")]
    lines = next(block for block in tables if heading in block[0])
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return next(line[1:] for line in cells if line[0].strip("*") == name)


def test_the_tables_show_the_cards_figures(page):
    assert row_of(page, "temperature", "narrow")[:4] == ["1.169", "0.0081", "0.0018", "0.0016"]
    assert row_of(page, "outer level", "narrow")[:3] == ["0.012", "0.976", "90.7 %"]
    assert row_of(page, "mean error of IoU", "narrow")[:6] == ["0.74", "0.72", "0.071", "0.043", "71", "71.8 %"]
    assert row_of(page, "expected level: val", "narrow")[0] == "−0.0017 (−0.003 to +0.000)"
    assert row_of(page, "IoU below 0.65", "narrow") == ["0.8416", "0.8377 to 0.8456", "0.9035", "0.8261", "9.9 %"]
    assert row_of(page, "polygon by hand", "narrow") == ["0.8920", "–", "0.7750", "–"]


def test_orders_tenths_and_views_are_rows(page):
    assert row_of(page, "95 % interval of 20 %", "lowest expected agreement") == [
        "25.0 %", "47.0 %", "71.8 %", "81.0 %", "61.0 to 82.0 %"]
    assert row_of(page, "95 % interval of 20 %", "random order")[:4] == ["5.0 %", "10.0 %", "20.0 %", "30.0 %"]
    assert row_of(page, "IoU found", "the lowest") == ["0.600", "0.580"]
    assert row_of(page, "mean of eight", "HAM10000")[:2] == ["0.8273", "0.8256"]


def test_a_small_group_is_marked(page):
    assert "| age | 0 to 9 | 7 * |" in page and "Fewer than 20 photographs" in page
    assert row_of(page, "| by |", "diagnosis")[:2] == ["melanoma", "5,012"]


def test_the_weakest_groups_and_the_levels_are_told_in_words(page):
    text = " ".join(page.split())
    assert "by mean_iou: melanoma 0.842, melanocytic naevus 0.842. These" in text, "groups of few are left out"
    assert "It helps 0 of 2 networks on val" in text
    assert "on HAM10000 it would gain +0.0090, and on test −0.0100" in text


def test_people_are_the_yardstick_with_their_caveat(page):
    text = " ".join(page.split())
    assert "outlined 218 of the test photographs" in text and "no command here repeats the 0.655" in text


def test_a_page_of_cards_without_the_blocks_leaves_the_section_out(results, tmp_path):
    assert "How sure" not in zoo_page.render([bare()], uncertainty=results)
    assert "How sure" not in zoo_page.render(example_uncertainty.cards(), uncertainty=tmp_path / "none.json")
    assert not uncertainty_page.has_uncertainty([*example_uncertainty.cards(), bare("small")],
                                                example_uncertainty.document())


@pytest.mark.parametrize("name", uncertainty_figures.NAMES)
def test_a_figure_is_the_same_for_the_same_figures_in_both_formats(tmp_path, name):
    drawn = [uncertainty_figures.figure(name, example_uncertainty.cards(), example_uncertainty.document())
             for _ in range(2)]
    assert drawn[0].svg() == drawn[1].svg()
    assert ElementTree.fromstring(drawn[0].svg()).tag.endswith("svg")
    svg = drawn[0].svg().encode()
    (tmp_path / f"{name}.svg").write_bytes(svg)
    (tmp_path / f"{name}.png").write_bytes(drawn[0].png(uncertainty_figures.sha256(svg)))
    assert uncertainty_figures.is_current(tmp_path, name, drawn[1])
    with Image.open(tmp_path / f"{name}.png") as image:
        assert image.size == (drawn[0].width * canvas.SCALE, drawn[0].height * canvas.SCALE)
    (tmp_path / f"{name}.svg").write_text("other")
    assert not uncertainty_figures.is_current(tmp_path, name, drawn[1])


def test_figures_without_measurements_say_what_to_run(tmp_path):
    with pytest.raises(uncertainty_figures.FigureError, match="run uncertainty.py first"):
        uncertainty_figures.read_results(tmp_path / "none.json")
    with pytest.raises(uncertainty_figures.FigureError, match="no figures of small"):
        uncertainty_figures.figure("queue", [bare("small")], example_uncertainty.document())


def test_dashes_cover_half_of_a_line():
    parts = canvas.pieces([(0, 0), (10, 0), (10, 10)], 2.5)
    length = sum(abs(x1 - x0) + abs(y1 - y0) for (x0, y0), (x1, y1) in parts)
    assert length == pytest.approx(10) and parts[0][0] == (0, 0)


def test_words_are_escaped_and_stay_within_the_canvas():
    paper = canvas.Canvas(60, 60)
    paper.text(50, 30, "a<b", "#000000", anchor="end")
    paper.text(10, 50, "up", "#000000", upwards=True)
    assert "a&lt;b" in paper.svg() and "rotate(-90" in paper.svg()
    dark = paper.image().convert("L").point(lambda value: 255 * (value < 128)).getbbox()
    assert dark[0] >= 0 and dark[2] <= 60 * canvas.SCALE
