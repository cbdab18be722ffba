#!/usr/bin/env bash
# Shows that the packages of packaging/build-deb.sh work: each goes into a clean, minimal Debian 12, the program runs
# there, lintian has no errors, and removal leaves nothing. arm64 runs under qemu.
#
#   packaging/test-deb.sh amd64|arm64 [FOLDER]
#
# FOLDER holds the packages, target/debian unless given. Needs root, debootstrap, lintian, desktop-file-utils,
# appstream, man-db, and for arm64 qemu-user-static. Everything happens in folders that are removed at the end; the
# clean Debian is kept in DERMALOUPE_DEB_CACHE (~/.cache/dermaloupe/deb).
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

architecture="${1:-}"
case "$architecture" in
    amd64 | arm64) ;;
    *)
        echo "usage: packaging/test-deb.sh amd64|arm64 [FOLDER]" >&2
        exit 2
        ;;
esac
folder="$(realpath "${2:-target/debian}")"
cache="${DERMALOUPE_DEB_CACHE:-$HOME/.cache/dermaloupe/deb}"
mirror="${DEBIAN_MIRROR:-http://deb.debian.org/debian}"
clean="$cache/clean-$architecture"
# Only letters and digits: it is a folder that is removed at the end.
work="$(mktemp -d "$cache/testXXXXXXXX")"
registered=""
passed=0

step() { printf '\n== %s\n' "$*"; }
ok() {
    passed=$((passed + 1))
    echo "  ok: $*"
}
fail() {
    echo "test-deb.sh: $*" >&2
    exit 1
}
finish() {
    [ -z "$registered" ] || echo -1 >"$registered" || true
    rm -rf --one-file-system "$work"
}
trap finish EXIT

[ "$(id -u)" -eq 0 ] || fail "run it as root: it installs packages into a folder with a clean Debian"
for tool in debootstrap lintian desktop-file-validate appstreamcli man unshare; do
    command -v "$tool" >/dev/null ||
        fail "$tool is missing; apt-get install debootstrap lintian desktop-file-utils appstream man-db"
done
program="$(ls "$folder"/dermaloupe_*_"$architecture".deb)" || fail "no package of the program in $folder"
kiosk="$(ls "$folder"/dermaloupe-kiosk_*_"$architecture".deb)" || fail "no package of the kiosk in $folder"

if [ "$architecture" != "$(dpkg --print-architecture)" ]; then
    step "qemu for $architecture"
    binfmt=/proc/sys/fs/binfmt_misc
    [ -e "$binfmt/register" ] || mount -t binfmt_misc binfmt_misc "$binfmt"
    if ! grep -qs enabled "$binfmt/qemu-aarch64"; then
        [ -e /usr/lib/binfmt.d/qemu-aarch64.conf ] || fail "qemu is missing; apt-get install qemu-user-static"
        cat /usr/lib/binfmt.d/qemu-aarch64.conf >"$binfmt/register"
        registered="$binfmt/qemu-aarch64"
    fi
    qemu-aarch64-static --version | head -n 1
fi

step "clean Debian 12 ($architecture)"
if [ ! -e "$clean/.whole" ]; then
    rm -rf "$clean"
    debootstrap --variant=minbase --arch="$architecture" bookworm "$clean" "$mirror" >/dev/null
    echo 'Acquire::Check-Valid-Until "false";' >"$clean/etc/apt/apt.conf.d/90frozen"
    # A service is not started in a folder.
    printf '#!/bin/sh\nexit 101\n' >"$clean/usr/sbin/policy-rc.d"
    chmod 755 "$clean/usr/sbin/policy-rc.d"
    chroot "$clean" apt-get update --quiet --quiet
    touch "$clean/.whole"
fi
cp -a --reflink=auto "$clean" "$work/root"
cp "$program" "$kiosk" assets/sample/phantom2.jpg "$work/root/tmp/"

# A command in the clean Debian, in namespaces of its own: nothing stays mounted, and no process stays.
inside() {
    unshare --mount --pid --fork --propagation private bash -euo pipefail -c '
        root="$1"
        shift
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive "$@"
    ' _ "$work/root" "$@"
}
# Every file, folder, link and user of the clean Debian, but for what apt itself writes.
inventory() {
    (
        cd "$work/root"
        find . -xdev \( -path ./tmp -o -path ./proc -o -path ./dev -o -path ./sys -o -path ./var/cache/apt \
            -o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./var/log -o -path ./var/cache/debconf \
            -o -path ./var/cache/ldconfig -o -path ./run \) -prune -o -print | sort
        sed 's/^/user /' etc/passwd
        sed 's/^/group /' etc/group
    )
}
# Installs, lets the caller look, and purges; what is there afterwards must be what was there before.
install() { inside apt-get install --quiet --quiet --yes --no-install-recommends "$@" >"$work/apt.log" 2>&1 || {
    tail -n 30 "$work/apt.log" >&2
    fail "cannot install $*"
}; }
purge() {
    inside apt-get purge --quiet --quiet --yes "$@" >"$work/apt.log" 2>&1 || {
        tail -n 30 "$work/apt.log" >&2
        fail "cannot remove $*"
    }
}
nothing_left() {
    inventory >"$work/after"
    diff "$work/before" "$work/after" >"$work/left" || {
        cat "$work/left" >&2
        fail "$1 leaves something behind"
    }
    ok "nothing is left of $1"
}

step "the program in the clean Debian"
inventory >"$work/before"
install "/tmp/$(basename "$program")"
ok "installed: $(inside dpkg-query --show dermaloupe)"
as_somebody() { inside setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
as_somebody dermaloupe --version
as_somebody dermaloupe doctor | tee "$work/doctor"
grep -q 'ONNX Runtime *found: .*/usr/lib/dermaloupe/libonnxruntime.so' "$work/doctor" ||
    fail "ONNX Runtime is not taken from beside the program"
ok "doctor works, with ONNX Runtime from beside the program"
for engine in ort rten; do
    as_somebody dermaloupe segment /tmp/phantom2.jpg --out "/tmp/out-$engine" --overlay --engine "$engine" --json |
        tee "$work/row"
    python3 -c '
import json, sys
row = json.load(open(sys.argv[1]))
assert 0.02 < row["lesion_share"] < 0.6 and row["engine"] == sys.argv[2], row
' "$work/row" "$engine" || fail "segment by $engine found no lesion"
    for file in mask overlay; do
        [ -s "$work/root/tmp/out-$engine/phantom2_$file.png" ] || fail "no $file by $engine"
    done
    ok "segment works by $engine"
done
cmp -s "$root/assets/sample/phantom2.jpg" "$work/root/tmp/phantom2.jpg" || fail "the photograph was changed"
as_somebody dermaloupe models >"$work/models"
for card in "$work"/root/usr/share/dermaloupe/models/*/card.json; do
    name="$(basename "$(dirname "$card")")"
    grep -q "$name" "$work/models" || fail "the network $name is not found"
done
ok "every network of the package is found"
for page in "$work"/root/usr/share/man/man1/dermaloupe*.1.gz; do
    complaints="$(MANROFFSEQ='' MANWIDTH=100 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)"
    [ -z "$complaints" ] || fail "$page: $complaints"
done
ok "man pages: $(ls "$work"/root/usr/share/man/man1 | grep -c dermaloupe)"
desktop-file-validate "$work"/root/usr/share/applications/org.dermaloupe.Dermaloupe.desktop
ok "the desktop entry is valid"
appstreamcli validate --no-net "$work"/root/usr/share/metainfo/org.dermaloupe.Dermaloupe.metainfo.xml |
    tail -n 3
ok "the metainfo is valid"
bash -n "$work/root/usr/share/bash-completion/completions/dermaloupe"
ok "completions parse"
documents="$work/root/usr/share/doc/dermaloupe"
zcat "$documents/crates.licences.txt.gz" >"$work/licences"
for words in '^eframe .*: MIT' '^rten .*: MIT' '^option-ext .*: MPL-2.0' 'Mozilla Public License' 'Notice of colorous'; do
    grep -q "$words" "$work/licences" || fail "the page of licences lacks: $words"
done
for file in libonnxruntime.licences.txt.gz LICENSE-Inter.txt LICENSE-NotoSansSC.txt LICENSE-Phosphor.txt; do
    [ -s "$documents/$file" ] || fail "no $file"
done
ok "the licences of crates, ONNX Runtime and fonts are there"
python3 - "$documents/dermaloupe.cdx.json" "$work/root" <<'PYTHON' || fail "the bill of materials"
import hashlib, json, pathlib, sys
bill = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
library = pathlib.Path(sys.argv[2], "usr/lib/dermaloupe/libonnxruntime.so").read_bytes()
hashes = {part["name"]: part.get("hashes", [{}])[0].get("content") for part in bill["components"]}
assert hashes["onnxruntime"] == hashlib.sha256(library).hexdigest()
networks = [card.parent.name for card in pathlib.Path(sys.argv[2], "usr/share/dermaloupe/models").glob("*/card.json")]
assert networks and all(f"{name}/model.onnx" in hashes for name in networks), networks
PYTHON
ok "the bill of materials names ONNX Runtime as it is installed, and every network"
purge dermaloupe
nothing_left dermaloupe

step "the kiosk in the clean Debian"
# What it depends on comes first, and is no part of what must go.
install $(dpkg-deb --field "$kiosk" Depends | tr ',' '\n' | sed 's/(.*//' | grep -v '^ *dermaloupe')
inventory >"$work/before"
install "/tmp/$(basename "$program")" "/tmp/$(basename "$kiosk")"
ok "installed: $(inside dpkg-query --show dermaloupe-kiosk)"
inside getent passwd dermaloupe-kiosk
inside id dermaloupe-kiosk | grep -q render || fail "its user may not use the NPU"
ok "its user is there, with its groups"
inside systemd-analyze verify --man=no /usr/lib/systemd/system/dermaloupe-kiosk.service \
    '/usr/lib/systemd/system/dermaloupe-stick@.service' 2>&1 | tee "$work/verify"
! grep -q dermaloupe "$work/verify" || fail "systemd does not like a unit"
ok "systemd takes the units"
inside systemd-analyze security --offline=yes --threshold=30 dermaloupe-kiosk.service >"$work/security" ||
    fail "the kiosk is less confined than 3.0: $(tail -n 1 "$work/security")"
ok "$(tail -n 1 "$work/security" | sed 's/^[^O]*//')"
purge dermaloupe-kiosk dermaloupe
nothing_left dermaloupe-kiosk

step "lintian"
lintian --fail-on error --profile debian --no-tag-display-limit "$program" "$kiosk" | tee "$work/lintian" ||
    fail "lintian has errors"
ok "no errors ($(grep -c '^W:' "$work/lintian" || true) warnings)"

printf '\ntest-deb.sh: %d passed, 0 failed (%s)\n' "$passed" "$architecture"
