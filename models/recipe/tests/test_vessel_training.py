"""Tests of crops, losses and training for vessels, on drawn photographs."""

from dataclasses import replace

import pytest
import torch

import fundus_phantoms

from dermaloupe_recipe import checkpoints, vessel_augment, vessel_losses, vessel_training
from dermaloupe_recipe.errors import RecipeError


def config(tmp_path, **settings):
    defaults = dict(name="wnet", runs=str(tmp_path), steps=6, batch_size=2, crop=64, chase_diameters="150-300",
                    validate_every=3, device="cpu", chase_share=1.0)
    return vessel_training.Config(**(defaults | settings))


@pytest.fixture
def phantoms(monkeypatch):
    """Training reads phantoms in place of photographs; one is left out by a fold."""
    def load(config, validation=False):
        count = (1 if config.fold >= 0 else 0) if validation else 3
        return [fundus_phantoms.draw(size=160, seed=seed) for seed in range(count)]

    monkeypatch.setattr(vessel_training, "load_photos", load)


def crops(seed=5, **settings):
    source = vessel_augment.make_source(fundus_phantoms.draw(), 1.0, "cpu")
    settings = {"size": 96, "diameters": {"chase-train": (150, 600)}, "shares": {"chase-train": 1.0}} | settings
    return vessel_augment.Crops([source], generator=torch.Generator().manual_seed(seed), **settings)


def test_crops_are_the_same_for_the_same_seed_and_others_for_another():
    first, again, other = (crops(seed).batch(3) for seed in (5, 5, 6))
    assert all(torch.equal(a, b) for a, b in zip(first, again))
    assert not torch.equal(first[0], other[0])


def test_crops_show_vessels_where_the_photograph_has_them():
    photos, vessels, lines = crops().batch(8)
    assert photos.shape == (8, 3, 96, 96) and vessels.shape == lines.shape == (8, 1, 96, 96)
    assert 0 <= photos.min() and photos.max() <= 1 and 0 <= vessels.min() and vessels.max() <= 1
    assert 0.01 < vessels.mean() < 0.5
    assert (lines > 0.5).sum() < (vessels > 0.5).sum()
    inside = photos.mean(dim=1, keepdim=True) > 0.2
    on, off = (vessels > 0.9) & inside, (vessels < 0.1) & inside
    assert photos.mean(dim=1, keepdim=True)[on].mean() < photos.mean(dim=1, keepdim=True)[off].mean()


def test_a_small_field_of_view_is_sampled_from_a_smaller_level():
    source = vessel_augment.make_source(fundus_phantoms.draw(), 1.0, "cpu")
    assert [tuple(level.shape) for level in source.levels] == [(5, 320, 320), (5, 160, 160), (5, 80, 80)]
    _, vessels, _ = crops(diameters={"chase-train": (75, 76)}).batch(4)
    assert 0 < vessels.mean() < 0.5


def test_a_perfect_map_has_nearly_no_loss_and_a_missed_thin_vessel_weighs_more_by_length():
    vessels = torch.zeros(1, 1, 64, 64)
    vessels[..., 10:26, :] = 1
    vessels[..., 45:47, :] = 1
    lines = torch.zeros_like(vessels)
    lines[..., 17, :] = lines[..., 45, :] = 1
    perfect = torch.where(vessels > 0, 12.0, -12.0)
    without_thin, thin_line = perfect.clone(), slice(45, 47)
    without_thin[..., thin_line, :] = -12.0
    assert vessel_losses.map_loss(perfect, vessels, lines, 1.0) < 1e-3
    p = torch.sigmoid(without_thin)
    assert vessel_losses.centre_line_loss(p, vessels, lines) > 0.3
    assert vessel_losses.map_loss(without_thin, vessels, lines, 0.0) < vessel_losses.map_loss(
        without_thin, vessels, lines, 1.0) - 0.3


def test_the_teachers_map_takes_its_share_of_the_loss():
    vessels, lines = torch.ones(1, 1, 8, 8), torch.zeros(1, 1, 8, 8)
    settings = vessel_training.Config(distillation=1.0)
    logits = torch.randn(1, 1, 8, 8)
    assert vessel_losses.vessel_loss([logits], vessels, lines, settings, teacher=logits) == pytest.approx(0, abs=1e-5)
    assert vessel_losses.vessel_loss([logits], vessels, lines, settings, teacher=-logits) > 0.01


def test_the_learning_rate_warms_up_and_falls():
    settings = vessel_training.Config()
    rates = [vessel_training.learning_rate_at(settings, p) for p in (0, settings.warm_up, 0.5, 1, 1.2)]
    assert rates[0] < rates[1] == settings.learning_rate > rates[2] > rates[3] == pytest.approx(1e-5) == rates[4]


def test_an_interrupted_run_ends_as_an_uninterrupted_one(phantoms, tmp_path):
    whole = vessel_training.train(config(tmp_path / "whole"))
    vessel_training.train(config(tmp_path / "broken", stop_after=3))
    resumed = vessel_training.train(config(tmp_path / "broken"))
    assert whole.step == resumed.step == 6
    for a, b in zip(whole.ema.state_dict().values(), resumed.ema.state_dict().values()):
        assert torch.equal(a, b)


def test_a_run_cannot_be_resumed_with_other_options(phantoms, tmp_path):
    vessel_training.train(config(tmp_path, stop_after=3))
    with pytest.raises(RecipeError, match="run was started with batch_size 2, not 3; use another --name"):
        vessel_training.train(config(tmp_path, batch_size=3))


def test_a_run_by_the_clock_ends_with_a_checkpoint(phantoms, tmp_path, monkeypatch):
    clock = iter(range(1000))
    monkeypatch.setattr(vessel_training.time, "monotonic", lambda: next(clock))
    trainer = vessel_training.train(config(tmp_path, seconds=5.0, steps=1, fold=0))
    state = checkpoints.load(tmp_path / "wnet" / "last.pt", "wnet")
    assert state["step"] == trainer.step > 1 and trainer.progress >= 1
    assert state["validations"][-1].keys() == {"step", "loss", "chase-train"}


def test_a_student_is_distilled_from_another_run_and_may_begin_with_one(phantoms, tmp_path):
    teacher = vessel_training.train(config(tmp_path))
    student = config(tmp_path, name="student", network="m2unet", teacher="wnet", steps=2)
    trainer = vessel_training.train(student)
    assert trainer.teacher is not None and trainer.step == 2
    again = vessel_training.Trainer(replace(config(tmp_path, name="again"), start="wnet"), *(
        vessel_training.load_photos(student, validation) for validation in (False, True)))
    for a, b in zip(again.network.state_dict().values(), teacher.ema.state_dict().values()):
        assert torch.equal(a, b)
    with pytest.raises(RecipeError, match="run 'wnet' is of network 'wnet', expected 'm2unet'"):
        vessel_training.train(replace(student, name="other", start="wnet"))


def test_training_learns_the_vessels_of_a_phantom(phantoms, tmp_path):
    trainer = vessel_training.train(config(tmp_path, steps=40, validate_every=40, learning_rate=1e-2, fold=0))
    assert trainer.validations[-1]["chase-train"] > 0.25, "the moving average's Dice; it begins near 0"
