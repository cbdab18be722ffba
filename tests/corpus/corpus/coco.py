"""COCO files of other programs: one odd annotation is named and left out, the rest is read."""

import copy
import json

import numpy as np

from corpus import phantom
from corpus.jpeg_photos import write as write_jpeg

SIZE = (80, 60)
SQUARE = [[5, 5, 15, 5, 15, 15, 5, 15]]  # 100 px
OTHER = [[40, 5, 50, 5, 50, 15, 40, 15]]


def annotation(identifier=1, image=1, segmentation=SQUARE, **facts):
    return {
        "id": identifier,
        "image_id": image,
        "category_id": 1,
        "iscrowd": 0,
        "area": 100,
        "bbox": [5, 5, 10, 10],
        "segmentation": segmentation,
        **facts,
    }


def document(annotations, images=None, **facts):
    images = images or [{"id": 1, "file_name": "a.jpg", "width": 80, "height": 60}]
    return {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "lesion"}], **facts}


def image(identifier, name, **facts):
    return {"id": identifier, "file_name": name, "width": 80, "height": 60, **facts}


def add(corpus):
    photo = write_jpeg(phantom.picture(corpus.rng("coco"), SIZE))

    def case(name, content, areas=None, text=None, **facts):
        folder = corpus.case(f"coco_{name}")
        for stem in "abc":
            (folder / f"{stem}.jpg").write_bytes(photo)
        text = text if text is not None else json.dumps(content)
        (folder / "coco.json").write_bytes(text if isinstance(text, bytes) else text.encode())
        expected = {f"{stem}_segmentation.png": area for stem, area in (areas or {}).items()}
        corpus.run(f"coco_{name}", "import coco.json --out {out}", masks=expected, writes=sorted(expected), **facts)

    _good(case)
    _one_bad(case)
    _images(case)
    _files(case)
    _large(corpus, photo)


def _good(case):
    one = [annotation()]
    case("plain", document(one), {"a": 100})
    case("two_parts", document([annotation(), annotation(2, segmentation=OTHER)]), {"a": 200})
    case("flat_polygon", document([annotation(segmentation=SQUARE[0])]), {"a": 100})
    case("run_lengths", document([annotation(segmentation={"size": [60, 80], "counts": [300, 60, 4440]})]), {"a": 60})
    case(
        "run_lengths_iscrowd",
        document([annotation(segmentation={"size": [60, 80], "counts": [300, 60, 4440]}, iscrowd=1)]),
        {"a": 60},
    )
    case(
        "numbers_as_text",
        document([annotation(segmentation=[[str(value) for value in SQUARE[0]]])]),
        {"a": 100},
        or_refused=["1", "segmentation|polygon|annotation"],
    )
    case("sizes_as_floats", document(one, [image(1, "a.jpg") | {"width": 80.0, "height": 60.0}]), {"a": 100})
    case("ids_as_text", document([annotation(image="1")], [image("1", "a.jpg")]), {"a": 100})
    case("large_ids", document([annotation(image=2**60)], [image(2**60, "a.jpg")]), {"a": 100})
    case("negative_ids", document([annotation(-5, image=-1)], [image(-1, "a.jpg")]), {"a": 100})
    case("without_image_size", document(one, [{"id": 1, "file_name": "a.jpg"}]), {"a": 100})
    case(
        "without_area_and_box",
        document([{"id": 1, "image_id": 1, "category_id": 1, "segmentation": SQUARE}]),
        {"a": 100},
    )
    case("more_facts", document(one, info={"year": 2020}, licenses=[{}], unknown=[1, 2, {"a": None}]), {"a": 100})
    case(
        "other_category",
        document([annotation(), annotation(2, segmentation=OTHER, category_id=2)])
        | {"categories": [{"id": 1, "name": "lesion"}, {"id": 2, "name": "ruler"}]},
        {"a": 100},
    )
    case("folder_in_name", document(one, [image(1, "images/a.jpg")]), {"a": 100})
    case("backslashes_in_name", document(one, [image(1, "C:\\photos\\a.jpg")]), {"a": 100})


def _one_bad(case):
    """The good annotation has number 2, the bad one 77."""
    bad = {
        "box_without_segmentation": {key: value for key, value in annotation(77).items() if key != "segmentation"},
        "segmentation_null": annotation(77, segmentation=None),
        "segmentation_empty": annotation(77, segmentation=[]),
        "polygon_of_2_points": annotation(77, segmentation=[[1, 1, 2, 2]]),
        "polygon_of_odd_length": annotation(77, segmentation=[[1, 1, 2, 2, 3, 3, 4]]),
        "polygon_of_text": annotation(77, segmentation=[["a", "b", "c", "d", "e", "f"]]),
        "segmentation_is_text": annotation(77, segmentation="unknown"),
        "run_lengths_of_another_size": annotation(77, segmentation={"size": [61, 80], "counts": [4880]}),
        "run_lengths_too_long": annotation(77, segmentation={"size": [60, 80], "counts": [5000, 5000]}),
        "run_lengths_negative": annotation(77, segmentation={"size": [60, 80], "counts": [-1, 4801]}),
        "run_lengths_huge": annotation(77, segmentation={"size": [60, 80], "counts": [2**62, 2**62, 2**62]}),
        "run_lengths_garbage": annotation(77, segmentation={"size": [60, 80], "counts": "\u0001\u00ff~~~~"}),
        "no_image_id": {key: value for key, value in annotation(77).items() if key != "image_id"},
        "unknown_image": annotation(77, image=99),
        "unknown_category": annotation(77, category_id=99),
    }
    for name, odd in bad.items():
        # Exit code 1 where the annotation counts as an input that failed.
        facts = {} if name == "unknown_category" else {"says": ["77"]}
        case(f"bad_{name}", document([annotation(2), odd]), {"a": 100}, exits=[0, 1], **facts)
        case(f"bad_{name}_first", document([odd, annotation(2)]), {"a": 100}, exits=[0, 1], **facts)
    huge = [[1e300, 1e300, -1e300, 1e300, 0, -1e300]]  # the photograph lies inside
    case("coordinates_huge", document([annotation(77, segmentation=huge)]), {"a": 4800}, or_refused=["77"])
    text = json.dumps(document([annotation(2), annotation(77, segmentation=[[0, 0, 9, 0, 7654321, 9]])]))
    case("bad_nan", None, {"a": 100}, text.replace("7654321", "NaN"), exits=[0, 1], or_refused=["nan|json|expected"])
    twice = [annotation(2), annotation(2, segmentation=OTHER)]
    case(
        "annotation_id_twice",
        document(twice),
        {"a": 200},
        or_refused=["2", "twice|same id|duplicate|two images|two annotations"],
    )


def _images(case):
    two = [image(1, "a.jpg"), image(2, "b.jpg")]
    case(
        "unannotated_image",
        document([annotation()], two),
        {"a": 100},
        exits=[0, 1],
        says=["b.jpg", "no annotation|not annotated|unannotated|without"],
    )
    case("no_annotations", document([], two), {}, exits=[0, 1], says=["a.jpg", "b.jpg"])
    case(
        "image_id_twice",
        document([annotation(), annotation(2, segmentation=OTHER)], [image(1, "a.jpg"), image(1, "b.jpg")]),
        {},
        exits=[1, 2],
        says=["1", "twice|same id|duplicate|two images|two annotations"],
    )
    case(
        "file_name_twice",
        document([annotation(), annotation(2, image=2, segmentation=OTHER)], [image(1, "a.jpg"), image(2, "a.jpg")]),
        {"a": 100},
        exits=[1],
        says=["a_segmentation.png", "twice|same|already"],
    )
    case(
        "one_photo_missing",
        document([annotation(), annotation(2, image=2)], [image(1, "a.jpg"), image(2, "z.jpg")]),
        {"a": 100},
        exits=[1],
        says=["z.jpg"],
    )
    case(
        "one_photo_of_another_size",
        document([annotation(), annotation(2, image=2)], [image(1, "a.jpg"), image(2, "b.jpg") | {"width": 160}]),
        {"a": 100},
        exits=[1],
        says=["80 × 60", "160 × 60", "b.jpg"],
    )
    case(
        "one_image_without_name",
        document([annotation(), annotation(2, image=2)], [image(1, "a.jpg"), {"id": 2, "width": 80, "height": 60}]),
        {"a": 100},
        exits=[0, 1],
        says=["2", "file_name|name"],
    )
    for name, path in (
        ("upwards", "../../../etc/passwd"),
        ("absolute", "/etc/passwd"),
        ("windows", "..\\..\\passwd"),
        ("device", "/dev/zero"),
        ("empty", ""),
    ):
        case(
            f"path_{name}",
            document([annotation(), annotation(2, image=2)], [image(1, "a.jpg"), image(2, path)]),
            {"a": 100},
            exits=[1],
            says=["not in|not a photograph|outside|leads out|no name|not a regular"],
        )


def _files(case):
    good = document([annotation()])
    case("byte_order_mark", None, {"a": 100}, b"\xef\xbb\xbf" + json.dumps(good).encode())
    case("utf_16", None, {"a": 100}, json.dumps(good).encode("utf-16"), or_refused=["utf-16|utf-8|json"])
    refused = {
        "empty": b"",
        "text": b"hello",
        "cut": json.dumps(good).encode()[:100],
        "list": b"[1, 2]",
        "null": b"null",
        "zeros": bytes(1000),
        "deep": b"[" * 100_000,
        "images_is_text": json.dumps(good | {"images": "a"}).encode(),
        "annotations_is_number": json.dumps(good | {"annotations": 3}).encode(),
        "photograph": write_jpeg(np.zeros((9, 9, 3), np.uint8)),
    }
    for name, content in refused.items():
        case(f"file_{name}", None, {}, content, exits=[1, 2], says=["coco.json"])


def _large(corpus, photo):
    """The cost is linear in the annotations: 20,000 of them, each as large as its photograph."""
    folder = corpus.case("coco_20000_images")
    (folder / "a.jpg").write_bytes(photo)
    whole = [[0, 0, 80, 0, 80, 60, 0, 60]]
    images = [image(1, "a.jpg"), *(image(number, f"none{number}.jpg") for number in range(2, 20_001))]
    content = document(
        [annotation(number, image=number, segmentation=copy.copy(whole)) for number in range(1, 20_001)], images
    )
    (folder / "coco.json").write_text(json.dumps(content))
    corpus.run(
        "coco_20000_images", "import coco.json --out {out}", exits=[1], masks={"a_segmentation.png": 4800}, seconds=120
    )
    folder = corpus.case("coco_20000_annotations")
    (folder / "a.jpg").write_bytes(photo)
    content = document([annotation(number, segmentation=whole) for number in range(1, 20_001)])
    (folder / "coco.json").write_text(json.dumps(content))
    corpus.run(
        "coco_20000_annotations", "import coco.json --out {out}", masks={"a_segmentation.png": 4800}, seconds=120
    )
