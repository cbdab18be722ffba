"""Writes the test vectors in tests/fixtures/reference; run it after every export of the default network."""

from dermaloupe_recipe import command_line
from dermaloupe_recipe.fixtures import segmentation

if __name__ == "__main__":
    command_line.run(segmentation.write, segmentation.Config, __doc__)
