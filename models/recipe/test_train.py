"""Quick tests of training: the loss, the schedule, checkpoints, going on after an interruption."""

import pytest
import torch

import data
import networks
import train
from conftest import checkpoint, square


def config(tmp_path, root, **changes):
    settings = {"batch": 2, "epochs": 2, "limit": 4, "sides": "96x0.5,160x0.5"} | changes
    return train.Config(data=str(root), runs=str(tmp_path / "runs"), **settings)


def test_some_steps_lower_the_loss(phantom_data, tmp_path):
    split = data.load(phantom_data, "train", 4)
    trainer = train.Trainer(config(tmp_path, phantom_data), split, split)
    trainer.config.epochs = 100  # keeps the rate near its start
    x = train.channels_last(data.normalise(split.photos))
    losses = [trainer.train_step(x, split.masks) for _ in range(8)]
    assert losses[-1] < 0.9 * losses[0], losses


def test_the_loss_of_a_perfect_answer_is_nothing_and_of_an_empty_mask_finite():
    mask = torch.from_numpy(square(0, 0, 2))[None, None].float()
    sure = torch.where(mask > 0, 30.0, -30.0)
    assert train.loss_of(sure, mask) < 1e-3
    nothing = torch.zeros_like(mask)
    assert train.loss_of(torch.full((1, 1, 4, 4), -30.0), nothing) < 1e-3


def test_the_rate_falls_from_start_to_end():
    settings = train.Config()
    assert train.rate_at(settings, 0, 100) == pytest.approx(1e-3)
    assert train.rate_at(settings, 50, 100) == pytest.approx((1e-3 + 1e-5) / 2)
    assert train.rate_at(settings, 100, 100) == pytest.approx(1e-5)


def test_an_interrupted_run_goes_on_to_the_same_weights(phantom_data, tmp_path):
    whole = train.train(config(tmp_path, phantom_data, name="whole"))
    train.train(config(tmp_path, phantom_data, name="parts", stop_after=1))
    parts = train.train(config(tmp_path, phantom_data, name="parts"))
    assert (parts.epoch, parts.step, parts.best) == (whole.epoch, whole.step, whole.best)
    for left, right in ((whole.network, parts.network), (whole.mean, parts.mean)):
        for name, weight in left.state_dict().items():
            assert torch.equal(weight, right.state_dict()[name]), name


@pytest.mark.parametrize("stops", [(), (1,), (2,), (3,), (4,), (1, 2, 3, 4)])
def test_the_best_so_far_counts_within_its_part_however_often_a_run_stops(phantom_data, tmp_path, monkeypatch, stops):
    # 96x96 in the first two epochs, whole photographs in the others, and the fifth is the last fifth.
    scripted = {1: 0.9, 2: 0.5, 3: 0.6, 4: 0.4, 5: 0.3}
    monkeypatch.setattr(train.Trainer, "validate", lambda trainer: {
        "pooled_iou": scripted[trainer.epoch], "mean_dice": 0.0,
    })
    kept = {}
    for stop in (*stops, 5):
        trainer = train.train(config(tmp_path, phantom_data, epochs=5, sides="96x0.4,256x0.6", stop_after=stop))
        kept[stop] = (trainer.best, train.load_checkpoint(trainer.folder / "best.pt")["epoch"])
    expected = {1: (0.9, 1), 2: (0.9, 1), 3: (0.6, 3), 4: (0.6, 3), 5: (0.3, 5)}
    assert kept == {stop: expected[stop] for stop in kept}


def test_a_run_is_not_taken_up_with_other_settings(phantom_data, tmp_path):
    train.train(config(tmp_path, phantom_data, stop_after=1))
    with pytest.raises(SystemExit, match="run was started with seed 20170, not 1"):
        train.train(config(tmp_path, phantom_data, seed=1))


def test_a_failed_write_leaves_the_last_checkpoint_whole(network, tmp_path, monkeypatch):
    path = checkpoint(tmp_path, network)
    before = path.read_bytes()

    def fail_half_way(content, out):
        out.write(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(torch, "save", fail_half_way)
    with pytest.raises(OSError):
        train.save(path, {})
    assert path.read_bytes() == before


def test_a_checkpoint_of_another_network_is_refused(network, tmp_path):
    path = checkpoint(tmp_path, network, named="egeunet")
    with pytest.raises(SystemExit, match=f"network 'egeunet', expected 'malunet': {path}"):
        train.load_checkpoint(path, "malunet")


def test_a_missing_checkpoint_is_named(tmp_path):
    with pytest.raises(SystemExit, match=f"train first.*: {tmp_path / 'none.pt'}"):
        train.load_checkpoint(tmp_path / "none.pt", "malunet")


def test_small_photographs_come_first_and_whole_ones_last():
    settings = train.Config(epochs=10, sides="160x0.4,224x0.3,256x0.3")
    assert [train.side_at(settings, epoch) for epoch in range(10)] == [160] * 4 + [224] * 3 + [256] * 3


def test_the_best_epoch_is_of_the_last_side(phantom_data, tmp_path):
    trainer = train.train(config(tmp_path, phantom_data))
    best = train.load_checkpoint(trainer.folder / "best.pt", "malunet")
    assert best["epoch"] == 2 and best["val"]["pooled_iou"] == trainer.best


def test_the_running_mean_follows_the_batch_norms_too(phantom_data, tmp_path):
    trainer = train.train(config(tmp_path, phantom_data))
    norm = trainer.mean.encoder_norms[0]
    assert not torch.equal(norm.running_mean, torch.zeros_like(norm.running_mean))


def test_every_decoder_stage_is_asked_and_the_heads_are_left_behind(network):
    learner = train.Supervised(networks.make("malunet"))
    seen = learner.stages(torch.zeros(2, 3, 64, 64))
    assert [tuple(side.shape[1:]) for side in seen.sides] == [(1, 2, 2), (1, 4, 4), (1, 8, 8), (1, 16, 16), (1, 32, 32)]
    masks = torch.zeros(2, 64, 64, dtype=torch.bool)
    alone = train.supervised_loss(seen, masks, 0.0)
    assert torch.equal(alone, train.supervised_loss(seen._replace(sides=[]), masks, 0.4))
    assert train.supervised_loss(seen, masks, 0.4) > alone
    assert learner.network.state_dict().keys() == network.state_dict().keys()
