"""Draws every network's masks of three test photographs, beside models/README.md or, with them, to --out."""

from dermaloupe_recipe import command_line, zoo_figure

if __name__ == "__main__":
    command_line.run(zoo_figure.draw, zoo_figure.Config, __doc__)
