//! The report's type: text to glyphs with their widths, each letter from the first font that has it.
//!
//! krilla embeds fonts and places glyphs, but chooses no font and measures no text; the shaper is the window's.

use std::cell::RefCell;
use std::collections::HashMap;

use harfrust::{FontRef, ShapeOptions, ShaperData, UnicodeBuffer};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::MetadataProvider as _;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};

use super::error::PdfError;
use super::style::TextStyle;

/// The number is the place of the font that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum FontWeight {
    Regular,
    SemiBold,
}

/// Drawn for a letter that no font has: the mark that Chinese and Japanese printers set for a missing type.
const MISSING: &str = "〓";

struct FontFace {
    font: Font,
    bytes: &'static [u8],
    shaper: ShaperData,
}

impl FontFace {
    fn new(name: &'static str, bytes: &'static [u8]) -> Result<Self, PdfError> {
        let fault = |detail: &str| PdfError(format!("the font {name}: {detail}"));
        let shaper = ShaperData::new(&FontRef::new(bytes).map_err(|error| fault(&error.to_string()))?);
        let font = Font::new(bytes.into(), 0).ok_or_else(|| fault("it cannot be read"))?;
        Ok(Self { font, bytes, shaper })
    }

    /// Glyphs in the order that they are drawn in; 0 where the font has none.
    fn shape(&self, text: &str) -> Vec<KrillaGlyph> {
        let Ok(font) = FontRef::new(self.bytes) else { return Vec::new() };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let shaped = self.shaper.shaper(&font).build().shape(buffer, ShapeOptions::new());
        let starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        let end_of = |start: usize| starts.iter().copied().filter(|&next| next > start).min().unwrap_or(text.len());
        let ems = |length: i32| length as f32 / self.font.units_per_em();
        let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).zip(&starts);
        glyphs
            .map(|((info, place), &start)| KrillaGlyph {
                glyph_id: GlyphId::new(info.glyph_id),
                text_range: start..end_of(start),
                x_advance: ems(place.x_advance),
                x_offset: ems(place.x_offset),
                y_offset: ems(place.y_offset),
                y_advance: 0.0,
                location: None,
            })
            .collect()
    }

    fn has(&self, letter: char) -> bool {
        let mut text = [0; 4];
        !self.shape(letter.encode_utf8(&mut text)).iter().any(is_missing)
    }
}

fn is_missing(glyph: &KrillaGlyph) -> bool {
    glyph.glyph_id.to_u32() == 0
}

/// Glyphs of one font in a row; their lengths are in ems.
pub(super) struct GlyphRun {
    /// The place of the font among all.
    face: usize,
    /// What the glyphs' ranges are of.
    pub(super) text: String,
    pub(super) glyphs: Vec<KrillaGlyph>,
}

impl GlyphRun {
    /// In points, at a size in points.
    pub(super) fn width(&self, size: f32) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.x_advance).sum::<f32>() * size
    }
}

/// All fonts of a report.
pub(super) struct Fonts {
    faces: [FontFace; 4],
    face_of: RefCell<HashMap<(FontWeight, char), usize>>,
}

/// Where the Chinese font of a weight stands after the Latin one.
const CHINESE: usize = 2;

impl Fonts {
    pub(super) fn new() -> Result<Self, PdfError> {
        let faces = [
            FontFace::new("Inter-Regular", include_bytes!("../../assets/fonts/Inter-Regular.otf"))?,
            FontFace::new("Inter-SemiBold", include_bytes!("../../assets/fonts/Inter-SemiBold.otf"))?,
            FontFace::new("NotoSansSC-Regular", include_bytes!("../../assets/fonts/NotoSansSC-Regular.otf"))?,
            FontFace::new("NotoSansSC-Bold", include_bytes!("../../assets/fonts/NotoSansSC-Bold.otf"))?,
        ];
        Ok(Self { faces, face_of: RefCell::default() })
    }

    pub(super) fn font_of(&self, run: &GlyphRun) -> Font {
        self.faces[run.face].font.clone()
    }

    /// The place of the first font that has the letter; the weight's own where none has.
    fn face_of(&self, letter: char, weight: FontWeight) -> usize {
        let own = weight as usize;
        let found = || {
            // Another weight is better than no letter.
            let places = [own, own + CHINESE].into_iter().chain(0..self.faces.len());
            places.into_iter().find(|&place| self.faces[place].has(letter)).unwrap_or(own)
        };
        *self.face_of.borrow_mut().entry((weight, letter)).or_insert_with(found)
    }

    /// The glyphs of one line.
    pub(super) fn shape(&self, text: &str, weight: FontWeight) -> Vec<GlyphRun> {
        let mut parts: Vec<(usize, String)> = Vec::new();
        for letter in printable(text).chars() {
            match parts.last_mut() {
                Some((face, part)) if *face == self.face_of(letter, weight) => part.push(letter),
                _ => parts.push((self.face_of(letter, weight), letter.to_string())),
            }
        }
        let mut runs = Vec::new();
        for (face, text) in parts {
            let glyphs = self.faces[face].shape(&text);
            for glyphs in glyphs.chunk_by(|one, next| is_missing(one) == is_missing(next)) {
                let (face, glyphs) = match glyphs.first() {
                    Some(first) if is_missing(first) => self.marked(glyphs, weight),
                    _ => (face, glyphs.to_vec()),
                };
                runs.push(GlyphRun { face, text: text.clone(), glyphs });
            }
        }
        runs
    }

    /// A mark for each missing glyph. PDF/A forbids the fonts' own box; the text behind the mark stays what it was.
    fn marked(&self, missing: &[KrillaGlyph], weight: FontWeight) -> (usize, Vec<KrillaGlyph>) {
        let face = weight as usize + CHINESE;
        let mark = self.faces[face].shape(MISSING);
        let marks = missing.iter().flat_map(|glyph| {
            let text_range = glyph.text_range.clone();
            mark.iter().map(move |mark| KrillaGlyph { text_range: text_range.clone(), ..mark.clone() })
        });
        (face, marks.collect())
    }

    /// Draws the outline of a run's glyph at a size in points; its y points upwards.
    pub(super) fn outline(&self, run: &GlyphRun, glyph: &KrillaGlyph, size: f32, pen: &mut impl OutlinePen) {
        let Ok(font) = skrifa::FontRef::new(self.faces[run.face].bytes) else { return };
        let id = skrifa::GlyphId::new(glyph.glyph_id.to_u32());
        let Some(outline) = font.outline_glyphs().get(id) else { return };
        // One that cannot be drawn leaves its room empty: the fonts are our own, and whole.
        let _ = outline.draw(DrawSettings::unhinted(Size::new(size), LocationRef::default()), pen);
    }

    /// In points.
    pub(super) fn width(&self, text: &str, style: TextStyle) -> f32 {
        self.shape(text, style.weight).iter().map(|run| run.width(style.size)).sum()
    }
}

/// The text with what XML and PDF/A forbid replaced: control characters by spaces, and letters without a meaning of
/// their own (private use, no characters, the byte order mark) by U+FFFD.
pub(super) fn printable(text: &str) -> String {
    let replaced = |letter: char| match letter {
        letter if letter.is_control() => ' ',
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' | '\u{FEFF}' => '\u{FFFD}',
        letter if u32::from(letter) & 0xFFFE == 0xFFFE => '\u{FFFD}',
        letter => letter,
    };
    text.chars().map(replaced).collect()
}

#[cfg(test)]
mod tests {
    use super::super::style::{BODY, HEADING};
    use super::*;

    #[test]
    fn every_letter_of_mixed_words_has_a_glyph() {
        let fonts = Fonts::new().expect("the fonts are whole");
        for weight in [FontWeight::Regular, FontWeight::SemiBold] {
            let runs = fonts.shape("边缘 8 八分区, ΔE px² – …", weight);
            assert!(!runs.iter().flat_map(|run| &run.glyphs).any(is_missing));
            assert!(runs.iter().all(|run| !run.text.contains(MISSING)));
        }
    }

    #[test]
    fn a_letter_that_no_font_has_is_marked_and_keeps_its_text() {
        let fonts = Fonts::new().expect("the fonts are whole");
        let runs = fonts.shape("a😀\u{E001}e\u{301}\u{FEFF}\u{1}", FontWeight::Regular);
        let text =
            |run: &GlyphRun| -> String { run.glyphs.iter().map(|g| &run.text[g.text_range.clone()]).collect() };
        assert_eq!(runs.iter().map(text).collect::<String>(), "a😀\u{FFFD}e\u{301}\u{FFFD} ");
        assert!(!runs.iter().flat_map(|run| &run.glyphs).any(is_missing));
        assert_eq!(runs.iter().filter(|run| run.face == CHINESE).count(), 2, "the marks stand around the é");
    }

    #[test]
    fn digits_are_of_one_width() {
        let fonts = Fonts::new().expect("the fonts are whole");
        for style in [BODY, HEADING] {
            let style = TextStyle { size: 100.0, ..style };
            let widths: Vec<f32> = (0..10).map(|digit: u8| fonts.width(&digit.to_string(), style)).collect();
            assert!(widths.iter().all(|width| (width - widths[0]).abs() < 0.5), "{widths:?}");
        }
    }
}
