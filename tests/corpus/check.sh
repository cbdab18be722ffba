#!/usr/bin/env bash
# Draws the corpus into target/corpus, and runs the program through it: see run.py.
#
#   tests/corpus/check.sh --draw           draws it, for this and for tests/suite/corpus.rs
#   tests/corpus/check.sh [PROGRAM ...]    runs PROGRAM, by default target/debug/dermaloupe, after --draw; more words
#                                          are run.py's
#
# The Python packages are in the cache directory, in pinned versions. Where they cannot be had it says so, and fails
# only if CI is true.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if ! venv="$(models/recipe/environment.sh tests/corpus/requirements.txt)"; then
    echo "tests/corpus/check.sh: NOT CHECKED, as its Python packages are missing" >&2
    [ "${CI:-}" != true ]
    exit
fi
corpus=target/corpus
if [ "${1:-}" = --draw ]; then
    tests/checks/python_sizes.py tests/corpus
    "$venv/bin/python" tests/corpus/generate.py "$corpus"
else
    program="${1:-target/debug/dermaloupe}"
    "$venv/bin/python" tests/corpus/run.py "$program" "$corpus" "${@:2}"
fi
