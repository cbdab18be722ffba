"""Tests of the networks for vessels: sizes, shapes, and M2U-Net's published weights."""

import numpy as np
import pytest
import torch

from conftest import fundus_folder

from dermaloupe_recipe import evaluation, fundus, vessel_networks
from dermaloupe_recipe.m2unet import M2UNet, from_published
from dermaloupe_recipe.networks import count_parameters

PUBLISHED_THRESHOLD = 0.5215
PAPER_DICE = vessel_networks.PUBLISHED["m2unet"]["paper_dice"]
CHASE_COLUMNS = slice(18, 978)  # of 999: M2U-Net's sizes are multiples of 16


@pytest.mark.parametrize("name", vessel_networks.NETWORKS)
def test_a_map_has_the_photographs_size_and_its_gradient_reaches_every_weight(name):
    torch.manual_seed(1)
    network = vessel_networks.create(name)
    maps = vessel_networks.forward_maps(network, torch.rand(2, 3, 64, 96))
    assert [m.shape for m in maps] == [(2, 1, 64, 96)] * len(maps)
    maps[-1].square().mean().backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in network.parameters())


def test_the_light_transformer_with_another_head_has_a_map_of_the_photographs_size():
    torch.manual_seed(1)
    network = vessel_networks.create("lightformer-vessels").train()
    maps = network(torch.rand(2, 3, 100, 64))
    assert maps.shape == (2, 1, 100, 64) and count_parameters(network) < 200_000
    maps.square().mean().backward()
    # Attention says nothing at first: its norms are zero, and let no gradient through to it.
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in network.parameters())


def test_the_sizes_are_those_of_the_papers():
    assert count_parameters(vessel_networks.create("m2unet")) == vessel_networks.PUBLISHED["m2unet"]["parameters"]
    assert count_parameters(vessel_networks.create("wnet")) <= 68_000


def test_a_pixel_of_wnets_map_depends_on_148_pixels():
    torch.manual_seed(1)
    x = torch.rand(1, 3, 224, 224, requires_grad=True)
    vessel_networks.create("wnet").eval()(x)[0, 0, 112, 112].backward()
    rows = torch.nonzero(x.grad.abs().sum(dim=(0, 1, 3)))
    assert 140 <= int(rows.max() - rows.min()) + 1 <= 148


def test_an_unknown_network_is_named():
    message = "no network for vessels named 'unet'; there are: lightformer-vessels, m2unet, wnet"
    with pytest.raises(SystemExit, match=message):
        vessel_networks.create("unet")


def published(root, name="CHASEDB1"):
    return from_published(torch.load(root / "m2unet" / f"M2UNet{name}.pth", map_location="cpu", weights_only=True))


@pytest.mark.parametrize("name", ["CHASEDB1", "DRIVE", "HRF"])
def test_the_published_weights_of_m2unet_have_our_names_and_shapes(name):
    root = fundus_folder()
    if root is not None:
        M2UNet().load_state_dict(published(root, name), strict=True)


def test_the_published_weights_of_m2unet_reproduce_the_papers_dice():
    """This holds the structure: resizing, residuals and the order of appended maps have no weights."""
    root = fundus_folder()
    if root is None:
        return
    network = M2UNet().eval()
    network.load_state_dict(published(root), strict=True)
    dice = []
    for name in fundus.names(root, "chase-test"):
        photo_path, mask_path, _ = fundus.paths_of(root, "chase-test", name)
        x = torch.from_numpy(fundus.network_input(fundus.read_pixels(photo_path, "RGB")[:, CHASE_COLUMNS], 1.0))
        with torch.inference_mode():
            predicted = torch.sigmoid(network(x[None]))[0, 0].numpy() >= PUBLISHED_THRESHOLD
        reference = fundus.read_mask(mask_path)[:, CHASE_COLUMNS]
        dice.append(evaluation.scores(evaluation.confusion(predicted, reference))["dice"])
    assert len(dice) == 20
    assert np.mean(dice) == pytest.approx(0.799, abs=5e-4)
    assert abs(np.mean(dice) - PAPER_DICE) < 0.003
