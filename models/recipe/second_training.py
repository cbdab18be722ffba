"""Trains the recommended network on, with photographs in two framings, and measures whether that pays."""

from dermaloupe_recipe import command_line, second_training

if __name__ == "__main__":
    command_line.run(second_training.train_again, second_training.Config, __doc__)
