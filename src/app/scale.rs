//! How long a pixel is: as the file states it, or calibrated by a person along a ruler. Nothing here guesses.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;

use crate::language::Words;
use crate::photo::Photo;
use crate::words;

/// Where a scale comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleSource {
    /// The file states it.
    File,
    /// A person drew along a ruler in this photo.
    Photo,
    /// A person drew along a ruler in another photo of this folder and size, for all of them.
    Folder,
}

/// The scale of a photo.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Millimetres a pixel.
    pub mm_per_px: f64,
    /// Where it comes from.
    pub source: ScaleSource,
}

/// The photos that a folder's scale is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Kin {
    folder: PathBuf,
    size: [u32; 2],
}

impl Kin {
    fn of(photo: &Photo) -> Option<Self> {
        let folder = photo.source.path()?.parent()?.to_owned();
        Some(Self { folder, size: photo.size() })
    }
}

/// Scales that a person calibrated.
#[derive(Clone, Debug, Default)]
pub struct Scales {
    /// By the SHA-256 of the photo's file.
    by_photo: HashMap<String, f64>,
    by_folder: HashMap<Kin, f64>,
}

impl Scales {
    /// The scale of `photo`: its own calibration, else what its file states, else its folder's calibration.
    #[must_use]
    pub fn of(&self, photo: &Photo) -> Option<Scale> {
        let own = self.by_photo.get(&photo.sha256).map(|&mm| (mm, ScaleSource::Photo));
        let stated = || photo.mm_per_px.map(|mm| (mm, ScaleSource::File));
        let shared = || self.by_folder.get(&Kin::of(photo)?).map(|&mm| (mm, ScaleSource::Folder));
        let (mm_per_px, source) = own.or_else(stated).or_else(shared)?;
        Some(Scale { mm_per_px, source })
    }

    /// Whether a scale can be shared with the folder: what is built in has none.
    #[must_use]
    pub fn has_folder(photo: &Photo) -> bool {
        Kin::of(photo).is_some()
    }

    /// Keeps the scale of `photo`, and for its folder's photos of the same size when `for_folder`.
    pub fn set(&mut self, photo: &Photo, mm_per_px: f64, for_folder: bool) {
        self.by_photo.insert(photo.sha256.clone(), mm_per_px);
        if let Some(kin) = Kin::of(photo).filter(|_| for_folder) {
            self.by_folder.insert(kin, mm_per_px);
        }
    }

    /// Forgets the calibration that `photo` has; what its file states comes back.
    pub fn remove(&mut self, photo: &Photo) {
        match self.of(photo).map(|scale| scale.source) {
            Some(ScaleSource::Folder) => {
                if let Some(kin) = Kin::of(photo) {
                    self.by_folder.remove(&kin);
                }
            }
            Some(ScaleSource::Photo) => {
                let mm_per_px = self.by_photo.remove(&photo.sha256);
                // Drawn here for the whole folder: a mistake would otherwise stay behind on this very photo.
                if let Some(kin) = Kin::of(photo).filter(|kin| self.by_folder.get(kin).copied() == mm_per_px) {
                    self.by_folder.remove(&kin);
                }
            }
            Some(ScaleSource::File) | None => {}
        }
    }
}

/// The lengths that a ruler's line may have, in millimetres: a tick of it, or a metre.
const LENGTHS_MM: std::ops::RangeInclusive<f64> = 0.05..=1000.0;

/// Why what was typed is no length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthError {
    /// Nothing was typed.
    Empty,
    /// No number, or a unit that is none of ours.
    Unreadable,
    /// Zero, negative, or beyond what a ruler in a photo shows.
    OutOfRange,
    /// The line itself has no length.
    LineTooShort,
}

impl LengthError {
    /// What a person is told.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Empty => words!("ruler-empty"),
            Self::Unreadable => words!("ruler-unreadable"),
            Self::OutOfRange => words!("ruler-out-of-range"),
            Self::LineTooShort => words!("ruler-line-too-short"),
        }
    }
}

impl fmt::Display for LengthError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words().fmt(out)
    }
}

impl std::error::Error for LengthError {}

/// The millimetres that a person typed: `10`, `10.5 mm`, `1 cm`, `10,5`, and the same in full-width signs or with
/// Chinese units. A bare number is millimetres.
///
/// # Errors
/// [`LengthError`] when it is no length.
pub fn typed_millimetres(text: &str) -> Result<f64, LengthError> {
    let plain: String = text.chars().filter(|letter| !letter.is_whitespace()).map(half_width).collect();
    let plain = plain.to_lowercase();
    if plain.is_empty() {
        return Err(LengthError::Empty);
    }
    let units = [("mm", 1.0), ("毫米", 1.0), ("公厘", 1.0), ("cm", 10.0), ("厘米", 10.0), ("公分", 10.0)];
    let with_unit = units.iter().find_map(|(unit, factor)| Some((plain.strip_suffix(unit)?, *factor)));
    let (number, factor) = with_unit.unwrap_or((&plain, 1.0));
    if !number.chars().all(|letter| letter.is_ascii_digit() || letter == '.' || letter == '-') {
        return Err(LengthError::Unreadable);
    }
    let millimetres = number.parse::<f64>().map_err(|_| LengthError::Unreadable)? * factor;
    if LENGTHS_MM.contains(&millimetres) { Ok(millimetres) } else { Err(LengthError::OutOfRange) }
}

/// A sign as the number's reader takes it: full-width forms are one block away from ASCII, commas are decimal.
fn half_width(letter: char) -> char {
    let ascii = match letter {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        other => other,
    };
    match ascii {
        ',' | '。' | '、' => '.',
        '−' => '-',
        other => other,
    }
}

/// Millimetres a pixel of a line of `length_px` that is `millimetres` long.
///
/// # Errors
/// [`LengthError::LineTooShort`] below ten pixels, where an end that is off by one is a tenth.
pub fn mm_per_px(length_px: f64, millimetres: f64) -> Result<f64, LengthError> {
    if length_px >= 10.0 { Ok(millimetres / length_px) } else { Err(LengthError::LineTooShort) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::photo::PhotoSource;

    fn photo(path: &str, side: u32, sha256: &str) -> Photo {
        let pixels = vec![0; (side * side * 3) as usize];
        let mut photo = Photo::from_rgb(side, side, pixels, PhotoSource::File(Path::new(path).to_owned()));
        photo.sha256 = sha256.to_owned();
        photo
    }

    #[test]
    fn lengths_are_read_as_people_write_them() {
        let same =
            ["10", "10.0", "10 mm", "10mm", " 1 cm ", "10,0", "１０", "１０ｍｍ", "10，0 毫米", "1厘米", "1.0 CM"];
        for text in same {
            assert_eq!(typed_millimetres(text), Ok(10.0), "{text}");
        }
        assert_eq!(typed_millimetres("2,5"), Ok(2.5));
        assert_eq!(typed_millimetres("0.5公分"), Ok(5.0));
    }

    #[test]
    fn what_is_no_length_says_why() {
        assert_eq!(typed_millimetres("  "), Err(LengthError::Empty));
        for text in ["ten", "10 inch", "1,000.5", "mm", "1e3", "NaN", "10-5", "1 0 x"] {
            assert_eq!(typed_millimetres(text), Err(LengthError::Unreadable), "{text}");
        }
        for text in ["0", "-10", "0.001", "2000 cm"] {
            assert_eq!(typed_millimetres(text), Err(LengthError::OutOfRange), "{text}");
        }
        assert_eq!(mm_per_px(500.0, 10.0), Ok(0.02));
        assert_eq!(mm_per_px(3.0, 10.0), Err(LengthError::LineTooShort));
    }

    #[test]
    fn a_calibration_goes_before_the_file_and_the_file_before_the_folder() {
        let mut scales = Scales::default();
        let (one, mut other) = (photo("a/1.jpg", 4, "one"), photo("a/2.jpg", 4, "other"));
        scales.set(&one, 0.02, true);
        let source = |scales: &Scales, photo: &Photo| scales.of(photo).map(|scale| scale.source);
        assert_eq!(source(&scales, &one), Some(ScaleSource::Photo));
        assert_eq!(scales.of(&other), Some(Scale { mm_per_px: 0.02, source: ScaleSource::Folder }));
        other.mm_per_px = Some(0.5);
        assert_eq!(source(&scales, &other), Some(ScaleSource::File));
        for stranger in [photo("a/3.jpg", 5, "of another size"), photo("b/1.jpg", 4, "of another folder")] {
            assert_eq!(scales.of(&stranger), None);
        }
    }

    #[test]
    fn a_removed_calibration_is_gone_with_the_folders_that_it_made() {
        let mut scales = Scales::default();
        let (one, other) = (photo("a/1.jpg", 4, "one"), photo("a/2.jpg", 4, "other"));
        scales.set(&one, 0.02, true);
        scales.remove(&one);
        assert_eq!((scales.of(&one), scales.of(&other)), (None, None));
        scales.set(&one, 0.02, true);
        scales.remove(&other);
        assert_eq!(scales.of(&one).map(|scale| scale.source), Some(ScaleSource::Photo));
    }
}
