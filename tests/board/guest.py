"""What the virtual machine of systemd.sh does: each step, what was seen, and whether that is right."""

import os
import pwd
import subprocess
import time
from pathlib import Path

UNIT = "dermaloupe-kiosk"
# Software translates the processor and draws the screen: what takes a second on a board takes a minute here.
PATIENCE = 300
GADGET = Path("/sys/kernel/config/usb_gadget/stick")
results = []


def step(name, is_right, seen):
    seen = " ".join(str(seen).split())
    results.append((name, bool(is_right), seen))
    print(f"  {'right' if is_right else 'WRONG'}: {name}: {seen}", flush=True)


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True, errors="replace")
    return done.returncode, (done.stdout + done.stderr).strip()


def wait_for(what):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.5)
    return None


def shown(name):
    return run("systemctl", "show", "--value", "--property", name, UNIT)[1]


def journal():
    """What the kiosk said: its lines are its session's, not the unit's."""
    return run("journalctl", "--no-pager", "--output=cat", "--identifier", UNIT)[1]


def picture(name):
    """Asks for a picture of the screen, once what is on it has been drawn."""
    time.sleep(10)
    print(f"@picture {name}", flush=True)
    time.sleep(3)


def prepare():
    """As the package does after its files are in place; and graphics in software, which is this machine's only kind."""
    for words in (["systemd-sysusers"], ["systemd-tmpfiles", "--create"]):
        code, said = run(*words)
        step(" ".join(words), code == 0, said or "done")
    extra = Path(f"/etc/systemd/system/{UNIT}.service.d")
    extra.mkdir(parents=True)
    (extra / "test.conf").write_text(
        "[Service]\nTimeoutStartSec=600\nEnvironment=WLR_RENDERER=pixman LIBGL_ALWAYS_SOFTWARE=1\n"
    )
    run("modprobe", "virtio-gpu")
    run("systemctl", "daemon-reload")
    run("udevadm", "control", "--reload")


def starts():
    begun = time.monotonic()
    code, said = run("systemctl", "start", UNIT)
    seconds = time.monotonic() - begun
    step("systemctl start waits for READY=1", code == 0, said or f"ready after {seconds:.0f} s")
    user = pwd.getpwuid(os.stat(f"/proc/{shown('MainPID')}").st_uid).pw_name if shown("MainPID") != "0" else "none"
    step("it runs as its own user", user == UNIT, user)
    drawn = wait_for(lambda: [line for line in journal().splitlines() if "drawn by" in line])
    step("the journal names who draws", drawn, drawn[-1][-90:] if drawn else journal()[-600:])
    picture("kiosk-idle")


def comes_back(name, signal, reason):
    """Whether the unit comes back after the signal, with a reason in the journal of the service manager."""
    before, restarts = shown("MainPID"), int(shown("NRestarts"))
    begun = time.monotonic()
    run("systemctl", "kill", "--kill-whom=main", "--signal", signal, UNIT)
    back = wait_for(lambda: int(shown("NRestarts")) > restarts and shown("ActiveState") == "active")
    seconds = time.monotonic() - begun
    told = reason in run("journalctl", "--no-pager", "--output=cat", f"_PID=1")[1]
    is_other = shown("MainPID") not in (before, "0")
    step(name, back and is_other and told, f"back after {seconds:.0f} s, '{reason}' in the journal: {told}")


def make_stick():
    image = Path("/tmp/stick.img")
    with image.open("wb") as file:
        file.truncate(32 << 20)
    run("mkfs.vfat", "-n", "STICK", str(image))
    mounted = Path("/tmp/stick")
    mounted.mkdir()
    run("mount", "-o", "loop", str(image), str(mounted))
    for photo in Path("/test/photos").iterdir():
        (mounted / photo.name).write_bytes(photo.read_bytes())
    run("umount", str(mounted))
    for module in ("dummy_hcd", "libcomposite", "usb_f_mass_storage"):
        run("modprobe", module)
    run("mount", "-t", "configfs", "none", "/sys/kernel/config")
    function = GADGET / "functions/mass_storage.0"
    for folder in (GADGET, GADGET / "strings/0x409", GADGET / "configs/c.1", function):
        folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("idVendor", "0x1209"), ("idProduct", "0xde22"), ("strings/0x409/product", "Test stick")):
        (GADGET / name).write_text(text)
    (function / "lun.0/removable").write_text("1")
    (function / "lun.0/file").write_text(str(image))
    os.symlink(function, GADGET / "configs/c.1/mass_storage.0")


def stick():
    make_stick()
    (GADGET / "UDC").write_text("dummy_udc.0")
    mount = wait_for(lambda: run("findmnt", "--noheadings", "--output", "TARGET,OPTIONS", "--types", "vfat")[1])
    options = {"ro", "nosuid", "nodev", "noexec", "nosymfollow"}
    is_right = mount and mount.startswith("/media/") and options <= set(mount.split()[1].split(","))
    step("a stick is mounted by udev's rule, to be read only", is_right, (mount or "not mounted")[:90])
    node = "/dev/" + mount.split()[0].rpartition("/")[2] if mount else "/dev/null"
    step("its device refuses writes", run("blockdev", "--getro", node)[1] == "1", node)
    place = Path(f"/run/{UNIT}")
    kept = lambda: [file.name for file in place.rglob("*") if file.is_file() and b"/media/" in file.read_bytes()]
    found = wait_for(kept)
    step("the kiosk shows a photograph of it", found, f"its place is kept in {found}")
    picture("kiosk-stick")
    (GADGET / "UDC").write_text("\n")
    gone = wait_for(lambda: not run("findmnt", "--noheadings", "--types", "vfat")[1])
    state = shown("ActiveState")
    step("pulled out, it is unmounted", gone and state == "active", f"the kiosk is {state}")
    picture("kiosk-pulled")


def main():
    prepare()
    starts()
    comes_back("a hang is ended by the watchdog", "STOP", "Watchdog timeout")
    comes_back("a kill is survived", "KILL", "Scheduled restart job")
    stick()
    code, said = run("systemctl", "stop", UNIT)
    step("systemctl stop ends it", code == 0 and shown("ActiveState") == "inactive", said or shown("ActiveState"))
    version = run("systemctl", "--version")[1].splitlines()[0]
    print(f"\n{version}; kernel {os.uname().release}")


try:
    main()
except Exception as error:
    step("the test itself", False, repr(error))
width = max(len(name) for name, _, _ in results)
print("\n" + "\n".join(f"| {name:{width}} | {'right' if ok else 'WRONG'} | {seen} |" for name, ok, seen in results))
wrong = sum(not ok for _, ok, _ in results)
if wrong:
    print(journal()[-3000:])
print(f"kiosk: {wrong} steps are wrong" if wrong else f"kiosk: all {len(results)} steps are right", flush=True)
