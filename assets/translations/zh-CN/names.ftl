# 引擎、位置与示例的名称。

engine-rten = RTen（内置）
engine-ort = ONNX Runtime
engine-rknn = NPU (RK3588)
origin-built-in = 内置
sample-name = 示例（计算机绘制）
sample-mask = 示例的真实掩膜
