# The network: its section in the side panel, and the network menu.

network = Network
parameters = Parameters
operations = Operations
input = Input
answer = Output
answer-hint = Probabilities at this size, enlarged to the photograph's size
trained-on = Trained on
engine = Engine
recommended-because = Recommended:{" "}
test-means-hint = Mean over { $count } photographs that were not used in training
test-pooled-hint = Over all pixels of { $count } photographs that were not used in training
test-dice-mean = Test Dice, mean
test-iou-mean = Test IoU, mean
test-iou-pooled = Test IoU, pooled
int8-hint = { $pooled }, in 8-bit integers, simulated by { $toolkit }
int8-iou-pooled = INT8 IoU, pooled
centre-crop-iou-mean = Centre crop IoU, mean
centre-crop-hint = Mean over the largest centred squares of the same photographs: how well it copes with different framing
desktop = Desktop
desktop-hint = One photograph on { $machine }: { $ort } ms with ONNX Runtime, { $rten } ms with the built-in engine
npu-estimate = NPU, estimate
npu-hint = From the compiler's cycles for one core of an RK3588; not measured on a board. Of { $layers } layers { $left ->
    [0] none runs
    [one] { $left } runs
   *[other] { $left } run
 } on the CPU
engine-auto = Auto
engine-auto-hint = The fastest that works on this computer
engine-npu = NPU
engine-npu-hint = The NPU of an RK3588 board
engine-onnx = ONNX
engine-onnx-hint = ONNX Runtime, if it is found on this computer
engine-built-in = Built in
engine-built-in-hint = RTen, inside the program
ran-on = Ran on { $engine }
engine-not-used = { $engine }: not available
network-button = Network: { $title }
networks = Networks
recommended = Recommended
list-comma = ,{" "}
network-spoken = { $title }. { $facts }
network-spoken-recommended = { $title }. Recommended: { $reason }. { $facts }
recommended-sentence = Best balance of accuracy and speed.
why-recommended = Why it is recommended: { $reason }
column-accuracy = Accuracy (Dice)
column-time = Time here
column-size = Size
fact-accuracy = accuracy { $figure }
fact-time = { $millis } ms on this computer
fact-not-run = not run on this computer yet
time-here = Time on this computer
time-here-hint = The network alone, with { $engine }: median of its runs since the window was opened
careful-cost = On this computer about { $eight } ms a photograph, instead of { $once } ms.
second-look-gain = Of { $count } photographs of { $data }, { $again } were looked at again; mean IoU { $gain }, in the fifth with the smallest lesions { $smallest }. Figures elsewhere are without it.
second-look-missing = { $title } has no second look: it was not measured with one
second-look-missing-choose = { $title } has no second look; use { $other }
second-look-taken = Small lesion: outlined by a second look
second-look-taken-hint = The lesion covered less than { $share } % of the photograph, so the network ran again on a square of { $width } × { $height } px around it
size-hint = Size of the network's file
foot-accuracy = Accuracy: mean Dice on test photographs that were not used in training.
foot-time = Time: the network alone, measured on this computer with { $engine }.
foot-time-none = Time: the network alone, measured on this computer.
time-all = Time all
time-all-hint = Run every network once on this photograph, on this computer
