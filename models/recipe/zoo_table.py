"""Writes `models/README.md`, the table of the zoo, from the cards in `models/zoo` and from `ablation.json`.

The same cards give the same text. What a card does not have shows as a dash; what was not measured is called an
estimate.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import options
from reasons import NEAR

ZOO = Path(__file__).resolve().parents[1] / "zoo"
ABLATION = Path(__file__).resolve().parent / "ablation.json"
NONE = "–"

# The networks in the order of the tables, which is that of networks.py; here, so that no PyTorch is needed.
ORDER = ("malunet", "small", "medium", "shallow", "narrow", "efficient", "attlight", "globalatt", "mobile", "egeunet")
TAUGHT_BY = {  # what the arms of ablation.py learn from
    "plain": "the masks alone", "output": "masks and the teacher's answers",
    "output-features": "masks, answers and features, each stage weighing the same",
    "output-features-normalised": "masks, answers and features, each stage weighed by its norm (what ships)",
}
POSITIONS = (0, 52, 147)  # of the photographs that the drawing shows, in id order, as in the reference work's Figure 5
DRAWING = "masks-{}.png".format("-".join(map(str, POSITIONS)))
METRICS = ("pooled_iou", "pooled_dice", "mean_iou", "mean_dice", "class_mean_iou", "sensitivity", "specificity",
           "accuracy")


class TableError(Exception):
    """Cards that cannot stand in one table; the message says which and why."""


@dataclass
class Config:
    zoo: str = str(ZOO)


def read_cards(zoo):
    """The cards of every network in the folder, in ORDER, then by name."""
    cards = [json.loads(path.read_text()) for path in Path(zoo).glob("*/card.json")]
    if not cards:
        raise TableError(f"no card.json in any folder: {zoo}")
    return sorted(cards, key=lambda card: (
        ORDER.index(card["name"]) if card["name"] in ORDER else len(ORDER), card["name"]
    ))


def at(card, *keys):
    """The value under these keys, None where the card does not have it."""
    for key in keys:
        if not isinstance(card, dict) or card.get(key) is None:
            return None
        card = card[key]
    return card


def artefact(card, format_):
    return next((a for a in card["artefacts"] if a["format"] == format_), None)


def measured_on(cards):
    """(split, photographs) of every figure; a TableError when cards differ, whose figures do not compare."""
    found = {}
    for card in cards:
        for block in (at(card, "test"), at(card, "centre_crop"), at(card, "int8", "test")):
            if block:
                found.setdefault((block["split"], block["n"]), card["name"])
    if len(found) > 1:
        words = ", ".join(f"{name} on {n} of split '{split}'" for (split, n), name in found.items())
        raise TableError(f"the cards' figures were not measured on the same photographs ({words}); make them again")
    return next(iter(found))


# Numbers as they stand in a cell


def shown(pattern):
    """A formatter that shows a missing value as a dash."""
    return lambda value: NONE if value is None else pattern.format(value)


figure, whole, tenths = shown("{:.4f}"), shown("{:,}"), shown("{:.1f}")


def signed(pattern, value):
    return NONE if value is None else pattern.format(value).replace("-", "−")


def millions(value):
    return NONE if value is None else f"{value / 1e6:.2f} M"


def kilobytes(found):
    return NONE if found is None else f"{found['bytes'] / 1e3:,.0f}"


def band(card):
    limits = at(card, "npu", "estimated_millis")
    return NONE if limits is None else f"{limits[0]:.1f} to {limits[1]:.1f}"


def percent(part, whole_):
    return None if part is None or whole_ is None else 100 * (part - whole_) / whole_


def difference(first, second):
    return None if first is None or second is None else first - second


def table(head, rows):
    """A Markdown table; a column is aligned to the right unless its heading begins with '<'."""
    lines = [[word.lstrip("<") for word in head], ["---" if word[0] == "<" else "--:" for word in head], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def named(card):
    """The network's name, in bold when it is the recommended one."""
    return f"**{card['name']}**" if at(card, "recommended") else card["name"]


# The tables


def sizes(cards):
    def row(card):
        published, paper = at(card, "published", "parameters"), at(card, "published", "paper_parameters")
        return [named(card), card["description"], whole(card["parameters"]),
                whole(published), whole(paper), signed("{:+.1f} %", percent(published, paper)),
                millions(card["macs"]), kilobytes(artefact(card, "onnx"))]

    head = ["<network", "<design", "parameters", "published form", "reference work", "difference", "MACs", "ONNX kB"]
    return table(head, map(row, cards))


def accuracy(cards):
    def row(card):
        test, crop = card["test"], at(card, "centre_crop", "mean_iou")
        return [named(card), *(figure(test[key]) for key in ("pooled_iou", "mean_dice", "mean_iou", "class_mean_iou")),
                figure(crop), signed("{:+.4f}", difference(crop, test["mean_iou"]))]

    return table(["<network", "pooled_iou", "mean_dice", "mean_iou", "class_mean_iou", "centre_crop mean_iou",
                  "minus plain mean_iou"], map(row, cards))


def int8(cards):
    def row(card):
        hybrid = at(card, "int8", "hybrid_layers")
        return [named(card), figure(at(card, "int8", "test", "pooled_iou")),
                signed("{:+.4f}", at(card, "int8", "pooled_iou_minus_float")),
                figure(at(card, "int8", "test", "mean_dice")), at(card, "int8", "algorithm") or NONE,
                NONE if hybrid is None else str(len(hybrid))]

    return table(["<network", "INT8 pooled_iou", "minus float", "INT8 mean_dice", "<algorithm", "FP16 layers"],
                 map(row, cards))


def npu(cards):
    def row(card):
        on_cpu = at(card, "npu", "cpu_layers")
        return [named(card), whole(at(card, "npu", "layers")), NONE if on_cpu is None else str(len(on_cpu)),
                millions(at(card, "npu", "conv_cycles")), millions(at(card, "npu", "estimated_cycles")), band(card),
                kilobytes(artefact(card, "rknn"))]

    return table(["<network", "layers", "on the CPU", "convolution cycles", "estimated cycles", "estimated ms",
                  "RKNN kB"], map(row, cards))


def cpu_layers(cards):
    """A sentence for each network that leaves layers to the CPU."""
    left = {card["name"]: at(card, "npu", "cpu_layers") for card in cards if at(card, "npu", "cpu_layers")}
    lines = [f"- {name} leaves to the CPU: " + ", ".join(f"`{layer}`" for layer in layers) + "."
             for name, layers in left.items()]
    return "\n".join(lines) + "\n\n" if lines else ""


def speed(cards):
    boards = any(at(card, "speed", "board_millis") is not None for card in cards)

    def row(card):
        times = [tenths(at(card, "speed", "ort_millis")), tenths(at(card, "speed", "rten_millis"))]
        board = [tenths(at(card, "speed", "board_millis")), at(card, "speed", "board") or NONE] if boards else []
        return [named(card), *times, at(card, "speed", "machine") or NONE, *board]

    head = ["<network", "ONNX Runtime ms", "built-in engine ms", "<machine"]
    return table(head + (["NPU ms, measured", "<board"] if boards else []), map(row, cards))


def all_figures(cards):
    return table(["<network", *METRICS], ([named(card), *(figure(card["test"][m]) for m in METRICS)] for card in cards))


def distillation(cards):
    taught = [card for card in cards if at(card, "distillation")] or cards

    def row(card):
        losses = [at(card, "distillation", loss, split)
                  for loss in ("output_loss", "feature_loss") for split in ("train", "val")]
        return [named(card), at(card, "distillation", "teacher") or NONE, *map(figure, losses)]

    return table(["<network", "<teacher", "output loss, train", "val", "feature loss, train", "val"], map(row, taught))


def ablation(path):
    """What each part of the loss is worth: a heading, a table and a sentence; nothing where it was not measured."""
    if not path.is_file():
        return ""
    found = json.loads(path.read_text())
    rows = [[TAUGHT_BY[arm["name"]], *(figure(arm[key]) for key in
                                       ("pooled_iou", "mean_dice", "last_pooled_iou", "output_loss", "feature_loss"))]
            for arm in found["arms"]]
    head = ["<learns from", "pooled_iou", "mean_dice", "pooled_iou, last epoch", "output loss", "feature loss"]
    return (f"\n### What each part is worth\n\n{table(head, rows)}\n\n"
            f"`{found['student']}`, taught in four ways for {found['epochs']} epochs from the same plain training "
            f"(pooled_iou\n{figure(found['start'])}); all figures are of the {found['split']} split's 150 photographs. "
            "It is one run each, so small differences are noise.\n")


def paper(cards):
    def row(card):
        seconds = at(card, "published", "paper_seconds")
        return [named(card), figure(at(card, "published", "paper_miou")),
                figure(at(card, "int8", "test", "class_mean_iou")),
                NONE if seconds is None else f"{1000 * seconds:.0f}", band(card)]

    return table(["<network", "its mIoU, one photograph", "our INT8 class_mean_iou", "its ms, measured",
                  "our ms, estimated"], map(row, cards))


def hashes(cards):
    return "\n".join(f"{a['sha256']}  zoo/{card['name']}/{a['file']}" for card in cards for a in card["artefacts"])


# The page


# A format string: what stands in braces is filled in by `page`.
PAGE = (Path(__file__).resolve().parent / "zoo_page.md").read_text()


def best_of(cards, *keys, least=False):
    """The card with the most (or least) under these keys, the first of equals; None when no card has any."""
    having = [card for card in cards if at(card, *keys) is not None]
    pick = min if least else max
    return pick(having, key=lambda card: at(card, *keys)) if having else None


def choices(cards):
    """Which to take, in sentences: the recommended one, then the extremes when there is a choice."""
    chosen = best_of(cards, "recommended")
    lines = [f"**Take {chosen['name']}.** {chosen['recommended']}" if chosen else
             "**No network is recommended yet**, because no card has INT8 figures."]
    if len(cards) > 1:
        accurate, small = best_of(cards, "test", "pooled_iou"), best_of(cards, "parameters", least=True)
        quick = best_of(cards, "npu", "estimated_cycles", least=True)
        lines += ["", f"- Most accurate on an ordinary computer: {accurate['name']}, pooled_iou "
                      f"{figure(accurate['test']['pooled_iou'])}, mean_dice {figure(accurate['test']['mean_dice'])}.",
                  f"- Smallest: {small['name']}, {whole(small['parameters'])} parameters, mean_dice "
                  f"{figure(small['test']['mean_dice'])}."]
        if quick:
            lines.append(f"- Fastest on the NPU by our estimate: {quick['name']}, {band(quick)} ms.")
    return "\n".join(lines)


def page(cards):
    """The whole of models/README.md."""
    split, n = measured_on(cards)
    toolkits = sorted({at(card, "int8", "toolkit") for card in cards} - {None})
    calibrations = sorted({at(card, "int8", "calibration_photos") for card in cards} - {None})
    return PAGE.format(
        count=f"{len(cards)} networks, each" if len(cards) > 1 else "One network so far,", n=n, split=split, near=NEAR,
        drawing=DRAWING, positions="{}, {} and {}".format(*POSITIONS), choices=choices(cards), sizes=sizes(cards),
        accuracy=accuracy(cards), int8=int8(cards), npu=npu(cards), cpu_layers=cpu_layers(cards), speed=speed(cards),
        all_figures=all_figures(cards), distillation=distillation(cards), ablation=ablation(ABLATION),
        paper=paper(cards), hashes=hashes(cards),
        toolkit=", ".join(toolkits) or "rknn-toolkit2", calibration="".join(f"{count} " for count in calibrations),
    )


def readme_of(zoo):
    """Where the page of a zoo lies."""
    return Path(zoo).parent / "README.md"


if __name__ == "__main__":
    given = options.parse(Config, __doc__)
    try:
        readme_of(given.zoo).write_text(page(read_cards(given.zoo)))
    except TableError as problem:
        sys.exit(f"zoo_table.py: {problem}")
