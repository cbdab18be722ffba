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


PAGE = """\
# The zoo

<!-- Made by recipe/zoo_table.py from the cards in zoo; change those, or the script, and make it again. -->

{count} in a folder of `zoo`: `card.json` has its facts, `model.onnx` is for any computer and, where there is one,
`model.rk3588.rknn` for the NPU of a Rockchip RK3588 board. Each outlines one pigmented skin lesion in a dermoscopy
photograph. **For research use only: none is a medical device, and an outline is no diagnosis.**

## Which to take

{choices}

The rule: of the networks whose INT8 pooled_iou lies within {near} of the best, and which run wholly on the NPU, the one
with the fewest estimated NPU cycles, then the fewest MACs. All these figures of agreement run from 0 to 1, where 1 is
full agreement with the reference; what their names mean stands below. Tables show the recommended network in bold.

![The networks' masks of three test photographs beside the reference]({drawing})

Test photographs {positions} in id order, without the photographs themselves: green is lesion that was found, vermilion
was marked but is no lesion, purple is lesion that was missed. The thin line is the reference's edge.

## Size and accuracy

{sizes}

Parameters are counted in the form that is trained and shipped, which keeps to what the NPU can run; beside it the
count of the published form and the count that the reference work gives (for EGE-UNet its own paper), with the
difference between these two. MACs are multiply-accumulate operations a photograph, counted from the ONNX graph.

{accuracy}

Measured on {n} photographs of the {split} split of ISIC 2017 (256x256, floats, ONNX Runtime). centre_crop: the same
photographs framed otherwise, at their true proportions and cut to the largest centred square.

### What the names mean

- Dice is twice the area that outline and reference share, over the sum of both areas; IoU is the shared area over all
  that either covers. Both run from 0 to 1, where 1 is full agreement. A reference is lesion above 128; two empty masks
  agree fully.
- `mean_dice`, `mean_iou`: a mean over photographs, each counting the same.
- `pooled_dice`, `pooled_iou`: all pixels of all photographs in one count, so that large lesions weigh more.
- `class_mean_iou`: the mean of the pooled IoU of lesion and of background (the reference work's equation 9).
- `sensitivity`: the share of the lesion that was found. `specificity`: the share of the background left out.
  `accuracy`: the share of pixels that are right. All three are means over photographs.

## INT8 and NPU

{int8}

INT8 figures are of the same {n} photographs, by the simulator of {toolkit} on a PC; the first {calibration}photographs
of the train split set the ranges. Minus float: INT8 less float, so below zero where quantising costs. FP16 layers are
those kept in 16 bits.

{npu}

{cpu_layers}Layers and convolution cycles are the compiler's. **The estimated cycles and milliseconds are estimates: no
board was at hand.** The compiler counts cycles for convolutions only; for the other layers we take the bytes they move
at 23.6 bytes a cycle. The milliseconds are these cycles at 1 GHz on one core, times 1.2 and times 1.7: so much longer
than their cycles did four networks take whose times the vendor publishes. A network of 200 small layers may take up to
2 ms more, and the time of layers on the CPU is not in it.

To put a measured time beside the estimate, on the board:

1. `dermaloupe doctor` must say that the NPU is found, with the versions of runtime and driver; it says what is missing.
2. Fix the clocks, so that the figure can be repeated: the governor `performance` for NPU and processor (as root,
   `echo performance | tee /sys/class/devfreq/*.npu/governor /sys/devices/system/cpu/cpufreq/policy*/scaling_governor`),
   and nothing else running. `bench` prints governors and frequencies with its figures.
3. `dermaloupe bench --engine rknn --model NAME --runs 200 --json`. `millis.infer` is the network by the wall, as the
   program meets it; `device_millis` is the NPU's own clock, without the tensors' way there and back; `batch` compares
   photographs in turn with several on the way at once, on all three cores.
4. `dermaloupe evaluate --engine rknn --model NAME --images ... --masks ... --list ... --split test` gives the accuracy
   on the NPU itself, to be laid beside the simulator's in the table above.
5. Add the median of `millis.infer` to the network's card as `"board_millis"` and the board's name as `"board"` in the
   block `"speed"`, and run `make_zoo.py --table-only`.

## Speed on a desktop

{speed}

Milliseconds a photograph for the network alone, the median by `dermaloupe bench`.

## All figures of the {split} split

{all_figures}

## Distillation

{distillation}

How far a student is from its teacher, as in the reference work's Tables 2 and 3; lower is nearer. Output loss: the
Kullback-Leibler divergence of the answers softened by a temperature of 3, a mean over pixels in nats, times 9. Feature
loss: the squared difference of the stages' features as a share of the teacher's, a mean over stages.
{ablation}
## Beside the reference work's figures

{paper}

- Its mIoU is of one photograph, in INT8 on the board; ours, by the same formula, is of {n} photographs, in INT8 by the
  simulator. The two do not compare.
- Its milliseconds were measured on the board; ours are an estimate.
- Its 'FLOPs' is twice the number of parameters (but for shallow) and counts no operations; we give MACs instead.

## SHA-256

To check, in this folder: `grep -E '^[0-9a-f]{{64}}  ' README.md | sha256sum --check`

```
{hashes}
```
"""


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
