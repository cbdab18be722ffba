"""Tests of rebuilding the zoo, with a fake export and a fake compiler."""

import hashlib
import json
import stat
from pathlib import Path

import pytest
import torch

from example_cards import FIGURES, bare, quantised

from dermaloupe_recipe import cards, export, network_build, zoo, zoo_figure, zoo_page


class FakeZoo:
    """A zoo and runs in a scratch folder, with a fake export and a fake compiler."""

    def __init__(self, folder):
        self.zoo, self.runs, self.done, self.broken = folder / "zoo", folder / "runs", [], set()
        self.program = folder / "dermaloupe"

    def train(self, name, weights=b"weights", epochs_done=5):
        (self.runs / name).mkdir(parents=True, exist_ok=True)
        (self.runs / name / "best.pt").write_bytes(weights)
        torch.save({"epoch": epochs_done, "config": {"epochs": 5}}, self.runs / name / "last.pt")

    def build_program(self, engines=("ort", "rten"), model="$3", median=4.126):
        """A program with the output of `dermaloupe bench`; its third argument is the network's name."""
        report = {"model": "NAME", "engines": [
            {"engine": engine, "millis": {"infer": {"median": median + i, "min": median}}}
            for i, engine in enumerate(engines)]}
        self.program.write_text(f"#!/bin/sh\necho '{json.dumps(report)}' | sed \"s/NAME/{model}/\"\n")
        self.program.chmod(self.program.stat().st_mode | stat.S_IXUSR)

    def export(self, config):
        self.do("export", config.name)
        onnx = b"graph of " + Path(config.checkpoint).read_bytes()
        block = {"split": config.split, "n": 650, **FIGURES}
        card = bare(config.name, test=block, centre_crop=block, published={"parameters": 1, "paper_parameters": 1})
        card["artefacts"] = [self.entry("model.onnx", "onnx", onnx)]
        cards.write_card(Path(config.zoo) / config.name, card)
        (Path(config.zoo) / config.name / "model.onnx").write_bytes(onnx)

    def compile(self, build):
        card, rknn = build.card(), b"compiled " + (build.folder / "model.onnx").read_bytes()
        (build.folder / "model.rk3588.rknn").write_bytes(rknn)
        card["artefacts"] = [card["artefacts"][0], self.entry("model.rk3588.rknn", "rknn", rknn)]
        made = quantised(build.name, 0.8)
        cards.write_card(build.folder, card | {"int8": made["int8"], "npu": made["npu"]})
        self.do("rknn", build.name)

    def do(self, step, name):
        self.done.append((step, name))
        if (step, name) in self.broken:
            raise network_build.StepError(f"{step} was made to fail")

    @staticmethod
    def entry(file, format_, content):
        return {"file": file, "format": format_, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    def make(self, **changes):
        """The names of what failed; `done` then holds the steps that were taken."""
        self.done.clear()
        return zoo.make(zoo.Config(zoo=str(self.zoo), runs=str(self.runs), program=str(self.program),
                                             machine="a test", **changes))

    def card(self, name):
        return json.loads((self.zoo / name / "card.json").read_text())

    def files(self, name):
        return {path.name: path.read_bytes() for path in (self.zoo / name).iterdir()}


@pytest.fixture
def fake(tmp_path, monkeypatch):
    made = FakeZoo(tmp_path)
    monkeypatch.setattr(export, "export", made.export)
    monkeypatch.setattr(network_build, "build_rknn", made.compile)
    monkeypatch.setattr(zoo_figure, "draw_masks", lambda *_: None)
    made.build_program()
    made.train("narrow")
    made.train("small", b"other weights")
    return made


BOTH = [("export", "small"), ("rknn", "small"), ("export", "narrow"), ("rknn", "narrow")]


def test_every_network_with_a_finished_run_is_built(fake, capsys):
    fake.train("mobile", epochs_done=3)
    assert fake.make() == []
    assert fake.done == BOTH
    card = fake.card("narrow")
    assert card["speed"] == {"machine": "a test", "ort_millis": 4.13, "rten_millis": 5.13}
    assert set(fake.files("narrow")) == {"card.json", "model.onnx", "model.rk3588.rknn"}
    assert (fake.zoo.parent / "README.md").read_text() == zoo_page.render(zoo_page.read_cards(fake.zoo))
    output = capsys.readouterr().out
    assert "mobile: skipped, its run has done 3 of 5 epochs" in output
    assert "malunet: skipped, it has no checkpoint" in output


def test_a_failing_network_keeps_its_card_and_does_not_stop_the_others(fake, capsys):
    fake.make()
    before = fake.files("small")
    fake.train("small", b"better weights")
    fake.train("narrow", b"better weights")
    fake.broken.add(("rknn", "small"))
    assert fake.make() == ["small"]
    assert fake.files("small") == before
    assert fake.files("narrow")["model.onnx"] == b"graph of better weights"
    assert "make_zoo.py: small: rknn was made to fail" in capsys.readouterr().err
    fake.broken.clear()
    assert fake.make() == [] and fake.done == BOTH[:2], "and is built by the next run"


def test_a_new_network_that_fails_leaves_no_folder(fake):
    fake.broken.add(("rknn", "small"))
    assert fake.make() == ["small"]
    assert not (fake.zoo / "small").exists()


def test_an_unexpected_failure_is_printed_with_the_networks_name_too(fake, monkeypatch, capsys):
    monkeypatch.setitem(network_build.STEPS, "export", lambda build: {}["nothing"])
    assert fake.make(only="narrow") == ["narrow", "table"]
    assert "make_zoo.py: narrow: Traceback" in capsys.readouterr().err


def test_steps_that_are_up_to_date_are_not_repeated(fake):
    fake.make()
    cards = {name: fake.files(name) for name in ("narrow", "small")}
    assert fake.make() == [] and fake.done == []
    assert {name: fake.files(name) for name in cards} == cards
    fake.make(only="narrow", again="rknn")
    assert fake.done == [("rknn", "narrow")]
    fake.make(only="narrow", algorithm="normal")
    assert fake.done == [("rknn", "narrow")]
    fake.train("narrow", b"better weights")
    fake.make()
    assert fake.done == BOTH[2:]


def test_a_corrupted_file_is_built_again(fake):
    fake.make()
    (fake.zoo / "narrow" / "model.rk3588.rknn").write_bytes(b"corrupted")
    fake.make()
    assert fake.done == BOTH[3:]


def test_a_network_that_was_replaced_by_another_is_built_again(fake):
    fake.make()
    other = b"graph of another"
    (fake.zoo / "narrow" / "model.onnx").write_bytes(other)
    card = fake.card("narrow")
    card["artefacts"] = [fake.entry("model.onnx", "onnx", other)]
    cards.write_card(fake.zoo / "narrow", card)
    fake.make()
    assert fake.done == BOTH[2:]
    assert fake.files("narrow")["model.onnx"] == b"graph of weights"


def test_the_same_graph_keeps_its_measurements(fake):
    fake.make()
    before = fake.card("narrow")
    fake.make(only="narrow", again="export", skip="rknn,speed")
    assert fake.done == [("export", "narrow")]
    assert fake.card("narrow") == before


def test_another_graph_loses_its_int8_figures_and_its_rknn_file(fake):
    fake.make()
    fake.train("narrow", b"better weights")
    fake.make(only="narrow", skip="rknn,speed")
    card = fake.card("narrow")
    assert "int8" not in card and "npu" not in card
    assert card["speed"]["ort_millis"] == 4.13, "other weights in the same graph take the same time"
    assert set(fake.files("narrow")) == {"card.json", "model.onnx"}


def test_only_takes_an_unfinished_run_and_refuses_unknown_names(fake):
    fake.train("mobile", epochs_done=3)
    assert fake.make(only="mobile") == [] and fake.done == [("export", "mobile"), ("rknn", "mobile")]
    assert fake.make(only="shallow") == ["shallow"], "it has no run at all"
    with pytest.raises(SystemExit, match="no network named 'tiny'; there are: malunet, small"):
        fake.make(only="tiny")
    with pytest.raises(SystemExit, match="no step named 'prune'"):
        fake.make(skip="prune")


def test_table_only_touches_no_network(fake):
    fake.make()
    fake.train("narrow", b"better weights")
    (fake.zoo.parent / "README.md").unlink()
    assert fake.make(table_only=True) == [] and fake.done == []
    assert (fake.zoo.parent / "README.md").exists()


def test_without_the_program_the_former_speed_is_kept(fake, capsys):
    fake.make()
    fake.program.unlink()
    assert fake.make(only="narrow", again="speed") == []
    assert fake.card("narrow")["speed"]["ort_millis"] == 4.13
    assert "build the program with 'cargo build --release'" in capsys.readouterr().out


def test_without_an_engine_the_former_speed_is_kept(fake, capsys):
    fake.build_program(engines=["rten"])
    assert fake.make(only="narrow") == []
    assert "speed" not in fake.card("narrow")
    assert "the program found no ort" in capsys.readouterr().out


def test_a_measured_board_time_is_kept_by_another_measurement(fake):
    fake.make()
    card = fake.card("narrow")
    card["speed"] |= {"board": "Board 5", "board_millis": 3.2}
    cards.write_card(fake.zoo / "narrow", card)
    fake.build_program(median=2.0)
    fake.make(only="narrow", again="speed")
    assert fake.card("narrow")["speed"] == {
        "machine": "a test", "ort_millis": 2.0, "rten_millis": 3.0, "board": "Board 5", "board_millis": 3.2}


def test_a_measurement_of_another_network_is_refused(fake, capsys):
    fake.build_program(model="malunet")
    assert fake.make(only="narrow") == ["narrow", "table"]
    assert "the program measured 'malunet'" in capsys.readouterr().err


def test_a_busy_machine_is_reported(fake, capsys):
    fake.build_program(median=1.0)
    fake.make(only="narrow")
    assert "rten took 2.0 ms, at best 1.0: the machine is busy" in capsys.readouterr().out


def test_distillation_losses_come_from_the_run(fake):
    losses = {"teacher": "malunet", "output_loss": {"train": 0.1, "val": 0.2},
              "feature_loss": {"train": 0.3, "val": 0.4}}
    path = fake.runs / "narrow" / "distillation.json"
    path.write_text(json.dumps(losses | {"note": "not for the card"}))
    fake.make()
    assert fake.card("narrow")["distillation"] == losses
    assert "distillation" not in fake.card("small")
    path.write_text(json.dumps(losses | {"feature_loss": {"train": 0.3}}))
    assert fake.make() == ["narrow"]


def test_a_failing_command_is_reported_with_its_last_line():
    with pytest.raises(network_build.StepError, match="sh -c .*failed with 3: no space left"):
        network_build.run_command(["sh", "-c", "echo first >&2; echo no space left >&2; exit 3"])
