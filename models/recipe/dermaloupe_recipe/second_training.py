"""A second training of a network of the zoo, with photographs in two framings, clean and compressed: does it pay?

The shipped weights are trained on for a few epochs at a low learning rate, once a seed on each of two sets:

- `both`: the training photographs of ISIC 2017, whole and squashed to a square as before, and the centre crops that
  ISIC 2018 has of them and of 144 new ones, with its references. Where a reference was corrected in between, the whole
  photograph with the former one is left out. A crop is resized clean, or compressed after it as ISIC 2017's copies are.
- `control`: the training photographs of ISIC 2017 alone, with as many steps: what it gains is not the photographs'
  doing.

No photograph of val or test is trained on in any framing, and none of HAM10000.
"""

import io
import json
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image, JpegImagePlugin

from dermaloupe_recipe import (
    checkpoints, data, evaluation, evaluation_sets, export, inference, map_cache, onnx_weights, training,
)
from dermaloupe_recipe.augment import augment
from dermaloupe_recipe.errors import RecipeError
from dermaloupe_recipe.files import RECIPE, ZOO, write_text

TABLE = RECIPE / "second_training.json"
ARMS = ("both", "control")
CHANGED_BELOW = 0.9  # IoU of the references of 2017 and 2018 on the crop; below it the label counts as corrected


class SecondTrainingError(RecipeError):
    """A second training that cannot be done as asked; the message says why."""


@dataclass
class Config(training.Config):
    network: str = "globalatt"
    zoo: str = str(ZOO)  # the network there is the start
    arms: str = ",".join(ARMS)
    seeds: str = "1,2,3"
    epochs: int = 4
    learning_rate: float = 2e-4
    final_learning_rate: float = 1e-6
    image_sizes: str = "256x1"
    deep_supervision: float = 0.0  # its heads are not in an exported network; new ones would disturb its features
    steps: str = "train,measure"  # of train, measure and test, separated by commas
    every: int = 1  # measure on every n-th photograph of HAM10000; on every n-th of those compressed, too
    out: str = str(TABLE)


def crop_ids(root):
    """The ids of ISIC 2018's crops that may be trained on: of the train split, and new."""
    table = Path(root) / "isic2018_512" / "splits.csv"
    rows = data.read_table(table, {"image_id", "split"})
    found = {split: sorted(row["image_id"] for row in rows if row["split"] == split) for split in ("train", "extra")}
    forbidden = {image_id for split in ("val", "test") for image_id in data.split_ids(root, split)}
    if (Path(root) / evaluation_sets.HAM10000).is_dir():
        forbidden |= set(evaluation_sets.read(root, evaluation_sets.HAM10000).ids)
    if wrong := sorted(forbidden.intersection(found["train"] + found["extra"])):
        raise SecondTrainingError(f"{wrong[0]} and {len(wrong) - 1} more are for evaluation only: {table}")
    return found["train"], found["extra"]


def read_crops(root, ids):
    """Crops of ISIC 2018 at 256x256, clean, as a data.Split."""
    crops = evaluation_sets.EvaluationSet("crops", Path(root) / "isic2018_512", [{"image_id": i} for i in ids],
                                          resized=True)
    size = (data.IMAGE_SIZE, data.IMAGE_SIZE)
    masks = [np.asarray(Image.fromarray(mask.astype(np.uint8) * 255).resize(size, Image.Resampling.BILINEAR))
             > data.FOREGROUND_ABOVE for mask in crops.masks()]
    return data.Split(list(ids), torch.stack(list(crops.photos())), torch.from_numpy(np.stack(masks)),
                      torch.ones(len(ids)))


def changed_labels(train, crops):
    """{image id: IoU} of the references of 2017 and 2018 on the crop, where it is below CHANGED_BELOW."""
    places = {image_id: place for place, image_id in enumerate(train.ids)}
    former = data.centre_crop(train.select(torch.tensor([places[image_id] for image_id in crops.ids]))).masks
    agreement = {image_id: evaluation.scores(evaluation.confusion(old, new))["iou"]
                 for image_id, old, new in zip(crops.ids, former.numpy(), crops.masks.numpy())}
    return {image_id: round(iou, 4) for image_id, iou in agreement.items() if iou < CHANGED_BELOW}


def compressor(example):
    """A function that compresses uint8 photographs [3, H, W] by JPEG exactly as the file `example` was."""
    with Image.open(example) as image:
        settings = {"qtables": image.quantization, "subsampling": JpegImagePlugin.get_sampling(image)}

    def compress(photo):
        packed = io.BytesIO()
        Image.fromarray(photo.permute(1, 2, 0).contiguous().numpy()).save(packed, "JPEG", **settings)
        return torch.from_numpy(np.array(Image.open(packed))).permute(2, 0, 1)

    return compress


def compressor_of(root):
    return compressor(Path(root) / "isic2017" / "images" / f"{data.split_ids(root, 'train')[0]}.jpg")


def joined(*splits):
    return data.Split(sum((split.ids for split in splits), []), *(
        torch.cat([getattr(split, field) for split in splits]) for field in ("photos", "masks", "aspects")))


@dataclass
class Photographs:
    """What is trained on: all photographs, the same with the crops compressed, and what is said of them."""

    clean: data.Split
    compressed: data.Split
    facts: dict


def photographs(config, root, arm):
    train = data.load(root, "train", config.limit or None)
    if arm == "control":
        return Photographs(train, train, {"whole": len(train)})
    again, new = crop_ids(root)
    known = set(train.ids)
    crops = read_crops(root, [image_id for image_id in again if image_id in known])
    changed = changed_labels(train, crops)
    whole = train.select(torch.tensor([i for i, image_id in enumerate(train.ids) if image_id not in changed]))
    crops = joined(crops, read_crops(root, new[:config.limit or None]))
    compressed = replace(crops, photos=torch.stack([compressor_of(root)(photo) for photo in crops.photos]))
    facts = {"whole": len(whole), "crops": len(crops), "changed_labels": dict(sorted(changed.items()))}
    return Photographs(joined(whole, crops), joined(whole, compressed), facts)


class SecondTrainer(training.Trainer):
    """A Trainer that starts from given weights, and takes as many photographs an epoch as the first training had."""

    def __init__(self, config, found, val, start, count):
        self.found, self.count = found, count
        super().__init__(config, found.clean, val)
        self.network.load_state_dict(start.state_dict())
        self.ema.load_state_dict(start.state_dict())

    def steps_per_epoch(self):
        return -(-self.count // self.config.batch_size)

    def batches(self):
        order = torch.randperm(len(self.train_split), generator=self.generator)[: self.count]
        compress = torch.rand(len(order), generator=self.generator) < 0.5
        size = training.image_size_at(self.config, self.epoch)
        for indices, which in zip(order.split(self.config.batch_size), compress.split(self.config.batch_size)):
            batch = self.found.clean.select(indices)
            batch.photos[which] = self.found.compressed.photos[indices[which]]
            photos, masks = augment(data.resize(batch, size), self.generator, self.config.dark_corners)
            yield inference.channels_last(data.normalise(photos)), masks


def run_name(config, arm, seed):
    return f"{config.network}-second-{arm}-{seed}"


def start_of(config, root):
    """The shipped network with its weights, to be trained on."""
    return onnx_weights.read_shipped(config.zoo, config.network, root)


def train_arm(config, root, arm, facts):
    """Trains an arm with every seed; its photographs' facts go into `facts`."""
    start, val = start_of(config, root), data.load(root, "val", config.limit or None)
    found = photographs(config, root, arm)
    facts[arm] = found.facts
    count = len(data.split_ids(root, "train")[: config.limit or None])
    for seed in numbers(config.seeds):
        run = replace(config, name=run_name(config, arm, seed), seed=seed, device="cpu")
        trainer = SecondTrainer(run, found, val, start, count)
        training.log_start(trainer, trainer.resume())
        while trainer.epoch < run.epochs:
            began = time.monotonic()
            loss = trainer.train_epoch()
            metrics = trainer.validate()
            trainer.save_checkpoints(metrics)
            training.log_epoch(trainer, loss, metrics, time.monotonic() - began)


def numbers(text):
    return [int(word) for word in text.split(",")]


def map_of(session, photo, size):
    """A photograph's probability map at `size`, as the program makes it."""
    return inference.at_photo_size(inference.predict_onnx(session, [photo]), size)[0]


def figures(session, found, compress=None, every=1):
    """Metrics of a network on an EvaluationSet, each photograph compressed before if there is a way."""
    counts = []
    for place, (photo, mask) in enumerate(zip(found.photos(), found.masks())):
        if place % every == 0:
            seen = compress(photo) if compress else photo
            counts.append(evaluation.confusion(map_of(session, seen, mask.shape) >= 0.5, mask))
    metrics = evaluation.summary(counts)
    return {key: round(metrics[key], 6) for key in ("mean_iou", "pooled_iou")} | {"n": metrics["n"]}


def measured(config, root, content, steps):
    """The figures of one network: on val, HAM10000 and the originals, clean and compressed; on test when asked."""
    session, compress = inference.create_session(content), compressor_of(root)
    found = {}
    if "measure" in steps:
        ham, originals = (evaluation_sets.read(root, name, config.limit or None)
                          for name in (evaluation_sets.HAM10000, evaluation_sets.ORIGINALS))
        found["val"] = figures(session, evaluation_sets.read(root, "val", config.limit or None))
        found["ham10000"] = figures(session, ham, every=config.every)
        found["ham10000-compressed"] = figures(session, ham, compress, config.every)
        found["originals"] = figures(session, originals)
        found["originals-compressed"] = figures(session, originals, compress)
    if "test" in steps:
        found["test"] = figures(session, evaluation_sets.read(root, "test", config.limit or None))
    return found


def train_again(config):
    """Does the steps and writes the table after each network. Returns the table."""
    torch.set_num_threads(config.threads)
    root, steps, out = data.data_root(config.data), config.steps.split(","), Path(config.out)
    table = json.loads(out.read_text()) if out.is_file() else {"photographs": {}, "networks": {}}
    arms = config.arms.split(",")
    if unknown := [arm for arm in arms if arm not in ARMS]:
        raise SecondTrainingError(f"no arm '{unknown[0]}'; there are: {', '.join(ARMS)}")
    for arm in arms if "train" in steps else ():
        train_arm(config, root, arm, table["photographs"])
    table["training"] = {key: asdict(config)[key] for key in ("network", "epochs", "learning_rate", "image_sizes")}
    contents = {"start": lambda: map_cache.load_network(config.zoo, config.network)[0]}
    for arm, seed in ((arm, seed) for arm in arms for seed in numbers(config.seeds)):
        path = checkpoints.run_folder(config.runs, run_name(config, arm, seed)) / "best.pt"
        contents[f"{arm}-{seed}"] = lambda path=path: export.to_onnx(checkpoints.load_network(path, config.network)[0])
    for name, content in contents.items() if {"measure", "test"} & set(steps) else ():
        row = table["networks"].setdefault(name, {})
        row.update(measured(config, root, content(), steps))
        write_text(out, json.dumps(table, indent=2) + "\n")
        print(f"{name}: {json.dumps(row)}", flush=True)
    write_text(out, json.dumps(table, indent=2) + "\n")
    return table
