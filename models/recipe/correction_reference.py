"""Writes the corrected masks' hashes in tests/fixtures/correction."""

from dermaloupe_recipe import command_line
from dermaloupe_recipe.fixtures import corrections

if __name__ == "__main__":
    command_line.run(corrections.write, corrections.Config, __doc__)
