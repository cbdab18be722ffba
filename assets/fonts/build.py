"""Make the program's fonts: Inter with tabular digits, Noto Sans SC for Chinese, and the Phosphor icons of the window.

Inputs, by package name: Debian's `fonts-inter` 4.0~beta7 (OFL-1.1) and `fonts-noto-cjk` 20220127 (OFL-1.1), npm's
`@phosphor-icons/web` 2.1.2 (MIT); fontTools by pip. egui shapes text without OpenType features, so Inter's tabular
figures (`tnum`) become its ordinary ones here, and columns of numbers line up. Usage:

    python build.py INTER_DIR PHOSPHOR_DIR [NOTO_DIR]

INTER_DIR holds Inter-Regular.otf and Inter-SemiBold.otf; PHOSPHOR_DIR is the package's src/regular; NOTO_DIR holds
NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc. Without it the Chinese fonts stay as they are.
"""

import json
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

HERE = Path(__file__).parent
LETTERS = [*range(0x20, 0x250), *range(0x370, 0x530), *range(0x2000, 0x2070), *range(0x20A0, 0x20C0),
           *range(0x2100, 0x2150), *range(0x2190, 0x2200), 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x2318, 0x2325,
           0x21E7, 0x25CF, 0x25CB, 0x2713, 0x00B2, 0x00B5]
ICONS = ["arrow-counter-clockwise", "arrow-u-up-left", "arrow-u-up-right", "arrows-counter-clockwise",
         "arrows-horizontal", "arrows-in-simple", "arrows-out-simple", "camera", "camera-slash", "caret-down",
         "caret-right", "check", "check-circle", "circle-dashed", "clock-counter-clockwise", "columns", "cpu",
         "dots-three", "eraser", "eye-slash", "floppy-disk", "folder-open", "gear-six", "gradient", "image",
         "image-broken", "images", "info", "lasso", "magnifying-glass-minus", "magnifying-glass-plus", "minus",
         "moon", "paint-brush", "paint-bucket", "pause", "pencil-simple", "play", "plugs", "plus", "polygon",
         "question", "repeat", "ruler", "split-horizontal", "stack", "sun", "swap", "table", "target", "timer",
         "translate", "video-camera", "warning", "warning-circle", "x", "x-circle"]


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


def chinese(rows: range) -> set[int]:
    """The code points of GB 2312's rows: 1-9 are signs, 16-55 the common characters by sound, 56-87 the rarer ones."""
    found = set()
    for row in rows:
        for cell in range(1, 95):
            try:
                found.add(ord(bytes([0xA0 + row, 0xA0 + cell]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def wanted(weight: str) -> list[int]:
    """What a weight holds. Regular: all of GB 2312, so that file names and notes show. Bold, for headings: its common
    characters, and all that have to do with illness (radical 104), which stand in names of dermatology's files."""
    rare = chinese(range(56, 88))
    if weight == "Bold":
        rare = {code for code in rare if 0x7592 <= code <= 0x7673}
    signs = {code for code in chinese(range(1, 10)) if 0x3000 <= code < 0x3130 or 0xFF00 <= code < 0xFFF0}
    signs.add(0x3007)  # the zero of dates, which GB 2312 leaves out
    ours = {ord(letter) for path in (HERE.parent / "translations/zh-CN").glob("*.ftl") for letter in path.read_text()}
    # What Inter holds is Inter's.
    return sorted(code for code in signs | chinese(range(16, 56)) | rare | ours if code > 0x2FFF)


def sit_like(font: TTFont, model: TTFont) -> None:
    """Give a font the line of another: egui centres lines of different heights, which would lift its letters."""
    scale = font["head"].unitsPerEm / model["head"].unitsPerEm
    ascent, descent = (round(value * scale) for value in (model["hhea"].ascent, model["hhea"].descent))
    font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = ascent, descent, 0
    table = font["OS/2"]
    table.sTypoAscender, table.sTypoDescender, table.sTypoLineGap = ascent, descent, 0
    table.usWinAscent, table.usWinDescent = ascent, -descent


def chinese_font(noto: Path, inter: Path, weight: str) -> None:
    """Cut Noto Sans SC out of the collection of all countries' characters."""
    fonts = TTCollection(noto / f"NotoSansCJK-{weight}.ttc", lazy=True).fonts
    font = next(font for font in fonts if font["name"].getDebugName(1).startswith("Noto Sans CJK SC"))
    font.recalcTimestamp = False
    sit_like(font, opened(inter / "Inter-Regular.otf"))
    cut(font, wanted(weight), HERE / f"NotoSansSC-{weight}.otf")


def sit_in_squares(font: TTFont) -> None:
    """Put each icon where it was drawn in its square: the web font says that all of them begin at the left edge."""
    glyphs, metrics = font["glyf"], font["hmtx"].metrics
    for name, (width, _) in metrics.items():
        metrics[name] = (width, getattr(glyphs[name], "xMin", 0))


def main() -> None:
    inter, phosphor = Path(sys.argv[1]), Path(sys.argv[2])
    for weight in ["Regular", "Bold"] if len(sys.argv) > 3 else []:
        chinese_font(Path(sys.argv[3]), inter, weight)
    for weight in ["Regular", "SemiBold"]:
        font = opened(inter / f"Inter-{weight}.otf")
        use_tabular_figures(font)
        cut(font, LETTERS, HERE / f"Inter-{weight}.otf")
    selection = json.loads((phosphor / "selection.json").read_text())
    codes = {name.strip(): icon["properties"]["code"] for icon in selection["icons"]
             for name in icon["properties"]["name"].split(",")}
    icons = opened(phosphor / "Phosphor.ttf")
    sit_in_squares(icons)
    cut(icons, [codes[name] for name in ICONS], HERE / "Phosphor.ttf")
    lines = ["//! The icons of `assets/fonts/Phosphor.ttf`, by name. Written by `assets/fonts/build.py`.", ""]
    for name in sorted(ICONS):
        lines += [f"/// Phosphor's `{name}`.", f'pub(super) const {name.upper().replace("-", "_")}: &str = "\\u{{{codes[name]:X}}}";']
    (HERE.parents[1] / "src/app/icons.rs").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
