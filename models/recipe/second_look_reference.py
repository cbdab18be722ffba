"""Writes the second looks in tests/fixtures/second_look."""

from dermaloupe_recipe import command_line
from dermaloupe_recipe.fixtures import second_looks

if __name__ == "__main__":
    command_line.run(second_looks.write, second_looks.Config, __doc__)
