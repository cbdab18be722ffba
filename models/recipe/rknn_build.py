"""Compiles `models/zoo/NAME/model.onnx` to `model.rk3588.rknn`, INT8 for the RK3588's NPU."""

from dermaloupe_recipe import command_line, rknn_build

if __name__ == "__main__":
    command_line.run(rknn_build.build, rknn_build.Config, __doc__)
