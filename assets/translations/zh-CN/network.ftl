# 模型：侧边栏中的一节，以及模型菜单。

network = 模型
network-name = 名称
parameters = 参数量
operations = 运算量
input = 输入
answer = 输出
answer-hint = 以此尺寸输出概率，再放大到照片尺寸
trained-on = 训练数据
engine = 推理引擎
recommended-because = 推荐理由：
test-means-hint = 对 { $count } 张未参与训练的照片取平均
test-pooled-hint = 按 { $count } 张未参与训练的照片的全部像素计算
test-dice-mean = 测试 Dice（平均）
test-iou-mean = 测试 IoU（平均）
test-iou-pooled = 测试 IoU（合并像素）
int8-hint = { $pooled }，由 { $toolkit } 的模拟器以 8 位整数运算
int8-iou-pooled = INT8 IoU（合并像素）
centre-crop-iou-mean = 中心裁剪 IoU（平均）
centre-crop-hint = 对同一批照片的最大居中正方形取平均：反映对不同取景的适应能力
desktop = 桌面电脑
desktop-hint = 在 { $machine } 上处理一张照片：ONNX Runtime { $ort } ms，内置引擎 { $rten } ms
npu-estimate = NPU（估计）
npu-hint = 按编译器给出的 RK3588 单核周期数估算，未在开发板上实测。共 { $layers } 层，{ $left ->
    [0] 全部由 NPU 运算
   *[other] 其中 { $left } 层由 CPU 运算
 }
engine-auto = 自动
engine-auto-hint = 本机可用的最快引擎
engine-npu = NPU
engine-npu-hint = RK3588 开发板的 NPU
engine-onnx = ONNX
engine-onnx-hint = ONNX Runtime，需本机已安装
engine-built-in = 内置
engine-built-in-hint = RTen，包含在程序中
ran-on = 运行于 { $engine }
engine-not-used = { $engine }：不可用
network-button = 模型：{ $title }
networks = 模型列表
recommended = 推荐
fact-parameters = { $thousands } k 参数
fact-int8 = INT8 { $figure }
fact-iou = IoU { $figure }
fact-desktop = 电脑 { $millis } ms
fact-npu = NPU { $least }–{ $most } ms（估计）
list-comma = ，
sentence-space = {""}
network-spoken = { $title }。{ $facts }
network-spoken-recommended = { $title }。推荐理由：{ $reason }。{ $facts }
foot-iou = IoU：按全部测试照片的像素合并计算。
foot-int8 = INT8：同一指标，以 8 位整数运算，与 NPU 的运算方式相同。
foot-npu = NPU 时间为 RK3588 的估计值，未在开发板上实测。
