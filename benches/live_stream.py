#!/usr/bin/env python3
"""Makes a camera's stream of photographs: each is held for a second, with the tremor of a hand, then the next.

    python3 benches/live_stream.py FOLDER OUT.mjpeg|OUT.y4m [--size 1280x720] [--seconds 20] [--rate 30]

needs Pillow and numpy. Play it with: dermaloupe live --source OUT --seconds 20 --json"""
import argparse
import io
import math
import pathlib

import numpy as np
from PIL import Image

TREMOR = 0.004  # of the width: about five pixels at 1280
QUALITY = 85


def view(photo, size, frame, rate):
    """The photo as a camera of `size` sees it in this frame."""
    width, height = size
    scale = max(width / photo.width, height / photo.height) * 1.03
    cut = [width / scale, height / scale]
    time = frame / rate
    shake = [TREMOR * photo.width * math.sin(2 * math.pi * f * time) for f in (8.3, 9.1)]
    left = (photo.width - cut[0]) / 2 + shake[0] * 0.5
    top = (photo.height - cut[1]) / 2 + shake[1] * 0.5
    box = (max(left, 0), max(top, 0), min(left + cut[0], photo.width), min(top + cut[1], photo.height))
    return photo.resize(size, Image.Resampling.BILINEAR, box=box)


def jpeg(image):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, subsampling="4:2:2")
    return out.getvalue()


def raw(image):
    y, cb, cr = [np.asarray(band).astype(float) for band in image.convert("YCbCr").split()]
    halved = [plane.reshape(plane.shape[0] // 2, 2, plane.shape[1] // 2, 2).mean((1, 3)) for plane in (cb, cr)]
    # Limited range, as cameras send it.
    planes = [y * 219 / 255 + 16, *[(plane - 128) * 224 / 255 + 128 for plane in halved]]
    return b"FRAME\n" + b"".join(plane.round().clip(0, 255).astype(np.uint8).tobytes() for plane in planes)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=int, default=30)
    options = parser.parse_args()
    size = tuple(int(side) for side in options.size.split("x"))
    paths = sorted(p for p in options.folder.iterdir() if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    photos = [Image.open(path).convert("RGB") for path in paths[:math.ceil(options.seconds)]]
    is_raw = options.out.suffix == ".y4m"
    with open(options.out, "wb") as out:
        if is_raw:
            out.write(f"YUV4MPEG2 W{size[0]} H{size[1]} F{options.rate}:1 Ip A1:1 C420jpeg\n".encode())
        for frame in range(int(options.seconds * options.rate)):
            photo = photos[frame // options.rate % len(photos)]
            image = view(photo, size, frame, options.rate)
            out.write(raw(image) if is_raw else jpeg(image))


if __name__ == "__main__":
    main()
