"""Measures what each part of the distillation loss contributes: writes `ablation.json`."""

from dermaloupe_recipe import ablation, command_line

if __name__ == "__main__":
    command_line.run(ablation.ablate, ablation.Config, __doc__)
