"""Metrics of vessel masks inside the field of view, as the literature has them: means over photographs."""

import numpy as np
import torch
from scipy.stats import rankdata

from dermaloupe_recipe.centre_lines import thin
from dermaloupe_recipe.evaluation import confusion, ratio, scores

AUC_LEVELS = 10_000  # probabilities are rounded to this many steps, so that ties are ranked as such


def auc(probabilities, reference):
    """The area under the receiver operating characteristic: the share of pixel pairs in the right order."""
    positive = int(np.count_nonzero(reference))
    negative = reference.size - positive
    if not positive or not negative:
        return 1.0
    ranks = rankdata(np.round(probabilities * AUC_LEVELS).astype(np.int32))
    return float((ranks[reference].sum() - positive * (positive + 1) / 2) / (positive * negative))


def centre_line_dice(predicted, reference):
    """clDice (Shit et al., 2021): the harmonic mean of the shares of each centre line that lie in the other mask."""
    predicted_line, reference_line = thin(predicted), thin(reference)
    precision = ratio(np.count_nonzero(predicted_line & reference), np.count_nonzero(predicted_line))
    recall = ratio(np.count_nonzero(reference_line & predicted), np.count_nonzero(reference_line))
    return ratio(2 * precision * recall, precision + recall)


def mask_metrics(predicted, reference, field_of_view):
    """Dice, sensitivity, specificity and clDice of a mask, inside the field of view."""
    counts = confusion(predicted[field_of_view], reference[field_of_view])
    found = scores(counts)
    return {key: found[key] for key in ("dice", "sensitivity", "specificity")} | {
        "cldice": centre_line_dice(predicted & field_of_view, reference & field_of_view)}


def photo_metrics(probabilities, fundus, threshold):
    """`mask_metrics` of a probability map [H, W] at the photograph's size, and its AUC."""
    inside = fundus.field_of_view
    found = mask_metrics(probabilities >= threshold, fundus.vessels, inside)
    return found | {"auc": auc(probabilities[inside], fundus.vessels[inside])}


def mean(rows):
    """The means over photographs."""
    if not rows:
        raise ValueError("no photograph to evaluate")
    return {"n": len(rows)} | {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}


def dice_by_threshold(probabilities, reference, thresholds):
    """The Dice at each threshold, to 1 / AUC_LEVELS of a probability, of tensors of the pixels in the field of view."""
    levels = (probabilities * AUC_LEVELS).round().long()
    found, predicted = (torch.bincount(part, minlength=AUC_LEVELS + 1).flip(0).cumsum(0).flip(0).cpu()
                        for part in (levels[reference], levels))
    vessels, at = int(reference.sum()), [round(threshold * AUC_LEVELS) for threshold in thresholds]
    return [ratio(2 * int(found[i]), int(predicted[i]) + vessels) for i in at]
