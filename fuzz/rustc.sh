#!/usr/bin/env bash
# The compiler as cargo calls it (RUSTC_WRAPPER), with coverage for libFuzzer in the crates that are fuzzed: ours, and those
# that read pictures. The others are built as for the tests. All flags are ones that the stable compiler has.
set -euo pipefail

fuzzed=" dermaloupe dermaloupe_fuzz image image_webp jpeg_decoder png tiff zune_jpeg "
targets=" card coco graph journal labelme mask photograph records settings table "
name=
for ((at = 1; at < $#; at++)); do
    [ "${!at}" != --crate-name ] || { at=$((at + 1)); name="${!at}"; break; }
done
case "${name:+$fuzzed$targets}" in
    *" $name "*)
        set -- "$@" --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
            -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
            -Cllvm-args=-sanitizer-coverage-trace-compares
        ;;
esac
exec "$@"
