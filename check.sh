#!/usr/bin/env bash
# All checks of the program, cheapest first: what CI runs, and what a person runs before a commit.
#
#   ./check.sh            all of them
#   ./check.sh --fast     while working: sizes, imports, formatting, clippy and the unit tests; in a warm build less than
#                         two minutes
#
# As root it installs the Debian packages it misses; otherwise it names the command to run. ONNX Runtime is brought
# into the application's data directory, outside the checkout; cargo-deny is built once, into the cache
# directory. With CI=true nothing optional may be missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

fast=
case "$*" in
    "") ;;
    --fast) fast=yes ;;
    *) echo "usage: ./check.sh [--fast]" >&2; exit 2 ;;
esac

# A step says how long the one before it took; the last line says how long all did.
SECONDS=0 step_began=0
step() {
    [ "$SECONDS" -lt 1 ] || took
    printf '\n== %s\n' "$*"
    step_began=$SECONDS
}
took() { printf '   (%d s)\n' "$((SECONDS - step_began))"; }

run_tests() {
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run "$@"
    else
        cargo test "$@"
    fi
}

step "sizes: no source file over 400 lines, no function over 80"
python3 - <<'PYTHON'
import pathlib, re, subprocess, sys

MOST_LINES, MOST_OF_A_FUNCTION = 400, 80
names = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.rs"],
                       capture_output=True, text=True, check=True).stdout.split()
complaints = []
for name in sorted(names):
    path = pathlib.Path(name)
    if not path.exists():
        continue
    lines = path.read_text().splitlines()
    if len(lines) > MOST_LINES:
        complaints.append(f"{len(lines)} lines, at most {MOST_LINES}: {name}")
    opened = None
    for number, line in enumerate(lines, 1):
        head = re.match(r"( *)(?:pub(?:\([^)]*\))? )?(?:const |async |unsafe )*fn (\w+)", line)
        if head and opened is None:
            opened = (number, head[1], head[2])
        # rustfmt ends a function, or a declaration without a body, in the column where it began.
        if opened and (line == opened[1] + "}" or line.endswith((";", "}")) and line.startswith(opened[1] + ")")
                       or number == opened[0] and line.endswith((";", "}"))):
            first, _, function = opened
            if number - first + 1 > MOST_OF_A_FUNCTION:
                complaints.append(f"{function} has {number - first + 1} lines, at most {MOST_OF_A_FUNCTION}: {name}:{first}")
            opened = None
print("\n".join(complaints) or "all within")
sys.exit(bool(complaints))
PYTHON

step "imports: one way, and no more rings than there were"
tests/checks/modules.py

step "formatting"
cargo fmt --check

if [ "$fast" ]; then
    step "clippy of library and program, warnings as errors"
    cargo clippy --lib --bins -- -D warnings
    step "unit tests"
    run_tests --lib
    took
    printf '\ncheck.sh --fast: passed in %d s; ./check.sh has the rest\n' "$SECONDS"
    exit
fi

step "what is linked: licences, sources, no crate twice, known faults"
PATH="$(packaging/tools.sh cargo-deny):$PATH"
cargo fetch --quiet --locked
cargo deny --frozen check licenses bans sources
tests/checks/licences.sh
tests/checks/sbom.sh
if complaint="$(timeout 120 cargo deny --locked fetch db 2>&1)"; then
    cargo deny --locked check advisories
else
    echo "$complaint" | tail -n 1
    echo "advisories: NOT CHECKED, as their database cannot be reached"
fi

step "what the tests of the window and of the PDF need"
packages=(xvfb xauth xdotool imagemagick x11-utils dbus libgl1 libegl1 libgl1-mesa-dri
    libxkbcommon-x11-0 libxcursor1 libxi6 libxrandr2 libx11-xcb1 python3-gi gir1.2-gtk-3.0
    poppler-utils qpdf strace)
missing=()
if command -v dpkg-query >/dev/null; then
    for package in "${packages[@]}"; do
        # 'install ok installed' is the state of a package that is there and whole.
        dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing+=("$package")
    done
fi
if [ "${#missing[@]}" -eq 0 ]; then
    echo "all packages are there"
elif [ "$(id -u)" -eq 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update --quiet --quiet
    apt-get install --quiet --quiet --yes --no-install-recommends "${missing[@]}" >/dev/null
    echo "installed: ${missing[*]}"
else
    echo "check.sh: packages are missing; run: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
fi

step "clippy, warnings as errors"
cargo clippy --all-targets -- -D warnings

step "the crate's documentation, warnings as errors"
RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

step "ONNX Runtime"
packaging/onnxruntime.sh

step "the corpus of odd and hostile input: drawn"
tests/corpus/check.sh --draw

# Before the tests of the whole: the last of both leaves its program in target/debug for tests/window.
step "without the window: what is linked, clippy, tests"
if cargo tree --no-default-features --edges normal,build --prefix none | grep -E '^(eframe|egui|winit|glow|rfd) '; then
    echo "check.sh: these are linked without the feature 'window' too" >&2
    exit 1
fi
cargo clippy --no-default-features --all-targets -- -D warnings
# Those that start the program: other crates are linked, with other features. Unit tests are of the same code, and follow below.
run_tests --no-default-features --test suite

step "tests"
run_tests

step "sheets: every panel and state as it was accepted (tests/snapshots/accept.sh)"
run_tests --test snapshots

step "the corpus of odd and hostile input: each file gives the right outcome"
tests/corpus/check.sh

if [ -x tests/window/run.sh ]; then
    step "the window, for real"
    tests/window/run.sh
fi

took
printf '\ncheck.sh: all checks passed in %d s\n' "$SECONDS"
