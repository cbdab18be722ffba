"""Training of a network for retinal vessels on random crops of CHASE_DB1's training photographs and of HRF.

Interrupted and started again, a run resumes at its last checkpoint. With `seconds` the schedule follows the clock
instead of the steps, for a machine that is lent for a fixed time.
"""

import copy
import math
import time
from dataclasses import asdict, dataclass, replace

import torch

from dermaloupe_recipe import checkpoints, fundus, vessel_augment, vessel_networks, vessel_prediction
from dermaloupe_recipe.errors import RecipeError
from dermaloupe_recipe.networks import count_parameters
from dermaloupe_recipe.vessel_losses import vessel_loss

SETS = ("chase-train", "hrf")
SOURCE_SCALE = {"chase-train": 1.0, "hrf": 0.5}  # of the largest photographs that crops are taken from


@dataclass
class Config:
    network: str = "wnet"
    name: str = ""  # of the run; its checkpoints are in RUNS/NAME; empty: the network's name
    runs: str = ""  # folder of all runs; empty: `runs` in the cache folder, outside the checkout
    data: str = ""  # data folder; empty: DERMALOUPE_DATA, else shared/data beside the checkout
    fold: int = -1  # 0 to 2: the third of the photographs that is left out and validated on; -1: train on all
    start: str = ""  # name of a run whose weights to begin with; empty: random ones
    teacher: str = ""  # name of a run to distil from; empty: none
    distillation: float = 0.5  # weight of the teacher's map in the loss, against the reference's
    steps: int = 6000
    seconds: float = 0.0  # end after this time instead, with the schedule by the clock; 0: by the steps
    batch_size: int = 8
    crop: int = 384  # pixels, width and height
    chase_diameters: str = "850-1500"  # of the field of view, in pixels of the crop
    hrf_diameters: str = "950-1700"
    chase_share: float = 0.5  # of the crops; the others are HRF's
    learning_rate: float = 3e-3  # at the start of the cosine schedule, after a warm-up
    final_learning_rate: float = 1e-5  # at its end
    warm_up: float = 0.02  # share of the schedule
    weight_decay: float = 1e-2
    ema_decay: float = 0.998  # of the moving average of the weights, which is validated and exported
    centre_line_weight: float = 0.3  # of the loss that weighs a vessel by its length
    first_map_weight: float = 0.4  # of the loss of W-Net's first map
    validate_every: int = 500  # steps, with a checkpoint
    seed: int = 20190
    device: str = ""  # "cpu" or "cuda"; empty: a GPU if there is one
    threads: int = 1
    stop_after: int = 0  # stop after this many steps, as if interrupted; 0: run to the end
    commit: str = ""  # of the recipe, on a machine without the repository; empty: git says it


MAY_DIFFER = {"runs", "data", "device", "threads", "stop_after", "commit"}  # between a run's start and its resumption


def diameters_of(config):
    """{set: (low, high)} of the field of view's diameter in pixels of the crop."""
    ranges = {"chase-train": config.chase_diameters, "hrf": config.hrf_diameters}
    return {name: tuple(float(word) for word in text.split("-")) for name, text in ranges.items()}


def load_photos(config, validation=False):
    """The photographs to train on; with `validation` those of the fold, none where all are trained on."""
    root = fundus.data_root(config.data)
    if validation and config.fold < 0:
        return []
    return [photo for name in SETS for photo in fundus.load(root, name, config.fold, validation)]


def learning_rate_at(config, progress):
    """At a progress of 0 to 1: linear to the full rate, then half a cosine."""
    if progress < config.warm_up:
        return config.learning_rate * max(progress / config.warm_up, 1e-3)
    phase = min(1.0, (progress - config.warm_up) / (1 - config.warm_up))
    return config.final_learning_rate + (config.learning_rate - config.final_learning_rate) * (
        1 + math.cos(math.pi * phase)) / 2


class Trainer:
    """One run: the network, its moving average, the optimiser, and the crops."""

    def __init__(self, config, photos, validation_photos):
        self.config = config
        self.device = torch.device(config.device or ("cuda" if torch.cuda.is_available() else "cpu"))
        torch.manual_seed(config.seed)
        self.network = vessel_networks.create(config.network)
        self.folder = checkpoints.run_folder(config.runs, config.name)
        self.start = self.load_start() if config.start else None
        self.network.to(self.device, memory_format=torch.channels_last)
        self.ema = copy.deepcopy(self.network).requires_grad_(False).eval()
        self.teacher = self.load_teacher() if config.teacher else None
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
        self.generator = torch.Generator().manual_seed(config.seed)
        sources = [vessel_augment.make_source(photo, SOURCE_SCALE[photo.set], self.device) for photo in photos]
        shares = {"chase-train": config.chase_share, "hrf": 1 - config.chase_share}
        self.crops = vessel_augment.Crops(sources, config.crop, diameters_of(config), shares, self.generator)
        self.validation_photos = validation_photos
        self.step, self.elapsed, self.validations = 0, 0.0, []
        self.commit = config.commit or checkpoints.recipe_commit()

    def load_start(self):
        """Gives the network the weights of another run; returns that run's settings."""
        name = self.config.start
        state = checkpoints.load(checkpoints.run_folder(self.config.runs, name) / "last.pt")
        found = state["config"]["network"]
        if found != self.config.network:
            raise RecipeError(f"run '{name}' is of network '{found}', expected '{self.config.network}'")
        self.network.load_state_dict(state["ema"])
        return state["config"]

    def load_teacher(self):
        teacher, _ = vessel_networks.load_run(self.config.runs, self.config.teacher, self.device)
        return teacher.requires_grad_(False).to(memory_format=torch.channels_last)

    @property
    def progress(self):
        if self.config.seconds:
            return self.elapsed / self.config.seconds
        return self.step / self.config.steps

    def autocast(self):
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda")

    def train_step(self):
        """One batch; returns the loss as a tensor on the device."""
        self.network.train()
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate_at(self.config, self.progress)
        photos, vessels, centre_lines = self.crops.batch(self.config.batch_size)
        photos = photos.contiguous(memory_format=torch.channels_last)
        with self.autocast():
            maps = vessel_networks.forward_maps(self.network, photos)
            with torch.no_grad():
                teacher = self.teacher(photos) if self.teacher else None
        loss = vessel_loss(maps, vessels, centre_lines, self.config, teacher)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        self.step += 1
        self.update_ema()
        return loss.detach()

    @torch.no_grad()
    def update_ema(self):
        """Updates the moving average, with a smaller decay at first, so that the random start is soon forgotten."""
        decay = min(self.config.ema_decay, (1 + self.step) / (10 + self.step))
        pairs = list(zip(self.ema.state_dict().values(), self.network.state_dict().values()))
        torch._foreach_lerp_([a for a, _ in pairs if a.is_floating_point()],
                             [b for a, b in pairs if a.is_floating_point()], 1 - decay)
        for average, current in pairs:
            if not average.is_floating_point():
                average.copy_(current)

    def validate(self):
        """The mean Dice of each set's left-out photographs at their middle scale, None where all are trained on."""
        if not self.validation_photos:
            return None
        diameters = {name: math.sqrt(low * high) for name, (low, high) in diameters_of(self.config).items()}
        return vessel_prediction.quick_dice(self.ema, self.validation_photos, diameters, self.device)

    def save(self):
        checkpoints.save(self.folder / "last.pt", {
            "config": asdict(self.config), "commit": self.commit, "step": self.step, "elapsed": self.elapsed,
            "validations": self.validations, "start": self.start, "torch": str(torch.__version__),
            "machine": torch.cuda.get_device_name() if self.device.type == "cuda" else "cpu",
            "model": self.network.state_dict(), "ema": self.ema.state_dict(),
            "optimiser": self.optimiser.state_dict(), "generator": self.generator.get_state(),
            "noise": self.crops.noise.get_state(),
        })

    def resume(self):
        """Continues from the run's checkpoint if there is one; returns whether there was."""
        path = self.folder / "last.pt"
        if not path.exists():
            return False
        state = checkpoints.load(path, self.config.network)
        for field in asdict(self.config).keys() - MAY_DIFFER:
            then, now = state["config"].get(field), getattr(self.config, field)
            if then != now:
                raise RecipeError(f"run was started with {field} {then}, not {now}; use another --name: {path}")
        self.network.load_state_dict(state["model"])
        self.ema.load_state_dict(state["ema"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.generator.set_state(state["generator"].cpu())
        self.crops.noise.set_state(state["noise"].cpu())
        self.step, self.elapsed, self.validations = state["step"], state["elapsed"], state["validations"]
        self.start, self.commit = state["start"], state["commit"]
        return True


def train(config):
    """Trains to the end, or to `stop_after`; returns the Trainer."""
    torch.set_num_threads(config.threads)
    config = replace(config, name=config.name or config.network)
    trainer = Trainer(config, load_photos(config), load_photos(config, validation=True))
    resumed = trainer.resume()
    print(f"{config.name}: {config.network}, {count_parameters(trainer.network)} parameters, "
          f"{len(trainer.validation_photos)} photographs to validate on, recipe {trainer.commit}, {trainer.device}, "
          f"{'resumed after step ' + str(trainer.step) if resumed else 'from the start'}: {trainer.folder}", flush=True)
    began = time.monotonic() - trainer.elapsed
    while trainer.progress < 1:
        stop = trainer.step + config.validate_every
        while trainer.progress < 1 and trainer.step < stop:
            loss = trainer.train_step()
            if trainer.device.type == "cuda" and trainer.step % 10 == 0:
                torch.cuda.synchronize()  # so that the clock counts work that is done, not work that is queued
            trainer.elapsed = time.monotonic() - began
        found = trainer.validate()
        trainer.validations.append({"step": trainer.step, "loss": float(loss), **(found or {})})
        trainer.save()
        print(f"{config.name} step {trainer.step}  {trainer.elapsed:.0f} s  loss {float(loss):.4f}  "
              + "  ".join(f"{name} {value:.4f}" for name, value in (found or {}).items()), flush=True)
        if config.stop_after and trainer.step >= config.stop_after:
            break
    return trainer
