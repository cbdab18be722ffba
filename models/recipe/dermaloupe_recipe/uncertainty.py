"""How sure the networks are, and for whom they work: the cards' blocks `calibration`, `band`, `expected_agreement` and
`external`, and `uncertainty.json` with what the page and the figures show beyond them.

Everything is fitted on val; test and HAM10000 are only measured.
"""

import json
import math
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

import numpy as np

from dermaloupe_recipe import (
    calibration, data, evaluation_sets, expected_agreement, group_figures, level_counts, map_cache, outline_band,
    review_order,
)
from dermaloupe_recipe.cards import read_card, write_card
from dermaloupe_recipe.files import ZOO, write_text
from dermaloupe_recipe.group_figures import by_group, figures, resampled, sums_by_lesion
from dermaloupe_recipe.level_counts import confusion_at, dice_of, iou_of
from dermaloupe_recipe.outline_band import MIDDLE
from dermaloupe_recipe.uncertainty_page import UNCERTAINTY

BLOCKS = ("calibration", "band", "expected_agreement", "external")
FOUR = ("globalatt", "narrow", "mobile", "egeunet")  # the recommended one, and one of each other kind of block
ATTRIBUTES = ("diagnosis", "site", "sex", "age")
SEED = 650


@dataclass
class Config:
    networks: str = ""  # separated by commas, the others' figures stay; empty: all of the zoo
    sets: str = ",".join(evaluation_sets.NAMES)  # without ham10000 there is nothing external
    careful: str = "globalatt"  # the network of which the eight turned and mirrored photographs are averaged
    careful_sets: str = "val,test"  # where that is measured; eight times the work
    results: str = str(UNCERTAINTY)
    maps: str = ""  # folder of the maps, as given to predict_maps.py
    zoo: str = str(ZOO)
    data: str = ""  # data folder, as given to train.py


@dataclass
class Measured:
    """One network on one set."""

    photographs: evaluation_sets.EvaluationSet
    logits: np.ndarray  # of its maps, float16 [N, h, w]
    counts: level_counts.LevelCounts

    @cached_property
    def confusions(self):
        return confusion_at(self.counts, MIDDLE)

    @property
    def iou(self):
        return iou_of(self.confusions)

    @property
    def lesions(self):
        return [row["lesion"] for row in self.photographs.rows]

    def column(self, name):
        return [row[name] for row in self.photographs.rows]


def load(config, name, photographs, careful=False):
    logits = map_cache.logits_of(config.zoo, name, photographs, config.maps, careful)
    counts = level_counts.of_network(config.zoo, name, photographs, config.maps, careful)
    return Measured(photographs, logits, counts)


def rounded(value, digits=4):
    """The value with every number in it rounded; what is not defined, such as a share of no failures, is None."""
    if isinstance(value, dict):
        return {key: rounded(item, digits) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item, digits) for item in value]
    if isinstance(value, float):
        return round(value, digits) if math.isfinite(value) else None
    return value


def count_failures(iou):
    return int(np.count_nonzero(iou < review_order.FAILURE_BELOW))


def expectations(logits, temperature, model=expected_agreement.nested):
    """Per photograph: (expected IoU and Dice of the outline at 0.5, best level of the uncalibrated map)."""
    found = []
    for pixels in map_cache.sorted_downwards(logits):
        levels = map_cache.sigmoid(pixels.astype(np.float64) / temperature)
        expectation = model(levels)
        best = expected_agreement.best_threshold(expectation)
        level = float(map_cache.sigmoid(temperature * map_cache.logit(np.array(best)))) if best <= 1 else 1.0
        found.append((expectation.iou_at(0.5), expected_agreement.nested_dice(levels, 0.5), level))
    return np.array(found).T


def agreement_block(measured, expected, size):
    """The card's block `expected_agreement`: its tables from val, its errors on every set."""
    iou_table = expected_agreement.fit_correction(expected["val"][0], measured["val"].iou)
    dice_table = expected_agreement.fit_correction(expected["val"][1], dice_of(measured["val"].confusions))
    block = {"model": "nested", "map": list(size), "threshold": 0.5, "fitted_on": "val",
             "iou": [list(row) for row in zip(*iou_table)], "dice": [list(row) for row in zip(*dice_table)]}
    for name, on in measured.items():
        iou = expected_agreement.corrected(expected[name][0], iou_table)
        dice = expected_agreement.corrected(expected[name][1], dice_table)
        block[name] = rounded({
            "n": len(iou), **review_order.correlations(iou, on.iou),
            "mean_expected_iou": float(iou.mean()), "mean_iou": float(on.iou.mean()),
            "mean_error_iou": float(np.abs(iou - on.iou).mean()),
            "mean_error_dice": float(np.abs(dice - dice_of(on.confusions)).mean()),
            "failures": count_failures(on.iou),
            "failures_in_worst_fifth": review_order.failures_found(expected[name][0], on.iou, (0.2,))[0],
        })
    return block


def external_block(measured):
    """The card's block `external`: HAM10000 by group, if it was measured, and test by how the reference was made."""
    ham, test = measured.get(evaluation_sets.HAM10000), measured["test"]
    groups = by_group(test.confusions, test.lesions, test.column("reference"))
    return (external_figures(ham) if ham else {}) | {"references": {"split": "test", "groups": groups}}


def external_figures(ham):
    return {
        "name": "HAM10000", "licence": "CC BY-NC 4.0", "use": "evaluation only; never trained on",
        "overall": figures(ham.confusions, ham.lesions),
        "by": {name: by_group(ham.confusions, ham.lesions, ham.column(name)) for name in ATTRIBUTES},
    }


def gain(on, first_bins):
    """What other outlines (a bin a photograph, or one for all) gain over those at 0.5."""
    return difference(iou_of(confusion_at(on.counts, first_bins)), on.iou, on.lesions)


def difference(after, before, lesions):
    """Mean IoU after, and the mean difference with its 95 % interval, whole lesions drawn with replacement."""
    sums = sums_by_lesion(np.zeros((len(after), 4), int), lesions)
    _, place = np.unique(np.asarray(lesions), return_inverse=True)
    sums[:, 1] = np.bincount(place, after - before)
    drawn = resampled(sums)
    return rounded({"mean_iou": float(after.mean()), "gain": float((after - before).mean()),
                    "interval": np.percentile(drawn[:, 1] / drawn[:, 0], (2.5, 97.5)).tolist()})


def level_results(measured, expected):
    """What the level of the highest expected IoU gains; the best one level for all of val; and that of each set."""
    grid = {level: level_counts.nearest_edge(level) for level in np.arange(0.2, 0.81, 0.05).round(2).tolist()}
    best = {name: max(grid, key=lambda level: iou_of(confusion_at(on.counts, grid[level])).mean())
            for name, on in measured.items()}
    return {
        "expected": {name: gain(on, [level_counts.level_index(level) for level in expected[name][2]])
                     for name, on in measured.items()},
        "fixed_level": best["val"],
        "fixed": {name: gain(on, grid[best["val"]]) for name, on in measured.items()},
        "best_of_each": {name: {"level": level, **gains_at(measured, grid[level])} for name, level in best.items()},
    }


def gains_at(measured, first_bin):
    """The mean gain in IoU of one level for all photographs over 0.5, on each set."""
    return {name: rounded(float((iou_of(confusion_at(on.counts, first_bin)) - on.iou).mean()))
            for name, on in measured.items()}


def network_results(measured, expected, block):
    """The network's part of uncertainty.json."""
    test, temperature = measured["test"], block["calibration"]["temperature"]
    table = list(zip(*block["expected_agreement"]["iou"]))
    independent = {name: expectations(measured[name].logits, temperature, expected_agreement.independent)
                   for name in ("val", "test")}
    return {
        "reliability": {"before": review_rows(test.counts, 1), "after": review_rows(test.counts, temperature)},
        "deciles": rounded(review_order.deciles(expected_agreement.corrected(expected["test"][0], table), test.iou)),
        "queue": rounded(review_order.failures_found(expected["test"][0], test.iou)),
        "level": level_results(measured, expected),
        "independent": {name: rounded({
            **review_order.correlations(independent[name][0], measured[name].iou),
            "failures_in_worst_fifth": review_order.failures_found(independent[name][0], measured[name].iou, (0.2,))[0],
            "level_gain": gain(measured[name], [level_counts.level_index(x) for x in independent[name][2]])["gain"],
        }) for name in independent},
    }


def review_rows(counts, temperature):
    return rounded(calibration.reliability(counts, calibration.calibrated(temperature)))


def measure_network(config, name, sets):
    """(the card's blocks, the network's part of uncertainty.json)."""
    measured = {set_name: load(config, name, photographs) for set_name, photographs in sets.items()}
    counts = {set_name: on.counts for set_name, on in measured.items()}
    blocks = {"calibration": calibration.measure(counts["val"], counts["test"]), "band": outline_band.measure(counts)}
    temperature = blocks["calibration"]["temperature"]
    expected = {set_name: expectations(on.logits, temperature) for set_name, on in measured.items()}
    blocks["expected_agreement"] = agreement_block(measured, expected, measured["val"].logits.shape[1:])
    blocks["external"] = external_block(measured)
    return blocks, network_results(measured, expected, blocks)


def disagreement(config, sets, judged):
    """The mean IoU between networks' outlines as an order to look at the outlines of the network `judged`, on test."""
    names = map_cache.names_of(Config(zoo=config.zoo))
    outlines = {name: map_cache.logits_of(config.zoo, name, sets["test"], config.maps) >= 0 for name in names}
    iou = load(config, judged, sets["test"]).iou
    pairs = {pair: np.array([review_order.mean_pairwise_iou(masks) for masks in zip(*(outlines[n] for n in pair))])
             for pair in combinations(names, 2)}

    def score(chosen):
        return np.mean([pairs[pair] for pair in combinations(sorted(chosen), 2)], axis=0)

    every_four = [review_order.failures_found(score(chosen), iou, (0.2,))[0] for chosen in combinations(names, 4)]
    four = FOUR if set(FOUR) <= set(names) else names
    return score(four), rounded({
        "networks": four, "queue": review_order.failures_found(score(four), iou),
        "every_four_in_worst_fifth": np.percentile(every_four, (0, 50, 100)).tolist() if every_four else None,
        "all": review_order.failures_found(score(names), iou),
    })


def queue_results(config, sets, name, temperature):
    """The orders in which to look at the outlines of one network, on test."""
    test = load(config, name, sets["test"])
    expected = expectations(test.logits, temperature)[0]
    four, found = disagreement(config, sets, name)
    shares = [round(x, 2) for x in np.arange(0, 1.001, 0.01)]
    both = expected + four
    orders = {"expected": expected, "four networks": four, "both": both}
    return rounded({
        "network": name, "n": len(test.iou), "failures": count_failures(test.iou),
        "looked_at": list(review_order.LOOKED_AT), "shares": shares,
        "found": {key: review_order.failures_found(score, test.iou) for key, score in orders.items()},
        "worst_fifth_interval": {key: review_order.interval(score, test.iou, 0.2, SEED)
                                 for key, score in orders.items()},
        "curves": {key: review_order.failures_found(score, test.iou, shares) for key, score in orders.items()}
        | {"ideal": review_order.ideal(test.iou, shares)},
        "disagreement": found,
    })


def careful_results(config, sets, name):
    """What the mean of the eight turned and mirrored photographs gains for one network."""
    found = {}
    for set_name in filter(None, config.careful_sets.split(",")):
        photographs = sets[set_name]
        plain, careful = load(config, name, photographs), load(config, name, photographs, careful=True)
        found[set_name] = difference(careful.iou, plain.iou, plain.lesions)
    return {"network": name, "passes": 8, **found}


def several_people(config, sets, name):
    """The network's agreement on the test photographs that several people outlined, and on the others."""
    test = load(config, name, sets["test"])
    several = np.array([made == evaluation_sets.SEVERAL for made in test.column("reference")])
    return {"network": name, **{key: figures(test.confusions[chosen], np.array(test.lesions)[chosen])
                                for key, chosen in (("several", several), ("one", ~several)) if chosen.any()}}


def measure(config):
    """Measures every network, writes its card's blocks, and then uncertainty.json."""
    root = data.data_root(config.data)
    sets = {name: evaluation_sets.read(root, name) for name in evaluation_sets.NAMES if name in config.sets.split(",")}
    former = Path(config.results)
    results = json.loads(former.read_text())["networks"] if former.is_file() and config.networks else {}
    for name in map_cache.names_of(config):
        blocks, results[name] = measure_network(config, name, sets)
        write_card(f"{config.zoo}/{name}", read_card(f"{config.zoo}/{name}") | blocks)
        agreement = blocks["expected_agreement"]["test"]
        print(f"{name}: temperature {blocks['calibration']['temperature']}, correlation {agreement['pearson']}, "
              f"failures in the worst fifth {agreement['failures_in_worst_fifth']}", flush=True)
    judged = config.careful
    temperature = read_card(f"{config.zoo}/{judged}")["calibration"]["temperature"]
    document = {"failure_below": review_order.FAILURE_BELOW, "networks": dict(sorted(results.items())),
                "queue": queue_results(config, sets, judged, temperature),
                "careful": careful_results(config, sets, judged), "people": several_people(config, sets, judged)}
    write_text(config.results, json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    print(f"written: {config.results}")
