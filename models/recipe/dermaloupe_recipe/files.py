"""Where the recipe's files are, and atomic writes: a file is replaced as a whole or left as it was."""

import os
from pathlib import Path

RECIPE = Path(__file__).resolve().parents[1]
REPOSITORY = RECIPE.parents[1]
ZOO = RECIPE.parent / "zoo"
FIXTURES = REPOSITORY / "tests" / "fixtures"


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("DERMALOUPE_CACHE") or Path(base) / "dermaloupe")


def write_and_sync(path, write):
    with open(path, "wb") as out:
        write(out)
        out.flush()
        os.fsync(out.fileno())


def write_file(path, write):
    """Writes one file: `write(out)` fills a temporary file beside it, which is then renamed."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".part")
    write_and_sync(temporary, write)
    os.replace(temporary, path)


def write_text(path, text):
    write_file(path, lambda out: out.write(text.encode()))


def write_files(folder, contents):
    """Writes {name: bytes} into a folder; files are renamed only after all of them have been written."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    staged = []
    try:
        for name, content in contents.items():
            temporary = folder / f".{name}.part"
            staged.append((temporary, folder / name))
            write_and_sync(temporary, lambda out: out.write(content))
        for temporary, final in staged:
            os.replace(temporary, final)
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)
