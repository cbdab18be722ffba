"""Tests of reading the compiler's table of layers, and of the estimate of cycles."""

import pytest

from dermaloupe_recipe import rknn_layers

# What the compiler printed for a small network with a maximum over channels, with fewer blanks and dashes.
PRINTED = r"""
I rknn building ...
D RKNN: [04:22:22.039] >>>>>> start: rknn::RKNNModelRegCmdbuildPass
D RKNN: [04:22:22.040] ----------------------------------------
D RKNN: [04:22:22.040]           Network Layer Information Table
D RKNN: [04:22:22.040] ----------------------------------------
D RKNN: [04:22:22.040] ID OpType DataType Target InputShape OutputShape Cycles(DDR/NPU/Total) RW(KB) FullName
D RKNN: [04:22:22.040] ----------------------------------------
D RKNN: [04:22:22.040] 0 InputOperator INT8 CPU \ (1,3,256,256) 0/0/0 0 InputOperator:input
D RKNN: [04:22:22.040] 1 ConvRelu INT8 NPU (1,3,256,256),(8,3,3,3),(8) (1,8,128,128) 19454/147456/147456 193 Conv:Conv_0
D RKNN: [04:22:22.040] 2 ReduceMax INT8 CPU (1,8,128,128),(1) (1,1,128,128) 0/0/0 256 ReduceMax:ReduceMax_2
D RKNN: [04:22:22.04] 3 ConvSigmoid INT8 NPU (1,1,128,128),(1,1,1,1),(1) (1,1,128,128) 33255/65536/65536 256 Conv:Conv_3
D RKNN: [04:22:22.040] 4 OutputOperator INT8 CPU (1,1,128,128) \ 0/0/0 512 OutputOperator:probability
D RKNN: [04:22:22.040] ----------------------------------------
D RKNN: [04:22:22.041] <<<<<<<< end: rknn::RKNNModelRegCmdbuildPass
D RKNN: [04:22:22.041]           Feature Tensor Information Table
D RKNN: [04:22:22.041] 1  ConvRelu input INT8 NC1HWC2 (1,3,256,256) (1,1,256,256,3) | 0x00000000 0x00030000 0x00030000
"""
# Rows of larger networks, as printed.
MUL = "24 Mul INT8 NPU (1,1,128,128),(1,8,128,128) (1,8,128,128) 0/0/0 256 Mul:Mul_67"
SPLIT = "18 Split INT8 NPU (1,24,32,32),(4) (1,6,32,32),... 0/0/0 32 Split:Slice_29_2sp"
CONV = "53 ConvSigmoid INT8 NPU (1,92,1,1),(16,92,1,1),(16) (1,16,1,1) 81/64/81 1 Conv:Conv_87"


def test_the_compilers_table_is_read_without_input_and_output():
    layers = rknn_layers.read_table(PRINTED)
    assert [(layer.kind, layer.target, layer.cycles) for layer in layers] == [
        ("ConvRelu", "NPU", 147456), ("ReduceMax", "CPU", 0), ("ConvSigmoid", "NPU", 65536)]
    assert layers[0].name == "Conv:Conv_0" and layers[0].read_kib == 193
    assert layers[0].output_shapes == [[1, 8, 128, 128]]


def test_a_layer_of_the_compilers_own_has_no_name():
    """As printed where several layers read the input."""
    row = "1 Conv INT8 NPU (1,3,512,512),(3,3,1,1),(3) (1,3,512,512) 210575/1048576/1048576 768"
    layer = rknn_layers.read_row(row)
    assert (layer.kind, layer.target, layer.cycles, layer.read_kib) == ("Conv", "NPU", 1048576, 768)
    assert layer.name == rknn_layers.INSERTED


def test_the_last_of_two_tables_is_read():
    first = PRINTED.replace("ReduceMax INT8 CPU", "ReduceMax INT8 NPU")
    assert rknn_layers.on_cpu(rknn_layers.read_table(first)) == []
    assert len(rknn_layers.on_cpu(rknn_layers.read_table(first + PRINTED))) == 1


def test_a_warning_between_rows_is_no_row():
    row = "D RKNN: [04:22:22.04] 3 "
    changed = PRINTED.replace(row, "W RKNN: [04:22:22.040] Model initializer is empty\n" + row)
    assert rknn_layers.read_table(changed) == rknn_layers.read_table(PRINTED)


@pytest.mark.parametrize("printed, named", [
    ("I rknn building done.", "no table of layers"),
    (PRINTED.replace("Target", "Where"), "expected a complete table"),
    (PRINTED.split("3 ConvSigmoid")[0], "expected a complete table"),
    (PRINTED.replace("INT8 CPU (1,8", "INT8 DSP (1,8"), "not a row.*ReduceMax INT8 DSP"),
    (PRINTED.replace("19454/147456/147456", "19454/147456"), "not a row.*ConvRelu"),
])
def test_a_table_in_another_format_is_refused(printed, named):
    with pytest.raises(rknn_layers.LayerTableError, match=named):
        rknn_layers.read_table(printed)


def test_cycles_are_the_compilers_for_convolutions_and_estimated_from_bytes_for_other_layers():
    conv, mul = rknn_layers.read_row(CONV), rknn_layers.read_row(MUL)
    assert conv.estimated_cycles == 81
    # 8 channels are padded to 16 bytes: 128 * 128 * 16 = 262,144 bytes written, and 256 KiB, as many, read.
    assert mul.moved_bytes == 524288
    assert mul.estimated_cycles == pytest.approx(524288 / 23.6) == pytest.approx(22215.6, abs=0.1)


def test_outputs_missing_from_the_table_are_assumed_as_large_as_the_input():
    split = rknn_layers.read_row(SPLIT)
    assert split.output_shapes == [[1, 6, 32, 32]] and not split.all_outputs
    assert split.moved_bytes == 2 * 32 * 1024


@pytest.mark.parametrize("shape, data_type, expected", [
    ([1, 17, 4, 4], "INT8", 32 * 16), ([1, 24, 4, 4], "FLOAT16", 48 * 16), ([1, 9, 2, 2], "FLOAT16", 32 * 4)])
def test_written_bytes_include_padded_channels(shape, data_type, expected):
    assert rknn_layers.written_bytes(shape, data_type) == expected


def test_the_cards_block_adds_up():
    layers = [*rknn_layers.read_table(PRINTED), rknn_layers.read_row(MUL)]
    # 147,456 + 65,536 by the compiler, 22,215.6 from bytes; layers on the CPU are not included. 1.2 and 1.7 at 1 GHz.
    assert rknn_layers.summary(layers) == {
        "layers": 4, "cpu_layers": ["ReduceMax ReduceMax:ReduceMax_2"], "conv_cycles": 212992,
        "estimated_cycles": 235208, "estimated_millis": [0.28, 0.40]}
    assert rknn_layers.most_expensive(layers, 2)[1].startswith("   65,536  NPU  ConvSigmoid")
