# The network: its section of the side panel, and the menu of networks.

network = Network
network-name = Name
parameters = Parameters
operations = Operations
input = Input
answer = Answer
answer-hint = Probabilities at this size, enlarged to the photograph's
trained-on = Trained on
engine = Engine
recommended-because = Recommended:{" "}
test-means-hint = Mean over { $count } photographs that took no part in training
test-pooled-hint = Of all pixels of { $count } photographs that took no part in training
test-dice-mean = Test Dice, mean
test-iou-mean = Test IoU, mean
test-iou-pooled = Test IoU, pooled
int8-hint = { $pooled }, in 8-bit whole numbers by the simulator of { $toolkit }
int8-iou-pooled = INT8 IoU, pooled
centre-crop-iou-mean = Centre crop IoU, mean
centre-crop-hint = Mean over the largest centred squares of the same photographs: how well it bears another framing
desktop = Desktop
desktop-hint = One photograph on { $machine }: { $ort } ms in ONNX Runtime, { $rten } ms in the built-in engine
npu-estimate = NPU, estimate
npu-hint = From the compiler's cycles for one core of an RK3588; no board was measured. Of { $layers } layers { $left ->
    [0] none are
    [one] { $left } is
   *[other] { $left } are
 } left to the CPU
engine-auto = Auto
engine-auto-hint = The fastest that works here
engine-npu = NPU
engine-npu-hint = The NPU of an RK3588 board
engine-onnx = ONNX
engine-onnx-hint = ONNX Runtime, found at run time
engine-built-in = Built in
engine-built-in-hint = RTen, inside the program
ran-on = Ran on { $engine }
engine-not-used = Not { $engine }
network-button = Network: { $title }
networks = Networks
recommended = Recommended
fact-parameters = { $thousands } k parameters
fact-int8 = INT8 { $figure }
fact-iou = IoU { $figure }
fact-desktop = { $millis } ms desktop
fact-npu = NPU { $least }–{ $most } ms (estimate)
list-comma = ,{" "}
sentence-space = {" "}
network-spoken = { $title }. { $facts }
network-spoken-recommended = { $title }. Recommended: { $reason }. { $facts }
foot-iou = IoU: of all pixels of the test photographs together.
foot-int8 = INT8: the same in 8-bit whole numbers, as an NPU computes.
foot-npu = NPU times are estimates for an RK3588; no board was measured.
