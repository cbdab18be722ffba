"""Exports a run's best checkpoint to `models/zoo/NAME/model.onnx` and `card.json`."""

from dermaloupe_recipe import command_line, export

if __name__ == "__main__":
    command_line.run(export.export, export.Config, __doc__)
