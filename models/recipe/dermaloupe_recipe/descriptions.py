"""What the cards say of each network in words, and what the reference work measured of it."""


def describe(title, design, family="MALUNet"):
    return {"title": title, "family": family, "description": design}


NETWORKS = {
    "malunet": describe("MALUNet", "The teacher: six stages with dilated gated attention, external attention and an "
                                   "attention bridge over every skip connection."),
    "small": describe("MALUNet small", "Half the channels of the teacher and a memory as wide as the features."),
    "medium": describe("MALUNet medium", "The teacher's structure with about an eighth fewer channels in deep stages."),
    "shallow": describe("MALUNet shallow", "The teacher with the units left out that pruning found to matter least."),
    "narrow": describe("MALUNet narrow", "Fewer channels, and standard convolutions in place of the attention blocks."),
    "efficient": describe("MALUNet efficient", "Depthwise-separable convolutions and a light bridge; the smallest."),
    "attlight": describe("MALUNet attlight",
                         "A light bridge that weighs channels only, and half the attention memory."),
    "globalatt": describe("MALUNet globalatt",
                          "One external attention at the bottleneck instead of one at every deep stage."),
    "mobile": describe("MALUNet mobile", "Inverted residuals with squeeze-and-excitation, as in MobileNetV3, in the "
                                         "deep stages."),
    "egeunet": describe("EGE-UNet", "Hadamard products with learnt maps in the deep stages, and bridges that are told "
                                    "where the lesion is thought to be.", family="EGE-UNet"),
    "lightformer": describe("Lightformer", "A light transformer: convolutions down to an eighth of the size, then "
                                           "self-attention in windows that exchange through a pooled token each.",
                            family="Lightformer"),
}

CHINESE_DESIGNS = {
    "malunet": "教师模型：六级结构，各级采用带空洞的门控注意力与外部注意力，每个跳跃连接上都有注意力桥。",
    "small": "通道数为教师模型的一半，注意力记忆单元与特征同宽。",
    "medium": "结构与教师模型相同，深层通道数减少约八分之一。",
    "shallow": "教师模型，去掉了剪枝评估中最不重要的单元。",
    "narrow": "通道更少，并以标准卷积代替注意力模块。",
    "efficient": "深度可分离卷积与轻量桥接，是其中最小的模型。",
    "attlight": "只对通道加权的轻量桥接，注意力记忆单元减半。",
    "globalatt": "只在瓶颈层保留一个外部注意力，取代各深层的外部注意力。",
    "mobile": "深层采用 MobileNetV3 式的倒残差结构与通道注意力（SE）。",
    "egeunet": "深层与可学习的图做阿达马乘积，桥接处引入对皮损位置的预估。",
    "lightformer": "轻量 Transformer：先用卷积降到八分之一尺寸，再做窗口自注意力，各窗口通过各自的一个池化标记交换信息。",
}


def translations(name):
    """The card's sentences in other languages, by the language's tag."""
    design = CHINESE_DESIGNS.get(name)
    return {"zh-CN": {"description": design}} if design else {}


# Table 4 of the reference work: mIoU and seconds of a single photograph, INT8 on the RK3588.
PAPER_BOARD = {
    "small": (0.8122, 0.185), "medium": (0.6114, 0.059), "shallow": (0.7154, 0.013), "narrow": (0.6559, 0.010),
    "efficient": (0.7594, 0.014), "attlight": (0.7640, 0.007), "globalatt": (0.8126, 0.010), "mobile": (0.8012, 0.020),
}
