"""Teaches networks what a trained teacher knows, several side by side in one process.

They share the varied photographs and the teacher's answers, which together cost as much as a student does. The loss
is normalised distillation, see `Distiller.loss`. A student starts from its own plain training (the run NAME-start)
or, where it is built like the teacher, from the teacher's weights. The answers are a council's, the mean of the
teacher's and of some other networks', which know better together than any of them; so the teacher itself can learn
from them once more. Afterwards `distillation.json` in each run's folder says how far a student is from its teacher.
"""

import json
import sys
import time
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import nn

import data
import networks
import options
import train

TEMPERATURE = 3.0  # of the logits whose distributions are compared


@dataclass
class Config(train.Config):
    network: str = "malunet,medium,shallow,narrow,efficient,attlight,globalatt,mobile"  # side by side; small: README
    name: str = ""  # of the run when it is not the student's own; a dash and this are put behind it
    teacher: str = "malunet-start"  # the teacher's run; its features are learnt from
    council: str = "malunet-published,narrow-start"  # runs whose answers are averaged with the teacher's
    start: str = "start"  # the run STUDENT-start holds the weights a student starts with, when there is such a run
    epochs: int = 50
    rate: float = 5e-4
    rate_end: float = 1e-6
    sides: str = "256x1"  # the teacher knows this side best
    output: float = 0.5  # weight of the difference of the answers; 0: none
    features: float = 0.5  # weight of the difference of the stages' features; 0: none
    normalised: int = 1  # 1: each stage weighs by the teacher's feature norm there; 0: all stages weigh the same


def output_loss(student, teacher):
    """Kullback-Leibler divergence of the softened answers, teacher to student, a mean over pixels, in nats.

    Logits [N, 1, H, W] are divided by the temperature; its square makes up for the smaller gradients (Hinton, Vinyals
    and Dean, 'Distilling the Knowledge in a Neural Network', 2015).
    """
    soft, told = student / TEMPERATURE, torch.sigmoid(teacher / TEMPERATURE)
    cross = F.binary_cross_entropy_with_logits(soft, told)
    own = F.binary_cross_entropy(told, told)
    return (cross - own) * TEMPERATURE**2


def stages_of(seen):
    return [*seen.encoder, *seen.decoder]


def feature_loss(student, teacher, weights):
    """The stages' mean squared differences, weighed: lists of [N, C_i, H_i, W_i] of one shape, and a weight each."""
    return sum(w * F.mse_loss(s, t) for s, t, w in zip(student, teacher, weights))


def stage_norms(teacher, photos):
    """The teacher's mean squared feature at each stage."""
    with torch.inference_mode():
        features = stages_of(teacher.stages(train.channels_last(data.normalise(photos))))
        return [f.square().mean().item() for f in features]


def stage_weights(norms, normalised):
    """A weight for each stage: one over its norm and the number of stages, or the latter alone.

    So weighed, every stage's difference is a share of what the teacher has there, and the shares are averaged.
    """
    return [1 / (len(norms) * (norm if normalised else 1.0)) for norm in norms]


class Council(nn.Module):
    """A teacher and others: the teacher's features, and the logits of the mean of all their probabilities."""

    def __init__(self, teacher, others):
        super().__init__()
        self.teacher, self.others = teacher, nn.ModuleList(others)

    def stages(self, x):
        seen = self.teacher.stages(x)
        size = seen.logits.shape[-2:]
        answers = [seen.logits, *(other(x) for other in self.others)]
        # A map of twice the size is averaged two by two, which is what halving it bilinearly does.
        mean = torch.stack([F.adaptive_avg_pool2d(torch.sigmoid(z), size) for z in answers]).mean(dim=0)
        return seen._replace(logits=torch.logit(mean, eps=1e-5))


class Projected(train.Supervised):
    """A student with training-only 1x1 convolutions from its stages' widths to the teacher's, where they differ."""

    def __init__(self, network, teacher):
        super().__init__(network)
        probe = torch.zeros(1, 3, 64, 64)
        own, told = stages_of(network.eval().stages(probe)), stages_of(teacher.cpu().stages(probe))
        self.projections = nn.ModuleList(
            nn.Identity() if f.shape[1] == t.shape[1] else nn.Conv2d(f.shape[1], t.shape[1], 1)
            for f, t in zip(own, told)
        )

    def features(self, seen):
        return [project(f) for project, f in zip(self.projections, stages_of(seen))]


class Distiller(train.Trainer):
    """A Trainer whose network also learns from a teacher."""

    def __init__(self, config, splits, teacher, norms):
        self.teacher, self.norms = teacher, norms
        super().__init__(config, *splits)
        self.told = None  # what the teacher saw in the current photographs
        self.weights = stage_weights(norms, config.normalised)

    def wrap(self, network):
        wrapped = Projected(network, self.teacher)
        self.teacher.to(self.device)
        return wrapped

    def loss(self, x, masks):
        """Cross-entropy and Dice, plus 0.5 x output_loss, plus 0.5 x feature_loss."""
        seen, config = self.learner.stages(x), self.config
        total = train.supervised_loss(seen, masks, config.supervision)
        if config.output > 0:
            total = total + config.output * output_loss(seen.logits, self.told.logits)
        if config.features > 0:
            features = self.learner.features(seen)
            total = total + config.features * feature_loss(features, stages_of(self.told), self.weights)
        return total

    def gap(self, split):
        """How far the running mean is from the teacher on a split as it is: both losses, unweighted by 0.5."""
        best = train.load_checkpoint(self.folder / "best.pt", self.config.network)["weights"]
        self.network.load_state_dict(best)
        learner, weights = self.learner.eval(), stage_weights(self.norms, True)
        sums = torch.zeros(2, dtype=torch.float64)
        with torch.inference_mode():
            for photos in split.photos.split(16):
                x = train.channels_last(data.normalise(photos))
                seen, told = learner.stages(x), self.teacher.stages(x)
                features = feature_loss(learner.features(seen), stages_of(told), weights)
                losses = output_loss(seen.logits, told.logits), features
                sums += torch.tensor([loss.item() * len(x) for loss in losses], dtype=torch.float64)
        output, features = (sums / len(split)).tolist()
        return output, features


def load_teacher(config):
    """The teacher and its council, from their runs' kept weights."""
    runs = [config.teacher, *filter(None, config.council.split(","))]
    loaded = [train.load_network(train.run_folder(replace(config, name=run)) / "best.pt")[0] for run in runs]
    return Council(loaded[0], loaded[1:]).eval().requires_grad_(False)


def inherit(student, teacher):
    """Copies the teacher's tensors that the student has too, of one name and shape; returns how many of how many.

    What pruning leaves of an extracting unit, its shortcut, is found under its longer name in the teacher.
    """
    source, target = teacher.teacher.state_dict(), student.state_dict()
    taken = 0
    for name, value in target.items():
        found = source.get(name, source.get(name.replace(".shortcut.", ".gated.shortcut.")))
        if found is not None and found.shape == value.shape:
            value.copy_(found)
            taken += 1
    return taken, len(target)


def begin(trainer, teacher):
    """Gives a student its first weights, and says which."""
    config = trainer.config
    path = train.run_folder(replace(config, name=f"{config.network}-{config.start}")) / "best.pt"
    if path.is_file():
        state = train.load_checkpoint(path, config.network)
        trainer.network.load_state_dict(state["weights"])
        trainer.start = state["config"]
        how = f"from its own plain training: {path}"
    else:
        taken, of = inherit(trainer.network, teacher)
        how = f"{taken} of {of} tensors from the teacher"
    trainer.mean.load_state_dict(trainer.network.state_dict())
    print(f"{config.name} starts: {how}", flush=True)


def train_epoch(trainers, teacher):
    """One pass over the train split by all students; returns their mean losses."""
    lead, sums, count = trainers[0], [0.0] * len(trainers), 0
    for trainer in trainers:
        trainer.learner.train()
    for x, masks in lead.batches():
        with torch.no_grad():
            told = teacher.stages(x)
        for place, trainer in enumerate(trainers):
            trainer.told = told
            sums[place] += trainer.train_step(x, masks) * len(x)
        count += len(x)
    for trainer in trainers:
        trainer.generator.set_state(lead.generator.get_state())
        trainer.epoch += 1
    return [total / count for total in sums]


def write_gap(trainer):
    """`distillation.json` beside the checkpoints."""
    found = {"train": trainer.gap(trainer.train_split), "val": trainer.gap(trainer.val_split)}
    text = json.dumps({
        "teacher": trainer.config.teacher, "council": list(filter(None, trainer.config.council.split(","))),
        "output_loss": {split: round(losses[0], 6) for split, losses in found.items()},
        "feature_loss": {split: round(losses[1], 6) for split, losses in found.items()},
    }, indent=2)
    train.write_text(trainer.folder / "distillation.json", text + "\n")
    print(f"{trainer.config.name}: {' '.join(text.split())}", flush=True)


def prepared(configs):
    """The teacher, and a Distiller for each config, going on or given its first weights."""
    splits, teacher, trainers = train.splits_for(configs[0]), load_teacher(configs[0]), []
    norms = stage_norms(teacher.teacher, splits[0].photos[:64])
    for config in configs:
        trainers.append(Distiller(config, splits, teacher, norms))
        going_on = trainers[-1].resume()
        train.introduce(trainers[-1], going_on)
        if not going_on:
            begin(trainers[-1], teacher)
    epochs = {trainer.epoch for trainer in trainers}
    if len(epochs) > 1:
        raise SystemExit(f"these runs are at different epochs ({', '.join(map(str, sorted(epochs)))}); run them apart")
    return teacher, trainers


def distil_together(configs):
    """Runs of one length and one stream of photographs, side by side; returns their trainers."""
    torch.set_num_threads(configs[0].threads)
    teacher, trainers = prepared(configs)
    last = min(configs[0].epochs, configs[0].stop_after or configs[0].epochs)
    while trainers[0].epoch < last:
        began = time.monotonic()
        for trainer, loss in zip(trainers, train_epoch(trainers, teacher)):
            val = trainer.validate()
            trainer.keep(val)
            train.report(trainer, loss, val, time.monotonic() - began)
    if trainers[0].epoch == configs[0].epochs:
        for trainer in trainers:
            write_gap(trainer)
    return trainers


def distil(config):
    """All students that `network` names."""
    after = f"-{config.name}" if config.name else ""
    return distil_together([
        replace(config, network=student, name=student + after) for student in config.network.split(",")
    ])


if __name__ == "__main__":
    try:
        distil(options.parse(Config, __doc__))
    except data.DataError as problem:
        sys.exit(f"distill.py: {problem}")
