"""Tests of reading the data set, and of the centre crop."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from dermaloupe_recipe import data


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
