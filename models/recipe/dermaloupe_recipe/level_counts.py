"""How many pixels a map has at each level: of the lesion, of the background, and along the reference's border.

Calibration, the agreement at any level and the band need nothing else of a photograph, so its maps are read only once.
A level is a probability, counted on a grid of its logit; the grid's middle edge is a probability of 0.5 exactly.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dermaloupe_recipe import map_cache
from dermaloupe_recipe.files import write_file

REACH, STEP = 14.0, 0.02  # of the grid in logits; a map's logits are within 13.9
EDGES = np.linspace(-REACH, REACH, round(2 * REACH / STEP) + 1)
CENTRES = (EDGES[:-1] + EDGES[1:]) / 2
BINS = len(CENTRES)


@dataclass
class LevelCounts:
    """Pixels per photograph and bin, uint32 [N, BINS]."""

    lesion: np.ndarray
    background: np.ndarray
    border: np.ndarray  # pairs of neighbours of which one is lesion, at the mean of their two probabilities

    def __len__(self):
        return len(self.lesion)

    def select(self, chosen):
        return LevelCounts(self.lesion[chosen], self.background[chosen], self.border[chosen])

    @property
    def pixels(self):
        return self.lesion + self.background

    @cached_property
    def from_bin(self):
        """(lesion, background) pixels in a bin and all above it, uint32 [N, BINS + 1] each."""
        return tuple(np.pad(np.cumsum(x[:, ::-1], 1, dtype=np.uint32)[:, ::-1], ((0, 0), (0, 1)))
                     for x in (self.lesion, self.background))


def bins_of(probabilities):
    """The bin of each probability."""
    places = np.floor((map_cache.logit(probabilities) + REACH) / STEP + 1e-9).astype(np.int64)
    return np.clip(places, 0, BINS - 1)


def histogram(probabilities):
    return np.bincount(bins_of(probabilities).ravel(), minlength=BINS).astype(np.uint32)


def border_probabilities(probabilities, reference):
    """The map along the reference's border: the mean of every two neighbours of which one is lesion.

    Where the lesion is cut by the photograph's edge there is no such pair, and so no border.
    """
    down = reference[1:] != reference[:-1]
    right = reference[:, 1:] != reference[:, :-1]
    return np.concatenate([((probabilities[1:] + probabilities[:-1]) / 2)[down],
                           ((probabilities[:, 1:] + probabilities[:, :-1]) / 2)[right]])


def count(maps_and_masks):
    """The counts of pairs of a probability map and a boolean mask of the same size."""
    lesion, background, border = [], [], []
    for probabilities, reference in maps_and_masks:
        lesion.append(histogram(probabilities[reference]))
        background.append(histogram(probabilities[~reference]))
        border.append(histogram(border_probabilities(probabilities, reference)))
    return LevelCounts(*(np.stack(rows) for rows in (lesion, background, border)))


def of_network(zoo, name, photographs, folder="", careful=False):
    """A network's counts on an EvaluationSet: from the cache, or from its maps, and kept."""
    _, hash_ = map_cache.load_network(zoo, name)
    path = map_cache.file_of(folder, name, hash_, photographs.name + "-levels", careful)
    if path.is_file():
        with np.load(path) as kept:
            if kept["ids"].tolist() == photographs.ids and kept["lesion"].shape[1] == BINS:
                return LevelCounts(kept["lesion"], kept["background"], kept["border"])
    logits = map_cache.logits_of(zoo, name, photographs, folder, careful)
    found = count((map_cache.at_size(pixels, mask.shape), mask) for pixels, mask in zip(logits, photographs.masks()))
    arrays = {"ids": np.array(photographs.ids), "lesion": found.lesion, "background": found.background,
              "border": found.border}
    write_file(path, lambda out: np.savez_compressed(out, **arrays))
    return found


def level_index(level):
    """The first bin whose pixels are at or above a level (a probability); levels lie on the grid's edges."""
    return int(np.clip(np.ceil((map_cache.logit(np.array(level)) + REACH) / STEP - 1e-6), 0, BINS))


def nearest_edge(level):
    """The bin that begins nearest to a level."""
    return int(np.argmin(np.abs(EDGES - map_cache.logit(np.array(level)))))


def confusion_at(counts, first_bins):
    """(tp, fp, fn, tn) [N] of the outlines at bins, one for all photographs or one a photograph.

    A pixel is lesion from the bin on.
    """
    rows, first_bins = np.arange(len(counts)), np.broadcast_to(first_bins, len(counts))
    (tp, fp), (lesion, background) = ([x[rows, bins].astype(np.int64) for x in counts.from_bin]
                                      for bins in (first_bins, np.zeros(len(counts), int)))
    return np.stack([tp, fp, lesion - tp, background - fp], axis=1)


def iou_of(confusions):
    """IoU [N]; two empty masks agree fully."""
    tp, fp, fn, _ = confusions.T
    union = tp + fp + fn
    return np.where(union > 0, tp / np.maximum(union, 1), 1.0)


def dice_of(confusions):
    iou = iou_of(confusions)
    return 2 * iou / (1 + iou)
