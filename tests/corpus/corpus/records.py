"""What lies beside photographs: a stranger's links and pipes, damaged lists, damaged journals of corrections."""

import hashlib
import json
import os

from corpus import journals, phantom
from corpus.networks import replace
from corpus.png_photos import write as write_png

SIZE = (160, 120)
AREA = journals.STROKES * journals.STROKE_PX
EXPORT = "export photos --format coco --out {out}/coco.json"
REPORT = "report photos --csv {out}/x.csv"
SCALE = 0.0187
DAMAGE = ["journal is damaged|may be missing|belongs to another|has format|cannot be read"]
NOT_TRUSTED = ["link|pipe|device|not a regular|not a file|not a folder|too large|limit|itself|symbolic"]


class Folder:
    """A folder with one photograph, a decision on it, its scale and its corrected mask."""

    def __init__(self, corpus, name, journal=True):
        self.place = corpus.case(f"records_{name}")
        self.photos = self.place / "photos"
        self.records = self.photos / ".dermaloupe"
        (self.records / "masks").mkdir(parents=True)
        (self.place / "victim").mkdir()
        (self.place / "victim" / "bashrc").write_text("echo hello\n")
        photo = write_png(phantom.picture(corpus.rng("records"), SIZE))
        (self.photos / "a.png").write_bytes(photo)
        self.sha256 = hashlib.sha256(photo).hexdigest()
        self.journal = self.records / "masks" / f"{self.sha256}.journal"
        self.write("format.json", {"format": "dermaloupe-records", "version": 2, "program": "0.1.0"})
        self.write("records.json", self.list())
        (self.records / "audit.jsonl").write_text("".join(json.dumps(event) + "\n" for event in self.events()))
        if journal:
            self.journal.write_bytes(self.whole_journal())

    def write(self, name, content):
        (self.records / name).write_text(json.dumps(content))

    def review(self):
        return {
            "sha256": self.sha256,
            "name": "a.png",
            "bytes": 1,
            "state": "accepted",
            "note": "",
            "reviewer": "A. Meier",
            "changed": "2026-11-23T06:50:12.345Z",
        }

    def calibration(self):
        return {
            "sha256": self.sha256,
            "size": list(SIZE),
            "name": "a.png",
            "mm_per_px": SCALE,
            "line": [[10.0, 20.0], [110.0, 20.0]],
            "length_mm": 100 * SCALE,
            "for_folder": False,
            "reviewer": "A. Meier",
            "made": "2026-11-23T06:41:07Z",
            "changed": "2026-11-23T06:41:07Z",
        }

    def list(self):
        return {
            "format": "dermaloupe-records",
            "version": 2,
            "photos": [self.review()],
            "calibrations": [self.calibration()],
        }

    def events(self):
        facts = {"photo": "a.png", "sha256": self.sha256, "program": "0.1.0", "reviewer": "A. Meier"}
        return [
            {"time": "2026-11-23T06:41:07Z", "event": "calibrated", **facts, "detail": self.calibration()},
            {"time": "2026-11-23T06:50:12.345Z", "event": "reviewed", **facts, "detail": self.review()},
        ]

    def whole_journal(self):
        return journals.journal(self.sha256, SIZE, journals.records(SIZE[0]))


def add(corpus):
    _good(corpus)
    _links(corpus)
    _not_files(corpus)
    _journals(corpus)
    _lists(corpus)


def _good(corpus):
    Folder(corpus, "good")
    scale = f'"mm_per_px":{SCALE}'
    corpus.run("records_good: export", EXPORT, coco_area=AREA, unchanged=["victim"])
    corpus.run("records_good: report", "report photos --json", says=['"drawn"', scale], unchanged=["victim"])
    corpus.run("records_good: segment", "segment photos --out {out}", writes=["a_mask.png"], unchanged=["."])
    corpus.run("records_good: evaluate", "evaluate --images photos --masks photos", exits=[1])


def _links(corpus):
    """A stranger's folder leads nowhere: what its links point to is neither read nor written."""

    def case(name, change, **facts):
        folder = Folder(corpus, f"link_{name}")
        change(folder)
        for command in (REPORT, EXPORT):
            title = f"records_link_{name}: {command.split()[0]}"
            corpus.run(title, command, exits=[0, 1, 2], unchanged=["victim"], says=NOT_TRUSTED, **facts)

    def link(name, target):
        def change(folder):
            path = folder.records / name.replace("SHA", folder.sha256)
            path.unlink(missing_ok=True)
            path.symlink_to(target)

        return change

    case("audit", link("audit.jsonl", "../../victim/bashrc"))
    case("audit_to_nothing", link("audit.jsonl", "../../victim/new"))
    case("lock", link("lock", "../../victim/new"))
    case("records", link("records.json", "../../victim/bashrc"))
    case("format", link("format.json", "../../victim/bashrc"))
    case("journal", link("masks/SHA.journal", "../../../victim/bashrc"))

    def older_list(folder):
        folder.write("records.json", {"photos": {"a.png": {"sha256": folder.sha256, "state": "accepted", "note": ""}}})
        (folder.records / "format.json").unlink()
        (folder.records / "records.json.version-0").symlink_to("../../victim/new")

    folder = Folder(corpus, "link_set_aside")
    older_list(folder)
    corpus.run("records_link_set_aside", REPORT, exits=[0, 1, 2], unchanged=["victim"])

    def whole_folder(folder):
        os.rename(folder.records, folder.place / "victim" / "records")
        folder.records.symlink_to("../victim/records")

    def masks_folder(folder):
        os.rename(folder.records / "masks", folder.place / "victim" / "masks")
        (folder.records / "masks").symlink_to("../../victim/masks")

    case("whole_folder", whole_folder)
    case("masks_folder", masks_folder)
    folder = Folder(corpus, "link_name_of_photo")
    os.rename(folder.photos / "a.png", folder.photos / "$(touch PWNED).png")
    (folder.records / "audit.jsonl").unlink()
    (folder.records / "audit.jsonl").symlink_to("../../victim/bashrc")
    corpus.run("records_link_name_of_photo", REPORT, exits=[0, 1, 2], unchanged=["victim"], says=NOT_TRUSTED)


def _not_files(corpus):
    """A pipe, a device or a file without end under a record's name is refused at once, with little memory."""
    for kind in ("pipe", "device", "folder", "itself", "6_gib"):
        for name in ("records.json", "format.json", "audit.jsonl", "lock", "masks/SHA.journal"):
            title = f"{kind}_{name.split('/')[-1].split('.')[0] if 'SHA' not in name else 'journal'}"
            folder = Folder(corpus, title)
            if name == "audit.jsonl":
                (folder.records / "records.json").write_text("{ damaged")  # only then is the log read
            path = folder.records / name.replace("SHA", folder.sha256)
            path.unlink(missing_ok=True)
            replace(path, kind)
            facts = {"exits": [0, 1, 2], "unchanged": ["victim"], "seconds": 60, "megabytes": 200}
            # Nothing in the lock is read, and instead of a folder one in the data directory is used.
            if not (name == "lock" and kind in ("6_gib", "folder")):
                facts["says"] = [f"{NOT_TRUSTED[0]}|folder|directory"]
            corpus.run(f"records_{title}", REPORT, **facts)


def _journals(corpus):
    """Never fewer strokes in silence: the whole mask, an error, or a word about what is missing."""

    def case(name, content, *, is_whole=False):
        folder = Folder(corpus, f"journal_{name}")
        folder.journal.write_bytes(content(folder))
        told = {} if is_whole else {"or_refused": DAMAGE, "or_told": DAMAGE}
        corpus.run(f"records_journal_{name}", EXPORT, coco_area=AREA, unchanged=["victim"], **told)

    def of_records(change):
        return lambda folder: journals.journal(folder.sha256, SIZE, change(journals.records(SIZE[0])))

    case("whole", lambda folder: folder.whole_journal(), is_whole=True)
    # Version 1 had no mark: a file that ends between two records cannot be told, one that ends within a record can.
    older = lambda folder: journals.journal(folder.sha256, SIZE, journals.records(SIZE[0]), version=1)
    case("version_1", older, is_whole=True)
    case("version_1_without_last_byte", lambda folder: older(folder)[:-1])
    case("version_1_middle_missing", lambda folder: older(folder)[:500] + older(folder)[600:])
    undone = [journals.number(journals.UNDO)] * 3 + [journals.number(journals.REDO)] * 3
    case("undone_and_redone", of_records(lambda found: [*found[:-1], *undone, found[-1]]), is_whole=True)
    rng = corpus.rng("journals")
    length = len(Folder(corpus, "journal_length").whole_journal())
    for index in range(50):
        at = int(rng.integers(0, length))
        case(f"cut_{index}", lambda folder, at=at: folder.whole_journal()[:at])
        bit = int(rng.integers(8 * length))

        def flipped(folder, bit=bit):
            content = bytearray(folder.whole_journal())
            content[bit // 8] ^= 1 << bit % 8
            return bytes(content)

        case(f"bit_{index}", flipped)
        noise = rng.bytes(16)
        case(
            f"random_{index}",
            lambda folder, at=at, noise=noise: folder.whole_journal()[:at] + noise + folder.whole_journal()[at + 16 :],
        )
    case("of_no_bytes", lambda folder: b"")
    case("of_zeros", lambda folder: bytes(5000))
    case("of_another_photo", lambda folder: journals.journal("0" * 64, SIZE, journals.records(SIZE[0])))
    case("of_another_size", lambda folder: journals.journal(folder.sha256, (161, 120), journals.records(161)))
    case("without_begin", of_records(lambda found: found[1:]))
    case("begun_twice", of_records(lambda found: [*found, found[0]]))
    case("undo_too_many", of_records(lambda found: found[:2] + [journals.number(journals.UNDO)] + found[2:]))
    case(
        "beyond_the_photo",
        of_records(
            lambda found: [
                *found[:-1],
                journals.number(journals.STEP) + bytes([0, 3, 9]) + journals.runs([19_000, 400]),
            ]
        ),
    )
    case("huge_record", lambda folder: folder.whole_journal() + b"\xff\xff\xff\x1f" + bytes(100))
    case("newer_version", lambda folder: folder.whole_journal()[:8] + b"\x63\0" + folder.whole_journal()[10:])
    _long(corpus)
    folder = Folder(corpus, "journal_folder_unreadable")
    (folder.records / "masks").chmod(0)
    if os.geteuid() != 0:  # root reads everything
        corpus.run(
            "records_journal_folder_unreadable", EXPORT, exits=[1, 2], says=["permission|right"], unchanged=["victim"]
        )


def _long(corpus):
    """A journal of 2001 steps that each change every second pixel, and a log of 64 MB: memory has a bound."""
    folder = Folder(corpus, "journal_of_40_mb")
    pixels = SIZE[0] * SIZE[1]
    step = journals.number(journals.STEP) + bytes([0, journals.FILL_HOLES, 9]) + journals.runs([1] * pixels)
    begin, opened, *_ = journals.records(SIZE[0])
    folder.journal.write_bytes(journals.journal(folder.sha256, SIZE, [begin, opened, *[step] * 2001]))
    corpus.run(
        "records_journal_of_40_mb",
        EXPORT,
        coco_area=pixels // 2,
        or_refused=DAMAGE,
        unchanged=["victim"],
        megabytes=300,
    )
    folder = Folder(corpus, "log_of_64_mb")
    (folder.records / "records.json").write_text("{ damaged")
    line = json.dumps(folder.events()[1]) + "\n"
    with open(folder.records / "audit.jsonl", "a") as file:
        file.write(line * ((64 << 20) // len(line)))
    corpus.run(
        "records_log_of_64_mb", "report photos --json", exits=[0, 1], says=["records.json"], unchanged=["victim"]
    )


def _lists(corpus):
    """A list that is misread is said: its decisions and scales do not vanish in silence."""
    scale = f'"mm_per_px":{SCALE}'
    told = {"or_told": ["records.json|audit.jsonl"]}

    def case(name, change, **facts):
        folder = Folder(corpus, f"list_{name}", journal=False)
        content = folder.list()
        text = change(content) or json.dumps(content)
        (folder.records / "records.json").write_bytes(text if isinstance(text, bytes) else text.encode())
        corpus.run(
            f"records_list_{name}", "report photos --json", unchanged=["victim"], **{"says": [scale], **told, **facts}
        )

    for name, version in (
        ("text", "2"),
        ("null", None),
        ("negative", -1),
        ("huge", 1e30),
        ("float", 2.5),
        ("newer", 3),
        ("true", True),
        ("list", [2]),
    ):
        case(f"version_{name}", lambda content, version=version: content.update(version=version))
    case("version_absent", lambda content: content.pop("version") and None)
    for name, text in (
        ("list", "[]"),
        ("null", "null"),
        ("number", "3"),
        ("empty", ""),
        ("cut", '{"format": "derma'),
        ("zeros", "\0" * 500),
        ("deep", "[" * 100_000),
        ("photos_text", '{"version": 2, "photos": "a"}'),
        ("photos_object", '{"version": 2, "photos": {}}'),
    ):
        case(f"is_{name}", lambda content, text=text: text)
    for name, value in (
        ("huge", 1e308),
        ("tiny", 1e-300),
        ("zero", 0),
        ("negative", -0.02),
        ("text", "0.02"),
        ("not_the_lines", 0.5),
    ):
        case(f"scale_{name}", lambda content, value=value: content["calibrations"][0].update(mm_per_px=value))
    case("sha256_no_hex", lambda content: content["photos"][0].update(sha256="z" * 64))
    case("sha256_short", lambda content: content["calibrations"][0].update(sha256="abc"))
    case("unknown_state", lambda content: content["photos"][0].update(state="liked"))
    case("time_garbage", lambda content: content["photos"][0].update(changed="yesterday"))
    case("unknown_keys", lambda content: content.update(more=[1]) or content["photos"][0].update(stars=5))
    case("without_calibrations", lambda content: content.update(calibrations=[]))
    rng = corpus.rng("lists")
    for index in range(30):
        bit = int(rng.integers(8 * 500))

        def flipped(content, bit=bit):
            text = bytearray(json.dumps(content).encode())
            text[bit // 8 % len(text)] ^= 1 << bit % 8
            return bytes(text)

        case(f"bit_{index}", flipped)
