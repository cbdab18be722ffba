#!/usr/bin/env python3
"""The real window under a virtual display, played with at random from a seed while its photographs vanish, come damaged and
come back: it goes on, nothing panics, and its memory does not grow.

    tests/load/window_soak.py PROGRAM SECONDS [SEED]

Needs Xvfb and xdotool. Prints the memory every minute and the line through it, in KiB a step."""
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Of keys, those that end the program, leave the folder, or ask the system for a window of its own are left out.
KEYS = """Right Left Right Left Home End 1 2 3 4 5 0 6 7 8 e e g b n Escape Escape plus minus bracketleft bracketright d a c w x i
    f t h y k comma period slash Tab Return space BackSpace Delete F1 F2 F5 F6 Page_Up Page_Down Up Down ctrl+z ctrl+shift+z
    ctrl+l shift+Right shift+y""".split()
WIDTH, HEIGHT = 1280, 800
PHOTOS = 8


def drawn(number: int) -> bytes:
    """A dark spot on skin as PNG, another for each number."""
    source = random.Random(number)
    rows = []
    for y in range(480):
        noise = source.randbytes(640)
        row = bytearray(b"\0")
        for x in range(640):
            is_spot = ((x - 240 - 20 * number) / 110) ** 2 + ((y - 240) / 90) ** 2 < 1
            red, green, blue = (95, 60, 50) if is_spot else (215, 170, 150)
            level = noise[x] >> 4
            row += bytes((red + level, green + level, blue + level))
        rows.append(bytes(row))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 640, 480, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")


class Photos:
    """The folder, and what is wrong with it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.faults = folder, 0
        self.whole = {f"{number}.png": drawn(number) for number in range(PHOTOS)}
        folder.mkdir()
        self.heal()

    def heal(self) -> None:
        for name, content in self.whole.items():
            path = self.folder / name
            if path.is_file() and path.read_bytes() == content:
                continue
            if path.exists():
                path.unlink()
            path.write_bytes(content)

    def strike(self, dice: random.Random) -> None:
        name = dice.choice(list(self.whole))
        path, content = self.folder / name, bytearray(self.whole[name])
        if path.exists():
            path.unlink()
        kind = dice.randrange(4)
        if kind == 0:
            path.write_bytes(content[:dice.randrange(len(content))])
        elif kind == 1:
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
            path.write_bytes(content)
        elif kind == 2:
            os.mkfifo(path)
        self.faults += 1


def resident_kib(pid: int) -> int:
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


def slope(points: list[tuple[int, int]]) -> float:
    """Of the line of least squares."""
    mean_x, mean_y = (sum(axis) / len(points) for axis in zip(*points))
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)


def cancel_dialogs(pid: int) -> int:
    """Closes the desktop's dialogs, as a person does who chooses nothing; Tab and Return reach the buttons that ask for them.
    Returns how many were open."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    is_dialog = lambda child: Path(f"/proc/{child}/comm").read_text().startswith("zenity")
    dialogs = [int(child) for listed in children for child in listed.read_text().split() if is_dialog(child)]
    for dialog in dialogs:
        os.kill(dialog, 15)
    return len(dialogs)


def play(dice: random.Random) -> list[str]:
    """Words for xdotool: a few keys, a click, a drag or a turn of the wheel over the photograph."""
    at = lambda: [str(dice.randrange(80, 820)), str(dice.randrange(120, 640))]
    kind = dice.randrange(8)
    if kind < 4:
        return ["key", "--clearmodifiers", "--delay", "20", *dice.choices(KEYS, k=dice.randrange(1, 5))]
    if kind == 4:
        return ["mousemove", *at(), "click", "1"]
    if kind == 5:
        return ["mousemove", *at(), "click", "--repeat", "3", "--delay", "30", dice.choice("45")]
    return ["mousemove", *at(), "mousedown", "1", "mousemove", *at(), "sleep", "0.03", "mousemove", *at(), "mouseup", "1"]


def main() -> None:
    program, seconds = sys.argv[1], float(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 20261126
    dice = random.Random(seed)
    work = Path(tempfile.mkdtemp())
    display = None
    try:
        read, write = os.pipe()
        display = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"],
                                   pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        number = os.read(read, 16).decode().strip()
        photos = Photos(work / "photos")
        environment = {**os.environ, "DISPLAY": f":{number}", "HOME": str(work), "XDG_CONFIG_HOME": str(work / "config"),
                       "XDG_DATA_HOME": os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local/share"))}
        soak(program, photos, dice, environment, seconds, work / "log", seed)
    finally:
        if display:
            display.kill()
            display.wait()
        shutil.rmtree(work, ignore_errors=True)


def start(program, photos, environment, log) -> subprocess.Popen:
    window = subprocess.Popen([program, "-v", "--language", "en", str(photos.folder)], env=environment, stderr=log.open("ab"))
    subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", "^Dermaloupe$", "windowfocus"], env=environment,
                   stdout=subprocess.DEVNULL, timeout=120)
    return window


def stop(window) -> None:
    window.terminate()
    window.wait(60)


def has_left(log: Path) -> bool:
    """Whether a button has led from the folder to a sample, from where no key leads back."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 20_000))
        shown = re.findall(r"info: photo: (.*)", file.read().decode(errors="replace"))
    return bool(shown) and "drawn phantom" in shown[-1]


def soak(program, photos, dice, environment, seconds, log, seed) -> None:
    xdotool = lambda *words: subprocess.run(["xdotool", *words], env=environment, stdout=subprocess.DEVNULL,
                                            stderr=subprocess.DEVNULL, timeout=120)
    window = start(program, photos, environment, log)
    started, steps, lives, said = time.monotonic(), 0, [[]], 0.0
    while (passed := time.monotonic() - started) < seconds:
        if dice.randrange(12) == 0:
            photos.strike(dice)
        if dice.randrange(60) == 0:
            photos.heal()
        if dice.randrange(10) == 0 and (dialogs := cancel_dialogs(window.pid)) > 1:
            sys.exit(f"window_soak: seed {seed}: {dialogs} dialogs are open at once after {steps} steps")
        xdotool(*play(dice))
        steps += 1
        if window.poll() is not None:
            sys.exit(f"window_soak: seed {seed}: it ended with {window.returncode} after {steps} steps:\n{log.read_text()[-3000:]}")
        if dice.randrange(100) == 0 and has_left(log):
            stop(window)
            window = start(program, photos, environment, log)
            lives.append([])
        if passed - said >= 10:
            points = lives[-1]
            points.append((steps, resident_kib(window.pid)))
            if int(passed) // 60 != int(said) // 60:
                print(f"{passed:.0f} s, {steps} steps, {photos.faults} faults, {points[-1][1] // 1024} MiB", flush=True)
            said = passed
    text = log.read_text(errors="replace")
    if "panicked" in text or "nternal error" in text:
        sys.exit(f"window_soak: seed {seed}: a panic:\n" + "\n".join(re.findall(r".*(?:panicked|nternal error).*\n.*", text)[:5]))
    # It still does what it is asked.
    photos.heal()
    for _ in range(6):
        xdotool("key", "Escape")
    seen = len(log.read_text(errors="replace"))
    end = time.monotonic() + 90
    xdotool("key", "Home")
    xdotool("key", "Right")
    while "photo: " not in log.read_text(errors="replace")[seen:]:
        if time.monotonic() > end:
            sys.exit(f"window_soak: seed {seed}: it shows nothing any more:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.1)
    stop(window)
    longest = max(lives, key=len)
    rest = longest[len(longest) // 3:]
    growth = f"{slope(rest):.2f} KiB a step in the longest of {len(lives)} lives" if len(rest) > 2 else "too short for a slope"
    most = max(resident for life in lives for _, resident in life) // 1024 if longest else 0
    print(f"seed {seed}: {steps} steps in {seconds:.0f} s, {photos.faults} faults, {most} MiB at most, {growth}")


if __name__ == "__main__":
    main()
