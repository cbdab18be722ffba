#!/usr/bin/env bash
# The bill of materials of the packages, as CycloneDX in JSON: every crate that is linked for a machine, with its version,
# licence and the hash that Cargo.lock has, and, with STAGE, what lies beside the program: ONNX Runtime and the networks.
#
#   packaging/sbom.sh TRIPLE [STAGE] > FILE
#
# The same sources give the same bytes: no time and no number by chance is in it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

triple="${1:?usage: packaging/sbom.sh TRIPLE [STAGE]}"
stage="${2:-}"
PATH="$(packaging/tools.sh cargo-cyclonedx):$PATH"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cargo fetch --quiet --locked
# cargo-cyclonedx writes beside the manifest: that is a copy, whose files lead back here.
cp Cargo.toml Cargo.lock "$work"
ln -s "$PWD"/{build.rs,src,tests,benches,examples} "$work"
CARGO_NET_OFFLINE=true cargo cyclonedx --quiet --manifest-path "$work/Cargo.toml" --format json --spec-version 1.5 \
    --describe binaries --no-build-deps --target "$triple" >&2
# It goes by `cargo metadata`, which has what tests alone turn on; `cargo tree` has what is linked.
cargo tree --locked --edges normal --target "$triple" --prefix none --format '{p}' >"$work/linked"
python3 packaging/sbom.py "$work/dermaloupe_bin.cdx.json" "$work/linked" $stage
