"""The command line of a script, made from its dataclass of commented defaults."""

import argparse
import sys
from dataclasses import fields
from pathlib import Path

from dermaloupe_recipe.errors import RecipeError


def parse(config, description, arguments=None):
    """An instance of the dataclass `config`, whose field `a_b` is set by `--a-b`; a boolean's option takes no value.

    `arguments` is the command line without the script's name, by default that of the process.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for field in fields(config):
        kind = {"action": "store_true"} if field.type is bool else {"type": field.type, "default": field.default}
        help_ = f"default: {field.default!r}".replace("%", "%%")
        parser.add_argument(f"--{field.name.replace('_', '-')}", help=help_, **kind)
    return config(**vars(parser.parse_args(arguments)))


def run(main, config, description):
    """Runs `main` with the options of the command line; a failure ends the script with its message."""
    options = parse(config, description)
    try:
        return main(options)
    except RecipeError as problem:
        sys.exit(f"{Path(sys.argv[0]).name}: {problem}")
