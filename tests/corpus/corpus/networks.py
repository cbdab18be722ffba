"""Folders of networks: cards with absurd values, files that are something else, graphs that must not run."""

import copy
import hashlib
import json
import os

from corpus import onnx_graphs, phantom
from corpus.png_photos import write as write_png

FIGURES = {
    key: 0.5
    for key in (
        "mean_iou",
        "mean_dice",
        "pooled_iou",
        "pooled_dice",
        "class_mean_iou",
        "sensitivity",
        "specificity",
        "accuracy",
    )
}
REFUSED = {"exits": [1, 2], "says": ["bad"], "writes": [], "seconds": 60, "megabytes": 400}


def card(content, name="bad"):
    side = onnx_graphs.SIDE
    return {
        "schema": 1,
        "name": name,
        "title": "Bad",
        "family": "Corpus",
        "description": "Made up.",
        "parameters": 4,
        "macs": 4096,
        "input": {
            "height": side,
            "width": side,
            "layout": "NCHW",
            "colour": "RGB",
            "mean": [123.675, 116.28, 103.53],
            "std": [58.395, 57.12, 57.375],
        },
        "output": {"height": side, "width": side, "meaning": "probability"},
        "threshold": 0.5,
        "data": {"name": "none", "licence": "CC0-1.0", "source": "made up", "train": 0, "val": 0, "test": 0},
        "licence": "MIT OR Apache-2.0",
        "test": {"split": "none", "n": 0, **FIGURES},
        "artefacts": [
            {
                "file": "model.onnx",
                "format": "onnx",
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        ],
        "recipe": {"commit": "none", "commands": ["made up"], "epochs": 0, "seed": 0},
    }


def add(corpus):
    photo = write_png(phantom.picture(corpus.rng("same picture")))

    def case(name, content, facts=None, text=None):
        """A folder with the photograph and one network; returns the network's folder."""
        folder = corpus.case(f"network_{name}")
        (folder / "a.png").write_bytes(photo)
        place = folder / "models" / "bad"
        place.mkdir(parents=True)
        (place / "model.onnx").write_bytes(content)
        (place / "card.json").write_text(text if text is not None else json.dumps(facts or card(content)))
        return place

    def segment(name, **facts):
        corpus.run(f"network_{name}", "segment a.png --models models --model bad --out {out}", **facts)

    for name, content in onnx_graphs.good().items():
        case(name, content)
        segment(name, writes=["a_mask.png"])
    for name, content in onnx_graphs.wrong_values().items():
        case(name, content)
        segment(name, **REFUSED | {"says": ["nan|infinit|finite|probabilit|0 to 1|outside"]})
    for name, content in (onnx_graphs.wrong_shapes() | onnx_graphs.endless()).items():
        case(name, content)
        segment(name, **REFUSED | {"says": ["bad|run the network"]})
    _cards(case, segment)
    _files(corpus, case, segment)
    _other_commands(corpus, case)


def _changed(content, path, value):
    facts = copy.deepcopy(card(content))
    *parents, last = path.split(".")
    place = facts
    for parent in parents:
        place = place[int(parent) if parent.isdigit() else parent]
    place[last] = value
    return facts


def _cards(case, segment):
    content = onnx_graphs.darkness()
    absurd = {
        "mean_huge": ("input.mean", [3e38, 3e38, 3e38]),
        "mean_negative": ("input.mean", [-1e6, 0, 0]),
        "std_tiny": ("input.std", [1e-45, 1e-45, 1e-45]),
        "std_zero": ("input.std", [0, 0, 0]),
        "std_huge": ("input.std", [3e38, 3e38, 3e38]),
        "std_negative": ("input.std", [-58, 57, 57]),
        "mean_of_2": ("input.mean", [1, 2]),
        "mean_of_text": ("input.mean", "red"),
        "threshold_2": ("threshold", 2),
        "threshold_negative": ("threshold", -0.1),
        "threshold_null": ("threshold", None),
        "height_0": ("input.height", 0),
        "height_huge": ("input.height", 2**31),
        "height_negative": ("input.height", -32),
        "width_other": ("input.width", 64),
        "output_huge": ("output.height", 10**9),
        "layout": ("input.layout", "NHWC"),
        "colour": ("input.colour", "BGR"),
        "meaning": ("output.meaning", "logits"),
        "schema_2": ("schema", 2),
        "schema_text": ("schema", "1"),
        "name_upwards": ("name", "../bad"),
        "name_other": ("name", "other"),
        "name_empty": ("name", ""),
        "figure_7": ("test.mean_iou", 7),
        "figure_null": ("test.mean_dice", None),
        "no_artefacts": ("artefacts", []),
        "parameters_negative": ("parameters", -1),
    }
    for name, (path, value) in absurd.items():
        case(f"card_{name}", content, _changed(content, path, value))
        segment(f"card_{name}", **REFUSED)
    artefact = card(content)["artefacts"][0]
    for name, change in {
        "file_upwards": {"file": "../../a.png"},
        "file_absolute": {"file": "/etc/passwd"},
        "hash_wrong": {"sha256": "0" * 64},
        "hash_short": {"sha256": "abc"},
    }.items():
        case(f"card_{name}", content, card(content) | {"artefacts": [artefact | change]})
        segment(f"card_{name}", **REFUSED)
    # The hash decides: a file that fits it is the card's, whatever length the card states.
    case("card_bytes_wrong", content, card(content) | {"artefacts": [artefact | {"bytes": 7}]})
    segment("card_bytes_wrong", exits=[0, 1, 2])
    whole = json.dumps(card(content))
    for name, text in {
        "empty": "",
        "cut": whole[:200],
        "list": "[]",
        "null": "null",
        "deep": "[" * 100_000,
        "nan": whole.replace('"threshold": 0.5', '"threshold": NaN'),
        "not_text": "\udcff",
        "zeros": "\0" * 1000,
    }.items():
        place = case(f"card_{name}", content)
        (place / "card.json").write_bytes(text.encode(errors="surrogateescape"))
        segment(f"card_{name}", **REFUSED)


def _files(corpus, case, segment):
    """What lies under the names of a network's files may be anything but a file."""
    content = onnx_graphs.darkness()
    for file in ("card.json", "model.onnx"):
        for kind in ("pipe", "device", "folder", "missing", "itself", "6_gib"):
            name = f"file_{kind}_{file.split('.')[0]}"
            path = case(name, content) / file
            path.unlink()
            replace(path, kind)
            facts = REFUSED | {"megabytes": 200, "seconds": 60}
            segment(name, **facts)
            if file == "card.json":
                # Every command looks at the networks; one that cannot be read must not hold it up.
                corpus.run(f"network_{name}: doctor", "doctor --models models", exits=[0, 1], megabytes=200, seconds=60)


def replace(path, kind):
    """Puts something else where a file should be."""
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "folder":
            path.mkdir()
        case "itself":
            path.symlink_to(path.name)
        case "6_gib":
            path.write_bytes(b"")
            os.truncate(path, 6 << 30)


def _other_commands(corpus, case):
    content = onnx_graphs.darkness()
    case("listed", content, card(content) | {"title": "red \x1b[31m title\nnext", "description": "bell \x07"})
    corpus.run("network_listed: models", "models --models models", says=["bad"])
    corpus.run("network_listed: one", "models bad --models models", says=["bad"])
    corpus.run("network_listed: json", "models --models models --json", says=["bad"])
    corpus.run("network_listed: doctor", "doctor --models models", exits=[0, 1])
    corpus.run("network_listed: doctor json", "doctor --models models --json", exits=[0, 1])
    case("listed_nan", onnx_graphs.shifted([float("nan")]))
    corpus.run("network_listed_nan: doctor", "doctor --models models", exits=[0, 1])
    corpus.run(
        "network_listed_nan: evaluate", "evaluate --images . --masks . --models models --model bad", exits=[1, 2]
    )
    corpus.run("network_listed_nan: report", "report a.png --models models --model bad", exits=[1, 2], says=["a.png"])
    corpus.run(
        "network_listed_nan: export",
        "export a.png --format coco --out {out}/coco.json --models models --model bad",
        exits=[1, 2],
        says=["a.png"],
    )
    garbage = case("garbage_beside_a_good_one", b"garbage")
    (garbage.parent / "good").mkdir()
    (garbage.parent / "good" / "model.onnx").write_bytes(content)
    (garbage.parent / "good" / "card.json").write_text(json.dumps(card(content, "good")))
    corpus.run(
        "network_garbage_beside_a_good_one",
        "segment a.png --models models --model good --out {out}",
        writes=["a_mask.png"],
    )
