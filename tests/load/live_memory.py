#!/usr/bin/env python3
"""The memory of the live outline over minutes: by the command line, or in the real window under a virtual display.

    tests/load/live_memory.py PROGRAM SECONDS SOURCE [--window] [-- WORDS...]

SOURCE is a file or folder that is played as a camera; WORDS go to the program. Prints what is resident every ten
seconds and the line of least squares through what came after the first minute, and exits with 1 where that rises by
more than 128 KiB a minute. --window needs Xvfb."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EVERY = 10
# Until then caches fill and the first engine is loaded.
START = 60
MOST_KIB_A_MINUTE = 128
PATIENCE = 120


def memory_kib(pid: int) -> tuple[int, int]:
    """All that is resident, and what of it is the program's own and no file's."""
    status = Path(f"/proc/{pid}/status").read_text()
    return tuple(int(re.search(rf"{name}:\s+(\d+)", status)[1]) for name in ("VmRSS", "RssAnon"))


def slope(points: list[tuple[float, int]]) -> float:
    """Of the line of least squares."""
    mean_x, mean_y = (sum(axis) / len(points) for axis in zip(*points))
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)


def watch(process: subprocess.Popen, seconds: float) -> list[tuple[float, int, int]]:
    """What it holds every ten seconds, until the time or the program ends."""
    began, points = time.monotonic(), []
    while (passed := time.monotonic() - began) < seconds and process.poll() is None:
        resident, own = memory_kib(process.pid)
        points.append((passed, resident, own))
        print(f"{passed:.0f} s: {resident} KiB resident, {own} of its own", flush=True)
        time.sleep(min(EVERY, max(0.1, seconds - passed)))
    return points


def by_command(command: list[str], seconds: float) -> list[tuple[float, int, int]]:
    process = subprocess.Popen([*command, "--seconds", str(seconds), "--json"], stdout=subprocess.PIPE, text=True)
    points = watch(process, seconds)
    answer, _ = process.communicate(timeout=PATIENCE)
    found = json.loads(answer or "{}")
    names = ("frames", "outlined", "frames_per_second", "dropped", "damaged", "latency_millis", "cpu_share",
             "peak_memory_bytes", "engine", "interruptions")
    print(", ".join(f"{name} {found.get(name)}" for name in names))
    return points


def in_window(command: list[str], seconds: float, work: Path) -> list[tuple[float, int, int]]:
    read, write = os.pipe()
    display = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
                               pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    number = os.read(read, 16).decode().strip()
    environment = {**os.environ, "DISPLAY": f":{number}", "HOME": str(work), "XDG_CONFIG_HOME": str(work / "config"),
                   "XDG_DATA_HOME": os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local/share"))}
    log = work / "log"
    with log.open("wb") as target:
        window = subprocess.Popen([*command, "-v", "--size", "1280x800"], env=environment, stderr=target)
    try:
        end = time.monotonic() + PATIENCE
        while "live: running" not in log.read_text(errors="replace"):
            if time.monotonic() > end or window.poll() is not None:
                sys.exit(f"live_memory: no live picture:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.1)
        points = watch(window, seconds)
        if window.poll() is not None:
            sys.exit(f"live_memory: it ended with {window.returncode}:\n{log.read_text(errors='replace')[-3000:]}")
        return points
    finally:
        window.terminate()
        window.wait(PATIENCE)
        display.kill()
        display.wait()


def main() -> None:
    words = sys.argv[1:]
    more = words[words.index("--") + 1:] if "--" in words else []
    words = words[:words.index("--")] if "--" in words else words
    program, seconds, source = [word for word in words if word != "--window"]
    work = Path(tempfile.mkdtemp())
    try:
        if "--window" in words:
            points = in_window([program, f"--live={source}", *more], float(seconds), work)
        else:
            points = by_command([program, "live", "--source", source, *more], float(seconds))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    rest = [point for point in points if point[0] >= START]
    if len(rest) < 3:
        sys.exit("live_memory: too short for a line")
    rises = [60 * slope([(point[0], point[kind]) for point in rest]) for kind in (1, 2)]
    print(f"from {START} s on: {min(point[1] for point in rest)} to {max(point[1] for point in rest)} KiB resident, "
          f"{rises[0]:+.1f} KiB a minute ({rises[1]:+.1f} of its own)")
    if rises[0] > MOST_KIB_A_MINUTE:
        sys.exit("live_memory: it grows")


if __name__ == "__main__":
    main()
