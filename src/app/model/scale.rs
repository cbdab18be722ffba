//! How long a pixel is: as the file states it, or calibrated by a person along a ruler. Nothing here guesses.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::language::Words;
use crate::photo::{Photo, PhotoSource};
use crate::records::calibration::MM_PER_PX;
use crate::records::{Calibration, CalibrationChange, Calibrations};
pub use crate::records::{Scale, ScaleSource};
use crate::words;

/// The folder that a photo lies in; none for what is built in.
#[must_use]
pub fn folder_of(source: &PhotoSource) -> Option<PathBuf> {
    source.path().and_then(Path::parent).map(Path::to_owned)
}

/// Scales that people calibrated, as the records have them, and what was done since they were read.
#[derive(Clone, Debug, Default)]
pub struct Scales {
    /// By the photos' folder.
    by_folder: HashMap<Option<PathBuf>, Calibrations>,
    /// When the records were last asked for.
    asked: Timestamp,
}

impl Scales {
    /// The scale of `photo`: its own calibration, else what its file states, else its folder's calibration.
    #[must_use]
    pub fn of(&self, photo: &Photo) -> Option<Scale> {
        match self.near(photo) {
            Some(list) => list.scale(photo.sha256(), photo.size(), photo.mm_per_px),
            None => Calibrations::default().scale(photo.sha256(), photo.size(), photo.mm_per_px),
        }
    }

    /// The calibration that the scale of `photo` comes from.
    #[must_use]
    pub fn calibration_of(&self, photo: &Photo) -> Option<&Calibration> {
        let list = self.near(photo)?;
        match self.of(photo)?.source {
            ScaleSource::Photo => list.of(photo.sha256(), photo.size()),
            ScaleSource::Folder => list.of_folder(photo.size()),
            ScaleSource::File | ScaleSource::Given => None,
        }
    }

    fn near(&self, photo: &Photo) -> Option<&Calibrations> {
        self.by_folder.get(&folder_of(&photo.source))
    }

    /// Whether a scale can be shared with the folder: what is built in has none.
    #[must_use]
    pub fn has_folder(photo: &Photo) -> bool {
        folder_of(&photo.source).is_some()
    }

    /// What takes the calibration of `photo` back; what its file states counts again.
    #[must_use]
    pub fn taken_back(&self, photo: &Photo, reviewer: &str) -> Option<CalibrationChange> {
        let source = self.of(photo)?.source;
        let list = self.near(photo)?;
        let change = list.taken_back((photo.sha256(), photo.size()), source, reviewer, Timestamp::now());
        (!change.calibrations.is_empty()).then_some(change)
    }

    /// Takes calibrations of the folder of `source`: the later of each photo counts.
    pub fn merge(&mut self, source: &PhotoSource, calibrations: impl IntoIterator<Item = Calibration>) {
        self.by_folder.entry(folder_of(source)).or_default().merge(calibrations);
    }

    /// The records are asked for.
    pub fn ask(&mut self) {
        self.asked = Timestamp::now();
    }

    /// The records are there. What was calibrated since they were asked for is the newer.
    pub fn take(&mut self, read: HashMap<Option<PathBuf>, Calibrations>) {
        let before = std::mem::replace(&mut self.by_folder, read);
        for (folder, list) in before {
            let since = list.into_iter().filter(|calibration| calibration.changed >= self.asked);
            let since: Vec<Calibration> = since.collect();
            if !since.is_empty() {
                self.by_folder.entry(folder).or_default().merge(since);
            }
        }
    }
}

/// The lengths that a ruler's line may have, in millimetres: a tick of it, or a metre.
const LENGTHS_MM: std::ops::RangeInclusive<f64> = 0.05..=1000.0;

/// Why what was typed is no length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthError {
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
/// [`LengthError::LineTooShort`] below ten pixels, where an end that is off by one is a tenth, and
/// [`LengthError::OutOfRange`] for a scale that no record may have.
pub fn mm_per_px(length_px: f64, millimetres: f64) -> Result<f64, LengthError> {
    let scale = millimetres / length_px;
    match length_px {
        10.0.. if MM_PER_PX.contains(&scale) => Ok(scale),
        10.0.. => Err(LengthError::OutOfRange),
        _ => Err(LengthError::LineTooShort),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo(path: &str, sha256: &str) -> Photo {
        let sha256 = sha256.to_owned();
        Photo::from_rgb(4, 4, vec![0; 48], PhotoSource::File(Path::new(path).to_owned()))
            .with_sha256(move || sha256)
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
        assert_eq!(mm_per_px(20.0, 1000.0), Err(LengthError::OutOfRange));
    }

    #[test]
    fn records_that_were_read_keep_what_was_calibrated_meanwhile() {
        let photo = photo("a/1.jpg", "one");
        let mut scales = Scales::default();
        let calibration = |mm_per_px: f64| Calibration {
            sha256: "one".to_owned(),
            size: photo.size(),
            name: "1.jpg".to_owned(),
            mm_per_px: Some(mm_per_px),
            line: None,
            length_mm: None,
            for_folder: false,
            reviewer: String::new(),
            made: Timestamp::now(),
            changed: Timestamp::now(),
            rest: serde_json::Map::new(),
        };
        let mut read = Calibrations::default();
        read.put(calibration(0.01));
        let of_folder = |list: &Calibrations| HashMap::from([(Some(PathBuf::from("a")), list.clone())]);
        scales.merge(&photo.source, [calibration(0.5)]);
        scales.ask();
        scales.take(of_folder(&read));
        assert_eq!(scales.of(&photo).map(|scale| scale.mm_per_px), Some(0.01), "what was there before is given up");
        scales.ask();
        scales.merge(&photo.source, [calibration(0.02)]);
        scales.take(of_folder(&read));
        assert_eq!(scales.of(&photo).map(|scale| scale.mm_per_px), Some(0.02));
        let change = scales.taken_back(&photo, "A. B.").expect("there is one");
        scales.merge(&photo.source, change.calibrations);
        assert_eq!((scales.of(&photo), scales.taken_back(&photo, "")), (None, None));
    }
}
