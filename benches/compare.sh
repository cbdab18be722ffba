#!/usr/bin/env bash
# How many times as fast the program is as the script that a user would write (peer.py), on the twelve full-size
# photographs of the folder `originals` in DERMALOUPE_DATA (or in ../shared/data).
#
#   benches/compare.sh [PROGRAM [PAIRS]]    PROGRAM: target/release/dermaloupe; PAIRS of runs, by default 7
#
# Both run in turn, so that a busy moment of the machine affects both, on one core and on two, for `segment` and `evaluate`.
# Each run begins with the photographs out of the page cache, in which there are four copies of each. The program's time is
# that of its whole process; the script's leaves out what Python takes to start. Prints the median of the pairs' ratios, with
# the least and the most. The Python packages are in the cache directory, in pinned versions.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

program="$(realpath "${1:-target/release/dermaloupe}")"
pairs="${2:-7}"
originals="${DERMALOUPE_DATA:-../shared/data}/originals"
copies=4
if ! [ -x "$program" ] || ! [ -d "$originals" ]; then
    echo "compare.sh: needs a release build ($program) and the photographs ($originals)" >&2
    exit 1
fi
venv="$(models/recipe/environment.sh benches/peer-requirements.txt)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir "$work/photos" "$work/masks"
for photo in "$originals"/*.jpg; do
    stem="$(basename "$photo" .jpg)"
    for copy in $(seq "$copies"); do
        cp "$photo" "$work/photos/$stem-$copy.jpg"
        cp "$originals/${stem}_segmentation.png" "$work/masks/$stem-${copy}_segmentation.png"
    done
done
chmod -R u+w "$work"
sync "$work/photos"/* "$work/masks"/*
count=$((12 * copies))
model=models/zoo/globalatt/model.onnx

# Drops the photographs and masks from the page cache.
cold() {
    "$venv/bin/python" -c '
import os, sys
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)' "$work/photos"/* "$work/masks"/*
}

# compare COMMAND CORES: prints the milliseconds a photograph of each pair, the script's and the program's, and the ratio.
compare() {
    for _ in $(seq "$pairs"); do
        rm -rf "$work/theirs" "$work/ours"
        mkdir "$work/theirs" "$work/ours"
        if [ "$1" = segment ]; then
            theirs=("$work/photos" "$work/theirs")
            ours=("$work/photos" --out "$work/ours")
        else
            theirs=("$work/photos" "$work/masks")
            ours=(--images "$work/photos" --masks "$work/masks")
        fi
        cold
        script="$(taskset -c "$2" "$venv/bin/python" benches/peer.py "$1" "$model" "${theirs[@]}" | sed -n '1s/ .*//p')"
        cold
        began="$(date +%s%N)"
        taskset -c "$2" "$program" "$1" --model globalatt --engine ort "${ours[@]}" >"$work/rows" 2>"$work/messages"
        ended="$(date +%s%N)"
        echo "$script $(((ended - began) / count))"
    done | awk '{ printf "%.2f %.2f %.3f\n", $1, $2 / 1e6, $1 / ($2 / 1e6) }' | sort -n -k 3 >"$work/pairs"
    awk -v name="$1 on $3" '
        { script[NR] = $1; program[NR] = $2; ratio[NR] = $3 }
        END {
            middle = int((NR + 1) / 2)
            printf "%-22s %5.2f times as fast (%.2f to %.2f in %d pairs); ", name, ratio[middle], ratio[1], ratio[NR], NR
            printf "in the median pair %.1f and %.1f ms a photograph\n", script[middle], program[middle]
        }' "$work/pairs"
}

for command in segment evaluate; do
    compare "$command" 0 "one core"
    compare "$command" 0,1 "two cores"
done
