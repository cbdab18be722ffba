#!/usr/bin/env python3
"""Seeds of the fuzz targets, from the fixtures, the zoo and the drawn corpus.

    fuzz/seeds.py FOLDER

Small files alone: a fuzzer gets nowhere with large ones. The drawn corpus is there after tests/corpus/check.sh --draw."""
import hashlib
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "tests/fixtures"
CORPUS = ROOT / "target/corpus"
MOST_BYTES = 64 << 10
# Between the files of a folder of records: list, log, format.
MARK = b"\n%%\n"


def put(folder: pathlib.Path, content: bytes, most: int = MOST_BYTES) -> None:
    """One seed, named by its content."""
    if 0 < len(content) <= most:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha1(content).hexdigest()[:16]).write_bytes(content)


def files(*globs: tuple[pathlib.Path, str]):
    """The bytes of small regular files."""
    for folder, pattern in globs:
        for path in sorted(folder.glob(pattern)):
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= 4 << 20:
                yield path, path.read_bytes()


def of_records(folder: pathlib.Path) -> bytes:
    """The files of a folder of records as one seed."""
    read = lambda name: (folder / name).read_bytes() if (folder / name).is_file() else b""
    return MARK.join(read(name) for name in ("records.json", "audit.jsonl", "format.json"))


def main() -> None:
    out = pathlib.Path(sys.argv[1])
    for _, content in files((FIXTURES / "decode", "*"), (FIXTURES / "decode/refused", "*"), (FIXTURES / "display", "*"),
                            (FIXTURES / "large_jpeg", "*"), (CORPUS / "photos", "*")):
        put(out / "photograph", content)
        put(out / "mask", b"\0\0" + content)
    for _, content in files((CORPUS / "cases", "mask_*/**/*")):
        put(out / "mask", b"\0\0" + content)
    for target in ("coco", "labelme"):
        for _, content in files((CORPUS / "cases", f"{target}_*/**/*.json"), (FIXTURES / "exchange", f"{target}*/**/*.json")):
            put(out / target, content)
    for _, content in files((ROOT / "models", "*/*/card.json"), (FIXTURES, "*/card.json"), (CORPUS / "cases", "network_card*/**/card.json")):
        put(out / "card", content)
    for _, content in files((FIXTURES, "*/*.onnx"), (CORPUS / "cases", "network_*/**/*.onnx"), (ROOT / "models/zoo", "*/*.onnx")):
        put(out / "graph", content, 512 << 10)
    for _, content in files((CORPUS / "settings", "*"), (ROOT / "packaging/kiosk", "*.toml")):
        put(out / "settings", content)
    put(out / "settings", b'{"theme":"dark","opacity":0.5,"blink_seconds":1.0,"keys":{"next":["J"]},"recent":["/a"]}')
    for records in sorted((CORPUS / "cases").glob("records_*/**/.dermaloupe")) + [FIXTURES / "records"]:
        if records.is_dir() and not records.is_symlink():
            put(out / "records", of_records(records))
    for _, content in files((FIXTURES / "records", "*.json"), (ROOT / "src/records/fixtures", "*.json")):
        put(out / "records", content + MARK + MARK)
    for _, content in files((FIXTURES, "**/*.journal"), (CORPUS / "cases", "**/*.journal")):
        put(out / "journal", content)
    for _, content in files((CORPUS / "cases", "list_*/**/*.csv"), (CORPUS / "cases", "*/**/*.csv")):
        put(out / "table", content)
    put(out / "table", b"image_id,dx,sex,localization,age,lesion_id\na,nv,male,back,40,L1\nb,mel,female,face,\"49,5\",L1\n")
    for folder in sorted(out.iterdir()):
        print(f"{folder.name}: {len(list(folder.iterdir()))} seeds")


if __name__ == "__main__":
    main()
