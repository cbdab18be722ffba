"""Tests of the light transformer: its windows, what crosses them, its sizes, and that it can be exported."""

import numpy as np
import pytest
import torch

from dermaloupe_recipe import data, export, lightformer, networks
from dermaloupe_recipe.inference import create_session
from dermaloupe_recipe.lightformer import Design, Lightformer, TransformerStage, join_windows, split_windows


@pytest.mark.parametrize("side", (1, 4, 8))
def test_windows_are_squares_of_the_image_row_by_row(side):
    x = torch.arange(2 * 3 * 16 * 24, dtype=torch.float32).reshape(2, 3, 16, 24)
    windows = split_windows(x, side)
    expected = [image[:, top : top + side, left : left + side]
                for image in x for top in range(0, 16, side) for left in range(0, 24, side)]
    assert torch.equal(windows, torch.stack(expected))
    assert torch.equal(join_windows(windows, (16, 24)), x)


def with_statistics(network, photos):
    """The network with the batch norms' statistics of these photographs, and every residual part heard."""
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None  # the mean over all batches seen
            torch.nn.init.ones_(module.weight)
    with torch.no_grad():
        network.train()(data.normalise(photos))
    return network.eval()


def changed_windows(design):
    """Which of four windows of 4x4 a stage answers differently in, when one pixel of the first one changes."""
    torch.manual_seed(3)
    stage = TransformerStage(8, 2, 4, design).eval()
    x = torch.randn(1, 8, 8, 8)
    other = x.clone()
    other[0, :, 1, 1] += 3  # the positional convolution carries it to the pixels beside it, not to another window
    with torch.inference_mode():
        difference = split_windows((stage(x) - stage(other)).abs(), 4)
    return [bool(window.max() > 1e-5) for window in difference]


def test_without_exchange_a_window_knows_nothing_of_the_others():
    assert changed_windows(Design(rank=0, depth=1, exchange=False)) == [True, False, False, False]


def test_with_exchange_every_window_hears_of_every_other():
    assert changed_windows(Design(rank=0, depth=1)) == [True, True, True, True]


def test_one_window_is_attention_over_the_whole_image():
    torch.manual_seed(4)
    x = torch.randn(2, 8, 8, 8)
    whole = TransformerStage(8, 2, 0, Design()).eval()
    windowed = TransformerStage(8, 2, 8, Design()).eval()
    windowed.load_state_dict(whole.state_dict())
    with torch.inference_mode():
        assert torch.equal(whole(x), windowed(x))


def test_attention_is_that_of_pytorch():
    torch.manual_seed(5)
    attention, x = lightformer.Attention(12, 3, 6).eval(), torch.randn(2, 12, 4, 4)
    with torch.inference_mode():
        narrow = attention.narrow(x)
        heads = [part.reshape(2, 3, 4, 16).transpose(2, 3)
                 for part in (attention.queries(narrow), attention.keys(narrow), attention.values(x))]
        expected = torch.nn.functional.scaled_dot_product_attention(*heads).transpose(2, 3).reshape(2, 12, 4, 4)
        assert torch.allclose(attention(x), attention.project(expected), atol=1e-5)


def test_layers_that_share_their_weights_have_fewer():
    shared, unshared = (networks.count_parameters(Lightformer(design=Design(shared=s))) for s in (True, False))
    assert 100_000 < shared < 200_000 < unshared


@pytest.mark.parametrize("name", ["lightformer", *networks.CANDIDATES])
def test_a_network_returns_one_logit_per_position_at_every_size_it_is_trained_at(name):
    network = networks.create(name).eval()
    with torch.inference_mode():
        outputs = [network.forward_stages(torch.zeros(1, 3, size, size)) for size in (64, 192, 256)]
    assert [o.logits.shape[-1] for o in outputs] == [32, 96, 128]
    assert [o.decoder[-1].shape[-1] for o in outputs] == [32, 96, 128]


def test_it_is_exported_and_agrees_with_onnx_runtime():
    torch.manual_seed(6)
    network = with_statistics(Lightformer(), export.synthetic_photos())
    session = create_session(export.to_onnx(network))
    assert export.check_agreement(session, network, export.synthetic_photos()) < 1e-4
    kinds = {type(module) for module in network.modules()}
    assert not kinds & {torch.nn.LayerNorm, torch.nn.GroupNorm}
    assert np.isfinite(session.run(None, {"input": np.zeros((1, 3, 256, 256), np.float32)})[0]).all()


def test_the_published_form_does_not_exist():
    with pytest.raises(ValueError, match="one form only"):
        networks.create("lightformer", npu=False)
