#!/usr/bin/env bash
# Builds the Debian packages dermaloupe and dermaloupe-kiosk for a machine, on any amd64 Debian.
#
#   packaging/build-deb.sh amd64|arm64 [OUT]
#
# OUT is target/debian unless given. The compiler is Debian testing's, in a folder of its own; it links against the C
# library of Debian 12, so that the packages run there and on everything newer. Needs root (debootstrap, chroot), and
# cargo-deb (cargo install cargo-deb); cargo-about and cargo-cyclonedx are built the first time. What is fetched is kept in
# DERMALOUPE_DEB_CACHE (~/.cache/dermaloupe/deb).
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

architecture="${1:-}"
case "$architecture" in
    amd64) triple=x86_64-unknown-linux-gnu machine=x86_64 clang=x86_64-linux-gnu ;;
    arm64) triple=aarch64-unknown-linux-gnu machine=aarch64 clang=aarch64-linux-gnu ;;
    *)
        echo "usage: packaging/build-deb.sh amd64|arm64 [OUT]" >&2
        exit 2
        ;;
esac
out="$(mkdir -p "${2:-target/debian}" && realpath "${2:-target/debian}")"
cache="${DERMALOUPE_DEB_CACHE:-$HOME/.cache/dermaloupe/deb}"
mirror="${DEBIAN_MIRROR:-http://deb.debian.org/debian}"
compiler="$cache/forky-build"
sysroot="$cache/sysroot-$architecture"
build="$cache/target-$architecture"
stage="$root/target/packaging"
cargo_home="${CARGO_HOME:-$HOME/.cargo}"

step() { printf '\n== %s\n' "$*"; }
fail() {
    echo "build-deb.sh: $*" >&2
    exit 1
}

[ "$(id -u)" -eq 0 ] || fail "run it as root: it makes folders with Debian's own compiler and libraries"
[ "$(dpkg --print-architecture)" = amd64 ] || fail "it builds on amd64, for arm64 too"
for tool in debootstrap unshare cargo python3; do
    command -v "$tool" >/dev/null || fail "$tool is missing; apt-get install debootstrap util-linux python3"
done
cargo deb --version >/dev/null 2>&1 || fail "cargo-deb is missing; cargo install cargo-deb --locked"
mkdir -p "$cache"

step "compiler (Debian testing)"
if [ ! -e "$compiler/.whole" ]; then
    rm -rf "$compiler"
    # An older debootstrap does not know the name 'forky'; every suite since is made as sid is.
    debootstrap --variant=minbase --arch=amd64 --include=ca-certificates forky "$compiler" "$mirror" sid
    # A mirror that is frozen, for builds that can be repeated, has lists that are past their date.
    echo 'Acquire::Check-Valid-Until "false";' >"$compiler/etc/apt/apt.conf.d/90frozen"
    chroot "$compiler" dpkg --add-architecture arm64
    chroot "$compiler" apt-get update --quiet --quiet
    chroot "$compiler" env DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes \
        --no-install-recommends rustc cargo libstd-rust-dev libstd-rust-dev:arm64 clang lld >/dev/null
    touch "$compiler/.whole"
fi
chroot "$compiler" rustc --version

step "libraries of Debian 12 ($architecture)"
if [ ! -e "$sysroot/.whole" ]; then
    rm -rf "$sysroot"
    debootstrap --foreign --variant=minbase --arch="$architecture" --include=libc6-dev,libgcc-12-dev \
        bookworm "$sysroot" "$mirror"
    for package in libc6 libc6-dev linux-libc-dev libcrypt1 libcrypt-dev libgcc-s1 libgcc-12-dev; do
        dpkg-deb --extract "$sysroot"/var/cache/apt/archives/"$package"_*.deb "$sysroot"
    done
    # A link to /lib would lead to the compiler's own, newer libraries.
    find "$sysroot"/lib* "$sysroot"/usr/lib* -type l -lname '/*' | while read -r link; do
        ln -sfrn "$sysroot$(readlink "$link")" "$link"
    done
    touch "$sysroot/.whole"
fi

step "program ($triple)"
cargo fetch --quiet --locked
mkdir -p "$build"
upper="$(echo "$triple" | tr 'a-z-' 'A-Z_')"
# In a mount namespace of its own, so that nothing stays mounted whatever happens. Sources and crates are read only,
# and there is no network.
unshare --mount --net --propagation private bash -euo pipefail -c '
    compiler="$1" root="$2" build="$3" sysroot="$4" crates="$5"
    shift 5
    mkdir -p "$compiler"/{source,build,sysroot,crates}
    mount --bind "$root" "$compiler/source" && mount -o remount,bind,ro "$compiler/source"
    mount --bind "$build" "$compiler/build"
    mount --bind "$sysroot" "$compiler/sysroot"
    # Cargo locks its folder, so that is a new one over what was fetched.
    mount -t tmpfs tmpfs "$compiler/crates"
    mkdir "$compiler/crates/registry"
    mount --bind "$crates/registry" "$compiler/crates/registry"
    mount -t proc proc "$compiler/proc"
    exec chroot "$compiler" env -i PATH=/usr/bin:/bin HOME=/root CARGO_HOME=/crates CARGO_TARGET_DIR=/build "$@"
' _ "$compiler" "$root" "$build" "$sysroot" "$cargo_home" \
    "CARGO_TARGET_${upper}_LINKER=clang" \
    CARGO_PROFILE_RELEASE_STRIP=symbols \
    "CARGO_TARGET_${upper}_RUSTFLAGS=-C link-arg=--target=$clang -C link-arg=--sysroot=/sysroot -C link-arg=-fuse-ld=lld" \
    $(env | grep '^CARGO_PROFILE_RELEASE' || true) \
    cargo build --manifest-path /source/Cargo.toml --release --locked --offline --target "$triple"
program="$build/$triple/release/dermaloupe"
ls -l "$program"
echo "newest symbol of the C library: $(readelf -V "$program" | grep -oE 'GLIBC_[0-9.]+' | sort -Vu | tail -n 1)"

step "what lies beside it"
rm -rf "$stage"
mkdir -p "$stage/bin" "$stage/models"
ln -s ../lib/dermaloupe/dermaloupe "$stage/bin/dermaloupe"
for card in models/zoo/*/card.json models/vessels/*/card.json; do
    folder="$stage/models/$(basename "$(dirname "$card")")"
    mkdir -p "$folder"
    cp "$card" "$folder"
    # The files that the card names, and no others.
    python3 -c '
import json, pathlib, shutil, sys
card = pathlib.Path(sys.argv[1])
for artefact in json.loads(card.read_text())["artefacts"]:
    shutil.copy(card.parent / artefact["file"], sys.argv[2])
' "$card" "$folder"
done
cargo run --quiet --locked --example packaging_files -- "$stage"
packaging/onnxruntime.sh "$machine" "$stage" >/dev/null
packaging/sbom.sh "$triple" "$stage" >"$stage/dermaloupe.cdx.json"
rm "$stage/libonnxruntime.version"
packaging/licences.sh >"$stage/crates.licences.txt"
gzip -9n "$stage"/*.licences.txt
find "$stage" -type f -exec chmod 644 {} +

step "packages"
rm -f "$out"/dermaloupe*_"$architecture".deb
for variant in "" kiosk; do
    CARGO_TARGET_DIR="$build" cargo deb --quiet --no-build --no-strip --locked --target "$triple" \
        ${variant:+--variant "$variant"} --output "$out/"
done
ls -l "$out"/dermaloupe*_"$architecture".deb
