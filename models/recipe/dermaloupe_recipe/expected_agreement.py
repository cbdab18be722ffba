"""The expected IoU and Dice of an outline with a reference that nobody has drawn, from the calibrated map alone.

Two models of the reference, both with the map's probabilities as the share of references that have a pixel:

- **Nested** (shipped): references are level sets of the map, one inside the other. With u uniform in 0..1 the
  reference is {p >= u}. Let p1 >= p2 >= ... be the sorted map. The reference is the first m pixels with probability
  p_m - p_(m+1), and an outline of the first k pixels has with it an IoU of min(k, m) / max(k, m) and a Dice of
  2 min(k, m) / (k + m). So

      E[IoU_k] = sum_m (p_m - p_(m+1)) min(k, m) / max(k, m)

  is exact, and for all k together takes two cumulative sums. It is the map read as a random set by its quantiles
  (Molchanov, Theory of Random Sets, 2005, chapter 2); the derivation is the line above.
- **Independent** (for comparison): each pixel is drawn by itself. IoU_k = X / (k + Y), with X the reference's pixels
  within the outline and Y those outside. X and Y are independent, so E[IoU_k] = E[X] E[1 / (k + Y)], with Y
  Poisson-binomial (Nowozin, Optimal decisions from probabilistic models: the intersection-over-union case, 2014; Dai
  and Li, RankSEG, 2023). Over thousands of pixels Y hardly varies, and E[1 / (k + Y)] is 1 / (k + E[Y]).

Neither knows how a network errs as a whole, so a rising table fitted on val corrects the expectation.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import lsq_linear

from dermaloupe_recipe.errors import RecipeError

KNOTS = (0, 10, 25, 50, 75, 90, 100)  # percentiles of val's expectations at which the correction bends
LEAST_SLOPE = 0.1  # of the correction: it rises everywhere, so that it never changes an order


class ExpectationError(RecipeError):
    """A map or a table of corrections that cannot be used; the message says why."""


@dataclass
class Expectation:
    """Of the outline of the first k pixels of the sorted map, k = 0 to n."""

    levels: np.ndarray  # float64 [n], the map's probabilities, sorted downwards
    iou: np.ndarray  # float64 [n + 1]

    def size_at(self, threshold):
        """The number of pixels at or above a threshold."""
        return int(np.searchsorted(-self.levels, -threshold, side="right"))

    def iou_at(self, threshold):
        return float(self.iou[self.size_at(threshold)])


def sorted_levels(probabilities):
    """The map's probabilities, sorted downwards, which they may be already; what is no probability is refused."""
    levels = np.asarray(probabilities, np.float64).ravel()
    if not len(levels):
        raise ExpectationError("a map without pixels has no expected agreement")
    if not np.all(levels[1:] <= levels[:-1]):
        levels = np.sort(levels)[::-1]
    if not (np.isfinite(levels).all() and levels[0] <= 1 and levels[-1] >= 0):
        raise ExpectationError("expected probabilities from 0 to 1 in the map")
    return levels


def weights_of(levels):
    """The probability that the nested reference is the first m pixels, m = 0 to n."""
    return -np.diff(np.concatenate([[1.0], levels, [0.0]]))


def nested(probabilities):
    """The Expectation of every outline of a map, by the nested model."""
    levels = sorted_levels(probabilities)
    sizes, weights = np.arange(len(levels) + 1.0), weights_of(levels)
    smaller = np.cumsum(weights * sizes)  # references of at most k pixels
    larger = np.cumsum((weights[1:] / sizes[1:])[::-1])[::-1]  # references of at least k pixels, k = 1 to n
    larger = np.concatenate([larger[1:], [0.0]])  # of more than k
    iou = np.concatenate([[weights[0]], smaller[1:] / sizes[1:] + sizes[1:] * larger])  # two empty masks agree fully
    return Expectation(levels, iou)


def nested_dice(probabilities, threshold):
    """The expected Dice of the outline at a threshold, by the nested model."""
    levels = sorted_levels(probabilities)
    sizes, weights = np.arange(len(levels) + 1.0), weights_of(levels)
    k = float(np.count_nonzero(levels >= threshold))
    return float(weights[0] if k == 0 else weights @ (2 * np.minimum(sizes, k) / (sizes + k)))


def independent(probabilities):
    """The Expectation of every outline of a map, by the independent model, for maps of many pixels."""
    levels = sorted_levels(probabilities)
    inside = np.concatenate([[0.0], np.cumsum(levels)])
    union = np.arange(len(levels) + 1) + inside[-1] - inside
    iou = inside / np.maximum(union, 1e-12)
    iou[0] = np.prod(1 - levels)
    return Expectation(levels, iou)


def independent_exactly(probabilities, size):
    """The expected IoU of the first `size` pixels by the independent model, exact; its time grows with the square."""
    levels = sorted_levels(probabilities)
    if size == 0:
        return float(np.prod(1 - levels))
    outside = np.array([1.0])
    for p in levels[size:]:
        outside = np.convolve(outside, [1 - p, p])
    return float(levels[:size].sum() * (outside / (size + np.arange(len(outside)))).sum())


def best_threshold(expectation):
    """The level whose outline has the highest expected IoU: the largest such outline, or above 1 for none at all.

    Only outlines of all pixels at or above a level can be drawn, so equal pixels go together.
    """
    levels = expectation.levels
    drawable = np.concatenate([[True], np.append(levels[1:] < levels[:-1], True)])
    sizes = np.flatnonzero(drawable)
    values = expectation.iou[sizes]
    size = int(sizes[np.flatnonzero(values >= values.max() - 1e-12)[-1]])
    return float(levels[size - 1]) if size else 1.0 + 1e-6


def fit_correction(expected, found, knots=KNOTS):
    """(expectations, agreements): a table that rises from (0, 0), piecewise linear, by least squares."""
    expected, found = np.asarray(expected, float), np.asarray(found, float)
    if len(expected) < 2 or expected.max() <= 0:
        raise ExpectationError("a correction needs photographs with an outline")
    x = np.unique(np.concatenate([[0.0], np.percentile(expected, knots)]).round(3))
    rises = np.clip((expected[:, None] - x[:-1]) / np.diff(x), 0, 1)  # the share of each step that lies below
    steps = lsq_linear(rises, found, (LEAST_SLOPE * np.diff(x), np.inf)).x
    y = np.concatenate([[0.0], np.cumsum(steps)])
    return x.tolist(), (y / max(1.0, y[-1])).round(5).tolist()


def corrected(expected, table):
    """The agreement that a table gives for an expectation; beyond its last row it stays."""
    x, y = table
    if len(x) != len(y) or len(x) < 2 or np.any(np.diff(x) <= 0) or np.any(np.diff(y) <= 0):
        raise ExpectationError("a table of corrections must rise from row to row")
    return np.interp(expected, x, y)
