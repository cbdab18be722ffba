"""What the virtual machine of run.sh does: each step, what was seen, and whether that is right."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, "/test")

from usb_camera import NV12_GUID, YUY2_GUID, Format, UsbCamera, jpeg_size, nv12_frame, yuy2_frame

PATIENCE = 120
# With its machine's libraries, which may be newer than this one's.
PROGRAM = ["/test/lib/ld-linux-x86-64.so.2", "--library-path", "/test/lib", "/test/dermaloupe"]
PHOTOS = [path.read_bytes() for path in sorted(Path("/test/photos").glob("*.jpg"))]
SIZE = jpeg_size(PHOTOS[0])
OTHER_SIZE = [photo for photo in PHOTOS if jpeg_size(photo) != SIZE]
results = []


def step(name, is_right, seen):
    """Notes what was seen of a step."""
    seen = " ".join(str(seen).split())
    results.append((name, bool(is_right), seen))
    print(f"  {'right' if is_right else 'WRONG'}: {name}: {seen}", flush=True)


def run(*words, seconds=PATIENCE):
    try:
        done = subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=seconds)
    except subprocess.TimeoutExpired as late:
        return 124, (late.stdout or b"").decode(errors="replace"), f"no end within {seconds} s"
    return done.returncode, done.stdout, done.stderr


def device_of(name):
    """The first video device of the camera with this name."""
    for about in sorted(Path("/sys/class/video4linux").glob("video*"), key=lambda path: int(path.name[5:])):
        try:
            found, index = (about / "name").read_text(), (about / "index").read_text().strip()
        except OSError:
            continue  # It was unplugged in between.
        if name in found and index == "0":
            return f"/dev/{about.name}"
    return None


def wait_for(what, seconds=PATIENCE):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    return None


def formats_of(device):
    _, listed, _ = run("v4l2-ctl", "-d", device, "--list-formats")
    return [line.split("'")[1].strip() for line in listed.splitlines() if "'" in line]


def new_camera():
    return UsbCamera([
        Format("MJPG", None, 24, *SIZE, [photo for photo in PHOTOS if jpeg_size(photo) == SIZE]),
        Format("YUYV", YUY2_GUID, 16, 320, 240, [yuy2_frame(320, 240)]),
        Format("NV12", NV12_GUID, 12, 320, 240, [nv12_frame(320, 240)]),
    ])


def the_stack_itself(camera):
    """The kernel's side, seen with its own tool, so that a fault of the program is told from one of this test."""
    vivid = wait_for(lambda: device_of("vivid"))
    found = formats_of(vivid)
    step("vivid lists its formats", {"YUYV", "NV12"} <= set(found), f"{len(found)}, with YUYV and NV12")
    camera.plug()
    usb = wait_for(lambda: device_of("Test dermatoscope"))
    step("a USB camera is plugged in", usb, usb)
    found = formats_of(usb)
    step("it lists its formats", found == ["MJPG", "YUYV", "NV12"], " ".join(found))
    for one in camera.formats:
        target = Path(f"/tmp/{one.name}")
        size = f"width={one.width},height={one.height},pixelformat={one.name}"
        code, _, _ = run("v4l2-ctl", "-d", usb, f"--set-fmt-video={size}", "--stream-mmap", "--stream-count=1",
                         f"--stream-to={target}")
        arrived = target.read_bytes() if code == 0 else b""
        step(f"its {one.name} frame arrives byte for byte", arrived in one.frames,
             f"{one.width}x{one.height}, {len(arrived)} bytes")
    camera.unplug()
    gone = wait_for(lambda: device_of("Test dermatoscope") is None)
    step("unplugged, it is gone", gone, f"{len(formats_of(vivid))} formats of vivid are left")
    return vivid


def live(*words, seconds=3, **how):
    """Runs the program on a camera; its code, its report, and what it said."""
    command = [*PROGRAM, "live", "--seconds", str(seconds), "--json", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE + seconds, **how)
    return done.returncode, json.loads(done.stdout or "{}"), done.stderr.strip()


class Running:
    """The program on a camera while something is done to it; what it says is read as it says it."""

    def __init__(self, *words, seconds):
        command = [*PROGRAM, "live", "--seconds", str(seconds), "--json", *words]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said = []
        threading.Thread(target=lambda: self.said.extend(iter(self.process.stderr.readline, "")), daemon=True).start()

    def says(self, words, times=1):
        """Whether it has said so as often, or does within some time."""
        return wait_for(lambda: sum(words in line for line in self.said) >= times, 40)

    def report(self):
        answer, _ = self.process.communicate(timeout=PATIENCE * 3)
        return self.process.returncode, json.loads(answer or "{}")


def summary(report):
    names = ("format", "width", "height", "frames", "outlined", "dropped", "damaged", "interruptions")
    return " ".join(f"{name}={report.get(name)}" for name in names if report.get(name) not in (None, []))


def formats(camera, vivid):
    """Each format of each camera is outlined; returns how long the program needs until its first outline."""
    code, cameras, said = run_json("live", "--list", "--json")
    names = [(one["name"], one["place"]) for one in cameras or []]
    step("the program lists both cameras", code == 0 and len(names) == 2, names or said)
    begun = time.monotonic()
    for source, pixels in ((vivid, "yuyv"), (vivid, "nv12"), ("dermatoscope", "mjpeg"), ("dermatoscope", "yuyv"),
                           ("dermatoscope", "nv12")):
        begun = time.monotonic()
        code, found, said = live("--source", source, "--pixels", pixels)
        is_right = code == 0 and found["format"].lower() == pixels and found["outlined"] > 0
        step(f"{pixels.upper()} of {source} is outlined", is_right, summary(found) or said[-200:])
    return max(0.0, time.monotonic() - begun - 3)


def refusals(vivid):
    """What a camera that cannot be had is told about."""
    code, _, said = live("--source", "/dev/video77")
    step("no such camera", code != 0 and "/dev/video77" in said, said[-160:])
    Path("/etc/group").write_text("root:x:0:\nvideo:x:44:\n")
    os.chown(vivid, 0, 44)
    os.chmod(vivid, 0o660)
    code, _, said = live("--source", vivid, user=65534, group=65534, extra_groups=[])
    step("no permission, with the group that has it", code != 0 and "usermod -aG video" in said, said[-200:])
    other = subprocess.Popen(["v4l2-ctl", "-d", vivid, "--stream-mmap"], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    time.sleep(2)
    code, _, said = live("--source", vivid)
    step("another program has the camera", code != 0 and "another program is using" in said, said[-160:])
    other.terminate()
    other.wait()


def interruptions(camera, start_seconds):
    """A frozen, an unplugged and a faulty camera while the program runs."""
    program = Running("--source", "dermatoscope", "--pixels", "mjpeg", seconds=100)
    time.sleep(2 * start_seconds + 5)
    camera.freeze()
    seen = program.says("has sent no picture for")
    step("frozen: it says so", seen, last(program, "has sent no picture for"))
    camera.thaw()
    step("thawed: the picture is back by itself", program.says("the picture is back"), last(program, "is back"))
    camera.unplug()
    seen = program.says("was unplugged") or program.says("there is no camera")
    step("unplugged: it says so", seen, last(program, "unplugged") or last(program, "there is no camera"))
    camera.plug()
    wait_for(lambda: device_of("Test dermatoscope"))
    seen = program.says("the picture is back", 2)
    step("plugged in again: the picture is back by itself", seen, last(program, "is back"))
    code, report = program.report()
    is_right = report.get("outlined", 0) > 0 and len(report.get("interruptions", [])) >= 2
    step("and it ends with its figures", is_right, summary(report) or program.said[-3:])


def faults(camera):
    """Frames that are cut short, and frames of another size."""
    whole = camera.formats[0].frames
    program = Running("--source", "dermatoscope", "--pixels", "mjpeg", seconds=8)
    wait_for(lambda: camera.frames_sent and program.process.poll() is None)
    time.sleep(5)
    camera.send_instead([whole[0], whole[0][: len(whole[0]) // 2]])
    code, report = program.report()
    is_right = report.get("damaged", 0) > 0 and report["outlined"] > 0
    step("frames that are cut short are left out", is_right, summary(report))
    camera.send_instead(None)
    if OTHER_SIZE:
        program = Running("--source", "dermatoscope", "--pixels", "mjpeg", seconds=20)
        time.sleep(8)
        camera.send_instead(OTHER_SIZE)
        seen = program.says("changed its picture from")
        code, report = program.report()
        is_right = seen and report.get("outlined", 0) > 0
        step("another size of picture is said, and outlined", is_right, f"{last(program, 'changed')}; {summary(report)}")
        camera.send_instead(None)


def last(program, words):
    return next((line.strip()[-150:] for line in reversed(program.said) if words in line), None)


def run_json(*words):
    code, out, said = run(*PROGRAM, *words)
    return code, json.loads(out) if code == 0 and out else None, said


def main():
    for module in (["vivid", "n_devs=1", "node_types=0x1"], ["uvcvideo"], ["vhci-hcd"]):
        code, _, said = run("modprobe", *module)
        step(f"kernel module {module[0]}", code == 0, said.strip() or "loaded")
    camera = new_camera()
    vivid = the_stack_itself(camera)
    code, _, _ = run(*PROGRAM, "live", "--help")
    step("the program starts", code == 0, run(*PROGRAM, "--version")[1].strip())
    if code == 0:
        camera.plug()
        wait_for(lambda: device_of("Test dermatoscope"))
        start_seconds = formats(camera, vivid)
        print(f"  until the first outline: {start_seconds:.1f} s", flush=True)
        refusals(vivid)
        interruptions(camera, start_seconds)
        faults(camera)
    report()


def report():
    width = max(len(name) for name, _, _ in results)
    print("\n" + "\n".join(f"| {name:{width}} | {'right' if ok else 'WRONG'} | {seen} |" for name, ok, seen in results))
    wrong = sum(not ok for _, ok, _ in results)
    print(f"camera: {wrong} steps are wrong" if wrong else f"camera: all {len(results)} steps are right", flush=True)


try:
    main()
except Exception as error:
    step("the test itself", False, repr(error))
    report()
    raise
