//! The fonts inside the program: Inter, Noto Sans SC for Chinese, and icons. A bare kiosk has no fonts of its own; on a
//! desktop the system's serve what these lack. Made by `assets/fonts/build.py`.

use eframe::egui::{FontData, FontDefinitions, FontFamily};

use super::theme;

/// A font of `assets/fonts`, by its name there.
macro_rules! font {
    ($file:literal) => {
        ($file, include_bytes!(concat!("../../assets/fonts/", $file)).as_slice())
    };
}

const INTER: (&str, &[u8]) = font!("Inter-Regular.otf");
const INTER_STRONG: (&str, &[u8]) = font!("Inter-SemiBold.otf");
const CHINESE: (&str, &[u8]) = font!("NotoSansSC-Regular.otf");
const CHINESE_STRONG: (&str, &[u8]) = font!("NotoSansSC-Bold.otf");
const ICONS: (&str, &[u8]) = font!("Phosphor.ttf");

/// The families of the window and what each falls back to.
pub(super) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    for (name, bytes) in [INTER, INTER_STRONG, CHINESE, CHINESE_STRONG, ICONS] {
        fonts.font_data.insert(name.to_owned(), FontData::from_static(bytes).into());
    }
    let plain = [INTER, ICONS, CHINESE];
    // The bold characters are fewer: a rare one is shown in the regular weight rather than as a box.
    let strong = [INTER_STRONG, ICONS, CHINESE_STRONG, CHINESE];
    let names = |fonts: &[(&str, &[u8])]| fonts.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
    fonts.families.insert(FontFamily::Proportional, names(&plain));
    fonts.families.insert(FontFamily::Monospace, names(&plain));
    fonts.families.insert(theme::strong(), names(&strong));
    fonts
}

#[cfg(test)]
mod tests {
    use eframe::egui::epaint::text::{Fonts, TextOptions};
    use eframe::egui::{FontFamily, FontId};

    use super::*;

    fn fonts() -> Fonts {
        Fonts::new(TextOptions::default(), definitions())
    }

    fn lacking(family: &FontFamily, letters: impl Iterator<Item = char>) -> Vec<char> {
        let mut fonts = fonts();
        let font = FontId::new(13.0, family.clone());
        letters.filter(|&letter| !fonts.has_glyph(&font, letter)).collect()
    }

    #[test]
    fn every_letter_of_the_translations_has_a_glyph_in_both_weights() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/translations");
        let mut letters = std::collections::BTreeSet::new();
        for language in ["en", "zh-CN"] {
            for file in std::fs::read_dir(format!("{folder}/{language}")).unwrap() {
                letters.extend(std::fs::read_to_string(file.unwrap().path()).unwrap().chars());
            }
        }
        letters.remove(&'\n');
        assert!(letters.len() > 100, "{}", letters.len());
        for family in [FontFamily::Proportional, theme::strong()] {
            let lacked = lacking(&family, letters.iter().copied());
            assert!(lacked.is_empty(), "run build.py, so that {family:?} has {lacked:?}");
        }
    }

    #[test]
    fn names_with_rare_characters_show() {
        // Both levels of GB 2312, and its signs.
        let names = "色素痣 脂溢性角化病 黑素瘤 疣 癣 痤疮 鼽 齄 〇 《》、。！（）～";
        for family in [FontFamily::Proportional, theme::strong()] {
            let lacked = lacking(&family, names.chars());
            assert!(lacked.is_empty(), "{family:?} lacks {lacked:?}");
        }
        assert_eq!(
            lacking(&FontFamily::Proportional, "한\u{1F600}".chars()),
            ['한', '\u{1F600}'],
            "the check can fail"
        );
    }

    /// egui centres the lines of fonts, so one line of both scripts has one baseline when middle and height agree.
    #[test]
    fn chinese_and_latin_letters_sit_on_one_line() {
        let mut fonts = fonts();
        for size in [12.0, 13.0, 15.0, 20.0, 28.0] {
            for family in [FontFamily::Proportional, theme::strong()] {
                let font = FontId::new(size, family);
                let galley =
                    fonts.with_pixels_per_point(1.0).layout_no_wrap("Hg皮肤".to_owned(), font, Default::default());
                let glyphs = &galley.rows[0].glyphs;
                let baseline = |at: usize| glyphs[at].pos.y;
                assert_eq!(baseline(0), baseline(2), "at {size}");
                assert_eq!(glyphs[0].font_face_ascent, glyphs[2].font_face_ascent, "at {size}");
            }
        }
    }
}
