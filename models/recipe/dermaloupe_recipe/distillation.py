"""Knowledge distillation: networks trained side by side to match a teacher's outputs and features.

All students share the augmented photographs and the teacher's forward pass, which together cost as much as training
one student. A student is initialised from its own plain training (the run NAME-start) or, where it has the teacher's
structure, from the teacher's weights. The target outputs are those of an ensemble, the mean of the teacher's and some
other networks' probabilities, which is more accurate than any member; so the teacher itself can be distilled once
more. At the end `distillation.json` in each run's folder records how far the student is from its teacher.
"""

import json
import time
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import nn

from dermaloupe_recipe import checkpoints, data, onnx_weights, training
from dermaloupe_recipe.files import ZOO, write_text
from dermaloupe_recipe.inference import channels_last
from dermaloupe_recipe.losses import feature_loss, output_loss, stage_weights, supervised_loss

SHIPPED = "zoo:"  # before the name of a shipped network, in the place of a run


@dataclass
class Config(training.Config):
    network: str = "malunet,medium,shallow,narrow,efficient,attlight,globalatt,mobile"  # side by side; small: README
    name: str = ""  # of the run if not the student's own; it is appended to the student's name with a dash
    teacher: str = "malunet-start"  # the teacher's run, for outputs and features; zoo:NAME is a shipped network
    ensemble: str = "malunet-published,narrow-start"  # runs whose outputs are averaged with the teacher's; likewise
    start: str = "start"  # the run STUDENT-start has a student's initial weights, if there is such a run
    epochs: int = 50
    learning_rate: float = 5e-4
    final_learning_rate: float = 1e-6
    image_sizes: str = "256x1"  # the teacher is most accurate at this size
    output_weight: float = 0.5  # of the output loss; 0: none
    feature_weight: float = 0.5  # of the feature loss; 0: none, for a student that has other stages than the teacher
    normalise_features: int = 1  # 1: divide each stage's loss by the teacher's mean square there; 0: unweighted


def features_of(outputs):
    """The feature maps of all eleven stages."""
    return [*outputs.encoder, *outputs.decoder]


def feature_mean_squares(network, photos):
    """The mean square of a network's features at each stage."""
    with torch.inference_mode():
        outputs = network.forward_stages(channels_last(data.normalise(photos)))
        return [feature.square().mean().item() for feature in features_of(outputs)]


class Ensemble(nn.Module):
    """A teacher and other networks: the teacher's features, and the logits of the mean of all probabilities."""

    def __init__(self, teacher, others):
        super().__init__()
        self.teacher, self.others = teacher, nn.ModuleList(others)

    def forward_stages(self, x):
        outputs = self.teacher.forward_stages(x)
        size = outputs.logits.shape[-2:]
        logits = [outputs.logits, *(other(x) for other in self.others)]
        # Mean pooling of a map of twice the size is what bilinear downsampling by two does.
        mean = torch.stack([F.adaptive_avg_pool2d(torch.sigmoid(z), size) for z in logits]).mean(dim=0)
        return outputs._replace(logits=torch.logit(mean, eps=1e-5))


class Projected(training.Supervised):
    """A student with 1x1 convolutions to the teacher's channels at each stage where they differ, for training only.

    Only for a student that has a stage for each of the teacher's; others cannot learn its features.
    """

    def __init__(self, network, teacher):
        super().__init__(network)
        image = torch.zeros(1, 3, 64, 64)
        student = features_of(network.eval().forward_stages(image))
        target = features_of(teacher.cpu().forward_stages(image))
        self.projections = nn.ModuleList(
            nn.Identity() if s.shape[1] == t.shape[1] else nn.Conv2d(s.shape[1], t.shape[1], 1)
            for s, t in zip(student, target)
        )

    def project(self, outputs):
        """The features of all stages, with the teacher's channels."""
        return [project(feature) for project, feature in zip(self.projections, features_of(outputs))]


class Distiller(training.Trainer):
    """A Trainer with a teacher."""

    def __init__(self, config, splits, teacher, mean_squares):
        self.teacher, self.mean_squares = teacher, mean_squares
        super().__init__(config, *splits)
        self.teacher_outputs = None  # of the current batch
        self.weights = stage_weights(mean_squares, config.normalise_features)

    def wrap(self, network):
        stages = len(features_of(network.eval().forward_stages(torch.zeros(1, 3, 64, 64))))
        self.has_teachers_stages = stages == len(self.mean_squares)
        if not self.has_teachers_stages and self.config.feature_weight > 0:
            raise SystemExit(f"{self.config.network} has {stages} stages, the teacher {len(self.mean_squares)}: "
                             "it cannot learn the teacher's features; use --feature-weight 0")
        wrapped = Projected(network, self.teacher) if self.has_teachers_stages else super().wrap(network)
        self.teacher.to(self.device)
        return wrapped

    def loss(self, x, masks):
        """The supervised loss, plus the output loss and the feature loss, each with its weight."""
        outputs, config = self.model.forward_stages(x), self.config
        total = supervised_loss(outputs, masks, config.deep_supervision)
        if config.output_weight > 0:
            total = total + config.output_weight * output_loss(outputs.logits, self.teacher_outputs.logits)
        if config.feature_weight > 0:
            features = self.model.project(outputs)
            loss = feature_loss(features, features_of(self.teacher_outputs), self.weights)
            total = total + config.feature_weight * loss
        return total

    def distillation_losses(self, split):
        """The output loss and the normalised feature loss of the best weights on a split without augmentation.

        The second is None for a student that has other stages than the teacher.
        """
        best = checkpoints.load(self.folder / "best.pt", self.config.network)["weights"]
        self.network.load_state_dict(best)
        model, weights = self.model.eval(), stage_weights(self.mean_squares, True)
        output_sum = feature_sum = 0.0
        with torch.inference_mode():
            for photos in split.photos.split(16):
                x = channels_last(data.normalise(photos))
                student, teacher = model.forward_stages(x), self.teacher.forward_stages(x)
                output_sum += output_loss(student.logits, teacher.logits).item() * len(x)
                if self.has_teachers_stages:
                    features = feature_loss(model.project(student), features_of(teacher), weights)
                    feature_sum += features.item() * len(x)
        features = feature_sum / len(split) if self.has_teachers_stages else None
        return output_sum / len(split), features


def load_teacher(config):
    """The ensemble of the teacher and the other networks: the best weights of their runs, or shipped ones."""
    runs = [config.teacher, *filter(None, config.ensemble.split(","))]
    loaded = [
        onnx_weights.read_shipped(ZOO, run.removeprefix(SHIPPED), data.data_root(config.data))
        if run.startswith(SHIPPED)
        else checkpoints.load_network(checkpoints.run_folder(config.runs, run) / "best.pt")[0]
        for run in runs
    ]
    return Ensemble(loaded[0], loaded[1:]).eval().requires_grad_(False)


def copy_teacher_weights(student, teacher):
    """Copies the teacher's tensors of the same name and shape; returns (number copied, number of all).

    A pruned extraction unit consists of its shortcut, which has a longer name in the teacher.
    """
    source, target = teacher.state_dict(), student.state_dict()
    copied = 0
    for name, value in target.items():
        found = source.get(name, source.get(name.replace(".shortcut.", ".gated.shortcut.")))
        if found is not None and found.shape == value.shape:
            value.copy_(found)
            copied += 1
    return copied, len(target)


def initialise(trainer):
    """Sets a student's initial weights and logs where they are from."""
    config = trainer.config
    path = checkpoints.run_folder(config.runs, f"{config.network}-{config.start}") / "best.pt"
    if path.is_file():
        state = checkpoints.load(path, config.network)
        trainer.network.load_state_dict(state["weights"])
        trainer.start = state["config"]
        source = f"its own plain training: {path}"
    else:
        copied, total = copy_teacher_weights(trainer.network, trainer.teacher.teacher)
        source = f"{copied} of {total} tensors of the teacher"
    trainer.ema.load_state_dict(trainer.network.state_dict())
    print(f"{config.name} initialised with {source}", flush=True)


def train_epoch(trainers, teacher):
    """One epoch of all students on the same batches; returns their mean losses."""
    first, sums, count = trainers[0], [0.0] * len(trainers), 0
    for trainer in trainers:
        trainer.model.train()
    for x, masks in first.batches():
        with torch.no_grad():
            teacher_outputs = teacher.forward_stages(x)
        for i, trainer in enumerate(trainers):
            trainer.teacher_outputs = teacher_outputs
            sums[i] += trainer.train_step(x, masks) * len(x)
        count += len(x)
    for trainer in trainers:
        trainer.generator.set_state(first.generator.get_state())
        trainer.epoch += 1
    return [total / count for total in sums]


def write_distillation_losses(trainer):
    """Writes `distillation.json` beside the checkpoints."""
    losses = {"train": trainer.distillation_losses(trainer.train_split),
              "val": trainer.distillation_losses(trainer.val_split)}
    text = json.dumps({
        "teacher": trainer.config.teacher, "ensemble": list(filter(None, trainer.config.ensemble.split(","))),
        "output_loss": {split: round(output, 6) for split, (output, _) in losses.items()},
        "feature_loss": {
            split: None if features is None else round(features, 6) for split, (_, features) in losses.items()
        },
    }, indent=2)
    write_text(trainer.folder / "distillation.json", text + "\n")
    print(f"{trainer.config.name}: {' '.join(text.split())}", flush=True)


def create_trainers(configs):
    """The teacher, and a Distiller for each config, resumed or initialised."""
    splits, teacher, trainers = training.load_splits(configs[0]), load_teacher(configs[0]), []
    mean_squares = feature_mean_squares(teacher.teacher, splits[0].photos[:64])
    for config in configs:
        trainer = Distiller(config, splits, teacher, mean_squares)
        resumed = trainer.resume()
        training.log_start(trainer, resumed)
        if not resumed:
            initialise(trainer)
        trainers.append(trainer)
    epochs = {trainer.epoch for trainer in trainers}
    if len(epochs) > 1:
        found = ", ".join(map(str, sorted(epochs)))
        raise SystemExit(f"these runs are at different epochs ({found}); run them separately")
    return teacher, trainers


def distil_together(configs):
    """Trains students with the same number of epochs and the same batches side by side; returns their trainers."""
    torch.set_num_threads(configs[0].threads)
    teacher, trainers = create_trainers(configs)
    last = min(configs[0].epochs, configs[0].stop_after or configs[0].epochs)
    while trainers[0].epoch < last:
        began = time.monotonic()
        for trainer, loss in zip(trainers, train_epoch(trainers, teacher)):
            val = trainer.validate()
            trainer.save_checkpoints(val)
            training.log_epoch(trainer, loss, val, time.monotonic() - began)
    if trainers[0].epoch == configs[0].epochs:
        for trainer in trainers:
            write_distillation_losses(trainer)
    return trainers


def distil(config):
    """Trains all students that `network` names."""
    suffix = f"-{config.name}" if config.name else ""
    return distil_together([
        replace(config, network=student, name=student + suffix) for student in config.network.split(",")
    ])
