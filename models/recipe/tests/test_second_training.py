"""Tests of the second training: what it may see, which labels were corrected, and a short one on phantoms."""

import csv
import shutil

import numpy as np
import pytest
import torch
from PIL import Image

from dermaloupe_recipe import checkpoints, data, second_training

IDS = {"PHANTOM_train_0": "train", "PHANTOM_train_1": "train", "PHANTOM_train_2": "train", "PHANTOM_val_0": "val",
       "PHANTOM_new": "extra"}


@pytest.fixture(scope="module")
def root(phantom_data, tmp_path_factory):
    """The phantoms, crops of five at twice the size, one of them with a corrected label, and two originals."""
    root = tmp_path_factory.mktemp("second")
    shutil.copytree(phantom_data / "isic2017", root / "isic2017")
    for folder in ("images", "masks"):
        (root / "isic2018_512" / folder).mkdir(parents=True)
        (root / "ham10000" / folder).mkdir(parents=True)
    (root / "originals").mkdir()
    with open(root / "isic2018_512" / "splits.csv", "w", newline="") as out:
        csv.writer(out).writerows([("image_id", "split"), *IDS.items()])
    with open(root / "ham10000" / "photographs.csv", "w", newline="") as out:
        csv.writer(out).writerows([("lesion_id", "image_id", "dx", "age", "sex", "localization"),
                                   ("L", "HAM", "nv", "40", "male", "back")])
    for image_id in [*IDS, "HAM", "ORIGINAL"]:
        known = image_id if (phantom_data / "isic2017" / "images" / f"{image_id}.jpg").exists() else "PHANTOM_train_5"
        for folder, kind in (("images", "jpg"), ("masks", "png")):
            picture = Image.open(phantom_data / "isic2017" / folder / f"{known}.{kind}").resize((512, 512))
            if image_id == "PHANTOM_train_1" and folder == "masks":
                picture = Image.new("L", (512, 512))
            if image_id in IDS:
                picture.save(root / "isic2018_512" / folder / f"{image_id}.{kind}")
            elif image_id == "HAM":
                picture.save(root / "ham10000" / folder / f"{image_id}.{kind}")
            else:
                picture.save(root / "originals" / f"{image_id}{'.jpg' if kind == 'jpg' else '_segmentation.png'}")
    return root


def config_of(root, tmp_path, **changes):
    return second_training.Config(data=str(root), runs=str(tmp_path / "runs"), out=str(tmp_path / "second.json"),
                                  limit=4, epochs=1, image_sizes="64x1", **changes)


def test_a_corrected_label_replaces_the_former_one(root, tmp_path):
    found = second_training.photographs(config_of(root, tmp_path), root, "both")
    assert found.facts == {"whole": 3, "crops": 4, "changed_labels": {"PHANTOM_train_1": 0.0}}
    assert found.clean.ids == ["PHANTOM_train_0", "PHANTOM_train_2", "PHANTOM_train_3", "PHANTOM_train_0",
                               "PHANTOM_train_1", "PHANTOM_train_2", "PHANTOM_new"]
    assert not found.clean.masks[4].any(), "the crop has the corrected one"
    differences = (found.clean.photos.int() - found.compressed.photos.int()).abs().amax((1, 2, 3))
    assert not differences[:3].any() and (differences[3:] > 0).all(), "only crops are compressed"
    assert second_training.photographs(config_of(root, tmp_path), root, "control").facts == {"whole": 4}


def test_photographs_for_evaluation_are_never_trained_on(root, tmp_path):
    again, new = second_training.crop_ids(root)
    assert again == ["PHANTOM_train_0", "PHANTOM_train_1", "PHANTOM_train_2"] and new == ["PHANTOM_new"]
    for wrong in ("PHANTOM_test_1", "HAM"):
        other = tmp_path / wrong
        shutil.copytree(root, other)
        with open(other / "isic2018_512" / "splits.csv", "a", newline="") as out:
            csv.writer(out).writerow((wrong, "extra"))
        with pytest.raises(second_training.SecondTrainingError, match=f"{wrong} .* for evaluation only"):
            second_training.crop_ids(other)


def test_a_photograph_is_compressed_as_the_training_copies_are(root, tmp_path):
    example = tmp_path / "example.jpg"
    photo = data.read_photo(root / "isic2017" / "images" / "PHANTOM_train_0.jpg")
    Image.fromarray(photo).save(example, quality=60)
    compressed = second_training.compressor(example)(torch.from_numpy(photo.copy()).permute(2, 0, 1))
    assert np.array_equal(compressed.permute(1, 2, 0).numpy(), np.asarray(Image.open(example)))


def test_the_shipped_network_is_trained_on_and_measured(root, tmp_path):
    config = config_of(root, tmp_path, seeds="1,2", steps="train,measure,test")
    table = second_training.train_again(config)
    assert table["networks"].keys() == {"start", "both-1", "both-2", "control-1", "control-2"}
    for row in table["networks"].values():
        assert row.keys() == {"val", "ham10000", "ham10000-compressed", "originals", "originals-compressed", "test"}
    steps = [checkpoints.load(tmp_path / "runs" / f"globalatt-second-{run}" / "last.pt")["step"]
             for run in ("both-1", "both-2", "control-1", "control-2")]
    assert len(set(steps)) == 1, "the control has as many steps"
    again = second_training.train_again(config)
    assert again == table, "a finished run is not trained any further"


def test_an_unknown_arm_is_named(root, tmp_path):
    with pytest.raises(second_training.SecondTrainingError, match="no arm 'neither'; there are: both, control"):
        second_training.train_again(config_of(root, tmp_path, arms="neither"))
