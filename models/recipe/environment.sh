#!/usr/bin/env bash
# Creates a virtual environment if it is missing, and prints its path: the recipe's, or that of another file of pinned
# requirements, as in `environment.sh tests/corpus/requirements.txt`.
#
# It is outside the checkout and named after the pinned requirements, so that changing a pin creates a new one.
# The marker `.complete` is written last: an environment without it is incomplete and is created again.
set -euo pipefail

requirements="${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/requirements.txt}"
cache="${DERMALOUPE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dermaloupe}"
pins="$(sha256sum "$requirements" | cut -c1-12)"
venv="$cache/venv-$pins"

if [ ! -e "$venv/.complete" ]; then
    mkdir -p "$cache"
    # A second caller waits at the lock and then finds the environment ready.
    exec 9>"$cache/venv-$pins.lock"
    flock 9
    if [ ! -e "$venv/.complete" ]; then
        python="${PYTHON:-python3.11}"
        if ! command -v "$python" >/dev/null; then
            echo "environment.sh: $python is not installed; install Python 3.11 with its venv module, or set PYTHON" >&2
            exit 1
        fi
        echo "environment.sh: creating the environment of $requirements (the recipe's takes about 6 GB and some minutes)" >&2
        rm -rf "$venv"
        "$python" -m venv "$venv" >&2
        "$venv/bin/python" -m pip install --quiet -r "$requirements" >&2
        touch "$venv/.complete"
    fi
fi
echo "$venv"
