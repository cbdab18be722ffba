"""Checks exported annotations with the readers that other people use: pycocotools, and labelme's own loader.

    python3 -m venv VENV && VENV/bin/pip install -r tests/external/requirements.txt
    VENV/bin/python tests/external/check_exports.py target/debug/dermaloupe [PHOTO ...]

Without photographs, drawn masks with parts, holes and corners that touch stand in, and the program's sample. For each
photo: COCO's areas, boxes and decoded masks equal the mask that was exported, labelme's loader opens the file with its
photo, and `dermaloupe import` gives the same mask back from either, and from COCO's compressed code by pycocotools.

With --corrected the photographs' masks that were corrected in the window are exported, not the network's: each must
say so and be another mask than the network's.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("LOGURU_LEVEL", "WARNING")  # labelme says every file it opens; read when it is imported

import numpy as np
from labelme._label_file import LabelFile
from PIL import Image
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

ROOT = Path(__file__).resolve().parents[2]


def run(program, *words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, f"{words}: {done.stderr}"


def read_mask(path):
    return np.asarray(Image.open(path).convert("L")) > 128


def draw(folder, masks):
    """Drawn masks, each over a photo of noise, and the sample with its true mask."""
    rng = np.random.default_rng(5)
    height, width = 90, 131
    rows, columns = np.mgrid[:height, :width]
    disc = np.hypot(columns - 60, rows - 45) < 40
    drawn = {
        "disc": disc,
        "ring": disc & (np.hypot(columns - 55, rows - 40) > 12),
        "specks": rng.random((height, width)) < 0.5,
        "edge": columns < 50,
        "empty": np.zeros((height, width), bool),
        "full": np.ones((height, width), bool),
        "pixel": (columns == 130) & (rows == 89),
    }
    for name, mask in drawn.items():
        Image.fromarray(rng.integers(0, 256, (height, width, 3), np.uint8)).save(folder / f"{name}.png")
        Image.fromarray(mask.astype(np.uint8) * 255).save(masks / f"{name}_segmentation.png")
    sample = ROOT / "assets" / "sample"
    (folder / "phantom.jpg").write_bytes((sample / "phantom.jpg").read_bytes())
    (masks / "phantom_segmentation.png").write_bytes((sample / "phantom_segmentation.png").read_bytes())
    return sorted(folder.iterdir())


def check_coco(path, expected):
    """Areas, boxes and decoded masks of each photo, as pycocotools sees them."""
    coco = COCO(str(path))
    assert len(coco.imgs) == len(expected)
    for image in coco.imgs.values():
        mask = expected[Path(image["file_name"]).stem]
        annotations = coco.imgToAnns[image["id"]]
        decoded = np.zeros(mask.shape, np.uint8)
        for annotation in annotations:
            code = coco.annToRLE(annotation)
            assert coco_mask.area(code) == annotation["area"], f"{image['file_name']}: area"
            assert list(coco_mask.toBbox(code)) == annotation["bbox"], f"{image['file_name']}: box"
            decoded += coco.annToMask(annotation)
        assert sum(a["area"] for a in annotations) == mask.sum(), f"{image['file_name']}: total area"
        assert (decoded == mask).all(), f"{image['file_name']}: {(decoded != mask).sum()} pixels differ"
    return len(coco.anns)


def check_labelme(folder, expected):
    """labelme's loader opens each file and its photo; its polygons' areas, less the holes', are the mask's."""
    shapes = 0
    for name, mask in expected.items():
        file = LabelFile(str(folder / f"{name}.json"))
        assert file.image_data, f"{name}: labelme found no photo"
        area = 0.0
        for shape in file.shapes:
            x, y = np.array(shape["points"], float).T
            ring = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
            area += -ring if shape["label"] == "lesion hole" else ring
        assert area == mask.sum(), f"{name}: {area} is not {mask.sum()}"
        shapes += len(file.shapes)
    return shapes


def check_import(program, annotations, photos, expected, out):
    run(program, "import", annotations, "--images", photos, "--out", out)
    for name, mask in expected.items():
        back = read_mask(out / f"{name}_segmentation.png")
        assert back.shape == mask.shape and (back == mask).all(), f"{name}: another mask came back"


def compress(path, target):
    """The file with every code as pycocotools writes it."""
    coco = COCO(str(path))
    document = json.loads(path.read_text())
    for annotation in document["annotations"]:
        code = coco.annToRLE(annotation)
        annotation["segmentation"] = {"size": code["size"], "counts": code["counts"].decode()}
    target.write_text(json.dumps(document))


def corrected(program, found, place):
    """The exports of masks corrected by hand, and what they must be: COCO's by pycocotools."""
    coco, labelme, network = place / "coco.json", place / "labelme", place / "network"
    run(program, "export", *found, "--format", "coco", "--out", coco)
    run(program, "export", *found, "--format", "labelme", "--out", labelme)
    run(program, "segment", *found, "--out", network)
    document, read = json.loads(coco.read_text()), COCO(str(coco))
    expected = {}
    for image in document["images"]:
        stem = Path(image["file_name"]).stem
        parts = [read.annToMask(annotation) for annotation in read.imgToAnns[image["id"]]]
        expected[stem] = np.any(parts, axis=0) if parts else np.zeros((image["height"], image["width"]), bool)
        sources = image["mask_source"], json.loads((labelme / f"{stem}.json").read_text())["mask_source"]
        assert sources == ("corrected", "corrected"), f"{stem}: {sources}"
        of_network = read_mask(network / f"{stem}_mask.png")
        assert (of_network != expected[stem]).any(), f"{stem}: it is the network's mask"
        print(f"{stem}: {expected[stem].sum()} px corrected, {of_network.sum()} px by the network")
    return expected, coco, labelme


def of_masks(program, named, place, photos, masks):
    """The exports of masks given as files: the network's of the photographs that were named, else drawn ones."""
    if named:
        found = [path.resolve() for path in named]
        photos = found[0].parent
        run(program, "segment", *found, "--out", masks)
        expected = {path.stem: read_mask(masks / f"{path.stem}_mask.png") for path in found}
    else:
        found = draw(photos, masks)
        expected = {path.stem: read_mask(masks / f"{path.stem}_segmentation.png") for path in found}
    coco, labelme = place / "coco.json", place / "labelme"
    run(program, "export", *found, "--masks", masks, "--format", "coco", "--out", coco)
    run(program, "export", *found, "--masks", masks, "--format", "labelme", "--out", labelme)
    return photos, expected, coco, labelme


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the dermaloupe to check")
    parser.add_argument("photos", nargs="*", type=Path, help="photographs of one folder; without them drawn ones")
    parser.add_argument("--corrected", action="store_true", help="the masks that were corrected in the window")
    options = parser.parse_intermixed_args()
    if options.corrected and not options.photos:
        parser.error("--corrected needs photographs that were corrected in the window")
    program = str(Path(options.program).resolve())
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        photos, masks = place / "photos", place / "masks"
        photos.mkdir()
        masks.mkdir()
        if options.corrected:
            found = [path.resolve() for path in options.photos]
            photos = found[0].parent
            expected, coco, labelme = corrected(program, found, place)
        else:
            photos, expected, coco, labelme = of_masks(program, options.photos, place, photos, masks)
        annotations = check_coco(coco, expected)
        shapes = check_labelme(labelme, expected)
        check_import(program, coco, photos, expected, place / "from_coco")
        check_import(program, labelme, photos, expected, place / "from_labelme")
        compress(coco, place / "compressed.json")
        check_import(program, place / "compressed.json", photos, expected, place / "from_compressed")
        print(f"{len(expected)} photos: {annotations} COCO annotations and {shapes} labelme shapes are as exported")


if __name__ == "__main__":
    sys.exit(main())
