"""Writes the surface distances in tests/fixtures/surface."""

from dermaloupe_recipe import command_line
from dermaloupe_recipe.fixtures import surface_distances

if __name__ == "__main__":
    command_line.run(surface_distances.write, surface_distances.Config, __doc__)
