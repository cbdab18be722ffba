"""Writes the bootstrap intervals in tests/fixtures/bootstrap."""

from dermaloupe_recipe import command_line
from dermaloupe_recipe.fixtures import bootstrap

if __name__ == "__main__":
    command_line.run(bootstrap.write, bootstrap.Config, __doc__)
