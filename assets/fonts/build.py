"""Make the program's fonts: Inter with tabular digits, and the Phosphor icons that the window uses.

Inputs, by package name: Debian's `fonts-inter` (OFL-1.1) and npm's `@phosphor-icons/web` (MIT); fontTools by pip.
egui shapes text without OpenType features, so Inter's tabular figures (`tnum`) become its ordinary ones here, and
columns of numbers line up. Usage:

    python build.py INTER_DIR PHOSPHOR_DIR

INTER_DIR holds Inter-Regular.otf and Inter-SemiBold.otf; PHOSPHOR_DIR is the package's src/regular.
"""

import json
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
LETTERS = [*range(0x20, 0x250), *range(0x370, 0x530), *range(0x2000, 0x2070), *range(0x20A0, 0x20C0),
           *range(0x2100, 0x2150), *range(0x2190, 0x2200), 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x2318, 0x2325,
           0x21E7, 0x25CF, 0x25CB, 0x2713, 0x00B2, 0x00B5]
ICONS = ["arrow-counter-clockwise", "caret-down", "caret-right", "check-circle", "clock-counter-clockwise", "cpu",
         "floppy-disk", "folder-open", "image", "image-broken", "images", "info", "magnifying-glass-minus",
         "magnifying-glass-plus", "moon", "question", "sidebar-simple", "stack", "sun", "target", "translate", "warning",
         "warning-circle", "x"]


def opened(path: Path) -> TTFont:
    """The font, with the time stamp it came with: the same inputs give the same bytes."""
    return TTFont(path, recalcTimestamp=False)


def use_tabular_figures(font: TTFont) -> None:
    """Point the character map's digits (and the signs beside them) at the glyphs of the `tnum` feature."""
    table = font["GSUB"].table
    lookups = {i for record in table.FeatureList.FeatureRecord if record.FeatureTag == "tnum"
               for i in record.Feature.LookupListIndex}
    change = {}
    for index in sorted(lookups):
        for part in table.LookupList.Lookup[index].SubTable:
            part = getattr(part, "ExtSubTable", part)
            change.update(getattr(part, "mapping", {}))
    for cmap in font["cmap"].tables:
        for code in [*range(ord("0"), ord("9") + 1)]:
            if code in cmap.cmap:
                cmap.cmap[code] = change.get(cmap.cmap[code], cmap.cmap[code])
    widths = {font["hmtx"][font.getBestCmap()[code]][0] for code in range(ord("0"), ord("9") + 1)}
    if max(widths) - min(widths) > 0.005 * font["head"].unitsPerEm:
        raise SystemExit(f"digits have the widths {sorted(widths)}; this Inter has no tabular figures")


def cut(font: TTFont, codes: list[int], out: Path) -> None:
    """Keep `codes`, kerning and mark placement, and write the font."""
    options = subset.Options(layout_features=["kern", "mark", "mkmk", "ccmp"], name_IDs=["*"], hinting=False,
                             notdef_outline=True, desubroutinize=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font.save(out)
    print(out.name, out.stat().st_size, "bytes")


def main() -> None:
    inter, phosphor = Path(sys.argv[1]), Path(sys.argv[2])
    for weight in ["Regular", "SemiBold"]:
        font = opened(inter / f"Inter-{weight}.otf")
        use_tabular_figures(font)
        cut(font, LETTERS, HERE / f"Inter-{weight}.otf")
    selection = json.loads((phosphor / "selection.json").read_text())
    codes = {name.strip(): icon["properties"]["code"] for icon in selection["icons"]
             for name in icon["properties"]["name"].split(",")}
    cut(opened(phosphor / "Phosphor.ttf"), [codes[name] for name in ICONS], HERE / "Phosphor.ttf")
    lines = ["//! The icons of `assets/fonts/Phosphor.ttf`, by name. Written by `assets/fonts/build.py`.", ""]
    for name in sorted(ICONS):
        lines += [f"/// Phosphor's `{name}`.", f'pub(super) const {name.upper().replace("-", "_")}: &str = "\\u{{{codes[name]:X}}}";']
    (HERE.parents[1] / "src/app/icons.rs").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
