"""Cards of networks for tests."""

# The blocks that every card has.
CARD_KEYS = {
    "schema", "name", "title", "family", "description", "parameters", "macs", "input", "output", "threshold", "data",
    "licence", "test", "artefacts", "recipe",
}

FIGURES = {"mean_iou": 0.8041, "mean_dice": 0.8787, "pooled_iou": 0.81, "pooled_dice": 0.895,
           "class_mean_iou": 0.8763, "sensitivity": 0.8919, "specificity": 0.9753, "accuracy": 0.9586}


def bare(name="narrow", **changes):
    """A card without any of the blocks that are added after export."""
    return {
        "schema": 1, "name": name, "title": name, "description": "A trial.", "parameters": 63_133, "macs": 82_740_224,
        "threshold": 0.5, "test": {"split": "test", "n": 650, **FIGURES},
        "artefacts": [{"file": "model.onnx", "format": "onnx", "bytes": 784_755, "sha256": "a" * 64}], **changes,
    }


def quantised(name, pooled_iou, cycles=1_480_000, cpu_layers=(), **changes):
    """A card with INT8 metrics and the compiler's results."""
    return bare(
        name,
        int8={"toolkit": "rknn-toolkit2 2.5.0", "platform": "rk3588", "algorithm": "mmse", "hybrid_layers": ["head"],
              "calibration_photos": 150, "test": {"split": "test", "n": 650, **FIGURES, "pooled_iou": pooled_iou},
              "pooled_iou_minus_float": -0.0012},
        npu={"layers": 1201, "cpu_layers": list(cpu_layers), "conv_cycles": 1_004_999, "estimated_cycles": cycles,
             "estimated_millis": [1.78, 2.52]},
        **changes,
    )


def full():
    """A card with every block."""
    card = quantised("narrow", 0.8088)
    card["artefacts"].append({"file": "model.rk3588.rknn", "format": "rknn", "bytes": 1_460_400, "sha256": "b" * 64})
    return card | {
        "published": {"parameters": 66_290, "paper_parameters": 63_133, "paper_miou": 0.7594, "paper_seconds": 0.014},
        "centre_crop": {"split": "test", "n": 650, **FIGURES, "mean_iou": 0.7991},
        "speed": {"machine": "2 cores", "ort_millis": 4.14, "rten_millis": 8.0},
        "distillation": {"teacher": "malunet", "output_loss": {"train": 0.1, "val": 0.2},
                         "feature_loss": {"train": 0.3, "val": 0.4}},
        "recommended": "It is the one.",
    }
