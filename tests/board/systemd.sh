#!/usr/bin/env bash
# The kiosk as a service of a real systemd, in a virtual machine with a screen, a touch screen and a USB port: it starts, a
# hang is ended by the watchdog, a kill is survived, and a USB stick is mounted by udev's rules and shown.
#
#   tests/board/systemd.sh [PROGRAM [PICTURES]]    PROGRAM: target/release/dermaloupe; PICTURES: a folder for the screen
#
# Prints what was seen of each step, and exits with 1 if one is wrong. It needs root, Debian (or a system with mmdebstrap)
# and qemu; what is missing is installed. The virtual machine's files stay in DERMALOUPE_VM_CACHE (~/.cache/dermaloupe/vm).
# The program must have been built for Debian 12 or older. Nothing of this is an RK3588: the graphics are software.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. tests/vm/machine.sh

program="${1:-target/release/dermaloupe}"
pictures="${2:-}"
[ -x "$program" ] || fail "no program: build it, or name it"
[ "$(id -u)" -eq 0 ] || fail "run it as root: the virtual machine's files belong to many users"

mkdir -p "$cache" ${pictures:+"$pictures"}
work="$(mktemp -d)"
trap 'rm -rf "$work"; kill $(jobs -p) 2>/dev/null || true' EXIT
need qemu-system-x86_64:qemu-system-x86 mmdebstrap:mmdebstrap cpio:cpio depmod:kmod strip:binutils mke2fs:e2fsprogs

base="$(base_of system)"
if ! [ -s "$base.ext4" ]; then
    unpack_debian "$work/kernel" linux-image-amd64 busybox-static kmod
    make_debian "$work/root" systemd-sysv udev dbus libpam-systemd polkitd kmod cage xwayland dosfstools python3-minimal \
        adduser util-linux mount procps libgl1-mesa-dri libegl1 libgles2 libgl1 libwayland-client0 libwayland-egl1 \
        libxkbcommon0
    rm -rf "$work/root/lib/modules"
    mv "$work/kernel/lib/modules" "$work/root/lib/modules"
    mv "$work/kernel"/boot/vmlinuz-* "$base.kernel"
    keep_modules "$work/root" virtio_pci virtio_blk ext4 virtio-gpu virtio_input evdev usb-storage sd_mod dummy_hcd \
        usb_f_mass_storage loop vfat nls_ascii nls_cp437 nls_iso8859-1 exfat
    # The first file system finds the disk and gives way to it.
    mkdir -p "$work/first"/{bin,dev,proc,root}
    cp "$work/kernel/bin/busybox" "$work/first/bin/"
    cp tests/board/first_init "$work/first/init"
    mkdir "$work/first/lib"
    cp -r "$work/root/lib/modules" "$work/first/lib/"
    packed "$work/first" >"$base.initrd"
    rm -rf "$work/kernel" "$work/first"
    echo kiosk-machine >"$work/root/etc/hostname"
    : >"$work/root/etc/fstab"
    truncate --size 2G "$base.part"
    mke2fs -q -t ext4 -L root -d "$work/root" "$base.part"
    rm -rf "$work/root"
    mv "$base.part" "$base.ext4"
fi

# The kiosk's files where its package puts them, and the test itself, on a disk of their own that is laid over the first.
over="$work/over"
install -D "$program" "$over/usr/lib/dermaloupe/dermaloupe"
strip --strip-debug "$over/usr/lib/dermaloupe/dermaloupe"
mkdir -p "$over/usr/bin" "$over/etc/dermaloupe"
ln -s ../lib/dermaloupe/dermaloupe "$over/usr/bin/dermaloupe"
place() { install -D --mode="$3" "packaging/kiosk/$1" "$over/$2"; }
place dermaloupe-kiosk-start usr/lib/dermaloupe/dermaloupe-kiosk-start 755
place dermaloupe-kiosk.service usr/lib/systemd/system/dermaloupe-kiosk.service 644
place dermaloupe-stick@.service usr/lib/systemd/system/dermaloupe-stick@.service 644
place 70-dermaloupe-npu.rules usr/lib/udev/rules.d/70-dermaloupe-npu.rules 644
place 71-dermaloupe-stick.rules usr/lib/udev/rules.d/71-dermaloupe-stick.rules 644
place dermaloupe-kiosk.sysusers usr/lib/sysusers.d/dermaloupe-kiosk.conf 644
place dermaloupe-kiosk.tmpfiles usr/lib/tmpfiles.d/dermaloupe-kiosk.conf 644
place kiosk.toml etc/dermaloupe/kiosk.toml 644
install -D --mode=644 tests/board/guest.service "$over/etc/systemd/system/guest.service"
install -D tests/board/guest.py "$over/test/guest.py"
mkdir "$over/test/photos"
cp assets/sample/phantom2.jpg assets/sample/phantom3.jpg "$over/test/photos/"
truncate --size 192M "$work/over.ext4"
mke2fs -q -t ext4 -L over -d "$over" "$work/over.ext4"

fast="$(accelerator "$base.kernel")"
echo "virtual machine: qemu $fast"
mkfifo "$work/monitor.in" "$work/monitor.out"
# What the monitor answers is not read, but must go somewhere.
cat "$work/monitor.out" >/dev/null &
exec 9<>"$work/monitor.in"
# A line '@picture NAME' from within asks for a picture of the screen.
# shellcheck disable=SC2086
timeout --foreground "${DERMALOUPE_VM_SECONDS:-1800}" qemu-system-x86_64 $fast -smp 2 -m 3072 -nodefaults -no-reboot \
    -display none -vga none -device virtio-vga,xres=1024,yres=600 -device virtio-tablet-pci -device virtio-keyboard-pci \
    -chardev pipe,id=monitor,path="$work/monitor" -mon chardev=monitor -serial stdio \
    -kernel "$base.kernel" -initrd "$base.initrd" -append "$kernel_words systemd.mask=serial-getty@ttyS0.service" \
    -drive "file=$base.ext4,if=virtio,format=raw,snapshot=on" -drive "file=$work/over.ext4,if=virtio,format=raw,snapshot=on" \
    </dev/null | while IFS= read -r line; do
    line="${line%$'\r'}"
    echo "$line" >>"$work/seen"
    case "$line" in
        @picture\ *) [ -z "$pictures" ] || echo "screendump $(realpath "$pictures")/${line#@picture }.ppm" >&9 ;;
        *) echo "$line" ;;
    esac
done
grep --quiet '^kiosk: all .* steps are right' "$work/seen" || fail "a step is wrong, or the virtual machine did not end"
