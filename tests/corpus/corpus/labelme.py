"""labelme files, old and new, and those of programs that write the same format."""

import base64
import json

import numpy as np
from PIL import Image

from corpus import phantom
from corpus.jpeg_photos import write as write_jpeg
from corpus.png_photos import write as write_png

SIZE = (80, 60)
CORNERS = [[10, 10], [30, 10], [30, 40], [10, 40]]  # 600 px
LEFT_OUT = {"exits": [0, 1]}  # what cannot be used is named; whether it counts as a failure is the program's to say


def shape(points=CORNERS, kind="polygon", **facts):
    return {"label": "lesion", "points": points, "group_id": None, "shape_type": kind, "flags": {}, **facts}


def document(shapes, **facts):
    return {
        "version": "5.4.1",
        "flags": {},
        "shapes": shapes,
        "imagePath": "a.jpg",
        "imageData": None,
        "imageHeight": 60,
        "imageWidth": 80,
        **facts,
    }


def without(content, *keys):
    return {key: value for key, value in content.items() if key not in keys}


def add(corpus):
    photo = write_jpeg(phantom.picture(corpus.rng("labelme"), SIZE))

    def case(name, content, area=600, text=None, **facts):
        folder = corpus.case(f"labelme_{name}")
        (folder / "a.jpg").write_bytes(photo)
        (folder / "a.json").write_bytes(text if text is not None else json.dumps(content).encode())
        expected = {} if area is None else {"a_segmentation.png": area}
        corpus.run(f"labelme_{name}", "import a.json --out {out}", masks=expected, writes=sorted(expected), **facts)

    _shapes(case)
    _facts(case, photo)
    _odd_shapes(case)
    _files(case)


def _shapes(case):
    case("polygon", document([shape()]))
    case("rectangle_2_points", document([shape([[10, 10], [30, 40]], "rectangle")]))
    case("rectangle_2_points_turned", document([shape([[30, 40], [10, 10]], "rectangle")]))
    case("rectangle_4_points", document([shape(CORNERS, "rectangle")]))
    # The pixels whose centres are within 10 px of a corner of pixels, counted.
    case("circle", document([shape([[40, 30], [50, 30]], "circle")]), 316, says=["a_segmentation.png"])
    mask = np.ones((31, 21), np.uint8) * 255
    case(
        "mask",
        document(
            [shape([[10, 10], [30, 40]], "mask", mask=base64.b64encode(write_png(Image.fromarray(mask))).decode())]
        ),
        651,
    )
    case("two_shapes", document([shape(), shape([[50, 10], [60, 10], [60, 20], [50, 20]])]), 700)
    case("hole", document([shape(), shape([[15, 15], [25, 15], [25, 25], [15, 25]], label="lesion hole")]), 500)
    case("other_label", document([shape(), shape([[50, 10], [60, 10], [60, 20], [50, 20]], label="ruler")]))
    case("no_shapes", document([]), 0)
    case("fractions", document([shape([[10.0, 10.0], [30.0, 10.0], [30.0, 40.0], [10.0, 40.0]])]))
    case("beyond_the_border", document([shape([[-50, -50], [500, -50], [500, 500], [-50, 500]])]), 4800)


def _facts(case, photo):
    case("byte_order_mark", None, text=b"\xef\xbb\xbf" + json.dumps(document([shape()])).encode())
    case("sizes_as_floats", document([shape()], imageHeight=60.0, imageWidth=80.0))
    case("sizes_null", document([shape()], imageHeight=None, imageWidth=None))
    case("without_sizes", without(document([shape()]), "imageHeight", "imageWidth"))
    case(
        "version_3",
        without(
            document([without(shape(), "shape_type", "flags", "group_id")], version="3.6.1"),
            "imageHeight",
            "imageWidth",
            "flags",
        ),
    )
    case(
        "version_3_with_colours",
        document(
            [without(shape(line_color=None, fill_color=[1, 2, 3]), "shape_type")],
            lineColor=[0, 255, 0, 128],
            fillColor=[255, 0, 0, 128],
        ),
    )
    case("without_version", without(document([shape()]), "version"))
    case("group_id_as_text", document([shape(group_id="1")]))
    case("group_id_as_float", document([shape(group_id=1.0)]))
    case("photo_inside", document([shape()], imageData=base64.b64encode(photo).decode()))
    case("unknown_facts", document([shape(description="", difficult=False, attributes={}, kie_linking=[], score=0.9)]))
    case("path_with_backslashes", document([shape()], imagePath="..\\photos\\a.jpg"))


def _odd_shapes(case):
    good = shape()
    odd = {
        "point": shape([[5, 5]], "point"),
        "line": shape([[5, 5], [9, 9]], "line"),
        "linestrip": shape([[5, 5], [9, 9], [5, 9]], "linestrip"),
        "points": shape([[5, 5], [6, 6]], "points"),
        "polygon_of_no_points": shape([]),
        "polygon_of_2_points": shape([[1, 1], [2, 2]]),
        "circle_of_1_point": shape([[5, 5]], "circle"),
        "rectangle_of_3_points": shape(CORNERS[:3], "rectangle"),
        "unknown_kind": shape(CORNERS, "cuboid"),
        "points_null": shape(None),
        "points_of_text": shape([["a", "b"]] * 3),
        "points_of_1_number": shape([[1], [2], [3]]),
        "mask_without_mask": shape([[1, 1], [5, 5]], "mask"),
        "mask_no_base64": shape([[1, 1], [5, 5]], "mask", mask="%%%"),
        "mask_of_garbage": shape([[1, 1], [5, 5]], "mask", mask="AAAA"),
    }
    for name, bad in odd.items():
        case(f"odd_{name}", document([good, bad]), says=["shape|2"], **LEFT_OUT)
        case(f"odd_{name}_first", document([bad, good]), says=["shape|1"], **LEFT_OUT)


def _files(case):
    good = json.dumps(document([shape()])).encode()
    for name, content in (
        ("cut", good[:150]),
        ("shapes_is_text", json.dumps(document("lesion")).encode()),
        ("shapes_null", json.dumps(document(None)).encode()),
    ):
        case(f"file_{name}", None, None, text=content, exits=[1, 2], says=["a.json"])
    case(
        "of_another_size",
        document([shape()], imageWidth=160, imageHeight=120),
        None,
        exits=[1],
        says=["80 × 60", "160 × 120"],
    )
    case("photo_missing", document([shape()], imagePath="z.jpg"), None, exits=[1], says=["z.jpg"])
    case("path_upwards", document([shape()], imagePath="../../../../../etc/passwd"), None, exits=[1], says=["passwd"])
