"""What is no file, disks that are full, and the permissions of what is written."""

from corpus import masks, phantom
from corpus.networks import replace
from corpus.png_photos import write as write_png

KINDS = ("pipe", "device", "folder", "itself", "6_gib")
AT_ONCE = {"seconds": 60, "megabytes": 200}


def add(corpus):
    photo = write_png(phantom.picture(corpus.rng("masks"), masks.SIZE))
    mask = masks.grey(phantom.lesion(masks.SIZE))
    _named(corpus, photo, mask)
    _full_disk(corpus, photo, mask)
    _taken_targets(corpus, photo, mask)
    _permissions(corpus, photo, mask)


def _named(corpus, photo, mask):
    """A pipe, a device, a folder, a link to itself or an endless file where a file is named."""
    for kind in KINDS:
        for file, command, words in (
            ("b.jpg", "segment photos/a.png b.jpg --out {out}", ["b.jpg"]),
            ("masks/a_segmentation.png", masks.EVALUATE, ["a"]),
            ("list.csv", f"{masks.EVALUATE} --list list.csv", ["list"]),
            ("coco.json", "import coco.json --out {out}", ["coco.json"]),
        ):
            name = f"system_{kind}_as_{file.split('/')[-1].split('.')[0]}"
            path = masks.pair(corpus, name, photo, mask) / file
            path.unlink(missing_ok=True)
            replace(path, kind)
            corpus.run(name, command, exits=[1, 2], says=words, **AT_ONCE)
    masks.pair(corpus, "system_devices", photo, mask)
    for path in (
        "/dev/zero",
        "/dev/random",
        "/dev/full",
        "/dev/stdin",
        "/proc/kmsg",
        "/proc/self/mem",
        "/nowhere/a.jpg",
    ):
        corpus.run(f"system_devices: {path}", f"segment {path} --out {{out}}", exits=[1, 2], says=[path], **AT_ONCE)
        corpus.run(
            f"system_devices: import {path}", f"import {path} --out {{out}}", exits=[1, 2], says=[path], **AT_ONCE
        )


def _full_disk(corpus, photo, mask):
    """What could not be written counts, and the message names it at its end."""
    masks.pair(corpus, "system_full_disk", photo, mask)
    lines = {
        "segment": "segment photos --out {out}",
        "segment json": "segment photos --out {out} --json",
        "evaluate": "evaluate --images photos --masks masks",
        "report": "report photos",
        "models": "models",
        "doctor": "doctor",
    }
    for name, line in lines.items():
        for target in ("full disk", "closed pipe"):
            title = f"system_full_disk: {name} on a {target}"
            corpus.run(title, line, exits=[1, 2], prints_to=target)
    corpus.run(
        "system_full_disk: folder of /proc", "segment photos --out /proc/self", exits=[1, 2], says=["/proc/self"]
    )


def _taken_targets(corpus, photo, mask):
    """Under the name of an output lies a pipe or a folder: it is never replaced."""
    for kind in ("pipe", "folder"):
        folder = masks.pair(corpus, f"system_output_is_{kind}", photo, mask)
        for file, command in (
            ("x.csv", "report photos --csv x.csv"),
            ("y.csv", "evaluate --images photos --masks masks --csv y.csv"),
            ("x.json", "export photos --format coco --out x.json"),
            ("x.pdf", "report photos --pdf x.pdf"),
        ):
            if file == "x.pdf" and kind == "folder":
                continue  # a page for each photograph goes there
            replace(folder / file, kind)
            corpus.run(f"system_output_is_{kind}: {command}", command, exits=[1, 2], says=[file], **AT_ONCE)


def _permissions(corpus, photo, mask):
    masks.pair(corpus, "system_permissions", photo, mask)
    for umask in (0o077, 0o027, 0o022, 0o002):
        for name, line in (
            ("segment", "segment photos --out {out} --overlay --probability"),
            ("report", "report photos --csv {out}/x.csv --pdf {out}/x.pdf"),
            ("export", "export photos --format coco --out {out}/coco.json"),
        ):
            corpus.run(f"system_permissions: {name} {umask:03o}", line, umask=umask)
