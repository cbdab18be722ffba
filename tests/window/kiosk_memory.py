"""Look into the memory of a kiosk: after a visit none of its processes holds anything of the visitor's photograph.

    python3 kiosk_memory.py PROGRAM WORK

Needs a display, and the right to read the memory of processes that it starts. WORK is a folder that does not exist yet.
The kiosk's own log (-v) says how far it is; nothing is waited for by the clock. While the photograph is shown its name
and pixels must be found, or the search itself is at fault.
"""

import os
import random
import re
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

NAME = "Erika-Mustermann-left-shoulder"
WIDTH, HEIGHT = 640, 480
PATIENCE = 120
IDLE_SECONDS = 12
# How much larger than at its start the kiosk may be after a visit.
MOST_GROWTH = 1.15


def draw() -> list[bytes]:
    """Rows of a dark spot on noisy skin, as RGB: no other picture has the same run of pixels."""
    source = random.Random(14)
    rows = []
    for y in range(HEIGHT):
        row = bytearray()
        for x in range(WIDTH):
            is_spot = ((x - 320) / 110) ** 2 + ((y - 240) / 90) ** 2 < 1
            for level in (95, 60, 50) if is_spot else (215, 170, 150):
                row.append(level + source.randrange(24))
        rows.append(bytes(row))
    return rows


def png(rows: list[bytes]) -> bytes:
    """The rows as a PNG file."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def probes(rows: list[bytes], file: bytes) -> dict[str, list[bytes]]:
    """What is searched for, by what it tells of."""
    pixels = []
    for y in range(20, HEIGHT, 60):
        run = rows[y][3 * 300:3 * 316]
        pixels.append(run)
        pixels.append(b"".join(run[i:i + 3] + b"\xff" for i in range(0, len(run), 3)))
    # Lines alone: of the first and last bytes of a file many are the same in all.
    compressed = [file[len(file) * tenth // 10:][:48] for tenth in range(1, 10)]
    return {"name": [NAME.encode()], "pixels": pixels, "file": compressed}


def processes(root: int) -> list[int]:
    """`root` and all that it started."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if stat[0] != "Z":
                parents[int(entry.name)] = int(stat[1])
    found = [root] if root in parents else []
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def memory(pid: int):
    """The readable memory of a process, but for what is mapped of files without being changed."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            place, rights, _, _, _, *path = line.split(maxsplit=5)
            is_file = path and path[0].startswith("/") and "w" not in rights
            if "r" not in rights or is_file or (path and path[0].startswith(("[vvar", "[vsyscall"))):
                continue
            start, end = (int(number, 16) for number in place.split("-"))
            try:
                mem.seek(start)
                yield mem.read(end - start)
            except (OSError, ValueError):
                continue  # given back meanwhile, or a device's


def search(root: int, wanted: dict[str, list[bytes]]) -> dict[str, int]:
    """How many probes of each kind are found in the processes."""
    found = {kind: set() for kind in wanted}
    for pid in processes(root):
        for part in memory(pid):
            for kind, patterns in wanted.items():
                found[kind] |= {pattern for pattern in patterns if pattern in part}
    return {kind: len(patterns) for kind, patterns in found.items()}


def resident_mib(root: int) -> float:
    """The resident memory of all processes."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in processes(root))
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Kiosk:
    """A kiosk in a window, and its log."""

    def __init__(self, program: str, work: Path) -> None:
        self.usb, self.log, self.seen = work / "usb", work / "log", 0
        (work / "run").mkdir(parents=True)
        self.usb.mkdir()
        settings = work / "kiosk.toml"
        settings.write_text(f"watch = ['{self.usb}']\npoll_seconds = 1\nidle_seconds = {IDLE_SECONDS}\n")
        environment = {**os.environ, "RUNTIME_DIRECTORY": str(work / "run")}
        command = [program, "kiosk", "-v", "--config", str(settings), "--window", "1024x600"]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, env=environment, stderr=log)

    def wait(self, pattern: str) -> None:
        """Until the log has a line that matches, after the one that was waited for last."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            text = self.log.read_text(errors="replace")
            if match := re.compile(pattern).search(text, self.seen):
                self.seen = match.end()
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        sys.exit(f"kiosk_memory: never saw '{pattern}':\n{self.log.read_text(errors='replace')[-2000:]}")


def main() -> None:
    kiosk = Kiosk(sys.argv[1], Path(sys.argv[2]))
    try:
        visit(kiosk)
        # The screen does not outlive the supervisor.
        all_of_it = processes(kiosk.process.pid)
        kiosk.process.kill()
        kiosk.process.wait()
        end = time.monotonic() + PATIENCE
        while any(processes(pid) for pid in all_of_it):
            if time.monotonic() > end:
                sys.exit("kiosk_memory: the screen outlives its supervisor")
            time.sleep(0.05)
    finally:
        kiosk.process.kill()


def visit(kiosk: Kiosk) -> None:
    """A photograph comes, is shown, is forgotten, and its stick is taken out."""
    root = kiosk.process.pid
    rows = draw()
    file = png(rows)
    wanted = probes(rows, file)
    kiosk.wait("outlined: ")
    before = resident_mib(root)
    (kiosk.usb / f"{NAME}.png").write_bytes(file)
    kiosk.wait(f"photo: {NAME}")
    kiosk.wait("outlined: ")
    shown = search(root, wanted)
    print(f"  while it is shown: {shown}, {resident_mib(root):.0f} MiB")
    if not shown["name"] or not shown["pixels"]:
        sys.exit("kiosk_memory: what is shown is not found, so nothing else that is not found means anything")
    kiosk.wait("photographs are cleared")
    kiosk.wait("a fresh process draws the screen")
    left, after = search(root, wanted), resident_mib(root)
    print(f"  after it was forgotten, its stick still there: {left}, {after:.0f} MiB, at first {before:.0f}")
    if any(left.values()):
        sys.exit("kiosk_memory: something of the photograph is left")
    if after > MOST_GROWTH * before:
        sys.exit("kiosk_memory: the memory of the visit is not given back")


if __name__ == "__main__":
    main()
