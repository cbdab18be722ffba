"""The command lines that made a network, for its card."""

import shlex
from dataclasses import fields

from dermaloupe_recipe import distillation, training
from dermaloupe_recipe.checkpoints import FORMER_SETTINGS


def command_of(script, defaults, settings, hidden=training.MAY_DIFFER):
    """The command line that gives these settings, without defaults.

    Settings from a former version keep their former option names, which are those of the commit on the card.
    """
    former_names = {name: former for former, name in FORMER_SETTINGS.items()}
    words = ["python", script]
    for field in fields(defaults):
        default = getattr(defaults, field.name)
        former = former_names.get(field.name)
        name = former if former in settings else field.name
        value = settings.get(name, default)
        if field.name not in hidden and value != default:
            words += [f"--{name.replace('_', '-')}", shlex.quote(str(value))]
    return " ".join(words)


def commands_of(state):
    """The commands that trained a checkpoint, in order."""
    commands = []
    for settings in filter(None, (state.get("start"), state["config"])):
        if "teacher" in settings:
            # A distilled student is named after its network; the option --name is appended to that.
            name = settings.get("name", "").removeprefix(settings["network"]).lstrip("-")
            commands.append(command_of("distill.py", distillation.Config(), settings | {"name": name}))
        else:
            commands.append(command_of("train.py", training.Config(), settings))
    return commands
