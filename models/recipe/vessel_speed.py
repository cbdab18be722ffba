"""Times the networks for retinal vessels on a photograph of 3504x2336 pixels, in tiles, by ONNX Runtime."""

from dermaloupe_recipe import command_line, vessel_speed

if __name__ == "__main__":
    command_line.run(vessel_speed.measure, vessel_speed.Config, __doc__)
