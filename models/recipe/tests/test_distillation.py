"""Tests of distillation: initial weights, ensembles, students side by side, and the ablation."""

import json

import pytest
import torch

from dermaloupe_recipe import (
    ablation, checkpoints, data, distillation, inference, losses, map_cache, networks, training,
)
from dermaloupe_recipe.files import ZOO


@pytest.fixture
def runs(tmp_path):
    """A folder of runs with checkpoints of random weights: a teacher, and one more in the published form."""
    torch.manual_seed(7)
    for name, form in (("malunet-start", "npu"), ("malunet-published", "published")):
        checkpoints.save(tmp_path / name / "best.pt", {
            "config": {"network": "malunet", "form": form}, "commit": "0" * 40, "epoch": 1,
            "weights": networks.create("malunet", npu=form == "npu").state_dict(),
        })
    return tmp_path


def settings(runs, root, **changes):
    options = {"network": "narrow,shallow", "batch_size": 2, "epochs": 2, "limit": 4, "image_sizes": "64x1",
               "ensemble": ""} | changes
    return distillation.Config(data=str(root), runs=str(runs), **options)


def test_stage_weights_are_one_over_the_mean_square(runs):
    teacher = distillation.load_teacher(distillation.Config(runs=str(runs), ensemble=""))
    photos = torch.randint(0, 255, (2, 3, 64, 64), dtype=torch.uint8)
    with torch.inference_mode():
        outputs = teacher.forward_stages(data.normalise(photos))
    mean_squares = distillation.feature_mean_squares(teacher, photos)
    weights = losses.stage_weights(mean_squares, normalise=True)
    assert len(weights) == 11
    for weight, stage in zip(weights, distillation.features_of(outputs)):
        assert weight * 11 * stage.square().mean().item() == pytest.approx(1, rel=1e-4)
    assert losses.stage_weights(mean_squares, normalise=False) == [1 / 11] * 11


def test_the_pruned_student_copies_every_tensor_of_the_teacher(runs):
    teacher = distillation.load_teacher(distillation.Config(runs=str(runs), ensemble=""))
    student = networks.create("shallow")
    copied, total = distillation.copy_teacher_weights(student, teacher.teacher)
    assert copied == total
    assert torch.equal(student.head.weight, teacher.teacher.head.weight)


def test_a_narrower_student_gets_projections_only_where_widths_differ(runs):
    teacher = distillation.load_teacher(distillation.Config(runs=str(runs), ensemble=""))
    wrapped = distillation.Projected(networks.create("narrow"), teacher)
    kinds = [type(p).__name__ for p in wrapped.projections]
    assert kinds == ["Identity"] + ["Conv2d"] * 5 + ["Conv2d"] * 4 + ["Identity"]
    x = torch.zeros(1, 3, 64, 64)
    student, target = wrapped.eval().forward_stages(x), teacher.forward_stages(x)
    assert [f.shape for f in wrapped.project(student)] == [f.shape for f in distillation.features_of(target)]


def test_students_side_by_side_resume_after_an_interruption(runs, phantom_data):
    whole = distillation.distil(settings(runs, phantom_data, name="whole"))
    distillation.distil(settings(runs, phantom_data, name="parts", stop_after=1))
    parts = distillation.distil(settings(runs, phantom_data, name="parts"))
    for left, right in zip(whole, parts):
        assert (left.epoch, left.step, left.best) == (right.epoch, right.step, right.best)
        for name, weight in left.ema.state_dict().items():
            assert torch.equal(weight, right.ema.state_dict()[name]), name
    losses_json = json.loads((runs / "narrow-whole" / "distillation.json").read_text())
    assert losses_json["teacher"] == "malunet-start" and losses_json["output_loss"].keys() == {"train", "val"}
    assert all(value > 0 for value in [*losses_json["output_loss"].values(), *losses_json["feature_loss"].values()])


def test_a_student_alone_learns_what_it_learns_beside_others(runs, phantom_data):
    together = distillation.distil(settings(runs, phantom_data, name="together", epochs=1))
    alone = distillation.distil(settings(runs, phantom_data, name="alone", network="shallow", epochs=1))
    for name, weight in together[1].ema.state_dict().items():
        assert torch.equal(weight, alone[0].ema.state_dict()[name]), name


def test_a_student_starts_from_its_own_training_when_there_is_one(runs, phantom_data, capsys):
    training.train(training.Config(network="narrow", name="narrow-start", data=str(phantom_data), runs=str(runs),
                                   batch_size=2, epochs=1, limit=2, image_sizes="64x1"))
    distillation.distil(settings(runs, phantom_data, network="narrow", epochs=1))
    assert "narrow initialised with its own plain training" in capsys.readouterr().out


def test_a_missing_teacher_is_named(tmp_path, phantom_data):
    with pytest.raises(SystemExit, match=f"train first.*: {tmp_path / 'malunet-start' / 'best.pt'}"):
        distillation.distil(settings(tmp_path, phantom_data))


def test_an_ensemble_returns_the_mean_of_its_members_probabilities(runs):
    ensemble = distillation.load_teacher(distillation.Config(runs=str(runs), ensemble="malunet-published"))
    x = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        outputs, own = ensemble.forward_stages(x), ensemble.teacher.forward_stages(x)
        other = torch.sigmoid(ensemble.others[0](x)).reshape(1, 1, 32, 2, 32, 2).mean(dim=(3, 5))
    assert outputs.logits.shape == own.logits.shape
    assert torch.allclose(torch.sigmoid(outputs.logits), (torch.sigmoid(own.logits) + other) / 2, atol=2e-5)
    assert all(torch.equal(a, b) for a, b in zip(distillation.features_of(outputs), distillation.features_of(own)))


def test_the_teacher_can_be_distilled_from_its_ensemble(runs, phantom_data):
    config = settings(runs, phantom_data, network="malunet", ensemble="malunet-published", epochs=1)
    trainers = distillation.distil(config)
    assert (runs / "malunet" / "best.pt").exists()
    assert trainers[0].start["network"] == "malunet", "it is initialised with its first training"


def test_a_shipped_network_teaches_a_student_with_other_stages_its_outputs(runs, phantom_data):
    config = settings(runs, phantom_data, network="lightformer", teacher="zoo:globalatt", feature_weight=0, epochs=1)
    trainer, = distillation.distil(config)
    content, _ = map_cache.load_network(ZOO, "globalatt")
    photos = torch.randint(0, 255, (2, 3, 256, 256), dtype=torch.uint8, generator=torch.Generator().manual_seed(3))
    with torch.inference_mode():
        taught = torch.sigmoid(trainer.teacher.forward_stages(data.normalise(photos)).logits)[:, 0]
    shipped = torch.from_numpy(inference.predict_onnx(inference.create_session(content), photos))
    assert torch.allclose(taught, shipped, atol=1e-4)
    losses_json = json.loads((runs / "lightformer" / "distillation.json").read_text())
    assert losses_json["teacher"] == "zoo:globalatt" and losses_json["output_loss"]["train"] > 0
    assert losses_json["feature_loss"] == {"train": None, "val": None}


def test_features_of_other_stages_cannot_be_learnt(runs, phantom_data):
    with pytest.raises(SystemExit, match="lightformer has 7 stages, the teacher 11.*--feature-weight 0"):
        distillation.distil(settings(runs, phantom_data, network="lightformer", epochs=1))


def test_the_ablation_trains_one_student_with_four_losses(runs, phantom_data, tmp_path):
    training.train(training.Config(network="efficient", name="efficient-start", data=str(phantom_data), runs=str(runs),
                             batch_size=2, epochs=1, limit=2, image_sizes="64x1"))
    config = ablation.Config(data=str(phantom_data), runs=str(runs), ensemble="", batch_size=2, epochs=1, limit=4,
                             image_sizes="64x1", out=str(tmp_path / "ablation.json"))
    table = ablation.ablate(config)
    assert [arm["name"] for arm in table["arms"]] == list(ablation.VARIANTS)
    assert len({arm["feature_loss"] for arm in table["arms"]}) == 4, "each loss should lead to different weights"
    assert json.loads((tmp_path / "ablation.json").read_text()) == table
