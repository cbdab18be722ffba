#!/usr/bin/env bash
# Shows that deny.toml refuses a crate that we may not ship, and takes one that leaves a choice; and that about.toml,
# which makes the packages' page, allows the same licences. Wants cargo-deny in PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/program/src" "$work/library/src"
cp deny.toml "$work/program"
touch "$work/program/src/lib.rs" "$work/library/src/lib.rs"
cat >"$work/program/Cargo.toml" <<'TOML'
[package]
name = "program"
version = "1.0.0"
edition = "2024"
license = "MIT"
publish = false

[workspace]

[dependencies]
library = { version = "1.0.0", path = "../library" }
TOML

# The answer of cargo-deny to a program with one library, under that licence.
check() {
    printf '[package]\nname = "library"\nversion = "1.0.0"\nedition = "2024"\nlicense = "%s"\n' "$1" \
        >"$work/library/Cargo.toml"
    cargo deny --offline --manifest-path "$work/program/Cargo.toml" check licenses >"$work/answer" 2>&1
}
fail() {
    cat "$work/answer" >&2
    echo "licences.sh: $*" >&2
    exit 1
}

for licence in "MIT" "MIT OR GPL-3.0-only" "(MIT OR Apache-2.0) AND Unicode-3.0"; do
    check "$licence" || fail "refused: $licence"
done
for licence in "(MIT OR Apache-2.0) AND GPL-3.0-only" "GPL-3.0-only" "MPL-2.0"; do
    ! check "$licence" || fail "not refused: $licence"
    grep -q 'error\[rejected\]' "$work/answer" || fail "failed for another reason than: $licence"
done

listed() { sed -n "/^$2 = \[$/,/^]/p" "$1" | grep -o '"[^"]*"' | sort; }
diff <(listed deny.toml allow) <(listed about.toml accepted) ||
    fail "deny.toml and about.toml allow different licences"
echo "what may not be shipped is refused, and the page of licences goes by the same list"
