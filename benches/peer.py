#!/usr/bin/env python3
"""The script that a user would write instead of calling the program: masks of a folder of photographs with OpenCV and
ONNX Runtime, or their mean Dice against reference masks. compare.sh runs it against the program.

    peer.py segment MODEL PHOTOS OUT        writes OUT/STEM_mask.png
    peer.py evaluate MODEL PHOTOS MASKS     prints the mean Dice against MASKS/STEM_segmentation.png
"""

import sys
import time
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

SIDE = 256
MEAN = np.array([123.675, 116.28, 103.53], np.float32)
STD = np.array([58.395, 57.12, 57.375], np.float32)
THRESHOLD = 0.5
STAGES = ("decode", "preprocess", "infer", "upsample", "write")


def lesion_of(session, path, clock):
    photo = cv2.imread(str(path))
    clock("decode")
    small = cv2.resize(photo, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    small = cv2.cvtColor(small, cv2.COLOR_BGR2RGB)
    tensor = ((small - MEAN) / STD).transpose(2, 0, 1)[None].astype(np.float32)
    clock("preprocess")
    (output,) = session.run(None, {session.get_inputs()[0].name: tensor})
    clock("infer")
    height, width = photo.shape[:2]
    large = cv2.resize(output[0, 0], (width, height), interpolation=cv2.INTER_LINEAR)
    mask = (large >= THRESHOLD).astype(np.uint8) * 255
    clock("upsample")
    return mask


def dice(mask, reference):
    mask, reference = mask > 128, reference > 128
    both = np.count_nonzero(mask & reference)
    return 2 * both / max(np.count_nonzero(mask) + np.count_nonzero(reference), 1)


def main():
    command, model, photos, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    taken = dict.fromkeys(STAGES, 0.0)
    last = started = time.perf_counter()

    def clock(stage):
        nonlocal last
        now = time.perf_counter()
        taken[stage] += now - last
        last = now

    files, scores = sorted(photos.glob("*.jpg")), []
    for path in files:
        mask = lesion_of(session, path, clock)
        if command == "segment":
            cv2.imwrite(str(folder / f"{path.stem}_mask.png"), mask)
        else:
            reference = cv2.imread(str(folder / f"{path.stem}_segmentation.png"), cv2.IMREAD_GRAYSCALE)
            scores.append(dice(mask, reference))
        clock("write")
    # Without the time that Python and its packages take to start.
    millis = 1e3 * (time.perf_counter() - started) / len(files)
    parts = ", ".join(f"{stage} {1e3 * seconds / len(files):.1f}" for stage, seconds in taken.items())
    print(f"{millis:.2f} ms a photograph ({parts})")
    if scores:
        print(f"mean Dice {np.mean(scores):.4f}")


if __name__ == "__main__":
    main()
