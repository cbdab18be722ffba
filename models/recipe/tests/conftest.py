"""Fixtures that several tests use: a small data folder of phantoms, the photographs if they are there, a network."""

import csv
import os
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the recipe's folder

from dermaloupe_recipe import checkpoints, data, fundus, networks, phantom

PHANTOMS = {"train": 6, "val": 3, "test": 3}
used = {}


def pytest_configure(config):
    torch.set_num_threads(1)  # tests run beside compilers; see training.Config.threads


@pytest.fixture(scope="session")
def phantom_data(tmp_path_factory):
    """A data folder laid out like ISIC 2017's, with twelve phantoms."""
    root = tmp_path_factory.mktemp("phantom_data")
    for folder in ("images", "masks"):
        (root / "isic2017" / folder).mkdir(parents=True)
    rows = []
    for split, count in PHANTOMS.items():
        for number in range(count):
            image_id = f"PHANTOM_{split}_{number}"
            rng = np.random.default_rng(len(rows))
            look = phantom.Look(seed=200 + len(rows), width=256, height=256, radius=rng.uniform(0.15, 0.3),
                                pigment=rng.uniform(0.9, 1.7), hairs=2, bubbles=1, globules=40, field_of_view=1.4)
            drawn = phantom.draw(look)
            Image.fromarray(drawn.photo).save(root / "isic2017" / "images" / f"{image_id}.jpg", quality=95)
            mask = Image.fromarray(drawn.mask.astype(np.uint8) * 255)
            mask.save(root / "isic2017" / "masks" / f"{image_id}.png")
            rows.append({"image_id": image_id, "split": split, "width": 256, "height": 256})
    with open(root / "isic2017" / "splits.csv", "w", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return root


@pytest.fixture(scope="session")
def photographs(phantom_data):
    """(data folder, whether it has real photographs): ISIC 2017 if it is there, else the phantoms.

    Where CI is true, the photographs must be there.
    """
    try:
        found = data.data_root(), True
    except data.DataError as problem:
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(f"CI needs the photographs: {problem}")
        found = phantom_data, False
    used["data"] = "real photographs of ISIC 2017" if found[1] else "phantoms only, the photographs are not there"
    return found


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(3)
    return networks.create("malunet").eval()


def checkpoint(tmp_path, network, named="malunet"):
    path = tmp_path / "checkpoint.pt"
    settings = {"network": named, "epochs": 2, "seed": 5}
    checkpoints.save(path, {"config": settings, "commit": "0" * 40, "epoch": 2, "weights": network.state_dict()})
    return path


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"data used: {used.get('data', 'phantoms only, no test asked for photographs')}; "
                                f"{used.get('fundus', 'no test asked for fundus photographs')}")


def square(top, left, side, size=4):
    mask = np.zeros((size, size), bool)
    mask[top : top + side, left : left + side] = True
    return mask


def fundus_folder():
    """The data folder if it has the fundus photographs, else None; where CI is true, they must be there."""
    try:
        root = fundus.data_root()
    except data.DataError as problem:
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(f"CI needs the fundus photographs: {problem}")
        used["fundus"] = "no fundus photographs, so published figures were not reproduced"
        return None
    used["fundus"] = "fundus photographs"
    return root
