"""Trains a network for retinal vessels. An interrupted run resumes when it is started again with the same options."""

from dermaloupe_recipe import command_line, vessel_training

if __name__ == "__main__":
    command_line.run(vessel_training.train, vessel_training.Config, __doc__)
