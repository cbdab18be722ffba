# What run.sh and pictures.sh share: a virtual display, a home of its own, the program's log to wait for, and pictures.
# Sourced by them in the root of the checkout, with $pictures the folder for pictures.

patience=90
work="$(mktemp -d)"
log="$work/log"
passed=0

# A home and records of its own: what the program and its libraries leave there is looked at in the end. ONNX Runtime alone is
# that of the person who runs this.
library="${XDG_DATA_HOME:-$HOME/.local/share}/dermaloupe/libonnxruntime.so"
[ ! -e "$library" ] || export ORT_DYLIB_PATH="${ORT_DYLIB_PATH:-$library}"
export HOME="$work/home" XDG_DATA_HOME="$work/data"
mkdir "$HOME" "$XDG_DATA_HOME"
unset XDG_CACHE_HOME

finish() {
    local pids
    pids="$(jobs -p)"
    [ -z "$pids" ] || kill $pids 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

fail() {
    echo "tests/window: $*" >&2
    tail -n 20 "$log" >&2 || true
    exit 1
}

# Waits until the log has, since the last call of `since`, a line that matches.
seen_lines=0
since() { seen_lines="$(wc -l <"$log")"; }
await() {
    timeout "$patience" bash -c 'tail -n "+$(($2 + 1))" -F "$1" 2>/dev/null | grep -m1 -qE -- "$3"' _ \
        "$log" "$seen_lines" "$1" || fail "never saw: $1"
    passed=$((passed + 1))
    echo "  seen: $1"
}

press() { since; xdotool key --clearmodifiers "$@"; }

# A picture, and that it is one: a window that was not drawn has few colours.
picture() {
    local file="$pictures/$1.png" colours
    [ "${3:-}" = moving ] || await 'at rest'
    import -window root "$file"
    colours="$(identify -format '%k' "$file")"
    [ "$colours" -gt "${2:-2000}" ] || fail "picture $1 has $colours colours only: $file"
    passed=$((passed + 1))
    echo "  picture: $1 ($colours colours)"
}

# Of the size $1, WIDTHxHEIGHT.
start_display() {
    exec 7<>"$work/display"
    Xvfb -displayfd 7 -screen 0 "$1x24" -nolisten tcp >/dev/null 2>&1 &
    display_pid=$!
    local number
    read -r -t "$patience" number <"$work/display" || fail "no virtual display"
    export DISPLAY=":$number"
}

stop_window() {
    press ctrl+q
    timeout "$patience" tail --pid="$window_pid" -f /dev/null || fail "the window did not close"
    wait "$window_pid" || fail "the window ended with an error"
}

# A stroke from one point to another, as a hand draws it: pressed, in steps, released.
stroke() {
    since
    xdotool mousemove --sync "$1" "$2" mousedown 1
    for step in 1 2 3 4 5 6 7 8; do
        xdotool mousemove --sync "$(($1 + ($3 - $1) * step / 8))" "$(($2 + ($4 - $2) * step / 8))"
    done
    xdotool mouseup 1
}

# The first photograph of a folder, and the one after it.
photo_at() { ls "$1" | grep -v _segmentation | sed -n "$2p"; }

click() { since; xdotool mousemove --sync "$1" "$2" click 1; }

mkfifo "$work/display"
