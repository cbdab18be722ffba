"""How files are called and listed: every data set's way is found, by every command; what is no photograph is none."""

import io

import numpy as np
from PIL import Image

from corpus import masks, phantom
from corpus.jpeg_photos import exif, stored_for, write as write_jpeg
from corpus.png_photos import write as write_png

PHOTO = "ISIC_0000000"
SCHEMES = (
    "{}_segmentation.png",
    "{}_Segmentation.png",
    "{}_segmentation.PNG",
    "{}_SEGMENTATION.PNG",
    "{}_lesion.bmp",
    "{}_mask.png",
    "{}.png",
    "{}_segmentation.bmp",
    "{}_segmentation.tif",
    "{}_mask.PNG",
    "{}_lesion.png",
)
LISTS = {
    "comma": "image_id,split\nISIC_0000000,test\n",
    "semicolon": "image_id;split\nISIC_0000000;test\n",
    "tab": "image_id\tsplit\nISIC_0000000\ttest\n",
    "isic_id": "isic_id,split\nISIC_0000000,test\n",
    "with_ending": "image_id,split\nISIC_0000000.jpg,test\n",
    "with_ending_of_another_case": "image_id,split\nISIC_0000000.JPG,test\n",
    "byte_order_mark": "\ufeffimage_id,split\nISIC_0000000,test\n",
    "carriage_returns": "image_id,split\r\nISIC_0000000,test\r\n",
    "quoted": '"image_id","split"\n"ISIC_0000000","test"\n',
    "blanks": "image_id , split\n ISIC_0000000 , test \n",
    "more_columns": "age,image_id,sex,split\n45,ISIC_0000000,,test\n",
    "without_last_newline": "image_id,split\nISIC_0000000,test",
    "upper_case_columns": "Image_ID,Split\nISIC_0000000,test\n",
}
BAD_LISTS = {
    "empty": ("", ["list"]),
    "only_headers": ("image_id,split\n", ["list"]),
    "no_column": ("name,split\nISIC_0000000,test\n", ["image_id", "name"]),
    "listed_twice": ("image_id,split\nISIC_0000000,test\nISIC_0000000,test\n", ["twice"]),
    "unknown_photo": ("image_id,split\nISIC_9999999,test\n", ["isic_9999999"]),
    "unknown_split": ("image_id,split\nISIC_0000000,train\n", ["test", "train"]),
    "path_upwards": ("image_id,split\n../../etc/passwd,test\n", ["passwd"]),
    "escape_codes": ("image_id,split\n\x1b[31mred,test\n", ["red"]),
    "zeros": ("\0" * 1000, ["list"]),
}


def add(corpus):
    photo, lesion = phantom.picture(corpus.rng("masks"), masks.SIZE), phantom.lesion(masks.SIZE)
    content = {".png": masks.grey(lesion)}
    for ending, kind in ((".bmp", "BMP"), (".tif", "TIFF")):
        content[ending] = _saved(lesion, kind)
    _schemes(corpus, write_png(photo), content, int(lesion.sum()))
    _lists(corpus, write_png(photo), content[".png"])
    _not_photographs(corpus, write_jpeg(photo), content[".png"])
    _odd_names(corpus, write_jpeg(photo))
    _orientations(corpus, photo, lesion)


def _saved(lesion, kind):
    out = io.BytesIO()
    Image.fromarray(np.where(lesion, 255, 0).astype(np.uint8)).save(out, kind)
    return out.getvalue()


def _schemes(corpus, photo, content, area):
    for scheme in SCHEMES:
        name = "name_" + scheme.replace("{}", "X").replace(".", "_")
        mask = content[scheme[scheme.index(".") :].lower()]
        masks.pair(corpus, name, photo, mask, f"{PHOTO}.bmp", scheme.format(PHOTO))
        corpus.run(f"{name}: evaluate", "evaluate --images photos --masks masks --json", same_dice_as=masks.PLAIN)
        corpus.run(f"{name}: export", "export photos --masks masks --format coco --out {out}/coco.json", coco_area=area)
        corpus.run(f"{name}: report", "report photos --masks masks --json", says=["dice"])


def _lists(corpus, photo, mask):
    line = "evaluate --images photos --masks masks --list list.csv --split test --json"
    for name, text in LISTS.items():
        folder = masks.pair(corpus, f"list_{name}", photo, mask, f"{PHOTO}.bmp", f"{PHOTO}_segmentation.png")
        (folder / "list.csv").write_text(text, newline="")
        corpus.run(f"list_{name}", line, same_dice_as=masks.PLAIN)
    for name, (text, words) in BAD_LISTS.items():
        folder = masks.pair(corpus, f"list_{name}", photo, mask, f"{PHOTO}.bmp", f"{PHOTO}_segmentation.png")
        (folder / "list.csv").write_text(text, newline="")
        corpus.run(f"list_{name}", line, exits=[1, 2], says=words)


def _not_photographs(corpus, photo, mask):
    """Masks and maps beside photographs are no photographs; a photograph that cannot be read is said."""
    folder = corpus.case("names_isic_task_2")
    (folder / "photos").mkdir()
    (folder / "photos" / f"{PHOTO}.jpg").write_bytes(photo)
    for tail in (
        "attribute_globules",
        "attribute_streaks",
        "attribute_pigment_network",
        "attribute_negative_network",
        "attribute_milia_like_cyst",
        "segmentation",
        "Segmentation_",
        "superpixels",
        "mask",
        "lesion",
    ):
        (folder / "photos" / f"{PHOTO}_{tail.strip('_')}.png").write_bytes(mask)
    corpus.run("names_isic_task_2", "segment photos --out {out}", writes=[f"{PHOTO}_mask.png"])
    folder = corpus.case("names_phone")
    (folder / "photos").mkdir()
    (folder / "photos" / "IMG_0002.jpg").write_bytes(photo)
    (folder / "photos" / "IMG_0001.HEIC").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
    (folder / "photos" / "IMG_0003.avif").write_bytes(b"\0\0\0\x18ftypavif\0\0\0\0mif1avif" + bytes(100))
    corpus.run(
        "names_phone",
        "segment photos --out {out}",
        exits=[1],
        writes=["IMG_0002_mask.png"],
        says=["img_0001.heic", "img_0003.avif", "save|export|convert"],
    )
    folder = corpus.case("names_own_output")
    (folder / "photos").mkdir()
    for tail in ("", "_mask", "_overlay", "_probability", "_segmentation"):
        (folder / "photos" / f"a{tail}.png").write_bytes(photo)
    corpus.run("names_own_output", "segment photos --out {out}", writes=["a_mask.png"])
    folder = corpus.case("names_hand_mask")
    (folder / "photos").mkdir()
    (folder / "photos" / "a.jpg").write_bytes(photo)
    (folder / "photos" / "old.json").write_text("{}")
    for tail in ("mask", "overlay", "probability"):
        (folder / "photos" / f"a_{tail}.png").write_bytes(mask)
    corpus.run(
        "names_hand_mask",
        "segment photos --out photos --overlay --probability",
        exits=[1, 2],
        says=["a_mask.png|photos", "overwrite|already|replace"],
    )
    corpus.run(
        "names_hand_mask: coco",
        "export photos/a.jpg --format coco --out photos/old.json",
        exits=[1, 2],
        says=["old.json", "already|exists|overwrite"],
    )


def _odd_names(corpus, photo):
    folder = corpus.case("names_odd")
    (folder / "photos").mkdir()
    names = (
        "皮肤 2.jpg",
        "two words.jpg",
        "-dash.jpg",
        "quote'.jpg",
        "esc\x1b[31mred.jpg",
        "new\nline.jpg",
        "tab\t.jpg",
        "$(touch PWNED).jpg",
        "bell\x07.jpg",
        "turned\u202egpj.jpg",
        "a.b.c.jpg",
        "UPPER.JPG",
    )
    for name in names:
        (folder / "photos" / name).write_bytes(photo)
    raw = bytes(folder / "photos") + b"/latin\xe9.jpg"
    with open(raw, "wb") as file:
        file.write(photo)
    for command in (
        "segment photos --out {out}",
        "segment photos --out {out} --json",
        "report photos",
        "report photos --csv {out}.csv",
        "export photos --format labelme --out {out}",
    ):
        corpus.run(f"names_odd: {command.replace('{out}', 'O')}", command, says=["red"])
    folder = corpus.case("names_odd_broken")
    (folder / "photos").mkdir()
    for name in names:
        (folder / "photos" / name).write_bytes(photo[:300])
    corpus.run("names_odd_broken", "segment photos --out {out}", exits=[1], says=["red"], writes=[])
    corpus.run("names_odd: nobody reads the rows", "segment photos --out {out}", exits=[1, 2], prints_to="closed pipe")
    folder = corpus.case("names_linked")
    (folder / "photos").mkdir()
    (folder / "store").mkdir()
    (folder / "store" / "0a1b2c").write_bytes(photo)
    (folder / "photos" / "left arm.jpg").symlink_to("../store/0a1b2c")
    corpus.run(
        "names_linked",
        "export photos --format labelme --out {out}",
        writes=["left arm.json"],
        files_say={"left arm.json": ["left arm.jpg"]},
    )


def _orientations(corpus, photo, lesion):
    """A mask as displayed is read as it is; one as stored is recognised or said, never compared in silence."""
    for orientation in range(1, 9):
        content = write_jpeg(stored_for(orientation, photo), subsampling=0, exif=exif(orientation))
        as_stored = stored_for(orientation, lesion[..., None])[..., 0]
        for frame, mask in (("displayed", lesion), ("stored", as_stored)):
            name = f"exif_{orientation}_mask_as_{frame}"
            folder = corpus.case(name)
            (folder / "photos").mkdir()
            (folder / "masks").mkdir()
            (folder / "photos" / "a.jpg").write_bytes(content)
            (folder / "masks" / "a_segmentation.png").write_bytes(masks.grey(mask))
            told = {"or_told": ["orientation", "stored"]} if frame == "stored" and orientation > 1 else {}
            # A mask of the same size cannot be told from one as displayed; then a word must be there.
            corpus.run(name, masks.EVALUATE, same_dice_as=masks.PLAIN, dice_tolerance=0.01, **told)
