"""Measures whether a second look at a crop around a small lesion gains anything, and prints the table."""

from dermaloupe_recipe import command_line, second_look

if __name__ == "__main__":
    command_line.run(second_look.measure, second_look.Config, __doc__)
