"""Tests of data augmentation and of painted dark corners."""

import numpy as np
import pytest
import torch

from dermaloupe_recipe import augment, data


def test_augmentation_transforms_photo_and_mask_together():
    y, x = np.mgrid[:256, :256]
    mask = torch.from_numpy(((x - 150) ** 2 / 2 + (y - 100) ** 2 < 45**2) | ((x < 90) & (y > 200)))
    photos = torch.where(mask, 200, 50).to(torch.uint8).expand(8, 3, 256, 256)
    batch = data.Split([], photos, mask.expand(8, 256, 256), torch.full((8,), 1.5))
    augmented, masks = augment.augment(batch, torch.Generator().manual_seed(4), dark_corners=0)
    assert 0 <= augmented.min() and augmented.max() <= 255
    grey = augmented.mean(dim=1)
    for photo, moved in zip(grey, masks):
        midpoint = (photo.max() + photo.min()) / 2
        assert ((photo > midpoint) == moved).float().mean() > 0.995
    assert len({int(m.sum()) for m in masks}) > 4, "each photograph should be transformed differently"


def test_random_crops_restore_the_aspect_ratio_wholly_or_partly():
    wide, high = torch.full((4000,), 1.5), torch.full((4000,), 0.8)
    extent, centre = augment.random_crop(wide, torch.Generator().manual_seed(1))
    shape = extent[:, 0] / extent[:, 1]
    assert ((shape - 1).abs() < 1e-6).float().mean() == pytest.approx(0.5, abs=0.03), "half keep the stored aspect"
    assert ((shape - 1 / 1.5).abs() < 1e-6).float().mean() == pytest.approx(0.25, abs=0.03), "a quarter is restored"
    assert shape.min() >= 1 / 1.5 - 1e-6 and shape.max() <= 1 + 1e-6
    assert (extent[:, 1] == 1).float().mean() == pytest.approx(0.67, abs=0.03) and extent.min() >= 0.6 / 1.5 - 1e-6
    assert (centre.abs() + extent <= 1 + 1e-6).all(), "the crop is inside the photograph"
    extent, _ = augment.random_crop(high, torch.Generator().manual_seed(1))
    assert (extent[:, 1] <= extent[:, 0] + 1e-6).all() and (extent[:, 1] / extent[:, 0]).min() >= 0.8 - 1e-6


def painted(seed, count=64, radius=40):
    """Light grey photographs with a lesion disc at the centre, before and after painting."""
    y, x = np.mgrid[:256, :256]
    masks = torch.from_numpy((x - 128) ** 2 + (y - 128) ** 2 < radius**2).expand(count, 256, 256)
    photos = torch.full((count, 3, 256, 256), 200.0)
    return photos, masks, augment.paint_dark_corners(photos, masks, torch.Generator().manual_seed(seed), share=1.0)


def test_painted_corners_are_dark_and_contain_no_lesion():
    _, before, (photos, masks, hidden) = painted(seed=1, radius=100)
    assert not (masks & hidden).any()
    assert torch.equal(masks, before & ~hidden), "visible pixels keep their mask"
    assert (photos.amax(dim=1)[hidden] < 130).all() and photos[hidden[:, None].expand_as(photos)].mean() < 40
    assert (hidden & before).any(), "some corners should hide a small part of the lesion"
    assert photos.min() >= 0 and photos.max() <= 200


def test_painted_corners_are_of_many_kinds():
    _, _, (photos, _, hidden) = painted(seed=2)
    corners = hidden[:, [0, 0, -1, -1], [0, -1, 0, -1]].sum(dim=1)
    assert {int(c) for c in corners} == {0, 1, 2, 3, 4} or {int(c) for c in corners} == {0, 1, 2, 4}
    share = hidden.float().mean(dim=(1, 2))
    assert share.max() > 0.3 and (share[share > 0]).min() < 0.02
    clear = photos[~hidden.any(dim=2).any(dim=1)]
    assert clear.min() < 150, "some photographs should have a vignette and no black"


def test_corners_that_would_hide_much_of_the_lesion_are_not_painted():
    before, masks, (photos, after, hidden) = painted(seed=3, radius=170)
    lost = (masks & ~after).sum(dim=(1, 2)) / masks.sum(dim=(1, 2))
    assert lost.max() <= augment.MAX_HIDDEN_SHARE
    untouched = (photos == before).flatten(1).all(dim=1)
    assert 0 < untouched.sum() < len(photos)
    assert not hidden[untouched].any()


def test_painting_depends_only_on_its_seed_and_share():
    photos, masks, first = painted(seed=4, count=8)
    again, other = painted(seed=4, count=8)[2], painted(seed=5, count=8)[2]
    assert all(torch.equal(a, b) for a, b in zip(first, again))
    assert not torch.equal(first[0], other[0])
    none = augment.paint_dark_corners(photos, masks, torch.Generator().manual_seed(4), share=0)
    assert torch.equal(none[0], photos) and torch.equal(none[1], masks) and not none[2].any()
    assert (photos == 200).all(), "the input is not modified"


def test_augmentation_paints_corners_into_its_share():
    photos = torch.full((200, 3, 256, 256), 180, dtype=torch.uint8)
    masks = torch.zeros(200, 256, 256, dtype=torch.bool)
    batch = data.Split([], photos, masks, torch.ones(200))
    augmented, _ = augment.augment(batch, torch.Generator().manual_seed(6), dark_corners=0.35)
    spread = augmented.mean(dim=1).flatten(1).std(dim=1)
    assert 0.2 < (spread > 1).float().mean() < 0.45
