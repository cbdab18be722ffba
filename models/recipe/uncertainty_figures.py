"""Draws the figures of calibration, of the order to look at outlines, and of HAM10000 by group, as PNG and SVG."""

from dermaloupe_recipe import command_line, uncertainty_figures

if __name__ == "__main__":
    command_line.run(uncertainty_figures.draw, uncertainty_figures.Config, __doc__)
