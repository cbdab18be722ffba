"""Trains a network on ISIC 2017. An interrupted run resumes when it is started again with the same options."""

from dermaloupe_recipe import command_line, training

if __name__ == "__main__":
    command_line.run(training.train, training.Config, __doc__)
