"""How good an order is in which to look at outlines: how many of the failures come first."""

import numpy as np
from scipy.stats import pearsonr, rankdata, spearmanr

FAILURE_BELOW = 0.65  # IoU
LOOKED_AT = (0.05, 0.1, 0.2, 0.3)  # shares of all photographs
DECILES = 10


def failures_found(score, iou, shares=LOOKED_AT):
    """The share of all failures among the photographs with the lowest scores, for each share looked at.

    Photographs with the same score come in any order: each of them counts by its chance to be among those.
    """
    failed = np.asarray(iou) < FAILURE_BELOW
    if not failed.any():
        return [float("nan")] * len(shares)
    low, high = rankdata(score, "min") - 1, rankdata(score, "max")
    found = []
    for share in shares:
        looked_at = round(share * len(failed))
        chance = np.clip((looked_at - low) / (high - low), 0, 1)
        found.append(float((chance * failed).sum() / failed.sum()))
    return found


def ideal(iou, shares=LOOKED_AT):
    """The same, for an order that knows every failure."""
    count = int(np.count_nonzero(np.asarray(iou) < FAILURE_BELOW))
    return [min(1.0, round(share * len(iou)) / count) if count else float("nan") for share in shares]


def interval(score, iou, share, seed, resamples=2000):
    """The bootstrap 95 % interval of `failures_found` at one share."""
    score, iou = np.asarray(score), np.asarray(iou)
    if not (iou < FAILURE_BELOW).any():
        return [float("nan")] * 2
    draws = np.random.default_rng(seed).integers(0, len(iou), (resamples, len(iou)))
    found = [failures_found(score[draw], iou[draw], (share,))[0] for draw in draws]
    return [float(x) for x in np.nanpercentile(found, (2.5, 97.5))]


def correlations(expected, found):
    return {"pearson": float(pearsonr(expected, found)[0]), "spearman": float(spearmanr(expected, found)[0])}


def deciles(expected, found):
    """Per tenth of the photographs by expectation, lowest first: (mean expectation, mean agreement found)."""
    parts = np.array_split(np.argsort(expected, kind="stable"), DECILES)
    return [(float(np.mean(expected[part])), float(np.mean(found[part]))) for part in parts if len(part)]


def mean_pairwise_iou(masks):
    """The mean IoU of every two of several masks [K, H, W] of one photograph; two empty masks agree fully."""
    found = []
    for i, one in enumerate(masks):
        for other in masks[i + 1 :]:
            union = np.count_nonzero(one | other)
            found.append(np.count_nonzero(one & other) / union if union else 1.0)
    return float(np.mean(found))
