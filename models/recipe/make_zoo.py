"""Rebuilds the zoo: every trained network's card and files, the recommendation, models/README.md and its drawing.

    python make_zoo.py                    every network that has a checkpoint
    python make_zoo.py --only narrow      this one
    python make_zoo.py --table-only       only the recommendation and the README, from the cards as they are

A network's steps run in a scratch folder (export, speed, distillation, rknn) and its folder in the zoo changes at the
end, whole or not at all: a failure leaves it as it was, and the other networks go on. What a step was made from is
written to `zoo.json` beside the checkpoint, so that a step is repeated only when that has changed.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass, replace
from pathlib import Path

import torch

import data
import export
import texts
import train
import zoo_figure
import zoo_table
from reasons import NEAR, Choice, reasons
from zoo_table import artefact, at, millions

HERE = Path(__file__).resolve().parent
STEPS = ("export", "speed", "distillation", "rknn")
EXPORTED = ("test", "published", "centre_crop")  # the blocks that export.py measures
# Those added to its card afterwards, in this order.
LATER = ("int8", "npu", "speed", "distillation", "recommended", "translations")
ENGINES = {"ort": "ort_millis", "rten": "rten_millis"}


class ZooError(Exception):
    """A step that could not be done; the message says why and what to do."""


@dataclass
class Config:
    only: str = ""  # networks, divided by commas; empty: every one that has a finished run
    table_only: bool = False  # neither networks nor drawing: the recommendation and the README alone
    skip: str = ""  # steps to leave out, of export, speed, distillation and rknn
    again: str = ""  # steps to repeat though nothing has changed
    zoo: str = str(export.ZOO)
    runs: str = ""  # folder of all runs, as given to train.py
    data: str = ""  # data folder, as given to train.py
    split: str = "test"  # the split whose figures the cards show; val for a look at unfinished runs
    algorithm: str = "auto"  # of the quantisation, as given to rknn_build.py
    program: str = str(HERE.parents[1] / "target" / "release" / "dermaloupe")  # measures speed
    bench_runs: int = 40  # measured runs a network
    machine: str = ""  # the machine's name on the cards; empty: its cores and processor


def names_in(text, known, what):
    """The names in a list divided by commas, each of them known."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := [name for name in names if name not in known]:
        raise SystemExit(f"make_zoo.py: no {what} named '{unknown[0]}'; there are: {', '.join(known)}")
    return names


# What lies in a folder of the zoo


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def read_card(folder):
    """The card in the folder, None when there is none."""
    path = folder / "card.json"
    return json.loads(path.read_text()) if path.is_file() else None


def write_card(folder, card):
    """Writes the card with the later blocks at its end, always in one order."""
    later = {key: card[key] for key in LATER if key in card}
    card = {key: value for key, value in card.items() if key not in LATER} | later
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    if not (folder / "card.json").is_file() or (folder / "card.json").read_text() != text:
        export.put_in_place(folder, {"card.json": text.encode()})


def is_whole(folder, card, format_):
    """Whether the card's file of this format is there and is the one that the card means."""
    found = artefact(card, format_) if card else None
    path = folder / found["file"] if found else None
    return bool(path and path.is_file() and sha256(path.read_bytes()) == found["sha256"])


def file_hash(card, format_="onnx"):
    return at(artefact(card, format_), "sha256")


# One network


class Job:
    """One network being rebuilt: its run, its scratch folder in a zoo of its own, and what its steps were made from."""

    def __init__(self, config, name, scratch):
        self.config, self.name, self.scratch = config, name, Path(scratch)
        self.run = run_of(config, name)
        self.folder = self.scratch / name
        self.home = Path(config.zoo) / name
        self.former = read_card(self.home)
        if self.home.is_dir():
            shutil.copytree(self.home, self.folder)
        self.made = read_json(self.run / "zoo.json") or {}

    def say(self, words):
        print(f"{self.name}: {words}", flush=True)

    def card(self):
        return read_card(self.folder)

    def is_done(self, step, made_from):
        """Whether the step was done with just this before, and nobody asks for it again."""
        return self.made.get(step) == made_from and step not in names_in(self.config.again, STEPS, "step")


def run_of(config, name):
    return train.run_folder(train.Config(runs=config.runs, name=name))


def read_json(path):
    return json.loads(path.read_text()) if path.is_file() else None


def export_step(job):
    """Exports the run's best checkpoint, when it is another than the card's; keeps what is still true of the card."""
    if not (job.run / "best.pt").is_file():
        raise ZooError(f"no checkpoint; train it first: {job.run}")
    checkpoint = job.scratch / "checkpoint.pt"
    shutil.copyfile(job.run / "best.pt", checkpoint)  # a training that goes on may replace it meanwhile
    former, made_from = job.former, {"checkpoint": sha256(checkpoint.read_bytes()), "split": job.config.split}
    done = is_whole(job.folder, former, "onnx") and all(key in former for key in EXPORTED)
    if done and job.is_done("export", made_from | {"onnx": file_hash(former)}):
        return job.say("export is up to date")
    export.export(export.Config(network=job.name, name=job.name, checkpoint=str(checkpoint),
                                zoo=str(job.scratch), data=job.config.data, split=job.config.split))
    card = job.card()
    job.made["export"] = made_from | {"onnx": file_hash(card)}
    if former and file_hash(card) == file_hash(former):
        card |= {key: former[key] for key in LATER if key in former}
        card["artefacts"] = [artefact(card, "onnx"), *(a for a in former["artefacts"] if a["format"] != "onnx")]
    elif former and card["macs"] == former["macs"] and "speed" in former:
        card["speed"] = former["speed"]  # other weights in the same graph take the same time
    write_card(job.folder, card)


def speed_step(job):
    """Measures the network in both engines with the program itself; keeps the former figures where it cannot."""
    card = job.card()
    if "speed" in card and job.is_done("speed", file_hash(card)):
        return job.say("speed is up to date")
    if not Path(job.config.program).is_file():
        return job.say("speed is not measured, the former figures stay if there are any; build the program with "
                         f"'cargo build --release' or name it with --program: {job.config.program}")
    millis = measure(job)
    if missing := ENGINES.keys() - millis.keys():
        return job.say(f"speed is not measured, the former figures stay if there are any: the program found no "
                         f"{' and no '.join(sorted(missing))}; 'dermaloupe doctor' says why")
    kept = {key: value for key, value in card.get("speed", {}).items() if key.startswith("board")}
    times = {ENGINES[engine]: round(value, 2) for engine, value in millis.items() if engine in ENGINES}
    card["speed"] = {"machine": job.config.machine or machine(), **times, **kept}
    write_card(job.folder, card)
    job.made["speed"] = file_hash(card)


def measure(job):
    """{engine: milliseconds of the network, median} by `dermaloupe bench`."""
    command = [job.config.program, "bench", "--model", job.name, "--models", str(job.scratch), "--json",
               "--runs", str(job.config.bench_runs)]
    report = json.loads(run_command(command).stdout)
    if report["model"] != job.name:
        raise ZooError(f"the program measured '{report['model']}'; it did not take the card of '{job.name}'")
    millis = {engine["engine"]: engine["millis"]["infer"] for engine in report["engines"]}
    for engine, found in millis.items():
        if found["median"] > 1.5 * found["min"]:
            job.say(f"{engine} took {found['median']:.1f} ms, once {found['min']:.1f}: the machine is busy; measure "
                      "again with --again speed when it is not")
    return {engine: found["median"] for engine, found in millis.items()}


def machine():
    """The cores at hand and the processor, in words."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*: (.*)$", info.read_text(), re.MULTILINE) if info.is_file() else None
    cores = len(os.sched_getaffinity(0))
    return f"{cores} core{'s' * (cores > 1)} of an {found[1] if found else os.uname().machine}"


def distillation_step(job):
    """Takes the losses that distill.py left beside the checkpoint."""
    card, found = job.card(), read_json(job.run / "distillation.json")
    if found is None:
        return
    if problem := [f"{loss}, {split}" for loss in ("output_loss", "feature_loss") for split in ("train", "val")
                   if at(found, loss, split) is None]:
        raise ZooError(f"no {problem[0]} in it; run distill.py again: {job.run / 'distillation.json'}")
    card["distillation"] = {key: found[key] for key in ("teacher", "output_loss", "feature_loss")}
    write_card(job.folder, card)


def rknn_step(job):
    """Quantises and compiles the ONNX file for the NPU, when the card's .rknn was made from another."""
    card = job.card()
    made_from = {"onnx": file_hash(card), "algorithm": job.config.algorithm, "split": job.config.split}
    done = is_whole(job.folder, card, "rknn") and "int8" in card and "npu" in card
    if done and job.is_done("rknn", made_from | {"rknn": file_hash(card, "rknn")}):
        return job.say("rknn is up to date")
    build_rknn(job)
    job.made["rknn"] = made_from | {"rknn": file_hash(job.card(), "rknn")}


def build_rknn(job):
    """Runs rknn_build.py by itself, because the compiler may take its process down with it."""
    words = ["--name", job.name, "--algorithm", job.config.algorithm, "--zoo", str(job.scratch)]
    words += ["--data", job.config.data] if job.config.data else []
    run_command([sys.executable, str(HERE / "rknn_build.py"), *words], stdout=None)  # it is long, and tells its steps


def run_command(command, stdout=subprocess.PIPE):
    """Runs it; a ZooError with its last line on stderr when it fails."""
    done = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise ZooError(f"{Path(command[0]).name} {' '.join(command[1:3])} failed with {done.returncode}: {last}")
    return done


RUN = {"export": export_step, "speed": speed_step, "distillation": distillation_step, "rknn": rknn_step}


def rebuild(config, name):
    """All steps of one network, then its folder put in place."""
    skipped = names_in(config.skip, STEPS, "step")
    with tempfile.TemporaryDirectory() as scratch:
        job = Job(config, name, scratch)
        for step in STEPS:
            if step not in skipped:
                RUN[step](job)
        put_home(job)
        export.put_in_place(job.run, {"zoo.json": (json.dumps(job.made, indent=2) + "\n").encode()})


def put_home(job):
    """The card and its files to the zoo; files that the card no longer names go."""
    card = job.card()
    if card is None:
        raise ZooError("it has no card, and export was skipped")
    files = [a["file"] for a in card["artefacts"]] + ["card.json"]  # the card last, which vouches for the others
    contents = {file: (job.folder / file).read_bytes() for file in files}
    if contents != {file.name: file.read_bytes() for file in job.home.glob("*")}:
        export.put_in_place(job.home, contents)
    for file in job.home.glob("model.*"):
        if file.name not in contents:
            file.unlink()


def why_not(config, name):
    """Why the network is left as it is when nobody names it, None when its run is finished."""
    folder = run_of(config, name)
    if not (folder / "best.pt").is_file():
        return f"it has no checkpoint: {folder}"
    if not (folder / "last.pt").is_file():
        return None
    last = torch.load(folder / "last.pt", map_location="cpu", weights_only=True)
    done, of = last["epoch"], last["config"]["epochs"]
    return f"its run has done {done} of {of} epochs; --only {name} takes it as it stands" if done < of else None


def rebuild_finished(config, name):
    if reason := why_not(config, name):
        print(f"{name}: left as it is, {reason}")
    else:
        rebuild(config, name)


# The whole zoo


def recommend(cards):
    """(name, why in one sentence by language) of the network to take, or None when no card has INT8 figures.

    Of the networks near the best INT8 pooled_iou, those wholly on the NPU when there are any: the fewest estimated
    cycles, then the fewest MACs, then the first in the order of the table.
    """
    iou = {card["name"]: at(card, "int8", "test", "pooled_iou") for card in cards}
    measured = [card for card in cards if iou[card["name"]] is not None]
    if not measured:
        return None
    best = max(measured, key=lambda card: iou[card["name"]])
    near = [card for card in measured if iou[best["name"]] - iou[card["name"]] <= NEAR + 1e-9]
    wholly = [card for card in near if at(card, "npu", "cpu_layers") == []]  # the estimate leaves out the CPU's time
    among = wholly or near
    chosen = min(among, key=lambda card: (cycles(card), card["macs"]))
    has_cycles = cycles(chosen) < float("inf")
    is_alone = sum(cycles(card) == cycles(chosen) for card in among) == 1
    named = {card["name"]: (card["name"], f"{iou[card['name']]:.4f}") for card in (chosen, best)}
    return chosen["name"], reasons(Choice(
        of=len(measured), count=len(among), is_wholly=bool(wholly), own=named[chosen["name"]], best=named[best["name"]],
        cycles=millions(cycles(chosen)) if has_cycles else "",
        macs="" if has_cycles and is_alone else millions(chosen["macs"]),
    ))


def cycles(card):
    """Estimated cycles, infinitely many where there is no estimate."""
    return at(card, "npu", "estimated_cycles") or float("inf")


def write_table(zoo):
    """The recommendation on its card and on no other, then the README."""
    cards = zoo_table.read_cards(zoo)
    name, why = recommend(cards) or (None, {})
    for card in cards:
        card.pop("recommended", None)
        card.pop("translations", None)
        translations = texts.translations(card["name"])
        if card["name"] == name:
            card["recommended"] = why["en"]
            for tag, words in translations.items():
                words["recommended"] = why[tag]
        if translations:
            card["translations"] = translations
    text = zoo_table.page(cards)
    for card in cards:
        write_card(Path(zoo) / card["name"], card)
    readme = zoo_table.readme_of(zoo)
    export.put_in_place(readme.parent, {readme.name: text.encode()})
    print(f"recommended: {why.get('en', 'none, no card has INT8 figures')}")


def attempt(name, work):
    """Does the work; a failure is told with the name, and answers False."""
    try:
        work()
        return True
    except (data.DataError, export.ExportError, ZooError, zoo_table.TableError, SystemExit) as problem:
        print(f"make_zoo.py: {name}: {problem}", file=sys.stderr)
    except Exception:  # whatever it is, the other networks can still be made
        print(f"make_zoo.py: {name}: {traceback.format_exc()}", file=sys.stderr)
    return False


def make(config):
    """Rebuilds what the config asks for; the names of what failed."""
    names = names_in(config.only, zoo_table.ORDER, "network")
    for text in (config.skip, config.again):
        names_in(text, STEPS, "step")
    failed = []
    if not config.table_only:
        work = rebuild if names else rebuild_finished
        failed = [name for name in names or zoo_table.ORDER if not attempt(name, lambda: work(config, name))]
    if not attempt("table", lambda: write_table(config.zoo)):
        failed.append("table")
    if not config.table_only and not attempt("drawing", lambda: zoo_figure.draw_masks(config.zoo, config.data)):
        failed.append("drawing")
    print(f"failed: {', '.join(failed)}" if failed else "all done")
    return failed


def options_of(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    defaults = vars(Config())
    for name, default in defaults.items():
        flag = {"action": "store_true"} if isinstance(default, bool) else {"type": type(default), "default": default}
        parser.add_argument(f"--{name.replace('_', '-')}", **flag)
    return replace(Config(), **vars(parser.parse_args(arguments)))


if __name__ == "__main__":
    sys.exit(1 if make(options_of()) else 0)
