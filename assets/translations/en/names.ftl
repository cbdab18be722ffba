# Names of engines, origins of networks and the sample.

engine-rten = RTen (built in)
engine-ort = ONNX Runtime
engine-rknn = NPU (RK3588)
origin-built-in = built in
sample-name = Sample (computer-drawn)
sample-mask = true mask of the sample
