"""Exports a run's network for retinal vessels to `models/vessels/NAME/model.onnx` and `card.json`."""

from dermaloupe_recipe import command_line, vessel_export

if __name__ == "__main__":
    command_line.run(vessel_export.export_vessels, vessel_export.Config, __doc__)
