#!/usr/bin/env bash
# Installs tools of cargo that the checks and the packages need, once, outside the checkout.
#
#   PATH="$(packaging/tools.sh cargo-deny ...):$PATH"
#
# Prints the folder they are in: ~/.cache/dermaloupe/tools/bin, or below XDG_CACHE_HOME. One that is there in the
# version given here is left alone. Building one takes three and a half minutes of a processor.
set -euo pipefail

tools="${XDG_CACHE_HOME:-$HOME/.cache}/dermaloupe/tools"
for tool in "$@"; do
    case "$tool" in
        cargo-deny) version=0.20.2 features=() ;;
        cargo-about) version=0.9.3 features=(--features cli) ;;
        cargo-cyclonedx) version=0.5.9 features=() ;;
        *)
            echo "tools.sh: no version is chosen for '$tool'" >&2
            exit 2
            ;;
    esac
    # One of them tells its version only where it is called as cargo calls it.
    found="$("$tools/bin/$tool" --version 2>/dev/null || "$tools/bin/$tool" "${tool#cargo-}" --version 2>/dev/null || true)"
    if [ "${found##* }" != "$version" ]; then
        echo "tools.sh: building $tool $version" >&2
        # Not into a target folder of the caller's, nor with its profile.
        env -u CARGO_TARGET_DIR -u RUSTFLAGS cargo install --quiet --locked --root "$tools" --version "$version" \
            --no-default-features "${features[@]}" "$tool" >&2
    fi
done
echo "$tools/bin"
