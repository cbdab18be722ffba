"""Chooses the scale and threshold of a network for retinal vessels from its cross-validation."""

from dermaloupe_recipe import command_line, vessel_selection

if __name__ == "__main__":
    command_line.run(vessel_selection.select, vessel_selection.Config, __doc__)
