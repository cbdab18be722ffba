"""What the cards say of each network in words, and what the reference work measured of it."""


def about(title, design, family="MALUNet"):
    return {"title": title, "family": family, "description": design}


TEXTS = {
    "malunet": about("MALUNet", "The teacher: six stages with dilated gated attention, external attention and an "
                                "attention bridge over every skip connection."),
    "small": about("MALUNet small", "Half the channels of the teacher and a memory as wide as the features."),
    "medium": about("MALUNet medium", "The teacher's structure with about an eighth fewer channels in deep stages."),
    "shallow": about("MALUNet shallow", "The teacher with the units left out that pruning found to matter least."),
    "narrow": about("MALUNet narrow", "Fewer channels, and standard convolutions in place of the attention blocks."),
    "efficient": about("MALUNet efficient", "Depthwise-separable convolutions and a light bridge; the smallest."),
    "attlight": about("MALUNet attlight", "A light bridge that weighs channels only, and half the attention memory."),
    "globalatt": about("MALUNet globalatt", "One external attention at the bottom instead of one at every deep stage."),
    "mobile": about("MALUNet mobile", "Inverted residuals with squeeze-and-excitation, as in MobileNetV3, in the deep "
                                      "stages."),
    "egeunet": about("EGE-UNet", "Hadamard products with learnt maps in the deep stages, and bridges that are told "
                                 "where the lesion is thought to be.", family="EGE-UNet"),
}

# Table 4 of the reference work: mIoU and seconds of one photograph, INT8 on the RK3588.
PAPER_BOARD = {
    "small": (0.8122, 0.185), "medium": (0.6114, 0.059), "shallow": (0.7154, 0.013), "narrow": (0.6559, 0.010),
    "efficient": (0.7594, 0.014), "attlight": (0.7640, 0.007), "globalatt": (0.8126, 0.010), "mobile": (0.8012, 0.020),
}
