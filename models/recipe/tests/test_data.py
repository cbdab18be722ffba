"""Tests of reading the data set, of data augmentation, and of dark corners."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from dermaloupe_recipe import augment, dark_corners, data
from conftest import square


def copy_of(phantom_data, tmp_path):
    return Path(shutil.copytree(phantom_data, tmp_path / "data"))


def test_a_missing_data_folder_is_named(tmp_path):
    with pytest.raises(data.DataError, match=f"--data or DERMALOUPE_DATA: {tmp_path}"):
        data.data_root(tmp_path)


def test_a_missing_mask_is_named(phantom_data, tmp_path):
    root = copy_of(phantom_data, tmp_path)
    gone = root / "isic2017" / "masks" / "PHANTOM_val_1.png"
    gone.unlink()
    with pytest.raises(data.DataError, match=f"missing.*: {gone}"):
        data.load(root, "val")


def test_a_photo_of_another_size_is_named_with_both_sizes(phantom_data, tmp_path):
    root = copy_of(phantom_data, tmp_path)
    wrong = root / "isic2017" / "images" / "PHANTOM_val_0.jpg"
    Image.new("RGB", (300, 200)).save(wrong)
    with pytest.raises(data.DataError, match=f"expected 256x256, found 300x200.*: {wrong}"):
        data.load(root, "val")


def test_a_file_that_is_no_image_is_named(phantom_data, tmp_path):
    root = copy_of(phantom_data, tmp_path)
    wrong = root / "isic2017" / "images" / "PHANTOM_val_2.jpg"
    wrong.write_text("not a photograph")
    with pytest.raises(data.DataError, match=f"not a readable image.*: {wrong}"):
        data.load(root, "val")


def test_a_mask_is_foreground_above_128(tmp_path):
    pixels = np.full((256, 256), 128, np.uint8)
    pixels[0, 0] = 129
    Image.fromarray(pixels).save(tmp_path / "mask.png")
    assert data.read_mask(tmp_path / "mask.png").sum() == 1


def test_the_split_is_the_papers(photographs):
    root, real = photographs
    sizes = {split: len(data.split_ids(root, split)) for split in ("train", "val", "test")}
    assert sizes == ({"train": 1350, "val": 150, "test": 650} if real else {"train": 6, "val": 3, "test": 3})
    val = data.load(root, "val")
    assert val.photos.shape[1:] == (3, 256, 256) and val.photos.dtype == torch.uint8
    assert 0.02 < val.masks.float().mean() < 0.5


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


def test_the_centre_crop_is_the_central_square_of_the_photograph_in_its_original_aspect():
    x = torch.arange(256).expand(256, 256)
    masks = (x >= 64) & (x < 192)
    wide = data.Split(["a"], masks.expand(1, 3, 256, 256).to(torch.uint8) * 255, masks[None], torch.tensor([2.0]))
    cropped = data.centre_crop(wide)
    assert cropped.masks.all() and cropped.photos[..., 1:-1].min() == 255, "the middle half is the square"
    high = data.centre_crop(data.Split(["a"], wide.photos, wide.masks, torch.tensor([0.5])))
    assert torch.equal(high.masks, wide.masks), "of twice the height, columns stay and rows are cut"
    same = data.centre_crop(data.Split(["a"], wide.photos, wide.masks, torch.tensor([1.0])))
    assert torch.equal(same.photos, wide.photos)


def test_a_photograph_without_its_size_is_named(phantom_data, tmp_path):
    root = copy_of(phantom_data, tmp_path)
    table = root / "isic2017" / "splits.csv"
    table.write_text(table.read_text().replace("PHANTOM_val_1,val,256,256", "PHANTOM_val_1,val,,256"))
    with pytest.raises(data.DataError, match="gives PHANTOM_val_1 the size '' x '256'"):
        data.load(root, "val")


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


def test_corner_false_positives_are_counted_as_on_paper():
    dark = np.stack([square(0, 0, 2), square(2, 2, 2), np.zeros((4, 4), bool)])
    predicted = np.stack([square(1, 1, 2), square(2, 2, 2), square(0, 0, 2)])
    assert dark_corners.corner_false_positive(predicted, dark) == pytest.approx((1 / 4 + 1) / 2)


def test_black_that_touches_a_corner_is_found_and_a_dark_lesion_is_not():
    photo = np.full((3, 64, 64), 180, np.uint8)
    photo[:, :20, :20] = 10
    photo[:, 26:40, 26:40] = 20
    photo[:, -20:, -20:] = 20
    found = dark_corners.black_corners(photo, square(44, 44, 20, 64))
    assert found[:15, :15].all() and not found[25:].any()


def test_corners_are_measured_on_a_split(phantom_data):
    split = data.load(phantom_data, "val")
    figures = dark_corners.measure(lambda photos: np.ones((len(photos), 256, 256)), split, rounds=2, seed=1)
    assert figures["painted"]["corner_false_positive"] == 1.0 and figures["painted"]["n"] > 2
    assert figures["plain"]["n"] == 3


def test_the_corners_of_a_shipped_network_are_evaluated(phantom_data):
    split = data.load(phantom_data, "val")
    found = dark_corners.measure(dark_corners.create_predictor(dark_corners.Config()), split, rounds=1, seed=3)
    assert found["plain"]["n"] == len(split.ids) and found["plain"]["pooled_iou"] > 0.5
    assert 0 <= found["painted"]["corner_false_positive"] < 0.2
