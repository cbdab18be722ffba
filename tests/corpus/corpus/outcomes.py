"""Compares outcomes with the manifest. Each function returns complaints, none if all is right."""

import hashlib
import os
import re
import stat

import numpy as np
from PIL import Image

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")


def missing_words(words, text):
    """The words that `text` lacks; `one|other` is either."""
    text = text.lower()
    return [word for word in words if not any(other in text for other in word.split("|"))]


def in_order(ended, megabytes):
    """What holds for every command, whatever it was given."""
    complaints = []
    if ended.hung:
        complaints.append("it hung")
    elif ended.code not in (0, 1, 2):
        complaints.append(f"it ended with {ended.code}: {ended.stderr[-300:]}")
    if ended.peak_megabytes > megabytes:
        complaints.append(f"it took {ended.peak_megabytes:.0f} MB, at most {megabytes}")
    if "panicked" in ended.text:
        lines = ended.text.splitlines()
        at = next(number for number, line in enumerate(lines) if "panicked" in line)
        complaints.append(f"it panicked: {' '.join(lines[at : at + 2])[:300]}")
    if found := CONTROL.search(ended.text):
        complaints.append(f"it printed the control character {found[0]!r}")
    if ended.code and not ended.text.strip() and not ended.hung:
        complaints.append("it failed without a word")
    return complaints


def pixels(path, expected, tolerance):
    """How the picture at `path` differs from the one at `expected`; empty if by no more than `tolerance` levels."""
    found, right = (np.asarray(Image.open(file).convert("RGB")).astype(int) for file in (path, expected))
    if found.shape != right.shape:
        return f"{found.shape[1]}x{found.shape[0]} px, expected {right.shape[1]}x{right.shape[0]}"
    most = int(abs(found - right).max())
    if most <= tolerance:
        return ""
    means = " ".join(f"{value:.0f}" for value in found.mean(axis=(0, 1)))
    return f"another picture: {most} levels off, at most {tolerance}; mean RGB {means}"


def mask(path):
    return np.asarray(Image.open(path).convert("L")) > 128


def dice(one, other):
    total = one.sum() + other.sum()
    return 2 * (one & other).sum() / total if total else 1.0


def state_of(folder):
    """Every file below a folder: kind, permissions, content or target. Pipes and devices are not opened."""
    state = {}
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(place, name)
            facts = os.lstat(path)
            content = ""
            if stat.S_ISLNK(facts.st_mode):
                content = os.readlink(path)
            elif stat.S_ISREG(facts.st_mode) and facts.st_size < 1 << 28:
                with open(path, "rb") as file:
                    content = hashlib.sha256(file.read()).hexdigest()
            elif stat.S_ISREG(facts.st_mode):
                content = facts.st_size
            state[os.path.relpath(path, folder)] = (stat.S_IFMT(facts.st_mode), facts.st_mode & 0o777, content)
    return state
