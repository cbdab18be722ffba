#!/usr/bin/env bash
# Brings ONNX Runtime, the faster of Dermaloupe's engines, from its PyPI wheel: no root, nothing installed.
#
#   packaging/onnxruntime.sh [x86_64|aarch64] [DEST]
#
# DEST is the application's data directory unless given; the library lies there as libonnxruntime.so, where the
# program looks for it. The wheel is held to a pinned hash, and the library appears whole or not at all.
set -euo pipefail

version=1.32.0
architecture="${1:-$(uname -m)}"
destination="${2:-${XDG_DATA_HOME:-$HOME/.local/share}/dermaloupe}"

case "$architecture" in
    x86_64) hash=5a34fc4dfeb5a7b4a74c95dcba1e773d722abda720b474edf1b0c419dc6d163d ;;
    aarch64) hash=2303372a85299b6757b0e11e1cbf13e410ddf7e10c37f4b37e99d1c90e7daf7c ;;
    *)
        echo "onnxruntime.sh: no wheel is pinned for '$architecture'; give x86_64 or aarch64" >&2
        exit 2
        ;;
esac

library="$destination/libonnxruntime.so"
# The version's marker is written last: with it, the library beside it is whole and of that version.
marker="$destination/libonnxruntime.version"
if [ -e "$library" ] && [ "$(cat "$marker" 2>/dev/null)" = "$version $architecture" ]; then
    echo "ONNX Runtime $version ($architecture) is there already: $library"
    exit 0
fi

python="${PYTHON:-python3}"
if ! "$python" -m pip --version >/dev/null 2>&1; then
    echo "onnxruntime.sh: pip is not installed; install python3-pip, or set PYTHON to a Python that has it" >&2
    exit 1
fi

work="$(mktemp -d)"
temporary=""
trap 'rm -rf "$work" ${temporary:+"$temporary"}' EXIT

echo "onnxruntime==$version --hash=sha256:$hash" >"$work/requirements.txt"
# The wheel of one Python version is as good as another's: only the C library inside is taken.
"$python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
    --python-version 3.11 --implementation cp \
    --platform "manylinux_2_28_$architecture" --platform "manylinux_2_27_$architecture" \
    --dest "$work" --requirement "$work/requirements.txt"

mkdir -p "$destination"
temporary="$(mktemp "$destination/.libonnxruntime.XXXXXX")"
"$python" - "$work" "$temporary" "$version" <<'PYTHON'
import pathlib, shutil, sys, zipfile

folder, target, version = sys.argv[1:]
(wheel,) = pathlib.Path(folder).glob("*.whl")
with zipfile.ZipFile(wheel) as archive, open(target, "wb") as out:
    with archive.open(f"onnxruntime/capi/libonnxruntime.so.{version}") as library:
        shutil.copyfileobj(library, out)
    texts = [archive.read(f"onnxruntime/{name}") for name in ("LICENSE", "ThirdPartyNotices.txt")]
(pathlib.Path(target).parent / "libonnxruntime.licences.txt").write_bytes(b"\n".join(texts))
PYTHON
chmod 644 "$temporary"
rm -f "$marker"
mv "$temporary" "$library"
temporary=""
echo "$version $architecture" >"$marker"
echo "ONNX Runtime $version ($architecture): $library"

# Where the program is built and made for this machine, let it say whether it takes the library.
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
for program in "$root/target/release/dermaloupe" "$root/target/debug/dermaloupe"; do
    if [ -x "$program" ] && [ "$architecture" = "$(uname -m)" ]; then
        "$program" doctor --onnxruntime "$library"
        break
    fi
done
