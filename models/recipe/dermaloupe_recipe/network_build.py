"""Building one network of the zoo: export, speed, distillation, rknn.

The steps run in a scratch folder, and the network's folder in the zoo is replaced at the end, as a whole. `zoo.json`
beside the checkpoint records the inputs of each step, so that a step is repeated only when they have changed.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from dermaloupe_recipe import checkpoints, export
from dermaloupe_recipe.cards import LATER_BLOCKS, artefact, get, read_card, sha256, write_card
from dermaloupe_recipe.distillation import SHIPPED
from dermaloupe_recipe.errors import RecipeError
from dermaloupe_recipe.files import RECIPE, write_files, write_text

EXPORTED = ("test", "centre_crop")  # the blocks that export.py measures
ENGINES = {"ort": "ort_millis", "rten": "rten_millis"}


class StepError(RecipeError):
    """A step that could not be done; the message says why and what to do."""


def parse_names(text, known, what):
    """The names in a list separated by commas, each of them known."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := [name for name in names if name not in known]:
        raise SystemExit(f"make_zoo.py: no {what} named '{unknown[0]}'; there are: {', '.join(known)}")
    return names


def read_json(path):
    return json.loads(path.read_text()) if path.is_file() else None


def is_intact(folder, card, format_):
    """Whether the file of this format is there and is the one that the card names."""
    found = artefact(card, format_) if card else None
    path = folder / found["file"] if found else None
    return bool(path and path.is_file() and sha256(path.read_bytes()) == found["sha256"])


def file_hash(card, format_="onnx"):
    return get(artefact(card, format_), "sha256")


class NetworkBuild:
    """The rebuilding of one network: its run, its scratch folder, and the recorded inputs of its steps."""

    def __init__(self, config, name, scratch):
        self.config, self.name, self.scratch = config, name, Path(scratch)
        self.run = checkpoints.run_folder(config.runs, name)
        self.folder = self.scratch / name
        self.destination = Path(config.zoo) / name
        self.former_card = read_card(self.destination)
        if self.destination.is_dir():
            shutil.copytree(self.destination, self.folder)
        self.inputs = read_json(self.run / "zoo.json") or {}

    def log(self, message):
        print(f"{self.name}: {message}", flush=True)

    def card(self):
        return read_card(self.folder)

    def is_done(self, step, inputs):
        """Whether the step was done with these inputs before and need not be repeated."""
        return self.inputs.get(step) == inputs and step not in parse_names(self.config.again, STEPS, "step")


def export_step(build):
    """Exports the run's best checkpoint if it has changed; keeps the card's blocks that are still valid."""
    if not (build.run / "best.pt").is_file():
        raise StepError(f"no checkpoint; train it first: {build.run}")
    checkpoint = build.scratch / "checkpoint.pt"
    shutil.copyfile(build.run / "best.pt", checkpoint)  # a running training may replace it meanwhile
    former = build.former_card
    inputs = {"checkpoint": sha256(checkpoint.read_bytes()), "split": build.config.split}
    is_complete = is_intact(build.folder, former, "onnx") and all(key in former for key in EXPORTED)
    if is_complete and build.is_done("export", inputs | {"onnx": file_hash(former)}):
        return build.log("export is up to date")
    export.export(export.Config(network=build.name, name=build.name, checkpoint=str(checkpoint),
                                zoo=str(build.scratch), data=build.config.data, split=build.config.split))
    card = build.card()
    build.inputs["export"] = inputs | {"onnx": file_hash(card)}
    if former and file_hash(card) == file_hash(former):
        card |= {key: former[key] for key in LATER_BLOCKS if key in former}
        card["artefacts"] = [artefact(card, "onnx"), *(a for a in former["artefacts"] if a["format"] != "onnx")]
    elif former and card["macs"] == former["macs"] and "speed" in former:
        card["speed"] = former["speed"]  # other weights in the same graph take the same time
    write_card(build.folder, card)


def speed_step(build):
    """Measures the network in both engines by the program itself; keeps the former figures if that is impossible."""
    card = build.card()
    if "speed" in card and build.is_done("speed", file_hash(card)):
        return build.log("speed is up to date")
    kept = "speed is not measured, the former figures are kept if there are any"
    if not Path(build.config.program).is_file():
        return build.log(f"{kept}; build the program with 'cargo build --release' or name it with --program: "
                         f"{build.config.program}")
    millis = run_bench(build)
    if missing := ENGINES.keys() - millis.keys():
        return build.log(f"{kept}: the program found no {' and no '.join(sorted(missing))}; 'dermaloupe doctor' says "
                         "why")
    board = {key: value for key, value in card.get("speed", {}).items() if key.startswith("board")}
    times = {ENGINES[engine]: round(value, 2) for engine, value in millis.items() if engine in ENGINES}
    card["speed"] = {"machine": build.config.machine or machine_name(), **times, **board}
    write_card(build.folder, card)
    build.inputs["speed"] = file_hash(card)


def run_bench(build):
    """{engine: milliseconds of the network, median} by `dermaloupe bench`."""
    command = [build.config.program, "bench", "--model", build.name, "--models", str(build.scratch), "--json",
               "--runs", str(build.config.bench_runs)]
    report = json.loads(run_command(command).stdout)
    if report["model"] != build.name:
        raise StepError(f"the program measured '{report['model']}'; it did not accept the card of '{build.name}'")
    millis = {engine["engine"]: engine["millis"]["infer"] for engine in report["engines"]}
    for engine, time in millis.items():
        if time["median"] > 1.5 * time["min"]:
            build.log(f"{engine} took {time['median']:.1f} ms, at best {time['min']:.1f}: the machine is busy; measure "
                      "again with --again speed when it is not")
    return {engine: time["median"] for engine, time in millis.items()}


def machine_name():
    """The available cores and the processor, in words."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*: (.*)$", info.read_text(), re.MULTILINE) if info.is_file() else None
    cores = len(os.sched_getaffinity(0))
    return f"{cores} core{'s' * (cores > 1)} of an {found[1] if found else os.uname().machine}"


def distillation_step(build):
    """Copies the losses that distill.py wrote beside the checkpoint to the card."""
    path = build.run / "distillation.json"
    card, found = build.card(), read_json(path)
    if found is None:
        return
    # distill.py writes so of a student with other stages than the teacher's, which has learnt its outputs alone.
    has_features = found.get("feature_loss") != {"train": None, "val": None}
    losses = ("output_loss", "feature_loss") if has_features else ("output_loss",)
    if missing := [f"{loss}, {split}" for loss in losses for split in ("train", "val")
                   if get(found, loss, split) is None]:
        raise StepError(f"no {missing[0]} in it; run distill.py again: {path}")
    card["distillation"] = {"teacher": found["teacher"].removeprefix(SHIPPED), **{loss: found[loss] for loss in losses}}
    write_card(build.folder, card)


def rknn_step(build):
    """Quantises and compiles the ONNX file for the NPU if it has changed."""
    card = build.card()
    inputs = {"onnx": file_hash(card), "algorithm": build.config.algorithm, "split": build.config.split}
    is_complete = is_intact(build.folder, card, "rknn") and "int8" in card and "npu" in card
    if is_complete and build.is_done("rknn", inputs | {"rknn": file_hash(card, "rknn")}):
        return build.log("rknn is up to date")
    build_rknn(build)
    build.inputs["rknn"] = inputs | {"rknn": file_hash(build.card(), "rknn")}


def build_rknn(build):
    """Runs rknn_build.py in its own process, because the compiler may crash."""
    options = ["--name", build.name, "--algorithm", build.config.algorithm, "--zoo", str(build.scratch)]
    options += ["--data", build.config.data] if build.config.data else []
    run_command([sys.executable, str(RECIPE / "rknn_build.py"), *options], stdout=None)  # its progress is shown


def run_command(command, stdout=subprocess.PIPE):
    """Runs it; a StepError with its last line on stderr if it fails."""
    done = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise StepError(f"{Path(command[0]).name} {' '.join(command[1:3])} failed with {done.returncode}: {last}")
    return done


STEPS = {"export": export_step, "speed": speed_step, "distillation": distillation_step, "rknn": rknn_step}


def rebuild(config, name):
    """All steps of one network, then its folder in the zoo."""
    skipped = parse_names(config.skip, STEPS, "step")
    with tempfile.TemporaryDirectory() as scratch:
        build = NetworkBuild(config, name, scratch)
        for step, run in STEPS.items():
            if step not in skipped:
                run(build)
        publish(build)
        write_text(build.run / "zoo.json", json.dumps(build.inputs, indent=2) + "\n")


def publish(build):
    """Copies the card and its files to the zoo, and removes files that the card no longer names."""
    card = build.card()
    if card is None:
        raise StepError("it has no card, and export was skipped")
    files = [a["file"] for a in card["artefacts"]] + ["card.json"]  # the card last, because it names the others
    contents = {file: (build.folder / file).read_bytes() for file in files}
    if contents != {file.name: file.read_bytes() for file in build.destination.glob("*")}:
        write_files(build.destination, contents)
    for file in build.destination.glob("model.*"):
        if file.name not in contents:
            file.unlink()
