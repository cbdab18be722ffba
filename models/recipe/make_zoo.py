"""Rebuilds the zoo: every trained network's card and files, the recommendation, models/README.md and its drawing.

    python make_zoo.py                    every network that has a checkpoint
    python make_zoo.py --only narrow      this one
    python make_zoo.py --table-only       only the recommendation and the README, from the cards as they are
"""

import sys

from dermaloupe_recipe import command_line, zoo

if __name__ == "__main__":
    sys.exit(1 if command_line.run(zoo.make, zoo.Config, __doc__) else 0)
