"""Quick tests of distillation: its losses against PyTorch's and figures on paper, and students side by side."""

import json

import pytest
import torch
import torch.nn.functional as F

import ablation
import data
import distill
import networks
import train


@pytest.fixture
def runs(tmp_path):
    """A folder of runs with checkpoints of random weights: a teacher, and one more in the published form."""
    torch.manual_seed(7)
    for name, form in (("malunet-start", "npu"), ("malunet-published", "published")):
        train.save(tmp_path / name / "best.pt", {
            "config": {"network": "malunet", "form": form}, "commit": "0" * 40, "epoch": 1,
            "weights": networks.make("malunet", npu=form == "npu").state_dict(),
        })
    return tmp_path


def settings(runs, root, **changes):
    options = {"network": "narrow,shallow", "batch": 2, "epochs": 2, "limit": 4, "sides": "64x1",
               "council": ""} | changes
    return distill.Config(data=str(root), runs=str(runs), **options)


def test_the_output_loss_is_the_divergence_of_two_coins():
    student, teacher = torch.tensor([[0.6, -1.5]]), torch.tensor([[2.0, -0.3]])
    pair = lambda z: torch.stack([torch.sigmoid(z / 3), 1 - torch.sigmoid(z / 3)], dim=-1)  # noqa: E731
    by_pytorch = F.kl_div(pair(student).log(), pair(teacher), reduction="sum") / 2
    assert distill.output_loss(student, teacher).item() == pytest.approx(9 * by_pytorch.item(), rel=1e-5)
    assert distill.output_loss(teacher, teacher).item() == pytest.approx(0, abs=1e-6)


def test_each_stage_counts_by_what_the_teacher_has_there():
    told = [torch.full((1, 2, 2, 2), 10.0), torch.full((1, 2, 1, 1), 0.1)]
    student = [t * 0.5 for t in told]  # half of it is missing at both stages
    weights = [1 / (2 * t.square().mean().item()) for t in told]
    assert distill.feature_loss(student, told, weights).item() == pytest.approx(0.25)
    assert distill.feature_loss(told, told, weights).item() == 0


def test_stage_weights_are_one_over_the_mean_square(runs):
    teacher = distill.load_teacher(distill.Config(runs=str(runs), council=""))
    photos = torch.randint(0, 255, (2, 3, 64, 64), dtype=torch.uint8)
    with torch.inference_mode():
        seen = teacher.stages(data.normalise(photos))
    norms = distill.stage_norms(teacher, photos)
    weights = distill.stage_weights(norms, normalised=True)
    assert len(weights) == 11
    for weight, stage in zip(weights, distill.stages_of(seen)):
        assert weight * 11 * stage.square().mean().item() == pytest.approx(1, rel=1e-4)
    assert distill.stage_weights(norms, normalised=False) == [1 / 11] * 11


def test_pruned_student_inherits_every_tensor(runs):
    teacher = distill.load_teacher(distill.Config(runs=str(runs), council=""))
    student = networks.make("shallow")
    taken, of = distill.inherit(student, teacher)
    assert taken == of
    assert torch.equal(student.head.weight, teacher.teacher.head.weight)


def test_a_narrower_student_gets_projections_only_where_widths_differ(runs):
    teacher = distill.load_teacher(distill.Config(runs=str(runs), council=""))
    wrapped = distill.Projected(networks.make("narrow"), teacher)
    kinds = [type(p).__name__ for p in wrapped.projections]
    assert kinds == ["Identity"] + ["Conv2d"] * 5 + ["Conv2d"] * 4 + ["Identity"]
    x = torch.zeros(1, 3, 64, 64)
    seen, told = wrapped.eval().stages(x), teacher.stages(x)
    assert [f.shape for f in wrapped.features(seen)] == [f.shape for f in distill.stages_of(told)]


def test_students_side_by_side_go_on_after_an_interruption(runs, phantom_data):
    whole = distill.distil(settings(runs, phantom_data, name="whole"))
    distill.distil(settings(runs, phantom_data, name="parts", stop_after=1))
    parts = distill.distil(settings(runs, phantom_data, name="parts"))
    for left, right in zip(whole, parts):
        assert (left.epoch, left.step, left.best) == (right.epoch, right.step, right.best)
        for name, weight in left.mean.state_dict().items():
            assert torch.equal(weight, right.mean.state_dict()[name]), name
    gap = json.loads((runs / "narrow-whole" / "distillation.json").read_text())
    assert gap["teacher"] == "malunet-start" and gap["output_loss"].keys() == {"train", "val"}
    assert all(value > 0 for value in [*gap["output_loss"].values(), *gap["feature_loss"].values()])


def test_a_student_alone_learns_what_it_learns_beside_others(runs, phantom_data):
    together = distill.distil(settings(runs, phantom_data, name="together", epochs=1))
    alone = distill.distil(settings(runs, phantom_data, name="alone", network="shallow", epochs=1))
    for name, weight in together[1].mean.state_dict().items():
        assert torch.equal(weight, alone[0].mean.state_dict()[name]), name


def test_a_student_starts_from_its_own_training_when_there_is_one(runs, phantom_data, capsys):
    train.train(train.Config(network="narrow", name="narrow-start", data=str(phantom_data), runs=str(runs), batch=2,
                             epochs=1, limit=2, sides="64x1"))
    distill.distil(settings(runs, phantom_data, network="narrow", epochs=1))
    assert "narrow starts: from its own plain training" in capsys.readouterr().out


def test_a_missing_teacher_is_named(tmp_path, phantom_data):
    with pytest.raises(SystemExit, match=f"train first.*: {tmp_path / 'malunet-start' / 'best.pt'}"):
        distill.distil(settings(tmp_path, phantom_data))


def test_a_council_answers_with_the_mean_of_its_probabilities(runs):
    council = distill.load_teacher(distill.Config(runs=str(runs), council="malunet-published"))
    x = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        seen, own = council.stages(x), council.teacher.stages(x)
        other = torch.sigmoid(council.others[0](x)).reshape(1, 1, 32, 2, 32, 2).mean(dim=(3, 5))
    assert seen.logits.shape == own.logits.shape
    assert torch.allclose(torch.sigmoid(seen.logits), (torch.sigmoid(own.logits) + other) / 2, atol=2e-5)
    assert all(torch.equal(a, b) for a, b in zip(distill.stages_of(seen), distill.stages_of(own)))


def test_the_teacher_can_learn_once_more_from_its_council(runs, phantom_data):
    trainers = distill.distil(settings(runs, phantom_data, network="malunet", council="malunet-published", epochs=1))
    assert (runs / "malunet" / "best.pt").exists()
    assert trainers[0].start["network"] == "malunet", "it starts from its first training"


def test_the_ablation_teaches_one_student_in_four_ways(runs, phantom_data, tmp_path):
    train.train(train.Config(network="efficient", name="efficient-start", data=str(phantom_data), runs=str(runs),
                             batch=2, epochs=1, limit=2, sides="64x1"))
    config = ablation.Config(data=str(phantom_data), runs=str(runs), council="", batch=2, epochs=1, limit=4,
                             sides="64x1", out=str(tmp_path / "ablation.json"))
    table = ablation.ablate(config)
    assert [arm["name"] for arm in table["arms"]] == list(ablation.ARMS)
    assert len({arm["feature_loss"] for arm in table["arms"]}) == 4, "each way should lead elsewhere"
    assert json.loads((tmp_path / "ablation.json").read_text()) == table
