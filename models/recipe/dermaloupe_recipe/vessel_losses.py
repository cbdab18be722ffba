"""The loss of vessel maps: cross-entropy, soft Dice, and a centre-line Dice that weighs thin vessels like wide ones."""

import torch
import torch.nn.functional as F

from dermaloupe_recipe.losses import output_loss


def centre_line_loss(p, vessels, centre_lines):
    """1 minus the harmonic mean of the found share of the reference's centre lines and of the map's precision.

    clDice (Shit et al., 2021) with the whole map in place of its own centre line, which would take a dozen poolings. A
    vessel counts by its length, not by its area. All are 0..1 [N, 1, H, W]; sums are over the batch, because a crop may
    be without vessels.
    """
    recall = ((p * centre_lines).sum() + 1) / (centre_lines.sum() + 1)
    precision = ((p * vessels).sum() + 1) / (p.sum() + 1)
    return 1 - 2 * precision * recall / (precision + recall)


def map_loss(logits, vessels, centre_lines, centre_line_weight):
    """The loss of one map; sums of Dice are over the batch too."""
    p = torch.sigmoid(logits)
    dice = (2 * (p * vessels).sum() + 1) / (p.sum() + vessels.sum() + 1)
    total = F.binary_cross_entropy_with_logits(logits, vessels) + (1 - dice)
    if centre_line_weight:
        total = total + centre_line_weight * centre_line_loss(p, vessels, centre_lines)
    return total


def vessel_loss(maps, vessels, centre_lines, config, teacher=None):
    """The loss of a network's maps [N, 1, H, W], the final one last; `teacher` is another network's final map."""
    *others, final = (logits.float() for logits in maps)
    total = map_loss(final, vessels, centre_lines, config.centre_line_weight)
    for logits in others:
        total = total + config.first_map_weight * map_loss(logits, vessels, centre_lines, config.centre_line_weight)
    if teacher is not None:
        total = (1 - config.distillation) * total + config.distillation * output_loss(final, teacher.float())
    return total
