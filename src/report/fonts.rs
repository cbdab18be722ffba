//! The report's type: words to glyphs with their widths, from the first font that has each letter; lines broken and
//! shortened to a width.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use harfrust::{FontRef, ShapeOptions, ShaperData, Tag, UnicodeBuffer};

use super::PdfError;

/// Ordinary or semi-bold; the number is the font's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Weight {
    Regular,
    Strong,
}

/// One font.
pub(super) struct Face {
    /// What it is called in the PDF.
    pub(super) name: &'static str,
    pub(super) bytes: &'static [u8],
    shaper: ShaperData,
    em: f32,
}

/// A glyph in its line; lengths are in ems.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub(super) id: u16,
    pub(super) advance: f32,
    pub(super) shift: f32,
    /// The letters that it stands for, as bytes of the run's text.
    pub(super) letters: Range<usize>,
}

/// What a PDF states of a font, in thousandths of an em.
pub(super) struct Facts {
    pub(super) bounds: [f32; 4],
    pub(super) ascent: f32,
    pub(super) descent: f32,
}

impl Face {
    fn new(name: &'static str, bytes: &'static [u8]) -> Result<Self, PdfError> {
        let font = FontRef::new(bytes).map_err(|error| PdfError(format!("the font {name}: {error}")))?;
        // The table 'head' has the units of an em in its bytes 18 and 19.
        let em = number_at(&font, b"head", 18);
        Ok(Self { name, bytes, shaper: ShaperData::new(&font), em })
    }

    pub(super) fn facts(&self) -> Facts {
        let Ok(font) = FontRef::new(self.bytes) else {
            return Facts { bounds: [0.0; 4], ascent: 0.0, descent: 0.0 };
        };
        let thousandths = |table: &[u8; 4], at: usize| number_at(&font, table, at) * 1000.0 / self.em;
        Facts {
            bounds: [36, 38, 40, 42].map(|at| thousandths(b"head", at)),
            ascent: thousandths(b"hhea", 4),
            descent: thousandths(b"hhea", 6),
        }
    }

    fn shape(&self, text: &str) -> Vec<Glyph> {
        let Ok(font) = FontRef::new(self.bytes) else { return Vec::new() };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let shaped = self.shaper.shaper(&font).build().shape(buffer, ShapeOptions::new());
        let starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        let ends = |start: usize| starts.iter().copied().filter(|&next| next > start).min().unwrap_or(text.len());
        let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).zip(&starts);
        glyphs
            .map(|((info, place), &start)| Glyph {
                id: u16::try_from(info.glyph_id).unwrap_or_default(),
                advance: place.x_advance as f32 / self.em,
                shift: place.x_offset as f32 / self.em,
                letters: start..ends(start),
            })
            .collect()
    }

    fn has(&self, letter: char) -> bool {
        let mut text = [0; 4];
        self.shape(letter.encode_utf8(&mut text)).iter().all(|glyph| glyph.id != 0)
    }
}

/// The 16-bit number at a place of a table; 0 where there is none.
fn number_at(font: &FontRef<'_>, table: &[u8; 4], at: usize) -> f32 {
    let table = font.table_data(Tag::new(table));
    let bytes = table.as_ref().and_then(|table| table.as_bytes().get(at..at + 2));
    bytes.and_then(|bytes| bytes.try_into().ok()).map_or(0.0, |bytes| f32::from(i16::from_be_bytes(bytes)))
}

/// Letters of one font in a row.
pub(super) struct Run {
    /// The place of the font among all.
    pub(super) face: usize,
    pub(super) text: String,
    pub(super) glyphs: Vec<Glyph>,
}

impl Run {
    pub(super) fn width(&self, size: f32) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * size
    }
}

/// All fonts of a report.
pub(super) struct Fonts {
    pub(super) faces: Vec<Face>,
    known: RefCell<HashMap<(Weight, char), usize>>,
}

impl Fonts {
    pub(super) fn new() -> Result<Self, PdfError> {
        let faces = vec![
            Face::new("Inter-Regular", include_bytes!("../../assets/fonts/Inter-Regular.otf"))?,
            Face::new("Inter-SemiBold", include_bytes!("../../assets/fonts/Inter-SemiBold.otf"))?,
            Face::new("NotoSansSC-Regular", include_bytes!("../../assets/fonts/NotoSansSC-Regular.otf"))?,
            Face::new("NotoSansSC-Bold", include_bytes!("../../assets/fonts/NotoSansSC-Bold.otf"))?,
        ];
        Ok(Self { faces, known: RefCell::default() })
    }

    /// The place of the first font that has the letter; the weight's own where none has.
    fn face_of(&self, letter: char, weight: Weight) -> usize {
        let own = weight as usize;
        let found = || {
            // The same weight of the Chinese font is two places on; any font is better than none.
            let places = [own, own + 2].into_iter().chain(0..self.faces.len());
            places.into_iter().find(|&place| self.faces[place].has(letter)).unwrap_or(own)
        };
        *self.known.borrow_mut().entry((weight, letter)).or_insert_with(found)
    }

    /// The glyphs of one line.
    pub(super) fn shape(&self, text: &str, weight: Weight) -> Vec<Run> {
        let mut parts: Vec<(usize, String)> = Vec::new();
        for letter in text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }) {
            match parts.last_mut() {
                Some((face, part)) if *face == self.face_of(letter, weight) => part.push(letter),
                _ => parts.push((self.face_of(letter, weight), letter.to_string())),
            }
        }
        let run = |(face, text): (usize, String)| Run { face, glyphs: self.faces[face].shape(&text), text };
        parts.into_iter().map(run).collect()
    }

    pub(super) fn width(&self, text: &str, size: f32, weight: Weight) -> f32 {
        self.shape(text, weight).iter().map(|run| run.width(size)).sum()
    }

    /// The text in `width`, its middle left out where it is too long: beginnings and numbers tell files apart.
    pub(super) fn shortened(&self, text: &str, size: f32, weight: Weight, width: f32) -> String {
        if self.width(text, size, weight) <= width {
            return text.to_owned();
        }
        let letters: Vec<char> = text.chars().collect();
        let cut = |keep: usize| {
            let (head, tail) = (keep.div_ceil(2), keep / 2);
            letters[..head].iter().chain(&['…']).chain(&letters[letters.len() - tail..]).collect::<String>()
        };
        // The most letters that fit, by halves: a name may be thousands of letters long.
        let (mut fits, mut too_many) = (0, letters.len());
        while too_many - fits > 1 {
            let middle = usize::midpoint(fits, too_many);
            if self.width(&cut(middle), size, weight) <= width { fits = middle } else { too_many = middle }
        }
        cut(fits)
    }

    /// The text in lines of at most `width`.
    pub(super) fn wrapped(&self, text: &str, size: f32, weight: Weight, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let mut line = String::new();
            for piece in pieces(paragraph) {
                let longer = format!("{line}{piece}");
                if self.width(longer.trim_end(), size, weight) <= width {
                    line = longer;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line = self.broken(&piece, size, weight, width, &mut lines);
            }
            lines.push(line);
        }
        lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
        lines
    }

    /// A word that is longer than a line, cut anywhere; answers what is left for the next line.
    fn broken(&self, word: &str, size: f32, weight: Weight, width: f32, lines: &mut Vec<String>) -> String {
        let mut line = String::new();
        for letter in word.chars() {
            line.push(letter);
            if self.width(line.trim_end(), size, weight) > width && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, letter.to_string()));
            }
        }
        line
    }
}

/// Where a line may break: after spaces, and around Chinese letters, except before what closes a phrase.
fn pieces(paragraph: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut may_break = true;
    let mut last_is_wide = false;
    for letter in paragraph.chars() {
        let is_wide = matches!(letter, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}');
        let closes = "，。、；：！？）》」』】…％".contains(letter);
        if (may_break || is_wide || last_is_wide) && !closes && letter != ' ' || pieces.is_empty() {
            pieces.push(String::new());
        }
        pieces.last_mut().expect("one was pushed").push(letter);
        (may_break, last_is_wide) = (letter == ' ', is_wide);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_around_chinese_but_not_before_its_marks() {
        assert_eq!(pieces("a bc  d"), ["a ", "bc  ", "d"]);
        assert_eq!(pieces("边界清，色素 2 mm"), ["边", "界", "清，", "色", "素 ", "2 ", "mm"]);
    }

    #[test]
    fn wrapped_lines_fit_and_lose_nothing() {
        let fonts = Fonts::new().expect("the fonts are whole");
        let text = format!("A word, then {} and the end\nA new line", "x".repeat(300));
        let lines = fonts.wrapped(&text, 9.0, Weight::Regular, 120.0);
        assert!(lines.iter().all(|line| fonts.width(line, 9.0, Weight::Regular) <= 120.0), "{lines:?}");
        let letters = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
        assert_eq!(letters(&lines.concat()), letters(&text));
        assert_eq!(lines.last().map(String::as_str), Some("A new line"));
    }

    #[test]
    fn a_long_name_keeps_its_beginning_and_its_end() {
        let fonts = Fonts::new().expect("the fonts are whole");
        let name = format!("ISIC_{}_0001.jpg", "long".repeat(2000));
        let short = fonts.shortened(&name, 18.0, Weight::Strong, 300.0);
        assert!(short.starts_with("ISIC_") && short.ends_with("_0001.jpg") && short.contains('…'), "{short}");
        assert!(fonts.width(&short, 18.0, Weight::Strong) <= 300.0);
    }

    #[test]
    fn every_letter_of_mixed_words_has_a_glyph() {
        let fonts = Fonts::new().expect("the fonts are whole");
        for weight in [Weight::Regular, Weight::Strong] {
            let runs = fonts.shape("边缘 8 八分区, ΔE px² – …", weight);
            assert!(runs.iter().flat_map(|run| &run.glyphs).all(|glyph| glyph.id != 0));
        }
    }

    #[test]
    fn digits_are_of_one_width() {
        let fonts = Fonts::new().expect("the fonts are whole");
        for weight in [Weight::Regular, Weight::Strong] {
            let widths: Vec<f32> = (0..10).map(|d: u8| fonts.width(&d.to_string(), 100.0, weight)).collect();
            assert!(widths.iter().all(|width| (width - widths[0]).abs() < 0.5), "{widths:?}");
        }
    }
}
