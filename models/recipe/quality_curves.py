"""Draws how often each check of capture quality finds photographs that are made worse in known steps."""

from dermaloupe_recipe import command_line, quality_curves

if __name__ == "__main__":
    command_line.run(quality_curves.draw, quality_curves.Config, __doc__)
