#!/usr/bin/env bash
# The licences of everything that is linked into the program, as one text for the packages.
#
#   packaging/licences.sh > FILE
#
# cargo-about chooses and finds the texts by about.toml, and fails where a crate leaves no choice that may be shipped.
# It knows no NOTICE files, which the Apache licence wants handed on: they come after it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PATH="$(packaging/tools.sh cargo-about):$PATH"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
# cargo-about looks at the crates of every platform, and only then at what is linked on ours.
cargo fetch --quiet --locked
cargo about generate --frozen --fail packaging/licences.hbs --output-file "$work/page"
line="$(printf '=%.0s' {1..78})"
# The template puts each crate's manifest after a tab.
sed 's/\t.*//' "$work/page"
sed -n 's/^\(.*\): .*\t\(.*\)\/Cargo.toml$/\1\t\2/p' "$work/page" | while IFS=$'\t' read -r name folder; do
    for notice in "$folder"/NOTICE*; do
        [ ! -f "$notice" ] || printf '\n%s\nNotice of %s\n\n%s\n' "$line" "$name" "$(cat "$notice")"
    done
done
