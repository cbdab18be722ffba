"""Draws the built-in sample photographs with their true masks to assets/sample."""

from dermaloupe_recipe import command_line, phantom

if __name__ == "__main__":
    command_line.run(phantom.write_samples, phantom.Config, __doc__)
