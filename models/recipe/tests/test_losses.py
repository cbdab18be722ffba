"""Tests of the losses: against PyTorch's, and against values computed by hand."""

import pytest
import torch
import torch.nn.functional as F

from conftest import square

from dermaloupe_recipe import losses


def test_the_output_loss_is_the_divergence_of_two_bernoulli_distributions():
    student, teacher = torch.tensor([[0.6, -1.5]]), torch.tensor([[2.0, -0.3]])
    pair = lambda z: torch.stack([torch.sigmoid(z / 3), 1 - torch.sigmoid(z / 3)], dim=-1)  # noqa: E731
    by_pytorch = F.kl_div(pair(student).log(), pair(teacher), reduction="sum") / 2
    assert losses.output_loss(student, teacher).item() == pytest.approx(9 * by_pytorch.item(), rel=1e-5)
    assert losses.output_loss(teacher, teacher).item() == pytest.approx(0, abs=1e-6)


def test_each_stage_is_weighted_by_the_teachers_features():
    target = [torch.full((1, 2, 2, 2), 10.0), torch.full((1, 2, 1, 1), 0.1)]
    student = [t * 0.5 for t in target]  # off by half at both stages
    weights = [1 / (2 * t.square().mean().item()) for t in target]
    assert losses.feature_loss(student, target, weights).item() == pytest.approx(0.25)
    assert losses.feature_loss(target, target, weights).item() == 0


def test_the_loss_of_a_perfect_prediction_is_zero_and_of_an_empty_mask_finite():
    mask = torch.from_numpy(square(0, 0, 2))[None, None].float()
    perfect = torch.where(mask > 0, 30.0, -30.0)
    assert losses.segmentation_loss(perfect, mask) < 1e-3
    empty = torch.zeros_like(mask)
    assert losses.segmentation_loss(torch.full((1, 1, 4, 4), -30.0), empty) < 1e-3
