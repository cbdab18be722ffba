"""Probability maps of photographs, by PyTorch and by ONNX Runtime."""

import numpy as np
import onnxruntime
import torch

from dermaloupe_recipe import data, evaluation
from dermaloupe_recipe.losses import resize_map


def channels_last(x):
    return x.contiguous(memory_format=torch.channels_last)


def predict(network, photos, batch_size=16):
    """Probability maps [N, H, W], at the photographs' size, of uint8 photographs [N, 3, H, W], by PyTorch."""
    network.eval()
    with torch.inference_mode():
        maps = [
            resize_map(torch.sigmoid(network(channels_last(data.normalise(part)))), photos.shape[-2:])[:, 0]
            for part in photos.split(batch_size)
        ]
    return torch.cat(maps).cpu()


def create_session(model, threads=1):
    """An ONNX Runtime session of a file's content."""
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = threads  # 1: the same order of sums on every machine, and no waiting on a busy one
    settings.log_severity_level = 3
    return onnxruntime.InferenceSession(model, settings, providers=["CPUExecutionProvider"])


def predict_onnx(session, photos):
    """Probability maps [N, h, w], at the network's output size, one photograph at a time, by ONNX Runtime."""
    maps = [session.run(None, {"input": data.normalise(photo[None]).numpy()})[0][0, 0] for photo in photos]
    return np.stack(maps)


def at_photo_size(maps, size=(data.IMAGE_SIZE, data.IMAGE_SIZE)):
    """Maps [N, h, w] resized to the photographs' size (height, width), bilinear, as the program does it."""
    return resize_map(torch.from_numpy(maps)[:, None], size)[:, 0].numpy()


def evaluate_onnx(session, split):
    """A split's metrics by ONNX Runtime."""
    return evaluation.evaluate(at_photo_size(predict_onnx(session, split.photos)), split.masks.numpy())
