#!/usr/bin/env python3
"""How long a person waits for the window after a cold start, and what it takes from the processor once it is at rest.

    benches/start.py [PROGRAM [FOLDER...]] [--runs N] [--rest SECONDS] [--walk N]

The real window on a display of its own (Xvfb, software OpenGL), each time in a home without settings: on the built-in
sample, on each FOLDER, and the kiosk. Milliseconds from the start of the process until the window says that the picture is
on the canvas, that the outline lies over it, and that everything stands on the screen; the median of the runs, with the
least and the most. Then the share of one core over the seconds of rest, of the window and of the kiosk's idle screen; with --walk the
window rests after as many keys for the next photograph (xdotool), a second and a half apart. Rest begins when a second
has passed without work, as neighbours are still read and notices still leave; after a minute it counts as it is.
PROGRAM: target/release/dermaloupe; its files are read once before the first run.
"""

import argparse
import os
import signal
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

EVENTS = {"picture": "photo: ", "outline": "outlined: ", "at rest": "at rest"}


def display():
    """A display, and its name."""
    ready, write = os.pipe()
    screen = ["-screen", "0", "1920x1080x24", "-nolisten", "tcp"]
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), *screen], pass_fds=[write], stderr=subprocess.DEVNULL
    )
    return server, ":" + os.read(ready, 16).decode().strip()


def ticks(pid):
    """Seconds that processors worked for the process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def walk(environment, photos):
    find = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "^Dermaloupe$", "windowfocus"]
    subprocess.run(find, env=environment, stdout=subprocess.DEVNULL, check=True)
    for _ in range(photos):
        subprocess.run(["xdotool", "key", "Right"], env=environment, check=True)
        time.sleep(1.5)


def settle(pid):
    began = time.monotonic()
    # Thumbnails and notices come to an end.
    time.sleep(3)
    before = -1.0
    while before != (before := ticks(pid)) and time.monotonic() - began < 60:
        time.sleep(1)


def run(command, screen, awaited, rest, photos=0):
    """Milliseconds to each event of `awaited`, and the share of a core in `rest` seconds after the last and a walk."""
    with tempfile.TemporaryDirectory() as home:
        data = os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local/share"))
        environment = {**os.environ, "HOME": home, "XDG_DATA_HOME": data, "DISPLAY": screen}
        for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "WAYLAND_DISPLAY"):
            environment.pop(name, None)
        began = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        times = {}
        try:
            for line in process.stderr:
                for name in awaited:
                    if name not in times and EVENTS[name] in line:
                        times[name] = 1e3 * (time.perf_counter() - began)
                if len(times) == len(awaited):
                    break
            idle = None
            if rest:
                if photos:
                    walk(environment, photos)
                settle(process.pid)
                before = ticks(process.pid)
                time.sleep(rest)
                idle = 100 * (ticks(process.pid) - before) / rest
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
            process.stderr.close()
    return times, idle


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program", nargs="?", default="target/release/dermaloupe", metavar="PROGRAM")
    arguments.add_argument("folders", nargs="*", metavar="FOLDER")
    arguments.add_argument("--runs", type=int, default=7, metavar="N")
    arguments.add_argument("--rest", type=float, default=10, metavar="SECONDS")
    arguments.add_argument("--walk", type=int, default=0, metavar="N")
    arguments = arguments.parse_args()
    server, screen = display()
    try:
        window = [arguments.program, "-v", "--size", "1280x800"]
        for name, paths in [("the sample", []), *((folder, [folder]) for folder in arguments.folders)]:
            rows = []
            for number in range(arguments.runs):
                is_last = number + 1 == arguments.runs
                times, idle = run([*window, *paths], screen, list(EVENTS), arguments.rest if is_last else 0, arguments.walk)
                rows.append(times)
            parts = []
            for event in EVENTS:
                millis = sorted(row[event] for row in rows if event in row)
                parts.append(f"{event} {statistics.median(millis):.0f} ({millis[0]:.0f} to {millis[-1]:.0f})")
            print(f"{name}: {', '.join(parts)} ms in {len(rows)} runs; {idle:.1f} % of a core at rest", flush=True)
        kiosk = [arguments.program, "kiosk", "-v", "--size", "1280x800"]
        print(f"kiosk's idle screen: {run(kiosk, screen, [], arguments.rest)[1]:.1f} % of a core")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
