"""Draws the built-in sample fundus photograph with its true vessels to assets/sample."""

from dermaloupe_recipe import command_line, fundus_phantom

if __name__ == "__main__":
    command_line.run(fundus_phantom.write_sample, fundus_phantom.Config, __doc__)
