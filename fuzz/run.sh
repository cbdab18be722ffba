#!/usr/bin/env bash
# Fuzzes every reader of files: builds the targets once, then runs each for some seconds, one after the other.
#
#   fuzz/run.sh SECONDS [TARGET...]
#
# Needs a C++ compiler, for libFuzzer. The corpus stays in target/fuzz/corpus, so that the next run goes on where this one
# ended; what was found is in target/fuzz/found, and the run then fails. Without the sanitizer of addresses: the unsafe code
# that a reader of files runs is its libraries', and so three times as much is tried. FUZZ_BUILD is another folder to build in.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds="${1:?usage: fuzz/run.sh SECONDS [TARGET...]}"
shift
[ "$#" -gt 0 ] || set -- photograph mask labelme coco card graph settings records journal table
work="$PWD/target/fuzz"
build="${FUZZ_BUILD:-$work/build}"
mkdir -p "$work/corpus" "$work/found"
fuzz/seeds.py "$work/seeds"
RUSTC_WRAPPER="$PWD/fuzz/rustc.sh" cargo build --manifest-path fuzz/Cargo.toml --target-dir "$build"

failed=0
for target in "$@"; do
    mkdir -p "$work/corpus/$target"
    found="$work/found/$target-"
    # A file of a few kilobytes that takes half a minute, or a gigabyte, is a finding too.
    if "$build/debug/$target" "$work/corpus/$target" "$work/seeds/$target" \
        -max_total_time="$seconds" -timeout=30 -rss_limit_mb=1024 -max_len=65536 -artifact_prefix="$found" \
        -print_final_stats=1 -verbosity=1 >"$work/$target.log" 2>&1; then
        outcome=nothing
    else
        outcome="A FINDING, see $work/$target.log" failed=1
    fi
    runs="$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$target.log")"
    # The program's edges, and how often each was taken, in classes.
    read -r edges features < <(sed -nE 's/.* cov: ([0-9]+) ft: ([0-9]+) .*/\1 \2/p' "$work/$target.log" | tail -n 1) || true
    echo "$target: ${runs:-?} runs, ${edges:-?} edges, ${features:-?} features, found $outcome"
done
exit "$failed"
