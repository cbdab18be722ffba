"""Measures how much of a dermatoscope's dark corners a network predicts as lesion."""

from dermaloupe_recipe import command_line, dark_corners

if __name__ == "__main__":
    command_line.run(dark_corners.report, dark_corners.Config, __doc__)
