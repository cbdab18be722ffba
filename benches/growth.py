#!/usr/bin/env python3
"""How time and memory grow with the size of a photograph and with the number of files, and the plot of it.

    benches/growth.py measure CSV NAME=PROGRAM... [--most 10000] [--engine rten] [--only segment/files ...] [--append]
    benches/growth.py draw CSV docs/growth                  # writes docs/growth.svg and docs/growth.png

In the recipe's environment: PYTHONPATH=models/recipe "$(models/recipe/environment.sh)/bin/python" benches/growth.py ...

The photographs are the drawn sample, enlarged or reduced. Of each size three are done one at a time, and one, and the
difference counts: the program's start is left out. For the number of files a small one is linked under many names; time is
the whole process over the number of files. NAME is a line of the plot, such as `before` and `now`. Time is that of the
processor, which a busy machine changes less than that of the clock; memory is the most that the process held. A count of
files beyond --most is only listed and planned: one shard of so many that it holds next to nothing. --only measures a part,
--append adds it to a CSV that is there.
"""

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MEGAPIXELS = (0.2, 0.8, 3, 12, 24, 48, 80)
COUNTS = (10, 100, 1_000, 10_000, 100_000)
LINKS = 30_000  # of one file; ext4 allows 65,000
SMALL = (96, 72)
FIELDS = ("program", "command", "grows", "value", "cpu_ms", "wall_ms", "peak_mib")


def run(program, command, folder, work, more):
    """The seconds of processor and clock and the peak in MiB of the command over a folder."""
    out = work / "out"
    shutil.rmtree(out, ignore_errors=True)
    rest = {"segment": ["--out", out], "report": ["--csv", work / "rows.csv", "--json"]}[command]
    began = os.times().elapsed
    child = subprocess.Popen([program, command, folder, *rest, *more], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"growth.py: {command} over {folder} failed ({child.returncode})")
    return usage.ru_utime + usage.ru_stime, os.times().elapsed - began, usage.ru_maxrss / 1024


def links(photo, folder, count):
    """`count` names of a photograph; beyond LINKS of a further copy of it."""
    folder.mkdir()
    for number in range(count):
        if number % LINKS == 0:
            source = folder.parent / f"{folder.name}-{number}{photo.suffix}"
            shutil.copy(photo, source)
        os.link(source, folder / f"photo {number:06}{photo.suffix}")


def sample(path, size):
    """The drawn sample at this size, made by another process: what this one held would count as its children's."""
    subprocess.run([sys.executable, __file__, "sample", path, *map(str, size)], check=True)
    return path


def draw_sample(arguments):
    from PIL import Image

    drawn = Image.open(Path(__file__).parent.parent / "assets/sample/phantom.jpg")
    drawn.resize((arguments.width, arguments.height), Image.BICUBIC).save(arguments.path, quality=90)


def by_size(program, command, work, more):
    for megapixels in MEGAPIXELS:
        side = (megapixels * 1e6 / 12) ** 0.5
        photo = sample(work / f"{megapixels}.jpg", (round(4 * side), round(3 * side)))
        found = []
        for count in (1, 4):
            folder = work / f"{megapixels} x {count}"
            if not folder.exists():
                links(photo, folder, count)
            found.append(run(program, command, folder, work, [*more, "--at-once", "1"]))
        (cpu, wall, _), (all_cpu, all_wall, peak) = found
        yield megapixels, (all_cpu - cpu) / 3, (all_wall - wall) / 3, peak


def by_count(program, command, work, more, most, can_shard):
    photo = sample(work / "small.jpg", SMALL)
    for count in COUNTS:
        folder = work / f"small x {count}"
        if count > most and not can_shard:
            continue
        if not folder.exists():
            links(photo, folder, count)
        listed = ["--shard", "1/100000"] if count > most else []
        cpu, wall, peak = run(program, command, folder, work, [*more, *listed])
        name = f"{command}, listing" if listed else command
        yield name, count, cpu / count, wall / count, peak


def measure(arguments):
    more = ["--engine", arguments.engine]
    with open(arguments.csv, "a" if arguments.append else "w", newline="") as file, tempfile.TemporaryDirectory() as work:
        rows, work = csv.writer(file, lineterminator="\n"), Path(work)
        if not arguments.append:
            rows.writerow(FIELDS)

        def add(name, command, grows, value, cpu, wall, peak):
            rows.writerow((name, command, grows, value, f"{cpu * 1e3:.3f}", f"{wall * 1e3:.3f}", f"{peak:.1f}"))
            file.flush()
            print(f"{name:8} {command:17} {grows} {value:>8}  {cpu * 1e3:9.2f} ms  {peak:7.1f} MiB", flush=True)

        for name, program in (named.split("=", 1) for named in arguments.programs):
            shards = "--shard" in subprocess.run([program, "segment", "--help"], capture_output=True, text=True).stdout
            for part in arguments.only:
                command, grows = part.split("/")
                if grows == "megapixels":
                    for value, *found in by_size(program, command, work, more):
                        add(name, command, grows, value, *found)
                else:
                    for of, value, *found in by_count(program, command, work, more, arguments.most, shards):
                        add(name, of, grows, value, *found)


def draw(arguments):
    import math

    from dermaloupe_recipe.canvas import Canvas
    from dermaloupe_recipe.cards import sha256
    from dermaloupe_recipe.uncertainty_figures import BLUE, DIM, GREEN, ORANGE, TEXT, Axes, legend

    with open(arguments.csv) as file:
        rows = list(csv.DictReader(file))
    canvas = Canvas(980, 760)
    canvas.text(20, 26, "Time and memory as photographs and folders grow", TEXT, 16, bold=True)
    panels = [
        ("megapixels", "cpu_ms", "Milliseconds of processor a photograph", "Megapixels of a photograph", (0.1, 100), (1, 10_000)),
        ("megapixels", "peak_mib", "MiB at most", "Megapixels of a photograph", (0.1, 100), (10, 10_000)),
        ("files", "cpu_ms", "Milliseconds of processor a photograph", "Photographs in the folder", (10, 100_000), (0.001, 1_000)),
        ("files", "peak_mib", "MiB at most", "Photographs in the folder", (10, 100_000), (10, 10_000)),
    ]
    names = list(dict.fromkeys((row["program"], row["command"]) for row in rows))
    last = names[-1][0]

    def style(program, command):
        colour = {"segment": BLUE, "report": ORANGE}.get(command, GREEN)
        return colour, None if program == last else 4

    listings = [name for name in names if "listing" in name[1]]
    shown = [name for name in names if name not in listings[1:]]
    for place, name in enumerate(shown):
        said = f"listing alone, {name[0]}" if name in listings else f"{name[1]}, {name[0]}"
        legend(canvas, 20 + place * 185, 56, [(*style(*name), said)])
    for place, (grows, key, title, below, x_range, y_range) in enumerate(panels):
        log = math.log10
        axes = Axes(canvas, 80 + place % 2 * 470, 110 + place // 2 * 330, 380, 230, tuple(map(log, x_range)), tuple(map(log, y_range)))
        ticks = [range(round(log(least)), round(log(most)) + 1) for least, most in (x_range, y_range)]
        axes.grid(*ticks, lambda value: f"{10.0 ** value:,g}" if value < 5 else "100,000")
        canvas.text(axes.left, axes.top - 16, title, TEXT, 13, bold=True)
        canvas.text(axes.left + axes.width / 2, axes.top + axes.height + 34, below, DIM, 12, "middle")
        for name in shown:
            points = [(float(row["value"]), float(row[key])) for row in rows
                      if (row["program"], row["command"], row["grows"]) == (*name, grows)]
            if points:
                colour, dash = style(*name)
                axes.curve([(log(x), log(max(y, y_range[0]))) for x, y in points], colour, 2.0, dash, dots=3)
    svg = canvas.svg().encode()
    Path(f"{arguments.to}.svg").write_bytes(svg)
    Path(f"{arguments.to}.png").write_bytes(canvas.png(sha256(svg)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("measure")
    one.add_argument("csv")
    one.add_argument("programs", nargs="+")
    one.add_argument("--most", type=int, default=10_000)
    one.add_argument("--engine", default="rten")
    parts = [f"{command}/{grows}" for command in ("segment", "report") for grows in ("megapixels", "files")]
    one.add_argument("--only", nargs="+", choices=parts, default=parts)
    one.add_argument("--append", action="store_true")
    one.set_defaults(do=measure)
    photo = commands.add_parser("sample", help="what measure draws for itself")
    photo.add_argument("path")
    photo.add_argument("width", type=int)
    photo.add_argument("height", type=int)
    photo.set_defaults(do=draw_sample)
    other = commands.add_parser("draw")
    other.add_argument("csv")
    other.add_argument("to")
    other.set_defaults(do=draw)
    arguments = parser.parse_args()
    arguments.do(arguments)


if __name__ == "__main__":
    main()
