"""Training of a network on ISIC 2017; the weights with the best validation metrics are kept.

Interrupted and started again, a run resumes after the last finished epoch, with the same result as without a break.
"""

import copy
import math
import time
from dataclasses import asdict, dataclass, replace

import torch
from torch import nn

from dermaloupe_recipe import augment, checkpoints, data, evaluation, networks
from dermaloupe_recipe.inference import channels_last, predict
from dermaloupe_recipe.losses import supervised_loss


@dataclass
class Config:
    network: str = "malunet"
    form: str = "npu"  # "published" trains the paper's own structure, which no NPU runs as a whole
    name: str = ""  # of the run; its checkpoints are in RUNS/NAME; empty: the network's name
    runs: str = ""  # folder of all runs; empty: `runs` in the cache folder, outside the checkout
    data: str = ""  # data folder; empty: DERMALOUPE_DATA, else shared/data beside the checkout
    epochs: int = 150
    batch_size: int = 8
    learning_rate: float = 1e-3  # at the start of the cosine schedule
    final_learning_rate: float = 1e-5  # at its end
    weight_decay: float = 1e-2
    ema_decay: float = 0.998  # of the moving average of the weights that is validated and exported: about three epochs
    image_sizes: str = "160x0.4,224x0.3,256x0.3"  # image size in pixels, each with its share of the epochs
    deep_supervision: float = 0.4  # weight of the losses of the decoder stages' own maps; 0: the final map only
    dark_corners: float = 0.2  # share of the photographs that get a dermatoscope's dark corners
    seed: int = 20170
    limit: int = 0  # use only the first photographs of each split; 0: all (for experiments and tests)
    device: str = ""  # "cpu" or "cuda"; empty: a GPU if there is one
    threads: int = 1  # beside a compiler on two cores, one thread took 0.65 s a step and two took 1 to 11 s
    stop_after: int = 0  # stop after this many epochs, as if interrupted; 0: run to the end


MAY_DIFFER = {"runs", "data", "device", "threads", "stop_after"}  # between a run's start and its resumption


def run_folder(config):
    return checkpoints.run_folder(config.runs, config.name or config.network)


class Supervised(nn.Module):
    """A network with a 1x1 deep-supervision head on each decoder stage, for training only.

    A network with heads of its own, such as EGE-UNet, gets none. The heads are not part of the exported weights.
    """

    def __init__(self, network):
        super().__init__()
        self.network = network
        outputs = network.eval().forward_stages(torch.zeros(1, 3, 64, 64))
        widths = [] if outputs.side_logits else [stage.shape[1] for stage in outputs.decoder]
        self.heads = nn.ModuleList(nn.Conv2d(width, 1, 1) for width in widths)

    def forward_stages(self, x):
        outputs = self.network.forward_stages(x)
        own = outputs.side_logits
        return outputs._replace(side_logits=own or [head(x) for head, x in zip(self.heads, outputs.decoder)])


def image_size_at(config, epoch):
    """The image size in an epoch counted from 0: small first, which learns nearly as much for less computation."""
    done = 0.0
    for part in config.image_sizes.split(","):
        size, share = part.split("x")
        done += float(share)
        if epoch < round(done * config.epochs):
            break
    return int(size)


def is_final_phase(config, epoch):
    """Whether an epoch counted from 0 is in the last fifth, where the learning rate is low."""
    return epoch >= round(0.8 * config.epochs)


def learning_rate_at(config, step, steps):
    """The cosine schedule from `learning_rate` to `final_learning_rate`."""
    cosine = (1 + math.cos(math.pi * step / steps)) / 2
    return config.final_learning_rate + (config.learning_rate - config.final_learning_rate) * cosine


class Trainer:
    """Model, moving average of the weights, optimiser and random state: everything that a checkpoint holds."""

    def __init__(self, config, train_split, val_split):
        torch.manual_seed(config.seed)
        self.config = config
        self.device = torch.device(config.device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self.train_split, self.val_split = train_split.to(self.device), val_split.to(self.device)
        self.resized = self.train_split  # the train split at the current image size
        self.network = networks.create(config.network, npu=config.form == "npu")
        self.model = self.wrap(self.network).to(self.device, memory_format=torch.channels_last)
        self.ema = copy.deepcopy(self.network).requires_grad_(False)
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
        )
        self.generator = torch.Generator(self.device).manual_seed(config.seed)
        self.epoch, self.step, self.best = 0, 0, -1.0
        self.start = None  # the config of the run whose weights this one was initialised with
        self.commit = checkpoints.recipe_commit()
        self.folder = run_folder(config)

    def wrap(self, network):
        """The network with the modules that it needs in training only."""
        return Supervised(network)

    def steps_per_epoch(self):
        return math.ceil(len(self.train_split) / self.config.batch_size)

    def batches(self):
        """One epoch of augmented batches: normalised photographs and their masks."""
        order = torch.randperm(len(self.train_split), generator=self.generator, device=self.device)
        size = image_size_at(self.config, self.epoch)
        if self.resized.photos.shape[-1] != size:
            self.resized = data.resize(self.train_split, size)
        for indices in order.split(self.config.batch_size):
            photos, masks = augment.augment(self.resized.select(indices), self.generator, self.config.dark_corners)
            yield channels_last(data.normalise(photos)), masks

    def train_epoch(self):
        """One epoch; returns the mean loss."""
        self.model.train()
        losses = [(self.train_step(x, masks), len(x)) for x, masks in self.batches()]
        self.epoch += 1
        return sum(loss * count for loss, count in losses) / sum(count for _, count in losses)

    def loss(self, x, masks):
        """The training loss of normalised photographs `x`."""
        return supervised_loss(self.model.forward_stages(x), masks, self.config.deep_supervision)

    def train_step(self, x, masks):
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate_at(self.config, self.step, self.config.epochs * self.steps_per_epoch())
        loss = self.loss(x, masks)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.step += 1
        self.update_ema()
        return loss.item()

    def update_ema(self):
        """Updates the moving average, with a smaller decay at first, so that the random start is soon forgotten."""
        decay = min(self.config.ema_decay, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for average, current in zip(self.ema.state_dict().values(), self.network.state_dict().values()):
                if average.is_floating_point():
                    average.lerp_(current, 1 - decay)
                else:
                    average.copy_(current)

    def validate(self):
        """The validation metrics of the moving average, at the image size of the last epoch."""
        split = data.resize(self.val_split, image_size_at(self.config, self.epoch - 1))
        return evaluation.evaluate(predict(self.ema, split.photos).numpy(), split.masks.cpu().numpy())

    def save_checkpoints(self, val):
        """Writes `last.pt`, and `best.pt` when the validation metrics are the best so far at this image size.

        From the last fifth on only its own epochs count: among 150 photographs an early one can be ahead by chance.
        """
        current, previous = (
            (image_size_at(self.config, epoch), is_final_phase(self.config, epoch))
            for epoch in (self.epoch - 1, max(self.epoch - 2, 0))
        )
        if current != previous:
            self.best = -1.0
        if val["pooled_iou"] > self.best:
            self.best = val["pooled_iou"]
            checkpoints.save(self.folder / "best.pt", {
                "config": asdict(self.config), "commit": self.commit, "epoch": self.epoch, "val": val,
                "start": self.start, "weights": self.ema.state_dict(),
            })
        checkpoints.save(self.folder / "last.pt", {
            "config": asdict(self.config), "commit": self.commit, "epoch": self.epoch, "step": self.step,
            "start": self.start, "best": self.best, "model": self.model.state_dict(), "ema": self.ema.state_dict(),
            "optimiser": self.optimiser.state_dict(), "generator": self.generator.get_state(),
        })

    def resume(self):
        """Continues from the run's last checkpoint if there is one; returns whether there was."""
        path = self.folder / "last.pt"
        if not path.exists():
            return False
        state = checkpoints.load(path, self.config.network)
        started_with = checkpoints.current_settings(state["config"])
        for field in asdict(self.config).keys() - MAY_DIFFER:
            then, now = started_with.get(field), getattr(self.config, field)
            if then != now:
                raise SystemExit(f"run was started with {field} {then}, not {now}; use another --name: {path}")
        self.model.load_state_dict(state["model"])
        self.ema.load_state_dict(state["ema"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.generator.set_state(state["generator"].cpu())
        self.epoch, self.step, self.best = state["epoch"], state["step"], state["best"]
        self.start = state.get("start")
        if state["commit"] != self.commit:
            print(f"note: the run was started with recipe {state['commit']}, resumes with {self.commit}", flush=True)
        self.commit = state["commit"]
        return True


def log_start(trainer, resumed):
    print(f"{trainer.config.network}: {networks.count_parameters(trainer.network)} parameters, "
          f"{len(trainer.train_split)} train, {len(trainer.val_split)} val, recipe {trainer.commit}, "
          f"{'resumed after epoch ' + str(trainer.epoch) if resumed else 'from the start'}: {trainer.folder}",
          flush=True)


def log_epoch(trainer, loss, val, seconds):
    config = trainer.config
    print(f"{config.name} epoch {trainer.epoch:3d}/{config.epochs}  "
          f"image size {image_size_at(config, trainer.epoch - 1)}  "
          f"loss {loss:.4f}  val pooled_iou {val['pooled_iou']:.4f} mean_dice {val['mean_dice']:.4f}  "
          f"best {trainer.best:.4f}  learning rate {trainer.optimiser.param_groups[0]['lr']:.2e}  {seconds:.1f} s",
          flush=True)


def load_splits(config):
    root = data.data_root(config.data)
    return [data.load(root, split, config.limit or None) for split in ("train", "val")]


def train(config):
    """Trains to the end, or to `stop_after`; returns the Trainer."""
    torch.set_num_threads(config.threads)
    trainer = Trainer(replace(config, name=config.name or config.network), *load_splits(config))
    log_start(trainer, trainer.resume())
    last = min(config.epochs, config.stop_after or config.epochs)
    while trainer.epoch < last:
        began = time.monotonic()
        loss = trainer.train_epoch()
        val = trainer.validate()
        trainer.save_checkpoints(val)
        log_epoch(trainer, loss, val, time.monotonic() - began)
    return trainer
