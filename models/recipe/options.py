"""A script's options: one dataclass of commented defaults, and the command line made from it."""

import argparse
from dataclasses import fields


def parse(config, description, arguments=None):
    """An instance of the dataclass `config`, each field set by its `--name` where the command line gives it.

    An underscore in a field's name is a dash on the command line; `arguments` is the command line without the
    script's name, sys.argv's by default.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for field in fields(config):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=field.type, default=field.default)
    return config(**vars(parser.parse_args(arguments)))
