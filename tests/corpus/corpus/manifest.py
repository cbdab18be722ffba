"""What the corpus holds and what is right for each of its cases: the manifest that lies beside the drawn files.

A `Photo` is one file that goes through `segment` together with all others, and through the window. A `Run` is one
command in a folder of its own. Words of a message are compared in lower case, and `one|other` is either of the two.
"""

import dataclasses
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

PIXELS = "pixels"  # the picture `expected`, each channel within `tolerance` levels
REFUSED = "refused"  # no picture; the message has `words`
EITHER = "pixels or refused"  # the right picture, or the message; never another picture
TOLD = "told"  # damaged or doubtful: refused, or a warning in its row; never a silent picture
SURVIVES = "survives"  # damage that nobody can tell: whatever it is, in order


@dataclass
class Photo:
    """A photograph and what has to come of it."""

    name: str
    outcome: str
    expected: str = ""
    tolerance: int = 0
    words: list[str] = field(default_factory=list)
    mask: str = ""  # 'same' or 'similar': the mask of the plain PNG with the same picture, exactly or nearly
    alone: bool = False  # so large that it gets a process of its own
    megabytes: int = 0  # with `alone`: the most memory that it may take


@dataclass
class Run:
    """A command and what has to come of it. `{out}` among its words is a new folder, and `{case}` the case's own."""

    name: str
    words: list[str]
    exits: list[int] = field(default_factory=lambda: [0])
    says: list[str] = field(default_factory=list)
    never_says: list[str] = field(default_factory=list)
    masks: dict[str, int] = field(default_factory=dict)  # name of a written mask: its lesion in pixels
    writes: list[str] | None = None  # the names in {out}, all of them
    files_say: dict[str, list[str]] = field(default_factory=dict)  # words in files of {out}
    dice: float | None = None  # `mean_dice` in evaluate's JSON, to 4 digits
    same_dice_as: str = ""  # another run of evaluate, earlier in the list
    dice_tolerance: float = 5e-5
    coco_area: int | None = None  # the areas in {out}/coco.json together
    or_refused: list[str] | None = None  # as right: no success, and a message with these words
    or_told: list[str] | None = None  # as right: whatever the figure, an output with these words
    unchanged: list[str] = field(default_factory=lambda: ["."])  # what must be left as it was, below the case's folder
    seconds: int = 60  # a guard against hanging, far above what it takes
    megabytes: int = 400
    prints_to: str = ""  # 'closed pipe' or 'full disk' instead of a reader
    umask: int = -1  # what is written must have the mode 0666 less this; -1: not looked at


class Corpus:
    """Collects cases and writes their files."""

    def __init__(self, folder, seed):
        self.folder = Path(folder)
        self.seed = seed
        self.photos = []
        self.runs = []
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("photos", "expected", "cases"):
            (self.folder / name).mkdir(parents=True)

    def rng(self, name):
        """Random numbers of one case, the same whatever other cases there are."""
        return np.random.default_rng([self.seed, *name.encode()])

    def photo(self, name, content, outcome, *, pixels=None, **facts):
        """Adds a photograph; `pixels` is the right picture as an array of RGB bytes."""
        if any(photo.name.rsplit(".", 1)[0] == name.rsplit(".", 1)[0] for photo in self.photos):
            raise ValueError(f"two photographs would be written to one mask: {name}")
        (self.folder / "photos" / name).write_bytes(content)
        expected = ""
        if pixels is not None:
            expected = f"{name}.png"
            Image.fromarray(np.ascontiguousarray(pixels, np.uint8)).save(self.folder / "expected" / expected)
        self.photos.append(Photo(name, outcome, expected, **facts))

    def case(self, name):
        """A new folder for the files of one run."""
        folder = self.folder / "cases" / name
        folder.mkdir(parents=True)
        return folder

    def run(self, name, command, **facts):
        """Adds a command in the folder of the case: its name, or what stands before a colon. Words have no spaces."""
        assert (self.folder / "cases" / name.split(":")[0]).is_dir(), name
        self.runs.append(Run(name, command.split(), **facts))

    def save(self):
        names = [entry.name for entry in self.photos + self.runs]
        twice = {name for name in names if names.count(name) > 1}
        assert not twice, f"cases with one name: {twice}"
        content = {
            "photos": [dataclasses.asdict(photo) for photo in self.photos],
            "runs": [dataclasses.asdict(run) for run in self.runs],
        }
        (self.folder / "manifest.json").write_text(json.dumps(content, indent=1) + "\n")


def load(folder):
    """The photographs and runs of a corpus."""
    content = json.loads((Path(folder) / "manifest.json").read_text())
    return [Photo(**entry) for entry in content["photos"]], [Run(**entry) for entry in content["runs"]]
