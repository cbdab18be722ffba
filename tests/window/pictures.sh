#!/usr/bin/env bash
# Pictures of every state of the window and the kiosk, in both languages, both themes and two sizes, for a person to look
# at: nothing is compared. Each language, theme and size has a walk through the states of its own.
#
#   tests/window/pictures.sh [PROGRAM] [PICTURES] [LANGUAGE-THEME-SIZE...]
#
# It shows real photographs when DERMALOUPE_DATA or ../shared/data is there, and drawn phantoms otherwise.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

program="$(realpath "${1:-${CARGO_TARGET_DIR:-target}/debug/dermaloupe}")"
pictures="$(mkdir -p "${2:-target/pictures}" && realpath "${2:-target/pictures}")"
data="${DERMALOUPE_DATA:-../shared/data}"
walks=("${@:3}")
[ "${#walks[@]}" -gt 0 ] || walks=({en,zh-CN}-{dark,light}-{1024x600,1920x1080})
# shellcheck source=tests/window/harness.sh
source tests/window/harness.sh

# Three lesions, the second with its reference, a damaged file, and skin without a lesion.
make_photos() {
    local folder="$1" sources=(assets/sample/phantom{,2,3}.jpg) mask=assets/sample/phantom2_segmentation.png
    if [ -d "$data/originals" ]; then
        sources=("$data"/originals/ISIC_{0012151,0012210,0014162}.jpg)
        mask="$data/originals/ISIC_0012210_segmentation.png"
    fi
    mkdir -p "$folder"
    cp "${sources[0]}" "$folder/1 左臂 left upper arm.jpg"
    cp "${sources[1]}" "$folder/2 back.jpg"
    cp "$mask" "$folder/2 back_segmentation.png"
    cp "${sources[2]}" "$folder/3 thigh.jpg"
    head -c 20000 "${sources[0]}" >"$folder/4 damaged.jpg"
    convert -size 1024x768 'xc:rgb(230,190,170)' "$folder/5 skin.png"
}

open_window() {
    : >"$log"
    seen_lines=0
    "$program" -v --models "${models:-models/zoo}" --engine auto --language "$language" --theme "$theme" --size "$size" "$@" 2>>"$log" &
    window_pid=$!
    await "${first_line:-outlined: }"
    xdotool search --sync --onlyvisible --name '^Dermaloupe$' windowfocus >/dev/null
}

# A picture of this walk.
take() { picture "$1-$language-$theme-$size" 200 "${2:-}"; }

first_run() {
    export XDG_CONFIG_HOME="$work/config-first-$1"
    open_window
    take first-run
    stop_window
}

# Deciding, correcting, and what is seen of a lesion.
lesions() {
    local folder="$1"
    press 6; await 'kept: 1 .* accepted'; await 'photo: 2 '
    take review-notice moving
    press Escape Home; await 'photo: 1 '
    take review
    press Right; await 'photo: 2 '; await 'at rest'
    press 3; await 'outlined: '; take heat
    press 4; await 'outlined: '; take error
    press 1; await 'outlined: '
    press d; take diameters
    press a; take abcd
    press a d; await 'at rest'
    press e; await 'correcting'; await 'at rest'
    stroke "$((${size%x*} * 4 / 10))" "$((${size#*x} / 2))" "$((${size%x*} / 2))" "$((${size#*x} * 2 / 5))"
    await 'kept: 1 steps'; take correcting
    press e; await 'at rest'
}

# Choosing and comparing networks; what lies over the window.
dialogs() {
    press n; take networks
    press Escape; await 'at rest'
    press c; await 'side 0: '; await 'side 1: '; take compare
    press c; await 'at rest'
    press t; await 'at rest'
    # Where the button is that runs all networks.
    case "$size" in 1024x600) click 600 157 ;; 1920x1080) click 1083 143 ;; esac
    await 'table: '; take table moving
    press t; await 'at rest'
    press ctrl+p; take report
    press Escape; await 'at rest'
    press ctrl+comma; take settings
    press Escape; await 'at rest'
    press question; take shortcuts
    press Escape; await 'at rest'
    press ctrl+i; take about
    press Escape; await 'at rest'
}

# Where there is no lesion to be seen.
others() {
    press End; await 'photo: 5 '; await 'outlined: threshold 0.50'
    for level in 55 60 65 70 75 80 85 90 95; do press bracketright; await "outlined: threshold 0.$level"; done
    take no-lesion
    press Left; await 'photo failed'; take damaged
}

window() {
    export XDG_CONFIG_HOME="$work/config-$1"
    rm -rf "$work/$1"
    make_photos "$work/$1"
    open_window "$work/$1"
    await 'photo: 1 '; await 'at rest'
    lesions "$work/$1"
    dialogs
    others
    stop_window
}

# A network that no engine runs: its card says another size of its output.
network_failed() {
    local models="$work/models-$1" first_line='at rest'
    export XDG_CONFIG_HOME="$work/config-failed-$1"
    mkdir -p "$models/broken"
    cp models/zoo/globalatt/model.onnx "$models/broken"
    sed -e 's/"name": "globalatt"/"name": "broken"/' -e 's/"title": "MALUNet globalatt"/"title": "Broken"/' \
        -e '/"output": {/,/}/s/128/64/' models/zoo/globalatt/card.json >"$models/broken/card.json"
    open_window "$work/$1/1 左臂 left upper arm.jpg" --model broken
    await 'photo: 1 '; await 'at rest'
    take network-failed
    stop_window
}

# The sections of the side panel that are folded at first; a photograph without its hair and corners, and what a second
# network says.
sections() {
    export XDG_CONFIG_HOME="$work/config-sections-$1"
    mkdir -p "$XDG_CONFIG_HOME/dermaloupe"
    printf '{"sections": {"review": false, "overlay": false, "lesion": false, "%s": true, "%s": true}}\n' display steps \
        >"$XDG_CONFIG_HOME/dermaloupe/settings.json"
    open_window "$work/$1/3 thigh.jpg"
    await 'photo: 3 '; await 'at rest'
    press ctrl+F5; await 'measured: '; await 'at rest'
    press shift+h shift+k; await 'at rest'
    take sections
    stop_window
}

vessels() {
    export XDG_CONFIG_HOME="$work/config-vessels-$1"
    open_window
    press ctrl+shift+y; await 'segmented: by '; await 'at rest'
    take vessels
    press 3; await 'outlined: '; take vessels-heat
    stop_window
}

# The moving picture of a folder that is played as a camera: moving, frozen, kept, and no camera.
live() {
    export XDG_CONFIG_HOME="$work/config-live-$1"
    make_camera "$work/camera-$1"
    open_window --live="$work/camera-$1"
    await 'live: running'; await 'at rest'; take live moving
    press space; await 'live: frozen'; take live-frozen
    press Escape; await 'live: off'; await 'at rest'
    stop_window
    open_window --live=/dev/video63
    await 'live: waiting'; await 'at rest'; take live-no-camera
    press Escape; await 'live: off'
    stop_window
}

# What is played as a camera: one lesion for long.
make_camera() {
    mkdir -p "$1"
    local photo=assets/sample/phantom.jpg
    [ ! -d "$data/originals" ] || photo="$data/originals/ISIC_0012210.jpg"
    convert "$photo" -resize 1280x960 "$1/dermatoscope.jpg"
}

# A kiosk of the name $1 that watches the folder $work/$1, with these settings besides.
start_kiosk() {
    local settings="$work/$1.toml"
    mkdir -p "$work/$1" "$work/run-$1"
    printf '%s\n' "watch = ['$work/$1']" 'poll_seconds = 1' 'idle_seconds = 60' "language = '$language'" \
        "theme = '$theme'" "${@:2}" >"$settings"
    : >"$log"
    seen_lines=0
    RUNTIME_DIRECTORY="$work/run-$1" "$program" kiosk -v --config "$settings" --models models/zoo \
        --window "$size" 2>>"$log" &
    window_pid=$!
    await 'outlined: '
}

stop_kiosk() {
    kill "$window_pid"
    wait "$window_pid" || true
}

# A visit: the idle screen, a result, the countdown, what is said afterwards, and a file that cannot be opened; then a
# visit with a photograph of the retina.
kiosk() {
    local usb="$work/kiosk-$1" photo=assets/sample/phantom.jpg
    [ ! -d "$data/originals" ] || photo="$data/originals/ISIC_0012151.jpg"
    make_camera "$work/kiosk-camera-$1"
    start_kiosk "kiosk-$1" "camera = '$work/kiosk-camera-$1'"
    take kiosk-idle moving
    xdotool search --sync --onlyvisible --name '^Dermaloupe$' windowfocus
    press l; await 'live: running'; until_changed kiosk-idle kiosk-live
    press space; await 'live: frozen'; until_still kiosk-live-frozen
    press Escape; await 'live: off'
    since; cp "$photo" "$usb/1 photo.jpg"
    await 'photo: 1 photo'; await 'outlined: '; until_visited kiosk-result
    xdotool search --sync --onlyvisible --name '^Dermaloupe$' windowfocus key h; until_changed kiosk-result kiosk-heat
    until_still kiosk-heat
    # Nothing else changes the picture until the countdown begins.
    until_changed kiosk-heat kiosk-countdown
    await 'a fresh process draws the screen'; click 10 10; until_visited kiosk-cleared
    since; head -c 20000 "$photo" >"$usb/2 damaged.jpg"
    await 'photo failed'; until_visited kiosk-failure
    stop_kiosk
    start_kiosk "kiosk-vessels-$1" "model = 'wnet'"
    since; cp assets/sample/fundus.jpg "$work/kiosk-vessels-$1/eye.jpg"
    await 'photo: eye'; await 'outlined: '; until_visited kiosk-vessels
    stop_kiosk
}

# The colour of the picture $1 near its lower left corner: where somebody is there, the bar with the sentence is there.
corner_of() { convert "$pictures/$1-$language-$theme-$size.png" -crop "1x1+8+$((${size#*x} - 8))" +repage -format '%#' info:; }

# Takes the picture $1 when the idle screen has gone and nothing moves any more.
until_visited() {
    local end="$((SECONDS + patience))" idle
    idle="$(corner_of kiosk-idle)"
    until_still "$1"
    until [ "$(corner_of "$1")" != "$idle" ]; do
        [ "$SECONDS" -lt "$end" ] || fail "$1 never came"
        until_still "$1"
    done
}

# Takes the picture $1 when nothing in it moves any more.
until_still() {
    local file="$pictures/$1-$language-$theme-$size.png" end="$((SECONDS + patience))" before="" now=new
    until [ "$before" = "$now" ]; do
        [ "$SECONDS" -lt "$end" ] || fail "$1 is never still"
        before="$now"
        import -window root "$file"
        now="$(identify -format '%#' "$file")"
    done
    echo "  picture: $1"
}

# Takes the picture $2 when it is another than $1.
until_changed() {
    local before="$pictures/$1-$language-$theme-$size.png" after="$pictures/$2-$language-$theme-$size.png" apart=0
    local end="$((SECONDS + patience))"
    until awk -v apart="$apart" 'BEGIN { exit !(apart > 20000) }'; do
        [ "$SECONDS" -lt "$end" ] || fail "$2 never came"
        import -window root "$after"
        apart="$(compare -metric AE "$before" "$after" null: 2>&1 || true)"
    done
    echo "  picture: $2"
}

for walk in "${walks[@]}"; do
    size="${walk##*-}" walk_colours="${walk%-*}"
    theme="${walk_colours##*-}" language="${walk_colours%-*}"
    echo "$walk"
    start_display "$size"
    first_run "$walk"
    window "$walk"
    network_failed "$walk"
    sections "$walk"
    vessels "$walk"
    live "$walk"
    kiosk "$walk"
    kill "$display_pid"
    wait "$display_pid" || true
done
echo "$passed passed: $pictures"
