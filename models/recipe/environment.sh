#!/usr/bin/env bash
# Makes the recipe's virtual environment when it is missing, and prints its path.
#
# It lies outside the checkout, named after the pinned requirements, so that changing a pin makes a new one.
# The marker `.complete` is written last: an environment without it is half-made, and is made again.
set -euo pipefail

recipe="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${DERMALOUPE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dermaloupe}"
pins="$(sha256sum "$recipe/requirements.txt" | cut -c1-12)"
venv="$cache/venv-$pins"

if [ ! -e "$venv/.complete" ]; then
    mkdir -p "$cache"
    # One maker at a time; a second caller waits and then finds the environment ready.
    exec 9>"$cache/venv-$pins.lock"
    flock 9
    if [ ! -e "$venv/.complete" ]; then
        python="${PYTHON:-python3.11}"
        if ! command -v "$python" >/dev/null; then
            echo "environment.sh: $python is not installed; install Python 3.11 with its venv module, or set PYTHON" >&2
            exit 1
        fi
        echo "environment.sh: making the environment (about 6 GB, some minutes)" >&2
        rm -rf "$venv"
        "$python" -m venv "$venv" >&2
        "$venv/bin/python" -m pip install --quiet -r "$recipe/requirements.txt" >&2
        touch "$venv/.complete"
    fi
fi
echo "$venv"
