"""Trains a network of the zoo on ISIC 2017 and keeps the weights that do best on the validation split.

Run again with the same name, it goes on from the last finished epoch; the result is the same as of one long run.
"""

import copy
import math
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

import augment
import data
import evaluate
import networks
import options


@dataclass
class Config:
    network: str = "malunet"
    form: str = "npu"  # "published" trains the paper's own structure, which no NPU runs as a whole
    name: str = ""  # of the run; its checkpoints lie in RUNS/NAME; empty: the network's
    runs: str = ""  # folder of all runs; empty: `runs` in the cache folder, outside the checkout
    data: str = ""  # data folder; empty: DERMALOUPE_DATA, else shared/data beside the checkout
    epochs: int = 150
    batch: int = 8
    rate: float = 1e-3  # learning rate at the start ...
    rate_end: float = 1e-5  # ... and at the end of its cosine
    weight_decay: float = 1e-2
    average: float = 0.998  # of the running mean of weights that is judged and exported: about three epochs' worth
    sides: str = "160x0.4,224x0.3,256x0.3"  # side of the photographs in pixels, each for its share of the epochs
    supervision: float = 0.4  # weight of the losses of the maps seen at each decoder stage; 0: the last map alone
    corners: float = 0.2  # share of the photographs that get a dermatoscope's dark corners painted in
    seed: int = 20170
    limit: int = 0  # use only the first photographs of each split; 0: all (for trials and tests)
    device: str = ""  # "cpu" or "cuda"; empty: a GPU when there is one
    threads: int = 1  # beside a compiler on two cores, one thread took 0.65 s a step and two took 1 to 11 s
    stop_after: int = 0  # stop when this many epochs are done, as if interrupted; 0: run to the end


MAY_DIFFER = {"runs", "data", "device", "threads", "stop_after"}  # between a run's start and its going on


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("DERMALOUPE_CACHE") or Path(base) / "dermaloupe")


def run_folder(config):
    return Path(config.runs or cache_folder() / "runs") / (config.name or config.network)


def recipe_commit():
    """The last commit that touched the recipe, marked when the files differ from it."""
    here = Path(__file__).resolve().parent

    def git(*words):
        return subprocess.run(["git", *words], cwd=here, capture_output=True, text=True, check=True).stdout.strip()

    try:
        commit = git("log", "-1", "--format=%H", "--", ".")
        return (commit or "uncommitted") + ("-dirty" if git("status", "--porcelain", "--", ".") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def loss_of(logits, masks):
    """Cross-entropy plus one minus the soft Dice, each image its own; masks 0..1 [N, 1, H, W], logits of that size."""
    p = torch.sigmoid(logits)
    overlap = (p * masks).sum(dim=(1, 2, 3))
    size = p.sum(dim=(1, 2, 3)) + masks.sum(dim=(1, 2, 3))
    dice = (2 * overlap + 1) / (size + 1)  # the ones keep an empty mask from dividing by nothing
    return F.binary_cross_entropy_with_logits(logits, masks) + (1 - dice).mean()


def enlarge(logits, side):
    """A map at the photographs' own side, bilinear, as the program does it."""
    return logits if logits.shape[-1] == side else F.interpolate(logits, (side, side), mode="bilinear")


class Supervised(nn.Module):
    """A network with a training-only 1x1 head on each decoder stage that has none of its own.

    Every stage is asked for the lesion at its own size, which tells the deep ones early what to look for. The heads
    are left behind when the weights are kept.
    """

    def __init__(self, network):
        super().__init__()
        self.network = network
        probe = network.eval().stages(torch.zeros(1, 3, 64, 64))
        widths = [] if probe.sides else [stage.shape[1] for stage in probe.decoder]
        self.heads = nn.ModuleList(nn.Conv2d(width, 1, 1) for width in widths)

    def stages(self, x):
        seen = self.network.stages(x)
        return seen._replace(sides=seen.sides or [head(x) for head, x in zip(self.heads, seen.decoder)])


def supervised_loss(seen, masks, weight):
    """The loss of the last map at the photographs' size, and of the decoder stages' maps each at its own."""
    target = masks.unsqueeze(1).float()
    total = loss_of(enlarge(seen.logits, target.shape[-1]), target)
    for depth, side in enumerate(seen.sides if weight > 0 else ()):
        share = weight * (depth + 1) / len(seen.sides)  # the shallower the stage, the more its map can show
        total = total + share * loss_of(side, F.adaptive_avg_pool2d(target, side.shape[-2:]))
    return total


def side_at(config, epoch):
    """The photographs' side in an epoch counted from 0: small ones first, which teach as much for less."""
    done = 0.0
    for part in config.sides.split(","):
        side, share = part.split("x")
        done += float(share)
        if epoch < round(done * config.epochs):
            break
    return int(side)


def is_settled(config, epoch):
    """Whether an epoch counted from 0 is of the last fifth, where the rate is low."""
    return epoch >= round(0.8 * config.epochs)


def device_of(config):
    return torch.device(config.device or ("cuda" if torch.cuda.is_available() else "cpu"))


def rate_at(config, step, steps):
    """The cosine from `rate` to `rate_end`."""
    return config.rate_end + (config.rate - config.rate_end) * (1 + math.cos(math.pi * step / steps)) / 2


def predict(network, photos, batch=16):
    """Probability maps [N, H, W], at the photographs' size, of uint8 photographs [N, 3, H, W]."""
    network.eval()
    with torch.inference_mode():
        parts = [
            enlarge(torch.sigmoid(network(channels_last(data.normalise(part)))), photos.shape[-1])[:, 0]
            for part in photos.split(batch)
        ]
    return torch.cat(parts).cpu()


def channels_last(x):
    return x.contiguous(memory_format=torch.channels_last)


def write_whole(path, write):
    """A file whole or not at all: `write(out)` into a temporary one beside it, then a rename."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".part")
    with open(temporary, "wb") as out:
        write(out)
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, path)


def save(path, content):
    write_whole(path, lambda out: torch.save(content, out))


def write_text(path, text):
    write_whole(path, lambda out: out.write(text.encode()))


def load_network(path, network_name=None):
    """A checkpoint's network, in evaluation and in the form it was trained in, and the checkpoint."""
    state = load_checkpoint(path, network_name)
    network = networks.make(state["config"]["network"], npu=state["config"].get("form", "npu") == "npu")
    network.load_state_dict(state["weights"])
    return network.eval(), state


def load_checkpoint(path, network_name=None):
    """A checkpoint, refused when it is of another network than the one named, if one is."""
    path = Path(path)
    if not path.is_file():
        raise SystemExit(f"no checkpoint; train first, or name another with --checkpoint: {path}")
    state = torch.load(path, map_location="cpu", weights_only=True)
    found = state.get("config", {}).get("network")
    if network_name and found != network_name:
        raise SystemExit(f"checkpoint is of network '{found}', expected '{network_name}': {path}")
    return state


class Trainer:
    """Network, running mean, optimiser and random state: all that a checkpoint holds."""

    def __init__(self, config, train_split, val_split):
        torch.manual_seed(config.seed)
        self.config, self.device = config, device_of(config)
        self.train_split, self.val_split = train_split.to(self.device), val_split.to(self.device)
        self.small = self.train_split  # at the side in use
        self.network = networks.make(config.network, npu=config.form == "npu")
        self.learner = self.wrap(self.network).to(self.device, memory_format=torch.channels_last)
        self.mean = copy.deepcopy(self.network).requires_grad_(False)
        self.optimiser = torch.optim.AdamW(
            self.learner.parameters(), lr=config.rate, weight_decay=config.weight_decay
        )
        self.generator = torch.Generator(self.device).manual_seed(config.seed)
        self.epoch, self.step, self.best = 0, 0, -1.0
        self.start = None  # the config of the run whose weights this one began with
        self.commit = recipe_commit()
        self.folder = run_folder(config)

    def wrap(self, network):
        """The network with what it needs in training only."""
        return Supervised(network)

    def steps_per_epoch(self):
        return math.ceil(len(self.train_split) / self.config.batch)

    def batches(self):
        """One pass over the train split: normalised photographs and their masks, varied."""
        order = torch.randperm(len(self.train_split), generator=self.generator, device=self.device)
        side = side_at(self.config, self.epoch)
        if self.small.photos.shape[-1] != side:
            self.small = data.shrink(self.train_split, side)
        for chosen in order.split(self.config.batch):
            photos, masks = augment.augment(self.small.take(chosen), self.generator, self.config.corners)
            yield channels_last(data.normalise(photos)), masks

    def train_epoch(self):
        """One pass over the train split; returns the mean loss."""
        self.learner.train()
        losses = [(self.train_step(x, masks), len(x)) for x, masks in self.batches()]
        self.epoch += 1
        return sum(loss * count for loss, count in losses) / sum(count for _, count in losses)

    def loss(self, x, masks):
        """What training makes small; `x` are the normalised photographs."""
        return supervised_loss(self.learner.stages(x), masks, self.config.supervision)

    def train_step(self, x, masks):
        for group in self.optimiser.param_groups:
            group["lr"] = rate_at(self.config, self.step, self.config.epochs * self.steps_per_epoch())
        loss = self.loss(x, masks)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.step += 1
        self.follow()
        return loss.item()

    def follow(self):
        """Moves the running mean: closely at first, so that the random start is soon forgotten."""
        keep = min(self.config.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for mean, now in zip(self.mean.state_dict().values(), self.network.state_dict().values()):
                if mean.is_floating_point():
                    mean.lerp_(now, 1 - keep)
                else:
                    mean.copy_(now)

    def validate(self):
        """The validation figures of the running mean, on photographs of the side it has just learnt on."""
        split = data.shrink(self.val_split, side_at(self.config, self.epoch - 1))
        return evaluate.judge(predict(self.mean, split.photos).numpy(), split.masks.cpu().numpy())

    def keep(self, val):
        """Writes the checkpoint, and the best one when the running mean did better than before on the side in use.

        From the last fifth on only its own epochs count: among 150 photographs an early one can be ahead by chance.
        """
        now, before = (
            (side_at(self.config, epoch), is_settled(self.config, epoch))
            for epoch in (self.epoch - 1, max(self.epoch - 2, 0))
        )
        if now != before:
            self.best = -1.0
        if val["pooled_iou"] > self.best:
            self.best = val["pooled_iou"]
            save(self.folder / "best.pt", {
                "config": asdict(self.config), "commit": self.commit, "epoch": self.epoch, "val": val,
                "start": self.start, "weights": self.mean.state_dict(),
            })
        save(self.folder / "last.pt", {
            "config": asdict(self.config), "commit": self.commit, "epoch": self.epoch, "step": self.step,
            "start": self.start,
            "best": self.best, "learner": self.learner.state_dict(), "mean": self.mean.state_dict(),
            "optimiser": self.optimiser.state_dict(), "generator": self.generator.get_state(),
        })

    def resume(self):
        """Goes on from the run's last checkpoint, when there is one."""
        path = self.folder / "last.pt"
        if not path.exists():
            return False
        state = load_checkpoint(path, self.config.network)
        for field in asdict(self.config).keys() - MAY_DIFFER:
            then, now = state["config"].get(field), getattr(self.config, field)
            if then != now:
                raise SystemExit(f"run was started with {field} {then}, not {now}; use another --name: {path}")
        self.learner.load_state_dict(state["learner"])
        self.mean.load_state_dict(state["mean"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.generator.set_state(state["generator"].cpu())
        self.epoch, self.step, self.best = state["epoch"], state["step"], state["best"]
        self.start = state.get("start")
        if state["commit"] != self.commit:
            print(f"note: the run was started from recipe {state['commit']}, goes on with {self.commit}", flush=True)
        self.commit = state["commit"]
        return True


def report(trainer, loss, val, seconds):
    """The log's line of a finished epoch."""
    config = trainer.config
    print(f"{config.name} epoch {trainer.epoch:3d}/{config.epochs}  side {side_at(config, trainer.epoch - 1)}  "
          f"loss {loss:.4f}  val pooled_iou {val['pooled_iou']:.4f} mean_dice {val['mean_dice']:.4f}  "
          f"best {trainer.best:.4f}  rate {trainer.optimiser.param_groups[0]['lr']:.2e}  {seconds:.1f} s", flush=True)


def introduce(trainer, going_on):
    """The log's first line."""
    print(f"{trainer.config.network}: {networks.count_parameters(trainer.network)} parameters, "
          f"{len(trainer.train_split)} train, {len(trainer.val_split)} val, recipe {trainer.commit}, "
          f"{'going on after epoch ' + str(trainer.epoch) if going_on else 'from the start'}: {trainer.folder}",
          flush=True)


def splits_for(config):
    root = data.data_root(config.data)
    return [data.load(root, split, config.limit or None) for split in ("train", "val")]


def train(config):
    torch.set_num_threads(config.threads)
    trainer = Trainer(replace(config, name=config.name or config.network), *splits_for(config))
    introduce(trainer, trainer.resume())
    last = min(config.epochs, config.stop_after or config.epochs)
    while trainer.epoch < last:
        began = time.monotonic()
        loss = trainer.train_epoch()
        val = trainer.validate()
        trainer.keep(val)
        report(trainer, loss, val, time.monotonic() - began)
    return trainer


if __name__ == "__main__":
    try:
        train(options.parse(Config, __doc__))
    except data.DataError as problem:
        sys.exit(f"train.py: {problem}")
