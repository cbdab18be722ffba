"""Writes the images with colour profiles in tests/fixtures/display."""

from dermaloupe_recipe import command_line
from dermaloupe_recipe.fixtures import colour_profiles

if __name__ == "__main__":
    command_line.run(colour_profiles.write, colour_profiles.Config, __doc__)
