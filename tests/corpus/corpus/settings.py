"""Files under the settings' name. `garbage_` is set aside and said, `odd_` gives settings within their bounds."""

import json

GARBAGE = {
    "empty": b"",
    "text": b"theme = dark",
    "cut": b'{"theme": "li',
    "list": b"[]",
    "number": b"3",
    "null": b"null",
    "zeros": bytes(500),
    "deep": b"[" * 100_000,
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(300),
    "latin": b'{"reviewer": "M\xfcller"}',
    "theme_unknown": json.dumps({"theme": "purple"}).encode(),
    "theme_number": json.dumps({"theme": 7}).encode(),
    "boundless_text": json.dumps({"side_panel": "yes"}).encode(),
}
ODD = {
    "object": {},
    "unknown_keys": {"theme": "light", "colour": 7, "more": [1, 2]},
    "reviewer_long": {"reviewer": "A" * 100_000},
    "escape_codes": {"reviewer": "\u001b[31mred\nnext"},
    "keys_unknown": {"keys": {"fly": "Ctrl+Z"}},
}


def add(corpus):
    folder = corpus.folder / "settings"
    folder.mkdir()
    for name, content in GARBAGE.items():
        (folder / f"garbage_{name}.json").write_bytes(content)
    for name, content in ODD.items():
        (folder / f"odd_{name}.json").write_text(json.dumps(content))
