"""Chooses the units that the student `shallow` keeps of the trained teacher: writes `pruning.json`."""

from dermaloupe_recipe import command_line, pruning

if __name__ == "__main__":
    command_line.run(pruning.prune, pruning.Config, __doc__)
