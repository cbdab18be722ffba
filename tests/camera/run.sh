#!/usr/bin/env bash
# The program before the kernel's own camera drivers, in a virtual machine: `vivid`, the kernel's test driver, for formats and
# errors, and a USB camera in software (usb_camera.py), fed with photographs, for plugging, unplugging and freezing.
#
#   tests/camera/run.sh [PROGRAM]        PROGRAM: target/release/dermaloupe, or the one in target/debug
#
# Prints what was seen of each step, and exits with 1 if one is wrong. It needs Debian (or a system with mmdebstrap) and
# qemu; what is missing is installed if it runs as root. The virtual machine's files stay in DERMALOUPE_VM_CACHE
# (~/.cache/dermaloupe/vm). It takes some minutes without KVM; no camera and no module of this machine is touched.
# DERMALOUPE_CAMERA_PHOTOS may name a folder with JPEGs for the camera in place of the drawn ones.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. tests/vm/machine.sh

program="${1:-}"
for built in target/release/dermaloupe target/debug/dermaloupe; do
    [ -n "$program" ] || ! [ -x "$built" ] || program="$built"
done
[ -x "$program" ] || fail "no program: build it, or name it"
photos="${DERMALOUPE_CAMERA_PHOTOS:-assets/sample}"

mkdir -p "$cache"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
need qemu-system-x86_64:qemu-system-x86 mmdebstrap:mmdebstrap cpio:cpio depmod:kmod strip:binutils

base="$(base_of camera)"
if ! [ -s "$base.cpio" ]; then
    unpack_debian "$work/root" linux-image-amd64 busybox-static python3-minimal libpython3-stdlib v4l-utils kmod
    keep_modules "$work/root" vivid uvcvideo vhci-hcd
    mv "$work/root"/boot/vmlinuz-* "$base.kernel"
    rm -rf "$work/root"/{boot,usr/share,usr/lib/python3*/test,var}
    packed "$work/root" >"$base.part"
    rm -rf "$work/root"
    mv "$base.part" "$base.cpio"
fi

# The program with this machine's libraries, so that they may be newer than the virtual machine's.
mkdir -p "$work/test/test/lib" "$work/test/test/photos"
strip --strip-debug -o "$work/test/test/dermaloupe" "$program"
ldd "$program" | awk '$3 ~ /^\// { print $3 } $1 ~ /^\// { print $1 }' | xargs cp --dereference -t "$work/test/test/lib"
find "$photos" -maxdepth 1 -iname '*.jpg' ! -iname 'fundus*' | sort | head -n 12 | xargs cp -t "$work/test/test/photos"
cp tests/camera/guest.py tests/camera/usb_camera.py tests/camera/guest_init "$work/test/test/"
packed "$work/test" | cat "$base.cpio" - >"$work/initrd"

fast="$(accelerator "$base.kernel")"
echo "virtual machine: qemu $fast"
# shellcheck disable=SC2086
timeout --foreground "${DERMALOUPE_VM_SECONDS:-1200}" qemu-system-x86_64 $fast -smp 2 -m 2048 -nodefaults -no-reboot \
    -display none -serial stdio -kernel "$base.kernel" -initrd "$work/initrd" \
    -append "$kernel_words rdinit=/test/guest_init" </dev/null |
    stdbuf --output=L tr -d '\r' | tee "$work/seen"
grep --quiet '^camera: all .* steps are right' "$work/seen" || fail "a step is wrong, or the virtual machine did not end"
