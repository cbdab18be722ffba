"""Segmentation metrics by the ISIC challenge's rules, in plain numpy.

Macro metrics (`mean_*`, sensitivity, specificity, accuracy) are means over images; pooled metrics come from one
confusion matrix over all pixels. A ratio of 0 / 0 is 1.0, so two empty masks agree perfectly.
"""

import numpy as np


def confusion(predicted, reference):
    """(tp, fp, fn, tn) in pixels, of two boolean masks of the same size."""
    predicted, reference = np.asarray(predicted, bool), np.asarray(reference, bool)
    if predicted.shape != reference.shape:
        raise ValueError(f"mask is {predicted.shape}, reference is {reference.shape}: they must be of the same size")
    tp = int(np.count_nonzero(predicted & reference))
    fp = int(np.count_nonzero(predicted)) - tp
    fn = int(np.count_nonzero(reference)) - tp
    return tp, fp, fn, predicted.size - tp - fp - fn


def ratio(numerator, denominator):
    return numerator / denominator if denominator else 1.0


def scores(counts):
    """The metrics of one confusion matrix."""
    tp, fp, fn, tn = counts
    return {
        "iou": ratio(tp, tp + fp + fn),
        "dice": ratio(2 * tp, 2 * tp + fp + fn),
        "sensitivity": ratio(tp, tp + fn),
        "specificity": ratio(tn, tn + fp),
        "accuracy": ratio(tp + tn, tp + fp + fn + tn),
    }


def summary(all_counts):
    """A data set's metrics from the confusion matrices of its images."""
    if not all_counts:
        raise ValueError("no image to evaluate")
    each = [scores(c) for c in all_counts]
    macro = {key: float(np.mean([s[key] for s in each])) for key in each[0]}
    tp, fp, fn, tn = (sum(column) for column in zip(*all_counts))
    pooled = scores((tp, fp, fn, tn))
    background_iou = ratio(tn, tn + fp + fn)
    return {
        "n": len(all_counts),
        "mean_iou": macro["iou"],
        "mean_dice": macro["dice"],
        "pooled_iou": pooled["iou"],
        "pooled_dice": pooled["dice"],
        "class_mean_iou": (pooled["iou"] + background_iou) / 2,
        "sensitivity": macro["sensitivity"],
        "specificity": macro["specificity"],
        "accuracy": macro["accuracy"],
    }


def evaluate(probabilities, references, threshold=0.5):
    """`summary` over pairs of a probability map and a boolean reference mask."""
    return summary([confusion(p >= threshold, r) for p, r in zip(probabilities, references)])
