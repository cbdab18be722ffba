# A virtual machine with Debian's own kernel, for what needs a kernel of its own: cameras, services, sticks. Sourced by
# tests/camera/run.sh and tests/board/systemd.sh.
#
# What is downloaded and built stays in DERMALOUPE_VM_CACHE (~/.cache/dermaloupe/vm). DEBIAN_MIRROR may name a mirror.

cache="${DERMALOUPE_VM_CACHE:-$HOME/.cache/dermaloupe/vm}"
suite=bookworm
mirror="${DEBIAN_MIRROR:-http://deb.debian.org/debian}"

# For the kernel inside: its output on the serial port, an end where it cannot go on, and no check of timers, which a busy
# machine fails. DERMALOUPE_VM_WORDS adds to it, to find out more.
kernel_words="console=ttyS0 quiet loglevel=3 panic=-1 no_timer_check ${DERMALOUPE_VM_WORDS:-}"

fail() {
    echo "$0: $*" >&2
    exit 1
}

# The packages of the programs in $@ (PROGRAM:PACKAGE) are installed where they are missing and root asks for it.
need() {
    local pair missing=()
    for pair in "$@"; do command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}"); done
    [ "${#missing[@]}" -gt 0 ] || return 0
    [ "$(id -u)" -eq 0 ] || fail "packages are missing; run: sudo apt-get install --no-install-recommends ${missing[*]}"
    echo "installing ${missing[*]}"
    apt-get update --quiet --quiet || true
    DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "${missing[@]}" >/dev/null
}

# Debian's packages $2... with their dependencies, unpacked and not configured, into the folder $1.
unpack_debian() {
    local folder="$1" packages
    shift
    packages="$(IFS=,; echo "$*")"
    echo "unpacking Debian's $suite: $packages (some minutes, once)"
    mkdir -p "$folder"
    mmdebstrap --quiet --variant=extract --include="$packages" "$suite" "$work/debian.tar" "$mirror"
    tar --extract --file "$work/debian.tar" --directory "$folder"
    rm "$work/debian.tar"
}

# A small Debian with the packages $2..., ready to boot, into the folder $1; needs root.
make_debian() {
    local folder="$1" packages
    shift
    packages="$(IFS=,; echo "$*")"
    echo "making a small Debian $suite (some minutes, once)"
    mkdir -p "$folder"
    mmdebstrap --quiet --variant=minbase --include="$packages" --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        "$suite" "$work/debian.tar" "$mirror"
    tar --extract --file "$work/debian.tar" --directory "$folder"
    rm "$work/debian.tar"
}

# Leaves of the kernel's modules below $1 only $2... and what these need.
keep_modules() {
    local root="$1" version name module
    shift
    version="$(ls "$root/lib/modules")"
    depmod --basedir "$root" "$version"
    for name in "$@"; do
        modprobe --dirname "$root" --set-version "$version" --show-depends "$name" >"$work/needed" ||
            fail "the kernel has no module $name"
        while read -r word module _; do
            [ "$word" = insmod ] || continue
            mkdir -p "$root/kept/$(dirname "${module#"$root/lib/modules/"}")"
            cp "$module" "$root/kept/${module#"$root/lib/modules/"}"
        done <"$work/needed"
    done
    cp "$root/lib/modules/$version"/modules.{order,builtin,builtin.modinfo} "$root/kept/$version/"
    rm -r "$root/lib/modules"
    mv "$root/kept" "$root/lib/modules"
    depmod --basedir "$root" "$version"
}

# Where the base of the virtual machine $1 is kept: another place for each wording of the script that makes it, so that none
# of before is used; those of before are removed.
base_of() {
    local base
    base="$cache/$1-$suite-$(cat "$0" tests/vm/machine.sh | sha256sum | cut -c 1-12)"
    find "$cache" -maxdepth 1 -name "$1-$suite-*" ! -name "${base##*/}.*" -delete
    echo "$base"
}

# Everything below the folder $1 as an initial file system of the kernel's.
packed() { (cd "$1" && find . -print0 | cpio --quiet --null --create --format=newc --owner=0:0); }

# The options that make qemu quick here: KVM if it carries Debian's kernel within fifteen seconds, else qemu's translator.
accelerator() {
    local kernel="$1"
    if [ -w /dev/kvm ]; then
        timeout --foreground 15 qemu-system-x86_64 -accel kvm -cpu host -m 256 -nodefaults -no-reboot -display none \
            -serial stdio -kernel "$kernel" -append 'console=ttyS0 panic=-1' </dev/null 2>/dev/null |
            grep --text --quiet --max-count=1 'Linux version' && echo '-accel kvm -cpu host' && return
    fi
    echo '-accel tcg,thread=multi -cpu max'
}
