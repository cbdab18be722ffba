"""Calibration of a network's maps: how often a pixel that is given the probability p is lesion in the reference.

The calibrated probability is sigmoid(logit(p) / temperature), so that 0.5 stays 0.5 and an outline stays where it is
(Guo et al., On calibration of modern neural networks, 2017). Isotonic regression is the free-form comparison.
"""

import numpy as np
from scipy.optimize import isotonic_regression, minimize_scalar

from dermaloupe_recipe.level_counts import CENTRES
from dermaloupe_recipe.map_cache import sigmoid

INTERVALS = 15  # of equal width, for the expected calibration error
FOLDS = 10
SEED = 2017
DOUBTFUL = (0.05, 0.95)  # before calibration: pixels of plain skin and of a lesion's middle are left out
CLOSE = 0.01  # isotonic regression is preferred only if its held-out log loss is this share lower


def calibrated(temperature):
    """The calibrated probability of each bin."""
    return sigmoid(CENTRES / temperature)


def log_loss(counts, probabilities):
    """Nats per pixel."""
    lesion, background = counts.lesion.sum(0), counts.background.sum(0)
    p = np.clip(probabilities, 1e-7, 1 - 1e-7)
    return float(-(lesion @ np.log(p) + background @ np.log1p(-p)) / counts.pixels.sum())


def fit_temperature(counts):
    """The temperature with the least log loss, between 0.2 and 20."""
    def loss(log_temperature):
        return log_loss(counts, calibrated(np.exp(log_temperature)))

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(0.2), np.log(20)), method="bounded").x))


def fit_isotonic(counts):
    """The probability of each bin by isotonic regression of the reference, interpolated where there is no pixel."""
    pixels, lesion = counts.pixels.sum(0).astype(float), counts.lesion.sum(0)
    seen = pixels > 0
    fitted = isotonic_regression(lesion[seen] / pixels[seen], weights=pixels[seen]).x
    return np.interp(CENTRES, CENTRES[seen], fitted)


def folds_of(count, folds=FOLDS, seed=SEED):
    """The fold of each photograph, at random and of equal sizes."""
    return np.random.default_rng(seed).permutation(count) % min(count, folds)


def cross_fitted(counts):
    """The log loss, on the fold left out, of each way to calibrate; needs at least two photographs."""
    losses = {"none": [], "temperature": [], "isotonic": []}
    fold_of = folds_of(len(counts))
    for fold in range(fold_of.max() + 1):
        seen, left_out = counts.select(fold_of != fold), counts.select(fold_of == fold)
        losses["none"].append(log_loss(left_out, calibrated(1)))
        losses["temperature"].append(log_loss(left_out, calibrated(fit_temperature(seen))))
        losses["isotonic"].append(log_loss(left_out, fit_isotonic(seen)))
    return {name: float(np.mean(values)) for name, values in losses.items()}


def preferred(losses):
    """The method to ship: the temperature, unless isotonic regression is clearly better."""
    return "isotonic" if losses["isotonic"] < (1 - CLOSE) * losses["temperature"] else "temperature"


def reliability(counts, probabilities, chosen=None):
    """Per interval of the probability: (mean probability, observed share of lesion, pixels); empty ones are left out.

    `chosen` are the bins to count, by default all.
    """
    weights = np.ones(len(CENTRES)) if chosen is None else np.asarray(chosen, float)
    pixels, lesion = counts.pixels.sum(0) * weights, counts.lesion.sum(0) * weights
    interval = np.minimum((probabilities * INTERVALS).astype(int), INTERVALS - 1)
    total = np.bincount(interval, pixels, INTERVALS)
    mean = np.bincount(interval, pixels * probabilities, INTERVALS)
    observed = np.bincount(interval, lesion, INTERVALS)
    return [(float(m / t), float(o / t), int(t)) for m, o, t in zip(mean, observed, total) if t > 0]


def expected_calibration_error(counts, probabilities, chosen=None):
    """The mean over pixels of |mean probability - observed share| of the pixel's interval."""
    rows = np.array(reliability(counts, probabilities, chosen))
    return float(np.abs(rows[:, 0] - rows[:, 1]) @ rows[:, 2] / rows[:, 2].sum()) if len(rows) else 0.0


def doubtful_bins():
    return (calibrated(1) > DOUBTFUL[0]) & (calibrated(1) < DOUBTFUL[1])


def measure(val, test):
    """The card's block `calibration`: fitted on val, its errors on test."""
    losses = cross_fitted(val)
    temperature = round(fit_temperature(val), 4)
    before, after, free = calibrated(1), calibrated(temperature), fit_isotonic(val)

    def errors(chosen=None):
        return {name: round(expected_calibration_error(test, p, chosen), 6)
                for name, p in (("before", before), ("after", after), ("isotonic", free))}

    return {
        "method": preferred(losses),
        "temperature": temperature,
        "fitted_on": "val",
        "held_out_log_loss": {name: round(loss, 6) for name, loss in losses.items()},
        "test_calibration_error": errors(),
        "test_calibration_error_doubtful": errors(doubtful_bins()),
    }
