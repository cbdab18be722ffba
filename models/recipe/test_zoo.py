"""Quick tests of what rebuilds the zoo, with an export and a compiler that pretend, and of the committed zoo."""

import hashlib
import json
import stat
from pathlib import Path

import pytest
import torch
from PIL import Image

import export
import make_zoo
import zoo_figure
import zoo_table
from test_zoo_page import FIGURES, bare, quantised


# The networks


class Workshop:
    """A zoo and runs in a scratch folder, with an export and a compiler that only pretend."""

    def __init__(self, folder):
        self.zoo, self.runs, self.done, self.broken = folder / "zoo", folder / "runs", [], set()
        self.program = folder / "dermaloupe"

    def train(self, name, weights=b"weights", epochs_done=5):
        (self.runs / name).mkdir(parents=True, exist_ok=True)
        (self.runs / name / "best.pt").write_bytes(weights)
        torch.save({"epoch": epochs_done, "config": {"epochs": 5}}, self.runs / name / "last.pt")

    def build_program(self, engines=("ort", "rten"), model="$3", median=4.126):
        """A program that answers `bench` as ours does: its third argument is the network's name."""
        report = {"model": "NAME", "engines": [
            {"engine": engine, "millis": {"infer": {"median": median + place, "min": median}}}
            for place, engine in enumerate(engines)]}
        self.program.write_text(f"#!/bin/sh\necho '{json.dumps(report)}' | sed \"s/NAME/{model}/\"\n")
        self.program.chmod(self.program.stat().st_mode | stat.S_IXUSR)

    def export(self, config):
        self.do("export", config.name)
        onnx = b"graph of " + Path(config.checkpoint).read_bytes()
        block = {"split": config.split, "n": 650, **FIGURES}
        card = bare(config.name, test=block, centre_crop=block, published={"parameters": 1, "paper_parameters": 1})
        card["artefacts"] = [self.entry("model.onnx", "onnx", onnx)]
        make_zoo.write_card(Path(config.zoo) / config.name, card)
        (Path(config.zoo) / config.name / "model.onnx").write_bytes(onnx)

    def compile(self, job):
        card, rknn = job.card(), b"compiled " + (job.folder / "model.onnx").read_bytes()
        (job.folder / "model.rk3588.rknn").write_bytes(rknn)
        card["artefacts"] = [card["artefacts"][0], self.entry("model.rk3588.rknn", "rknn", rknn)]
        made = quantised(job.name, 0.8)
        make_zoo.write_card(job.folder, card | {"int8": made["int8"], "npu": made["npu"]})
        self.do("rknn", job.name)

    def do(self, step, name):
        self.done.append((step, name))
        if (step, name) in self.broken:
            raise make_zoo.ZooError(f"{step} was made to fail")

    @staticmethod
    def entry(file, format_, content):
        return {"file": file, "format": format_, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    def make(self, **changes):
        """The names of what failed; `done` then holds the steps that were taken."""
        self.done.clear()
        return make_zoo.make(make_zoo.Config(zoo=str(self.zoo), runs=str(self.runs), program=str(self.program),
                                             machine="a test", **changes))

    def card(self, name):
        return json.loads((self.zoo / name / "card.json").read_text())

    def files(self, name):
        return {path.name: path.read_bytes() for path in (self.zoo / name).iterdir()}


@pytest.fixture
def workshop(tmp_path, monkeypatch):
    made = Workshop(tmp_path)
    monkeypatch.setattr(export, "export", made.export)
    monkeypatch.setattr(make_zoo, "build_rknn", made.compile)
    monkeypatch.setattr(zoo_figure, "draw_masks", lambda *_: None)
    made.build_program()
    made.train("narrow")
    made.train("small", b"other weights")
    return made


BOTH = [("export", "small"), ("rknn", "small"), ("export", "narrow"), ("rknn", "narrow")]


def test_every_network_with_a_finished_run_is_made(workshop, capsys):
    workshop.train("mobile", epochs_done=3)
    assert workshop.make() == []
    assert workshop.done == BOTH
    card = workshop.card("narrow")
    assert card["speed"] == {"machine": "a test", "ort_millis": 4.13, "rten_millis": 5.13}
    assert set(workshop.files("narrow")) == {"card.json", "model.onnx", "model.rk3588.rknn"}
    assert (workshop.zoo.parent / "README.md").read_text() == zoo_table.page(zoo_table.read_cards(workshop.zoo))
    told = capsys.readouterr().out
    assert "mobile: left as it is, its run has done 3 of 5 epochs" in told
    assert "malunet: left as it is, it has no checkpoint" in told


def test_a_failing_network_keeps_its_card_and_does_not_stop_the_others(workshop, capsys):
    workshop.make()
    before = workshop.files("small")
    workshop.train("small", b"better weights")
    workshop.train("narrow", b"better weights")
    workshop.broken.add(("rknn", "small"))
    assert workshop.make() == ["small"]
    assert workshop.files("small") == before
    assert workshop.files("narrow")["model.onnx"] == b"graph of better weights"
    assert "make_zoo.py: small: rknn was made to fail" in capsys.readouterr().err
    workshop.broken.clear()
    assert workshop.make() == [] and workshop.done == BOTH[:2], "and is made when asked again"


def test_a_network_that_fails_at_first_leaves_no_folder(workshop):
    workshop.broken.add(("rknn", "small"))
    assert workshop.make() == ["small"]
    assert not (workshop.zoo / "small").exists()


def test_an_unforeseen_failure_is_told_with_its_name_too(workshop, monkeypatch, capsys):
    monkeypatch.setitem(make_zoo.RUN, "export", lambda job: {}["nothing"])
    assert workshop.make(only="narrow") == ["narrow", "table"]
    assert "make_zoo.py: narrow: Traceback" in capsys.readouterr().err


def test_steps_that_are_up_to_date_are_not_repeated(workshop):
    workshop.make()
    cards = {name: workshop.files(name) for name in ("narrow", "small")}
    assert workshop.make() == [] and workshop.done == []
    assert {name: workshop.files(name) for name in cards} == cards
    workshop.make(only="narrow", again="rknn")
    assert workshop.done == [("rknn", "narrow")]
    workshop.make(only="narrow", algorithm="normal")
    assert workshop.done == [("rknn", "narrow")]
    workshop.train("narrow", b"better weights")
    workshop.make()
    assert workshop.done == BOTH[2:]


def test_a_spoilt_file_is_made_again(workshop):
    workshop.make()
    (workshop.zoo / "narrow" / "model.rk3588.rknn").write_bytes(b"spoilt")
    workshop.make()
    assert workshop.done == BOTH[3:]


def test_a_network_that_another_has_replaced_is_made_again(workshop):
    workshop.make()
    other = b"graph of another"
    (workshop.zoo / "narrow" / "model.onnx").write_bytes(other)
    card = workshop.card("narrow")
    card["artefacts"] = [workshop.entry("model.onnx", "onnx", other)]
    make_zoo.write_card(workshop.zoo / "narrow", card)
    workshop.make()
    assert workshop.done == BOTH[2:]
    assert workshop.files("narrow")["model.onnx"] == b"graph of weights"


def test_the_same_graph_keeps_what_was_measured_of_it(workshop):
    workshop.make()
    before = workshop.card("narrow")
    workshop.make(only="narrow", again="export", skip="rknn,speed")
    assert workshop.done == [("export", "narrow")]
    assert workshop.card("narrow") == before


def test_another_graph_loses_its_int8_figures_and_its_rknn_file(workshop):
    workshop.make()
    workshop.train("narrow", b"better weights")
    workshop.make(only="narrow", skip="rknn,speed")
    card = workshop.card("narrow")
    assert "int8" not in card and "npu" not in card
    assert card["speed"]["ort_millis"] == 4.13, "other weights in the same graph take the same time"
    assert set(workshop.files("narrow")) == {"card.json", "model.onnx"}


def test_only_takes_an_unfinished_run_and_refuses_unknown_names(workshop):
    workshop.train("mobile", epochs_done=3)
    assert workshop.make(only="mobile") == [] and workshop.done == [("export", "mobile"), ("rknn", "mobile")]
    assert workshop.make(only="shallow") == ["shallow"], "it has no run at all"
    with pytest.raises(SystemExit, match="no network named 'tiny'; there are: malunet, small"):
        workshop.make(only="tiny")
    with pytest.raises(SystemExit, match="no step named 'prune'"):
        workshop.make(skip="prune")


def test_table_only_touches_no_network(workshop):
    workshop.make()
    workshop.train("narrow", b"better weights")
    (workshop.zoo.parent / "README.md").unlink()
    assert workshop.make(table_only=True) == [] and workshop.done == []
    assert (workshop.zoo.parent / "README.md").exists()


# Speed and distillation


def test_without_the_program_the_former_speed_stays(workshop, capsys):
    workshop.make()
    workshop.program.unlink()
    assert workshop.make(only="narrow", again="speed") == []
    assert workshop.card("narrow")["speed"]["ort_millis"] == 4.13
    assert "build the program with 'cargo build --release'" in capsys.readouterr().out


def test_without_an_engine_the_former_speed_stays(workshop, capsys):
    workshop.build_program(engines=["rten"])
    assert workshop.make(only="narrow") == []
    assert "speed" not in workshop.card("narrow")
    assert "the program found no ort" in capsys.readouterr().out


def test_a_measured_board_time_outlives_another_measurement(workshop):
    workshop.make()
    card = workshop.card("narrow")
    card["speed"] |= {"board": "Board 5", "board_millis": 3.2}
    make_zoo.write_card(workshop.zoo / "narrow", card)
    workshop.build_program(median=2.0)
    workshop.make(only="narrow", again="speed")
    assert workshop.card("narrow")["speed"] == {
        "machine": "a test", "ort_millis": 2.0, "rten_millis": 3.0, "board": "Board 5", "board_millis": 3.2}


def test_a_measurement_of_another_network_is_refused(workshop, capsys):
    workshop.build_program(model="malunet")
    assert workshop.make(only="narrow") == ["narrow", "table"]
    assert "the program measured 'malunet'" in capsys.readouterr().err


def test_a_busy_machine_is_told(workshop, capsys):
    workshop.build_program(median=1.0)
    workshop.make(only="narrow")
    assert "rten took 2.0 ms, once 1.0: the machine is busy" in capsys.readouterr().out


def test_distillation_losses_come_from_the_run(workshop):
    losses = {"teacher": "malunet", "output_loss": {"train": 0.1, "val": 0.2},
              "feature_loss": {"train": 0.3, "val": 0.4}}
    path = workshop.runs / "narrow" / "distillation.json"
    path.write_text(json.dumps(losses | {"note": "not for the card"}))
    workshop.make()
    assert workshop.card("narrow")["distillation"] == losses
    assert "distillation" not in workshop.card("small")
    path.write_text(json.dumps(losses | {"feature_loss": {"train": 0.3}}))
    assert workshop.make() == ["narrow"]


def test_a_failing_command_is_told_by_its_last_line():
    with pytest.raises(make_zoo.ZooError, match="sh -c .*failed with 3: no space left"):
        make_zoo.run_command(["sh", "-c", "echo first >&2; echo no space left >&2; exit 3"])


def test_options_are_read_from_the_command_line():
    given = make_zoo.options_of(["--only", "narrow,small", "--table-only", "--bench-runs", "5"])
    assert (given.only, given.table_only, given.bench_runs, given.split) == ("narrow,small", True, 5, "test")
    assert make_zoo.options_of([]) == make_zoo.Config()


# What the repository holds


def test_the_committed_readme_is_what_the_committed_cards_give():
    page = zoo_table.page(zoo_table.read_cards(export.ZOO))
    assert zoo_table.readme_of(export.ZOO).read_text() == page, "run make_zoo.py --table-only"


def test_the_committed_recommendation_is_what_the_committed_cards_give():
    cards = zoo_table.read_cards(export.ZOO)
    found = {card["name"]: {"en": card["recommended"], "zh-CN": card["translations"]["zh-CN"]["recommended"]}
             for card in cards if "recommended" in card}
    chosen = make_zoo.recommend(cards)
    assert found == (dict([chosen]) if chosen else {}), "run make_zoo.py --table-only"


def test_the_committed_drawing_shows_the_committed_networks():
    assert zoo_figure.is_current(export.ZOO), "run zoo_figure.py"
    with Image.open(zoo_figure.drawing_of(export.ZOO)) as drawing:
        f, columns = zoo_figure, 1 + len(zoo_table.read_cards(export.ZOO))
        assert drawing.width >= 2 * f.EDGE + f.LABELS + columns * (f.CELL + f.GAP) - f.GAP


def test_the_committed_files_are_those_the_cards_mean():
    for card in zoo_table.read_cards(export.ZOO):
        for found in card["artefacts"]:
            content = (export.ZOO / card["name"] / found["file"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == found["sha256"], f"{card['name']}/{found['file']}"
