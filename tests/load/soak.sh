#!/usr/bin/env bash
# Random use of the window, without a screen, while everything around it goes wrong: see tests/suite/soak.rs. On a small disk
# of its own, which is filled now and then, and as nobody, who may not write into every folder.
#
#   tests/load/soak.sh STEPS [SEED] [TEST_PROGRAM]
#
# Needs root, for the disk.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

steps="${1:?usage: tests/load/soak.sh STEPS [SEED] [TEST_PROGRAM]}"
seed="${2:-20261126}"
suite="${3:-$(cargo test --no-run --test suite --message-format json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*suite-[^"]*\)".*/\1/p' | tail -n 1)}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir "$work/disk" "$work/home"
chown 65534:65534 "$work/home"
# In a mount namespace of its own, so that nothing stays mounted; the program where nobody may read it.
cp "$suite" "$work/suite"
unshare --mount --propagation private bash -euo pipefail -c '
    mount -t tmpfs -o size=24m,mode=777 tmpfs "$1/disk"
    exec setpriv --reuid 65534 --regid 65534 --clear-groups env HOME="$1/home" TMPDIR="$1/disk" \
        DERMALOUPE_TEST_ALONE=1 DERMALOUPE_SOAK_DISK="$1/disk" DERMALOUPE_SOAK_STEPS="$2" DERMALOUPE_SOAK_SEED="$3" "$1/suite" \
        --exact soak::whatever_goes_wrong_around_it_the_window_goes_on_and_keeps_what_was_decided --nocapture
' _ "$work" "$steps" "$seed"
