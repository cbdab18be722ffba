"""Builds `models/vessels/NAME/model.rk3588.rknn`, INT8 for the NPU of an RK3588, and adds its figures to the card."""

from dermaloupe_recipe import command_line, vessel_rknn

if __name__ == "__main__":
    command_line.run(vessel_rknn.build, vessel_rknn.Config, __doc__)
