"""Agreement by group of photographs, with bootstrap intervals.

Photographs of one lesion are not independent, so whole lesions are drawn: their photographs come together.
"""

import numpy as np

from dermaloupe_recipe.level_counts import dice_of, iou_of
from dermaloupe_recipe.review_order import FAILURE_BELOW

RESAMPLES = 2000
SEED = 10015
SMALL = 20  # photographs; a group of fewer is shown as such


def sums_by_lesion(confusions, lesions):
    """Per lesion: photographs, and the sums of IoU, Dice, failures, intersection and union; float64 [lesions, 6]."""
    tp, fp, fn, _ = confusions.T
    iou = iou_of(confusions)
    columns = np.stack([np.ones(len(iou)), iou, dice_of(confusions), iou < FAILURE_BELOW, tp, tp + fp + fn], axis=1)
    _, place = np.unique(np.asarray(lesions), return_inverse=True)
    sums = np.zeros((place.max() + 1, columns.shape[1]))
    np.add.at(sums, place, columns)
    return sums


def metrics_of(sums):
    """(mean_iou, mean_dice, pooled_iou, share of failures) of sums [..., 6]."""
    n, iou, dice, failed, intersection, union = np.moveaxis(sums, -1, 0)
    return iou / n, dice / n, np.where(union > 0, intersection / np.maximum(union, 1), 1.0), failed / n


def resampled(sums, resamples=RESAMPLES, seed=SEED):
    """The sums of lesions drawn with replacement, [resamples, 6]."""
    rng, count = np.random.default_rng(seed), len(sums)
    return np.stack([np.bincount(rng.integers(0, count, count), minlength=count) @ sums for _ in range(resamples)])


def figures(confusions, lesions):
    """The figures of one group with 95 % intervals; below SMALL photographs it is marked `small`."""
    sums = sums_by_lesion(confusions, lesions)
    names = ("mean_iou", "mean_dice", "pooled_iou", "below_0_65")
    found = {"n": len(confusions), "lesions": len(sums)}
    drawn = metrics_of(resampled(sums)) if len(sums) > 1 else None
    for i, (name, value) in enumerate(zip(names, metrics_of(sums.sum(0)))):
        found[name] = round(float(value), 4)
        if drawn is not None:
            found[f"{name}_interval"] = [round(float(x), 4) for x in np.percentile(drawn[i], (2.5, 97.5))]
    return found | ({"small": True} if len(confusions) < SMALL else {})


def by_group(confusions, lesions, labels):
    """[{group, figures}] of the photographs with each label, in the labels' order; those without one are left out."""
    labels, lesions = np.array(labels, object), np.asarray(lesions)
    groups = sorted({label for label in labels if label is not None}, key=natural)
    return [{"group": group} | figures(confusions[labels == group], lesions[labels == group]) for group in groups]


def natural(group):
    """A key that puts '0 to 9' before '10 to 19'."""
    head = group.split(" ")[0]
    return (0, int(head), group) if head.isdigit() else (1, 0, group)
