"""Quick tests of the recipe and of what it has put into the repository. About a minute on two cores."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper
from PIL import Image

import corners
import data
import evaluate
import export
import macs
import networks
import phantom
import reference
import train

CARD_KEYS = {
    "schema", "name", "title", "family", "description", "parameters", "macs", "input", "output", "threshold", "data",
    "licence", "test", "artefacts", "recipe",
}


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(3)
    return networks.make("malunet").eval()


@pytest.fixture(scope="module")
def committed_model():
    return (export.ZOO / "malunet" / "model.onnx").read_bytes()


def config(tmp_path, root, **changes):
    return train.Config(data=str(root), runs=str(tmp_path / "runs"), batch=2, epochs=2, limit=4, **changes)


def checkpoint(tmp_path, network, named="malunet"):
    path = tmp_path / "checkpoint.pt"
    settings = {"network": named, "epochs": 2, "seed": 5}
    train.save(path, {"config": settings, "commit": "0" * 40, "epoch": 2, "weights": network.state_dict()})
    return path


# Networks


def test_malunet_has_the_parameters_of_the_paper(network):
    assert networks.count_parameters(network) == 177_943


def test_malunet_answers_one_logit_a_pixel(network):
    with torch.inference_mode():
        assert network(torch.zeros(2, 3, 64, 96)).shape == (2, 1, 64, 96)


def test_unknown_network_is_refused_with_the_names_there_are():
    with pytest.raises(SystemExit, match="no network named 'unet'; there are: malunet"):
        networks.make("unet")


# Metrics: 4x4 pictures worked out on paper


def square(top, left, side, size=4):
    mask = np.zeros((size, size), bool)
    mask[top : top + side, left : left + side] = True
    return mask


def test_metrics_of_two_squares_that_share_a_corner_pixel():
    counts = evaluate.confusion(square(0, 0, 2), square(1, 1, 2))
    assert counts == (1, 3, 3, 9)
    scores = evaluate.scores(counts)
    assert scores["iou"] == pytest.approx(1 / 7)
    assert scores["dice"] == pytest.approx(2 / 8)
    assert scores["sensitivity"] == pytest.approx(1 / 4)
    assert scores["specificity"] == pytest.approx(9 / 12)
    assert scores["accuracy"] == pytest.approx(10 / 16)


def test_two_empty_masks_agree_perfectly():
    empty = np.zeros((4, 4), bool)
    assert set(evaluate.scores(evaluate.confusion(empty, empty)).values()) == {1.0}


def test_an_empty_mask_against_a_lesion_scores_nothing():
    scores = evaluate.scores(evaluate.confusion(np.zeros((4, 4), bool), square(0, 0, 2)))
    assert (scores["iou"], scores["dice"], scores["sensitivity"]) == (0, 0, 0)
    assert scores["specificity"] == 1.0


def test_a_full_reference_has_nothing_to_be_specific_about():
    full = np.ones((4, 4), bool)
    assert evaluate.scores(evaluate.confusion(full, full))["specificity"] == 1.0


def test_macro_and_pooled_figures_differ_as_on_paper():
    one = evaluate.confusion(square(0, 0, 2), square(0, 0, 2))  # perfect: 4, 0, 0, 12
    other = evaluate.confusion(square(0, 0, 2), square(1, 1, 2))  # 1, 3, 3, 9
    figures = evaluate.summary([one, other])
    assert figures["n"] == 2
    assert figures["mean_iou"] == pytest.approx((1 + 1 / 7) / 2)
    assert figures["mean_dice"] == pytest.approx((1 + 1 / 4) / 2)
    assert figures["pooled_iou"] == pytest.approx(5 / 11)
    assert figures["pooled_dice"] == pytest.approx(10 / 16)
    assert figures["class_mean_iou"] == pytest.approx((5 / 11 + 21 / 27) / 2)


def test_masks_of_two_sizes_are_refused():
    with pytest.raises(ValueError, match="must be of one size"):
        evaluate.confusion(np.zeros((4, 4)), np.zeros((4, 5)))


def test_a_pixel_at_the_threshold_is_lesion():
    assert evaluate.judge([np.full((2, 2), 0.5)], [np.ones((2, 2), bool)])["mean_iou"] == 1.0


# Data


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


def test_augmentation_moves_photo_and_mask_as_one():
    y, x = np.mgrid[:256, :256]
    mask = torch.from_numpy(((x - 150) ** 2 / 2 + (y - 100) ** 2 < 45**2) | ((x < 90) & (y > 200)))
    photos = torch.where(mask, 200, 50).to(torch.uint8).expand(8, 3, 256, 256)
    varied, masks = data.augment(photos, mask.expand(8, 256, 256), torch.Generator().manual_seed(4), corners=0)
    assert 0 <= varied.min() and varied.max() <= 255
    grey = varied.mean(dim=1)
    for photo, moved in zip(grey, masks):
        middle = (photo.max() + photo.min()) / 2
        assert ((photo > middle) == moved).float().mean() > 0.995
    assert len({int(m.sum()) for m in masks}) > 4, "each photograph should be varied its own way"


def painted(seed, count=64, radius=40):
    """Light grey photographs with a disc of lesion in the middle, all to be painted."""
    y, x = np.mgrid[:256, :256]
    masks = torch.from_numpy((x - 128) ** 2 + (y - 128) ** 2 < radius**2).expand(count, 256, 256)
    photos = torch.full((count, 3, 256, 256), 200.0)
    return photos, masks, data.paint_corners(photos, masks, torch.Generator().manual_seed(seed), share=1.0)


def test_painted_corners_are_dark_and_hold_no_lesion():
    _, before, (photos, masks, hidden) = painted(seed=1, radius=100)
    assert not (masks & hidden).any()
    assert torch.equal(masks, before & ~hidden), "what can be seen keeps its mask"
    assert (photos.amax(dim=1)[hidden] < 130).all() and photos[hidden[:, None].expand_as(photos)].mean() < 40
    assert (hidden & before).any(), "some corners should hide a little of the lesion"
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
    assert lost.max() <= data.HIDES_AT_MOST
    untouched = (photos == before).flatten(1).all(dim=1)
    assert 0 < untouched.sum() < len(photos)
    assert not hidden[untouched].any()


def test_painting_follows_from_its_seed_and_its_share():
    photos, masks, first = painted(seed=4, count=8)
    again, other = painted(seed=4, count=8)[2], painted(seed=5, count=8)[2]
    assert all(torch.equal(a, b) for a, b in zip(first, again))
    assert not torch.equal(first[0], other[0])
    none = data.paint_corners(photos, masks, torch.Generator().manual_seed(4), share=0)
    assert torch.equal(none[0], photos) and torch.equal(none[1], masks) and not none[2].any()
    assert (photos == 200).all(), "what was given is left alone"


def test_augmentation_paints_its_share():
    photos = torch.full((200, 3, 256, 256), 180, dtype=torch.uint8)
    masks = torch.zeros(200, 256, 256, dtype=torch.bool)
    varied, _ = data.augment(photos, masks, torch.Generator().manual_seed(6), corners=0.35)
    spread = varied.mean(dim=1).flatten(1).std(dim=1)
    assert 0.2 < (spread > 1).float().mean() < 0.45


def test_corner_false_positives_are_counted_as_on_paper():
    dark = np.stack([square(0, 0, 2), square(2, 2, 2), np.zeros((4, 4), bool)])
    predicted = np.stack([square(1, 1, 2), square(2, 2, 2), square(0, 0, 2)])
    assert corners.corner_false_positive(predicted, dark) == pytest.approx((1 / 4 + 1) / 2)


def test_black_that_touches_a_corner_is_found_and_a_dark_lesion_is_not():
    photo = np.full((3, 64, 64), 180, np.uint8)
    photo[:, :20, :20] = 10
    photo[:, 26:40, 26:40] = 20
    photo[:, -20:, -20:] = 20
    found = corners.black_corners(photo, square(44, 44, 20, 64))
    assert found[:15, :15].all() and not found[25:].any()


def test_corners_are_measured_on_a_split(phantom_data):
    split = data.load(phantom_data, "val")
    figures = corners.measure(lambda photos: np.ones((len(photos), 256, 256)), split, rounds=2, seed=1)
    assert figures["painted"]["corner_false_positive"] == 1.0 and figures["painted"]["n"] > 2
    assert figures["plain"]["n"] == 3


# Training


def test_some_steps_lower_the_loss(phantom_data, tmp_path):
    split = data.load(phantom_data, "train", 4)
    trainer = train.Trainer(config(tmp_path, phantom_data), split, split)
    trainer.config.epochs = 100  # keeps the rate near its start
    losses = [trainer.train_step(split.photos, split.masks) for _ in range(8)]
    assert losses[-1] < 0.9 * losses[0], losses


def test_the_loss_of_a_perfect_answer_is_nothing_and_of_an_empty_mask_finite():
    mask = torch.from_numpy(square(0, 0, 2))[None]
    sure = torch.where(mask, 30.0, -30.0)[:, None]
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


# Export


def test_the_exported_graph_agrees_with_pytorch(network):
    assert export.check_agreement(export.session(export.onnx_bytes(network)), network, export.trial_photos(3)) < 1e-4


def test_the_same_weights_give_the_same_bytes(network):
    assert export.onnx_bytes(network) == export.onnx_bytes(network)


def test_the_graph_is_fixed_in_shape_and_free_of_leftovers(network):
    graph = onnx.load_from_string(export.onnx_bytes(network)).graph
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in [*graph.input, *graph.output]}
    assert shapes == {"input": [1, 3, 256, 256], "probability": [1, 1, 256, 256]}
    assert not {"Shape", "Constant", "Identity", "Gather", "If"} & {node.op_type for node in graph.node}


def test_a_graph_that_disagrees_is_refused(network):
    other = networks.make("malunet")
    with pytest.raises(export.ExportError, match="differ by"):
        export.check_agreement(export.session(export.onnx_bytes(other)), network, export.trial_photos(1))


def test_export_writes_model_and_card(network, phantom_data, tmp_path):
    path = checkpoint(tmp_path, network)
    card = export.export(export.Config(checkpoint=str(path), zoo=str(tmp_path / "zoo"), data=str(phantom_data)))
    folder = tmp_path / "zoo" / "malunet"
    assert {file.name for file in folder.iterdir()} == {"model.onnx", "card.json"}
    assert json.loads((folder / "card.json").read_text()) == card
    assert card.keys() == CARD_KEYS
    assert card["test"]["n"] == 3
    assert card["artefacts"][0]["sha256"] == hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    assert card["recipe"]["commands"] == ["python train.py --epochs 2 --seed 5", "python export.py"]


@pytest.mark.parametrize("stage", ["check_agreement", "judge_split", "make_card"])
def test_a_failed_export_leaves_the_zoo_as_it_was(network, phantom_data, tmp_path, monkeypatch, stage):
    def fail(*_):
        raise export.ExportError("made to fail")

    monkeypatch.setattr(export, stage, fail)
    settings = export.Config(
        checkpoint=str(checkpoint(tmp_path, network)), zoo=str(tmp_path / "zoo"), data=str(phantom_data)
    )
    with pytest.raises(export.ExportError):
        export.export(settings)
    assert not (tmp_path / "zoo").exists()


def test_a_failed_write_leaves_no_partial_card(tmp_path, monkeypatch):
    export.put_in_place(tmp_path, {"card.json": b"old"})

    def fail(*_):
        raise OSError("no space left")

    monkeypatch.setattr(export.os, "fsync", fail)
    with pytest.raises(OSError):
        export.put_in_place(tmp_path, {"model.onnx": b"new", "card.json": b"new"})
    assert [file.name for file in tmp_path.iterdir()] == ["card.json"]
    assert (tmp_path / "card.json").read_bytes() == b"old"


# MACs


def test_macs_of_a_toy_graph_are_those_on_paper():
    """Conv 3x3 in 2 groups, then a transposed one, then Gemm and MatMul:

    6x6 outputs x 8 channels x (4/2 x 3 x 3) = 5184; 4x(6x6) inputs twice over: 8 x 36 x (2 x 2 x 2) = 2304;
    Gemm 5x7 outputs x 3 = 105; MatMul 2x(4x6) outputs x 5 = 240.
    """
    def weight(name, *shape):
        return helper.make_tensor(name, TensorProto.FLOAT, shape, np.zeros(int(np.prod(shape))).tolist())

    def value(name, *shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["x", "wc"], ["c"], group=2, pads=[1, 1, 1, 1], kernel_shape=[3, 3]),
            helper.make_node("Relu", ["c"], ["r"]),
            helper.make_node("ConvTranspose", ["r", "wt"], ["t"], strides=[2, 2], kernel_shape=[2, 2]),
            helper.make_node("Gemm", ["g", "wg"], ["go"], transA=1),
            helper.make_node("MatMul", ["m", "wm"], ["mo"]),
        ],
        "toy",
        [value("x", 1, 4, 6, 6), value("g", 3, 5), value("m", 2, 4, 5)],
        [value("t", 1, 2, 12, 12), value("go", 5, 7), value("mo", 2, 4, 6)],
        [weight("wc", 8, 2, 3, 3), weight("wt", 8, 2, 2, 2), weight("wg", 3, 7), weight("wm", 5, 6)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    assert macs.count(model) == 5184 + 2304 + 105 + 240


def test_a_graph_without_fixed_shapes_is_not_counted():
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 5])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    weight = helper.make_tensor("w", TensorProto.FLOAT, [5, 2], [0.0] * 10)
    graph = helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["y"])], "toy", [x], [y], [weight])
    with pytest.raises(ValueError, match="not fixed"):
        macs.count(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]))


# Phantoms


def test_a_look_is_drawn_the_same_every_time():
    look = phantom.Look(seed=9, width=160, height=120, globules=20)
    first, second = phantom.draw(look), phantom.draw(look)
    assert np.array_equal(first.photo, second.photo) and np.array_equal(first.mask, second.mask)


def test_a_phantoms_lesion_is_darker_than_its_skin():
    drawn = phantom.draw(phantom.Look(seed=12, width=240, height=180, hairs=0, window=1.6))
    grey = drawn.photo.mean(axis=2)
    assert grey[drawn.mask].mean() < 0.8 * grey[~drawn.mask].mean()


# What the repository holds


def test_the_committed_card_describes_the_committed_model(committed_model):
    card = json.loads((export.ZOO / "malunet" / "card.json").read_text())
    assert card.keys() == CARD_KEYS and card["schema"] == 1
    assert card["artefacts"] == [{
        "file": "model.onnx", "format": "onnx", "bytes": len(committed_model),
        "sha256": hashlib.sha256(committed_model).hexdigest(),
    }]
    assert len(committed_model) < 1_000_000
    assert card["parameters"] == 177_943
    assert card["macs"] == macs.count(onnx.load_from_string(committed_model))
    assert card["data"]["licence"] == "CC0-1.0"
    assert (card["test"]["split"], card["test"]["n"]) == ("test", 650)
    assert card["test"]["pooled_iou"] >= 0.78
    assert len(card["recipe"]["commit"]) == 40, "weights must come from a committed recipe"


def test_the_committed_model_finds_lesions(photographs, committed_model):
    root, real = photographs
    split = data.load(root, "val" if real else "test", 25)
    figures = evaluate.judge(export.run_onnx(export.session(committed_model), split.photos), split.masks.numpy())
    assert figures["mean_dice"] > 0.8, figures


@pytest.mark.parametrize("name", reference.LOOKS)
def test_the_committed_vectors_follow_from_the_committed_model(name, committed_model):
    document = json.loads((reference.FOLDER / "reference.json").read_text())
    assert document["model"]["sha256"] == hashlib.sha256(committed_model).hexdigest()
    entry = next(e for e in document["vectors"] if e["name"] == name)
    photo, resized, map16 = (
        np.asarray(Image.open(reference.FOLDER / entry[key])) for key in ("photo", "resized", "probability")
    )
    assert photo.shape == (entry["height"], entry["width"], 3)
    assert np.array_equal(reference.squash(photo), resized)
    tensor = reference.tensor_of(resized)
    flat = tensor.flatten().double()
    assert flat[: reference.SHOWN].tolist() == pytest.approx(entry["tensor"]["first"], abs=1e-6)
    assert flat[-reference.SHOWN :].tolist() == pytest.approx(entry["tensor"]["last"], abs=1e-6)
    assert flat.sum().item() == pytest.approx(entry["tensor"]["sum"], rel=1e-6)
    found = export.session(committed_model).run(None, {"input": tensor.numpy()})[0][0, 0]
    assert np.abs(found - map16 / 65535).max() < 1e-4

    agreement = next(
        a for a in json.loads((reference.FOLDER / "confusion.json").read_text())["images"] if a["name"] == name
    )
    mask = np.asarray(Image.open(reference.FOLDER / entry["mask"])) > data.FOREGROUND_ABOVE
    full = reference.at_photo_size(found, entry["width"], entry["height"])
    again = evaluate.scores(evaluate.confusion(full >= 0.5, mask))
    assert again["dice"] == pytest.approx(agreement["dice"], abs=1e-3)


def test_the_committed_vectors_show_the_phantoms_of_the_recipe():
    look = reference.LOOKS["odd_333x251"]
    kept = np.asarray(Image.open(reference.FOLDER / "odd_333x251.png")).astype(int)
    # Another processor may round a Fourier transform another way, which moves a pixel here and there.
    assert np.abs(phantom.draw(look).photo.astype(int) - kept).mean() < 0.5


@pytest.mark.parametrize("name", phantom.SAMPLE_LOOKS)
def test_the_committed_samples_have_true_masks_that_the_model_finds(name, committed_model):
    look = phantom.SAMPLE_LOOKS[name]
    photo = np.asarray(Image.open(phantom.SAMPLES / f"{name}.jpg"))
    mask = np.asarray(Image.open(phantom.SAMPLES / f"{name}_segmentation.png"))
    assert photo.shape == (look.height, look.width, 3)
    assert mask.shape == photo.shape[:2] and set(np.unique(mask)) == {0, 255}
    tensor = reference.tensor_of(reference.squash(photo))
    found = export.session(committed_model).run(None, {"input": tensor.numpy()})[0][0, 0]
    full = reference.at_photo_size(found, look.width, look.height)
    assert evaluate.scores(evaluate.confusion(full >= 0.5, mask > 128))["dice"] >= 0.9
