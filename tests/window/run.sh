#!/usr/bin/env bash
# The real window under a virtual display, driven by keys, pointer and a real drag; a picture is taken at each stop.
#
#   tests/window/run.sh [PROGRAM] [PICTURES]
#
# What happened is read from the program's own log (-v), so that nothing is waited for by the clock: each line is an event
# that src/app/events.rs declares. It walks the drawn phantoms always, and real originals when DERMALOUPE_DATA or
# ../shared/data is there; it says which.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

program="$(realpath "${1:-${CARGO_TARGET_DIR:-target}/debug/dermaloupe}")"
pictures="$(mkdir -p "${2:-target/window}" && realpath "${2:-target/window}")"
data="${DERMALOUPE_DATA:-../shared/data}"
# shellcheck source=tests/window/harness.sh
source tests/window/harness.sh

start_window() {
    : >"$log"
    seen_lines=0
    "$program" -v --models "$work/models" --model malunet --engine auto --language en "$@" 2>>"$log" &
    window_pid=$!
    await 'outlined: '
    xdotool search --sync --onlyvisible --name '^Dermaloupe$' windowfocus >/dev/null
}

# A second network, so that there is one to change to: one of the zoo with a strict threshold, under its own name, and
# recommended, so that it stands first in the menu.
make_models() {
    mkdir -p "$work/models/strict"
    cp models/zoo/malunet/model.onnx "$work/models/strict/"
    /usr/bin/python3 - models/zoo/malunet/card.json "$work/models/strict/card.json" <<'PYTHON'
import json, sys
card = json.load(open(sys.argv[1]))
card.update(name="strict", title="MALUNet strict", threshold=0.9, recommended="It counts only what is certain.")
json.dump(card, open(sys.argv[2], "w"))
PYTHON
}

drop() {
    since
    # Another program, whose desktop leaves what it likes in a home of its own.
    mkdir -p "$work/drag-home"
    HOME="$work/drag-home" /usr/bin/python3 tests/window/drag_source.py "$1" 400 300 >"$work/drag" &
    timeout "$patience" bash -c 'tail -F "$1" 2>/dev/null | grep -m1 -q ready' _ "$work/drag" || fail "no drag source"
    xdotool mousemove --sync 440 320 mousedown 1
    # A drag is a row of small moves: the target is asked at each of them.
    for x in 450 470 500 540 580 600 610; do xdotool mousemove --sync "$x" 400; done
    picture "$2" 2000 moving
    xdotool mouseup 1
}

walk() {
    local folder="$1" tag="$2" first second
    first="$(ls "$folder" | grep -v _segmentation | sed -n 1p)"
    second="$(ls "$folder" | grep -v _segmentation | sed -n 2p)"
    export XDG_CONFIG_HOME="$work/config-$tag"
    start_window "$folder"
    await "photo: $first"
    picture "$tag-1-folder"
    press Right; await "photo: $second"; await 'outlined: threshold 0.50'
    picture "$tag-2-next"
    press bracketright; await 'outlined: threshold 0.55'
    press bracketright; await 'outlined: threshold 0.60'
    picture "$tag-3-threshold"
    press 3; await 'outlined: '
    picture "$tag-4-heat"
    press 1; await 'outlined: '
    press ctrl+l; await 'language: zh-CN'
    picture "$tag-5-chinese"
    press question; picture "$tag-5-chinese-help"
    press Escape; picture "$tag-5-chinese-again"
    press ctrl+l; await 'language: en'
    # The network's menu opens by key, on the network in use, and hangs below its button; the first row is recommended.
    press n
    picture "$tag-5-models-by-key"
    press Return; await 'segmented: by malunet'; await 'at rest'
    since; xdotool mousemove --sync 880 22 click 1 mousemove --sync 700 125
    picture "$tag-5-models"
    since; xdotool click 1; await 'segmented: by strict'; await 'outlined: threshold 0.90'
    picture "$tag-6-model-changed"
    drop "$3" "$tag-7-dragging"
    await "reference: $(basename "$3")"; await 'outlined: .* dice 0\.[0-9]'
    press 4; await 'outlined: '
    picture "$tag-8-error-view"
    stop_window
}

corner() { since; xdotool mousemove --sync "$1" "$2" click 1; await 'at rest'; }

# A mask is corrected by brush, polygon and undo; then the program is killed, and the next one has every step.
correct() {
    local folder="$1" tag="$2"
    export XDG_CONFIG_HOME="$work/config-$tag-correct"
    rm -rf "$folder/.dermaloupe"
    start_window "$folder/$(ls "$folder" | grep -v _segmentation | sed -n 1p)"
    await 'at rest'
    press e; await 'correcting'
    [ "$tag" != phantoms ] || bare_lesion "$tag"
    stroke 300 220 420 260; await 'corrected: 1 steps'; await 'kept: 1 steps'; await 'outlined: '
    picture "$tag-10-brush"
    press p
    corner 600 240; corner 720 260; corner 700 360
    xdotool mousemove --sync 620 380
    picture "$tag-11-polygon" 2000 moving
    press Return; await 'corrected: 2 steps'; await 'kept: 2 steps'; await 'outlined: '
    press bracketright b; await 'at rest'; stroke 420 260 420 380; await 'corrected: 3 steps'; await 'kept: 3 steps'
    press ctrl+z; await 'corrected: 2 steps'; await 'kept: 2 steps'; await 'outlined: '
    picture "$tag-12-undone"
    # The shell's word on the killed program is not ours.
    disown "$window_pid"
    kill -KILL "$window_pid"
    timeout "$patience" tail --pid="$window_pid" -f /dev/null || fail "the window was not killed"
    start_window "$folder/$(ls "$folder" | grep -v _segmentation | sed -n 1p)"
    await 'unended: 2 steps'
    picture "$tag-13-after-a-kill"
    press e; await 'restored: 2 steps'; await 'outlined: '
    press ctrl+z; await 'corrected: 1 steps'; await 'kept: 1 steps'
    press ctrl+shift+z; await 'corrected: 2 steps'; await 'kept: 2 steps'; await 'outlined: '
    picture "$tag-14-restored"
    stop_window
}

# Waits until the window's pixel at x, y has these levels, give or take one, as the graphics card drew them.
levels() {
    local file="$pictures/$1.png" found="" end="$((SECONDS + patience))"
    until /usr/bin/python3 -c 'import sys; pairs = list(zip(*map(str.split, sys.argv[1:]))); \
            sys.exit(len(pairs) != 3 or max(abs(int(a) - int(b)) for a, b in pairs) > 1)' "$found" "$4 $5 $6"; do
        [ "$SECONDS" -lt "$end" ] || fail "levels at $2,$3 are $found, not $4 $5 $6: $file"
        import -window root "$file"
        found="$(convert "$file" -crop "1x1+$2+$3" -format '%[fx:round(255*r)] %[fx:round(255*g)] %[fx:round(255*b)]' info:)"
    done
    passed=$((passed + 1))
    echo "  levels: $1 ($found)"
}

# Brightness by key is what the table says, a peek shows the stored colours, and an embedded profile is followed.
display() {
    local folder="$work/toned"
    export XDG_CONFIG_HOME="$work/config-display"
    mkdir -p "$folder"
    convert tests/fixtures/display/swapped.png "icc:$work/swapped.icc"
    convert -size 640x480 'xc:rgb(100,120,140)' "$folder/1 flat.png"
    convert -size 640x480 'xc:rgb(100,120,140)' -profile "$work/swapped.icc" "$folder/2 swapped.png"
    start_window "$folder"
    press 5; await 'outlined: '
    levels display-1-stored 300 200 100 120 140
    # A fifth of 255 is 51.
    press shift+Up shift+Up shift+Up shift+Up; await 'display: brightness 0.20'
    levels display-2-brighter 300 200 151 171 191
    xdotool keydown space
    levels display-3-peek 300 200 100 120 140
    xdotool keyup space
    # Reset with the photo, and its channels where its profile has them.
    press Right; await 'profile: Swapped channels'; await 'outlined: '
    levels display-4-profile 300 200 140 100 120
    stop_window
}

# shellcheck source=tests/window/desk.sh
source tests/window/desk.sh
# shellcheck source=tests/window/originals.sh
source tests/window/originals.sh

make_folder() {
    mkdir -p "$1"
    cp "${@:2}" "$1/"
}


make_models
start_display 1280x800

echo "drawn phantoms"
# Names as clinics give them: in Chinese, with spaces.
phantoms="$work/皮肤镜 照片"
mkdir "$phantoms"
cp assets/sample/phantom.jpg "$phantoms/色素痣 左臂 1.jpg"
cp assets/sample/phantom2.jpg "$phantoms/色素痣 左臂 2.jpg"
cp assets/sample/phantom3.jpg "$phantoms/黑素瘤 疑似 3.jpg"
cp assets/sample/phantom3_segmentation.png "$work/参考 掩膜_segmentation.png"
walk "$phantoms" phantoms "$work/参考 掩膜_segmentation.png"
correct "$phantoms" phantoms
review "$phantoms" phantoms
measure "$phantoms" phantoms 300 620 700 600 '[0-9.]+'
compare_sides "$phantoms/$(photo_at "$phantoms" 3)" phantoms "$work/参考 掩膜_segmentation.png"
settings "$phantoms" phantoms
display

if [ -d "$data/originals" ]; then
    echo "real photographs: yes"
    make_folder "$work/originals" "$data"/originals/*.jpg
    second="$(ls "$work/originals" | sed -n 2p)"
    walk "$work/originals" originals "$data/originals/${second%.jpg}_segmentation.png"
    # The largest, the first with a ruler of 10 mm: 1,877 of its pixels.
    largest="ISIC_0012288"
    make_folder "$work/12 megapixels" "$data/originals/$largest.jpg" "$data/originals/ISIC_0014162.jpg"
    correct "$work/12 megapixels" originals
    rm -r "$work/12 megapixels/.dermaloupe"
    measure "$work/12 megapixels" originals 380 638 735 616 '4\.[2-6][0-9]*'
    compare_sides "$work/12 megapixels" originals "$data/originals/${largest}_segmentation.png"
    review_originals
else
    echo "real photographs: no (neither DERMALOUPE_DATA nor ../shared/data is there)"
    [ "${CI:-}" != true ] || fail "CI needs the real photographs"
fi

echo "a picture by --screenshot"
XDG_CONFIG_HOME="$work/config" "$program" --screenshot "$pictures/first-run.png"
[ "$(identify -format '%k' "$pictures/first-run.png")" -gt 2000 ] || fail "the first run's picture is empty"
passed=$((passed + 1))

echo "what is left of a visit in the kiosk's memory"
/usr/bin/python3 tests/window/kiosk_memory.py "$program" "$work/kiosk" || fail "see above"
passed=$((passed + 1))

echo "what is left in the home folder"
left="$(cd "$HOME" && find . -type f -not -path './.cache/mesa_shader_cache*' -not -path './.config/dconf/*')"
[ -z "$left" ] || fail "these files are left in the home folder: $left"
passed=$((passed + 1))

echo "$passed passed, 0 failed"
