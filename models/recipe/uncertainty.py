"""Measures calibration, band, expected agreement and figures by group; writes them to cards and uncertainty.json."""

from dermaloupe_recipe import command_line, uncertainty

if __name__ == "__main__":
    command_line.run(uncertainty.measure, uncertainty.Config, __doc__)
