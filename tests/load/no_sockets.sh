#!/usr/bin/env bash
# The window, the kiosk and the command line where there is no network: a namespace without interfaces. All of them work,
# and strace sees no socket but those of this machine, by which a window talks to its display and to the desktop.
#
#   tests/load/no_sockets.sh [PROGRAM]
#
# Needs Xvfb, strace and unshare.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

program="$(realpath "${1:-${CARGO_TARGET_DIR:-target}/debug/dermaloupe}")"
pictures="$(mktemp -d)"
# shellcheck source=tests/window/harness.sh
source tests/window/harness.sh

# Runs the program, given words, without a network; its calls for sockets are in $work/sockets.
alone() {
    : >"$work/sockets"
    unshare --map-root-user --net strace -f -qq -e trace=socket,connect,bind -o "$work/sockets" "$program" "$@"
}

# No socket at all, or, with `machine`, none that leads out of the machine.
no_socket() {
    local allowed="${2:+AF_UNIX}" found
    found="$(grep -vE "${allowed:-nothing}|connect\([0-9]+, \{sa_family=${allowed:-nothing}|\+\+\+|---" "$work/sockets" || true)"
    [ -z "$found" ] || {
        echo "$found" >&2
        fail "sockets: $1"
    }
    passed=$((passed + 1))
    echo "  no socket$([ -z "${2:-}" ] || echo ' that leads out of the machine'): $1"
}

: >"$log"
mkdir -p "$work/photos" "$work/masks" "$work/usb" "$work/run"
cp assets/sample/phantom2.jpg "$work/photos/a.jpg"
cp assets/sample/phantom3.jpg "$work/photos/b.jpg"
cp assets/sample/phantom2_segmentation.png "$work/masks/a_segmentation.png"
cp assets/sample/phantom3_segmentation.png "$work/masks/b_segmentation.png"
if [ -z "$(unshare --map-root-user --net cat /proc/net/route | tail -n +2)" ]; then
    echo "  there is no way out of the namespace"
else
    fail "the namespace has a network"
fi

alone doctor >/dev/null; no_socket doctor
alone models >/dev/null; no_socket models
alone segment "$work/photos" --out "$work/out" --overlay >/dev/null; no_socket segment
alone evaluate --images "$work/photos" --masks "$work/masks" >/dev/null; no_socket evaluate
alone report "$work/photos" --csv "$work/report.csv" --pdf "$work/pages" >/dev/null; no_socket report
alone export "$work/photos" --format coco --out "$work/coco.json" >/dev/null; no_socket export
alone bench "$work/photos/a.jpg" --runs 2 >/dev/null; no_socket bench

start_display 1280x800
export XDG_CONFIG_HOME="$work/config"
alone --screenshot "$work/window.png" "$work/photos" 2>>"$log"
[ -s "$work/window.png" ] || fail "the window's picture is missing"
no_socket window machine

cp "$work/photos/a.jpg" "$work/usb/"
printf "watch = ['%s']\npoll_seconds = 1\nidle_seconds = 600\nexit = 'key'\n" "$work/usb" >"$work/kiosk.toml"
export RUNTIME_DIRECTORY="$work/run"
since
alone kiosk -v --config "$work/kiosk.toml" --window 1024x600 2>>"$log" &
kiosk_pid=$!
await 'photo: a'
await 'outlined: '
xdotool search --sync --onlyvisible --name 'Dermaloupe' windowfocus >/dev/null
xdotool key --clearmodifiers ctrl+alt+q
wait "$kiosk_pid" || fail "the kiosk ended with an error"
no_socket kiosk machine
echo "tests/load/no_sockets.sh: $passed checks passed"
