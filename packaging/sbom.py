#!/usr/bin/env python3
"""Completes cargo-cyclonedx's bill of materials: without what is not linked and what differs between two runs, and with
what is shipped beside the program.

    packaging/sbom.py BILL LINKED [STAGE] > FILE

LINKED is a list of crates, "NAME vVERSION" a line."""
import hashlib
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
FONTS = {"Inter": ("Inter-*.otf", "OFL-1.1"), "Noto Sans SC": ("NotoSansSC-*.otf", "OFL-1.1"),
         "Phosphor": ("Phosphor.ttf", "MIT")}


def sha256(path: pathlib.Path) -> list[dict]:
    """A file's hash as CycloneDX states it."""
    return [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}]


def licence(name: str) -> list[dict]:
    return [{"license": {"id": name}}]


def fonts() -> list[dict]:
    """The fonts that are built into the program."""
    return [{"type": "file", "bom-ref": f"font:{path.name}", "name": f"{family} ({path.name})", "licenses": licence(spdx),
             "hashes": sha256(path)}
            for family, (pattern, spdx) in FONTS.items() for path in sorted((ROOT / "assets/fonts").glob(pattern))]


def onnxruntime(stage: pathlib.Path) -> list[dict]:
    """The library of packaging/onnxruntime.sh; its marker says which it is."""
    version = (stage / "libonnxruntime.version").read_text().split()[0]
    return [{"type": "library", "bom-ref": "libonnxruntime.so", "name": "onnxruntime", "version": version,
             "publisher": "Microsoft Corporation", "licenses": licence("MIT"),
             "purl": f"pkg:pypi/onnxruntime@{version}", "hashes": sha256(stage / "libonnxruntime.so")}]


def networks(stage: pathlib.Path) -> list[dict]:
    """The networks' files."""
    found = []
    for card in sorted(stage.glob("models/*/card.json")):
        facts = json.loads(card.read_text(encoding="utf-8"))
        for artefact in facts["artefacts"]:
            path = card.parent / artefact["file"]
            found.append({"type": "machine-learning-model", "bom-ref": f"network:{facts['name']}/{path.name}",
                          "name": f"{facts['name']}/{path.name}", "description": facts["description"],
                          "licenses": [{"license": {"name": facts["licence"]}}], "hashes": sha256(path)})
    return found


def keep_linked(bill: dict, linked: set[tuple[str, str]]) -> None:
    """Leaves the linked crates in the bill, and what is said of them."""
    bill["components"] = [part for part in bill["components"] if (part["name"], part["version"]) in linked]
    kept = {part["bom-ref"] for part in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    bill["dependencies"] = [
        {**entry, "dependsOn": sorted(set(entry.get("dependsOn", [])) & kept)}
        for entry in sorted(bill["dependencies"], key=lambda entry: entry["ref"]) if entry["ref"] in kept
    ]


def main() -> None:
    bill = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    lines = pathlib.Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
    keep_linked(bill, {tuple(line.split(" (")[0].split(" v", 1)) for line in lines if line})
    # By chance, and the time.
    bill.pop("serialNumber", None)
    bill["metadata"].pop("timestamp", None)
    # The folder it was made in.
    folder = str(pathlib.Path(sys.argv[1]).parent)
    shipped = fonts()
    for stage in map(pathlib.Path, sys.argv[3:]):
        shipped += onnxruntime(stage) + networks(stage)
    bill["components"] = sorted(bill["components"], key=lambda part: part["bom-ref"]) + shipped
    text = json.dumps(bill, indent=1, ensure_ascii=False, sort_keys=True)
    print(text.replace(f"path+file://{folder}", "dermaloupe").replace(folder, ""))


if __name__ == "__main__":
    main()
