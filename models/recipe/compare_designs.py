"""Trains and measures the light transformer's designs beside a U-Net and MALUNets, and writes the figures."""

from dermaloupe_recipe import command_line, design_comparison

if __name__ == "__main__":
    command_line.run(design_comparison.compare, design_comparison.Config, __doc__)
