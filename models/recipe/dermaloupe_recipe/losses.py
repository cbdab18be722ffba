"""The losses: segmentation with deep supervision, and knowledge distillation from a teacher's outputs and features."""

import torch
import torch.nn.functional as F

TEMPERATURE = 3.0  # of the softened outputs in distillation


def resize_map(maps, size):
    """Maps [N, 1, h, w] at another size (height, width), bilinear, as the program does it."""
    return maps if maps.shape[-2:] == tuple(size) else F.interpolate(maps, tuple(size), mode="bilinear")


def segmentation_loss(logits, masks):
    """Cross-entropy plus soft Dice loss per image; `masks` 0..1 [N, 1, H, W], `logits` of the same size."""
    p = torch.sigmoid(logits)
    intersection = (p * masks).sum(dim=(1, 2, 3))
    total = p.sum(dim=(1, 2, 3)) + masks.sum(dim=(1, 2, 3))
    dice = (2 * intersection + 1) / (total + 1)  # smoothed by 1, so that an empty mask does not divide by zero
    return F.binary_cross_entropy_with_logits(logits, masks) + (1 - dice).mean()


def supervised_loss(outputs, masks, deep_supervision):
    """The loss of the final map at the image's size, plus that of every decoder stage's map at the stage's own size."""
    target = masks.unsqueeze(1).float()
    total = segmentation_loss(resize_map(outputs.logits, target.shape[-2:]), target)
    for stage, side in enumerate(outputs.side_logits if deep_supervision > 0 else ()):
        weight = deep_supervision * (stage + 1) / len(outputs.side_logits)  # a finer map can show more of the lesion
        total = total + weight * segmentation_loss(side, F.adaptive_avg_pool2d(target, side.shape[-2:]))
    return total


def output_loss(student, teacher):
    """Kullback-Leibler divergence of the softened outputs, teacher to student, a mean over pixels, in nats.

    Logits [N, 1, H, W] are divided by the temperature; its square compensates for the smaller gradients (Hinton,
    Vinyals and Dean, 'Distilling the Knowledge in a Neural Network', 2015).
    """
    student, target = student / TEMPERATURE, torch.sigmoid(teacher / TEMPERATURE)
    cross_entropy = F.binary_cross_entropy_with_logits(student, target)
    entropy = F.binary_cross_entropy(target, target)
    return (cross_entropy - entropy) * TEMPERATURE**2


def feature_loss(student, teacher, weights):
    """The weighted sum over stages of the mean squared differences of two lists of features [N, C_i, H_i, W_i]."""
    return sum(w * F.mse_loss(s, t) for s, t, w in zip(student, teacher, weights))


def stage_weights(mean_squares, normalise):
    """A weight per stage for `feature_loss`: one over the number of stages and, if normalised, over its mean square.

    With normalised weights every stage contributes its difference relative to the teacher's features there.
    """
    return [1 / (len(mean_squares) * (mean_square if normalise else 1.0)) for mean_square in mean_squares]
