"""Tests of training: schedules, the moving average, checkpoints, resuming."""

import pytest
import torch

from dermaloupe_recipe import checkpoints, data, inference, losses, networks, training


def config(tmp_path, root, **changes):
    settings = {"batch_size": 2, "epochs": 2, "limit": 4, "image_sizes": "96x0.5,160x0.5"} | changes
    return training.Config(data=str(root), runs=str(tmp_path / "runs"), **settings)


def test_some_steps_lower_the_loss(phantom_data, tmp_path):
    split = data.load(phantom_data, "train", 4)
    trainer = training.Trainer(config(tmp_path, phantom_data), split, split)
    trainer.config.epochs = 100  # keeps the learning rate near its start
    x = inference.channels_last(data.normalise(split.photos))
    steps = [trainer.train_step(x, split.masks) for _ in range(8)]
    assert steps[-1] < 0.9 * steps[0], steps


def test_the_learning_rate_falls_from_start_to_end():
    settings = training.Config()
    assert training.learning_rate_at(settings, 0, 100) == pytest.approx(1e-3)
    assert training.learning_rate_at(settings, 50, 100) == pytest.approx((1e-3 + 1e-5) / 2)
    assert training.learning_rate_at(settings, 100, 100) == pytest.approx(1e-5)


def test_an_interrupted_run_resumes_to_the_same_weights(phantom_data, tmp_path):
    whole = training.train(config(tmp_path, phantom_data, name="whole"))
    training.train(config(tmp_path, phantom_data, name="parts", stop_after=1))
    parts = training.train(config(tmp_path, phantom_data, name="parts"))
    assert (parts.epoch, parts.step, parts.best) == (whole.epoch, whole.step, whole.best)
    for left, right in ((whole.network, parts.network), (whole.ema, parts.ema)):
        for name, weight in left.state_dict().items():
            assert torch.equal(weight, right.state_dict()[name]), name


@pytest.mark.parametrize("stops", [(), (1,), (2,), (3,), (4,), (1, 2, 3, 4)])
def test_the_best_so_far_is_kept_per_phase_however_often_a_run_stops(phantom_data, tmp_path, monkeypatch, stops):
    # 96x96 in the first two epochs, full size in the others; the fifth epoch is the last fifth.
    scripted = {1: 0.9, 2: 0.5, 3: 0.6, 4: 0.4, 5: 0.3}
    monkeypatch.setattr(training.Trainer, "validate", lambda trainer: {
        "pooled_iou": scripted[trainer.epoch], "mean_dice": 0.0,
    })
    kept = {}
    for stop in (*stops, 5):
        changes = {"epochs": 5, "image_sizes": "96x0.4,256x0.6", "stop_after": stop}
        trainer = training.train(config(tmp_path, phantom_data, **changes))
        kept[stop] = (trainer.best, checkpoints.load(trainer.folder / "best.pt")["epoch"])
    expected = {1: (0.9, 1), 2: (0.9, 1), 3: (0.6, 3), 4: (0.6, 3), 5: (0.3, 5)}
    assert kept == {stop: expected[stop] for stop in kept}


def test_a_run_is_not_resumed_with_other_settings(phantom_data, tmp_path):
    training.train(config(tmp_path, phantom_data, stop_after=1))
    with pytest.raises(SystemExit, match="run was started with seed 20170, not 1"):
        training.train(config(tmp_path, phantom_data, seed=1))


def test_a_run_of_a_former_recipe_is_resumed(phantom_data, tmp_path):
    settings = {"image_sizes": "64x1", "limit": 2}
    whole = training.train(config(tmp_path, phantom_data, name="whole", **settings))
    begun = training.train(config(tmp_path, phantom_data, name="begun", stop_after=1, **settings))
    path = begun.folder / "last.pt"
    state = torch.load(path, weights_only=True)
    for key, current, former in (("ema", "bottleneck", "bottom"), ("model", "bottleneck", "bottom"),
                                 ("ema", "spatial_conv", "look"), ("model", "spatial_conv", "look")):
        state[key] = {name.replace(current, former): value for name, value in state[key].items()}
    former_settings = {current: former for former, current in checkpoints.FORMER_SETTINGS.items()}
    state["config"] = {former_settings.get(name, name): value for name, value in state["config"].items()}
    state["mean"], state["learner"] = state.pop("ema"), state.pop("model")
    torch.save(state, path)
    resumed = training.train(config(tmp_path, phantom_data, name="begun", **settings))
    assert resumed.epoch == whole.epoch == 2
    for name, weight in whole.ema.state_dict().items():
        assert torch.equal(weight, resumed.ema.state_dict()[name]), name


def test_small_images_come_first_and_full_size_last():
    settings = training.Config(epochs=10, image_sizes="160x0.4,224x0.3,256x0.3")
    assert [training.image_size_at(settings, epoch) for epoch in range(10)] == [160] * 4 + [224] * 3 + [256] * 3


def test_the_best_epoch_is_of_the_last_image_size(phantom_data, tmp_path):
    trainer = training.train(config(tmp_path, phantom_data))
    best = checkpoints.load(trainer.folder / "best.pt", "malunet")
    assert best["epoch"] == 2 and best["val"]["pooled_iou"] == trainer.best


def test_the_moving_average_includes_the_batch_norms(phantom_data, tmp_path):
    trainer = training.train(config(tmp_path, phantom_data))
    norm = trainer.ema.encoder_norms[0]
    assert not torch.equal(norm.running_mean, torch.zeros_like(norm.running_mean))


def test_every_decoder_stage_is_supervised_and_the_heads_are_not_exported(network):
    model = training.Supervised(networks.create("malunet"))
    outputs = model.forward_stages(torch.zeros(2, 3, 64, 64))
    shapes = [tuple(side.shape[1:]) for side in outputs.side_logits]
    assert shapes == [(1, 2, 2), (1, 4, 4), (1, 8, 8), (1, 16, 16), (1, 32, 32)]
    masks = torch.zeros(2, 64, 64, dtype=torch.bool)
    final_only = losses.supervised_loss(outputs, masks, 0.0)
    assert torch.equal(final_only, losses.supervised_loss(outputs._replace(side_logits=[]), masks, 0.4))
    assert losses.supervised_loss(outputs, masks, 0.4) > final_only
    assert model.network.state_dict().keys() == network.state_dict().keys()
