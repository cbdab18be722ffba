"""Trains students side by side by knowledge distillation from a trained teacher."""

from dermaloupe_recipe import command_line, distillation

if __name__ == "__main__":
    command_line.run(distillation.distil, distillation.Config, __doc__)
