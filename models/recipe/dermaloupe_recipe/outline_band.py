"""The band: an inner and an outer outline of the same map, between which most of the reference's border lies.

Their levels are chosen on val with equal tails: as much of the border is left outside the outer outline as inside the
inner one. Every photograph has the same weight, whatever the length of its border.
"""

import numpy as np

from dermaloupe_recipe.level_counts import BINS, EDGES
from dermaloupe_recipe.map_cache import sigmoid

SHARE = 0.9  # of the reference's border
MIDDLE = BINS // 2  # the first bin at 0.5


def mean_border(counts):
    """The mean over photographs of the share of the border in each bin; those without a border are left out."""
    lengths = counts.border.sum(1, dtype=np.int64)
    seen = lengths > 0
    return (counts.border[seen] / lengths[seen, None]).mean(0)


def choose(counts, share=SHARE):
    """(first bin of the outer outline, first bin of the inner one): at least `share` of the border lies between."""
    below = np.concatenate([[0], np.cumsum(mean_border(counts))])  # of each edge
    tail = (1 - share) / 2
    outer = int(np.searchsorted(below, tail + 1e-12, side="right")) - 1
    inner = int(np.searchsorted(below, 1 - tail - 1e-12, side="left"))
    return min(outer, MIDDLE), max(inner, MIDDLE)


def area_from(counts, first_bin):
    """The area of each photograph's outline at a bin, in pixels."""
    return counts.pixels[:, first_bin:].sum(1, dtype=np.int64)


def median_share(area, whole):
    """The median of area / whole over photographs where the whole is not empty; None if there are none."""
    drawn = whole > 0
    return round(float(np.median(area[drawn] / whole[drawn])), 6) if drawn.any() else None


def figures(counts, outer, inner):
    """What the band of these bins holds on a set of photographs."""
    lesion = counts.lesion.sum(1, dtype=np.int64)
    inside, outline, around = (area_from(counts, first) for first in (inner, MIDDLE, outer))
    return {
        "n": len(counts),
        "border": round(float(mean_border(counts)[outer:inner].sum()), 6),
        "area": round(float(np.mean((inside <= lesion) & (lesion <= around))), 6),
        "median_inner_area": median_share(inside, outline),
        "median_outer_area": median_share(around, outline),
    }


def measure(counts_by_set):
    """The card's block `band`: levels from val, and what lies between them on each set.

    `border`: the share of the reference's border; `area`: the share of photographs whose reference has an area between
    those of the two outlines; then the two areas relative to that of the outline at 0.5.
    """
    outer, inner = choose(counts_by_set["val"])
    levels = sigmoid(EDGES[[outer, inner]]).round(6).tolist()
    block = {"share": SHARE, "fitted_on": "val", "outer_level": levels[0], "inner_level": levels[1]}
    return block | {name: figures(counts, outer, inner) for name, counts in counts_by_set.items()}
