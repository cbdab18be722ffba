#!/usr/bin/env bash
# Shows that the packages' bill of materials names each crate that is linked, in its version, and no other; that two runs
# give the same bytes; and that it names what is shipped beside the program.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
triple="$(rustc -vV | sed -n 's/^host: //p')"
# What the packages have beside the program, small.
mkdir -p "$work/stage/models"
cp -r models/zoo/malunet "$work/stage/models"
echo library >"$work/stage/libonnxruntime.so"
echo "1.0.0 x86_64" >"$work/stage/libonnxruntime.version"
packaging/sbom.sh "$triple" "$work/stage" >"$work/one.json"
packaging/sbom.sh "$triple" "$work/stage" >"$work/two.json"
cmp "$work/one.json" "$work/two.json"
cargo tree --locked --edges normal --target "$triple" --prefix none --format '{p}' | sed 's/ (.*//' | sort -u >"$work/tree"
python3 - "$work/one.json" "$work/tree" <<'PYTHON'
import json, sys

bill = json.load(open(sys.argv[1], encoding="utf-8"))
linked = {tuple(line.split(" v")) for line in open(sys.argv[2]).read().splitlines()} - {("dermaloupe", "0.1.0")}
crates = [part for part in bill["components"] if part.get("purl", "").startswith("pkg:cargo/")]
named = {(part["name"], part["version"]) for part in crates}
assert bill["bomFormat"] == "CycloneDX" and bill["specVersion"] == "1.5", bill["specVersion"]
assert named == linked, f"missing: {sorted(linked - named)}, not linked: {sorted(named - linked)}"
bare = [part["name"] for part in crates if not part.get("licenses") or not part.get("hashes")]
assert not bare, f"without licence or hash: {bare}"
others = sorted(part["name"] for part in bill["components"] if part not in crates)
assert any("malunet" in name for name in others) and "onnxruntime" in others, others
assert sum("NotoSansSC" in name for name in others) == 2, others
assert "/tmp/" not in open(sys.argv[1], encoding="utf-8").read(), "it tells where it was made"
print(f"the bill of materials names all {len(named)} linked crates and {len(others)} other parts")
PYTHON
