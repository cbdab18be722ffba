"""Says where INT8 costs networks of the zoo their accuracy, and tries whether FP16 in those layers would pay."""

from dermaloupe_recipe import command_line, layer_analysis

if __name__ == "__main__":
    command_line.run(layer_analysis.analyse, layer_analysis.Config, __doc__)
