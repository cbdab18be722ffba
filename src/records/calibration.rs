//! How long a pixel is, from a line that a person drew along a ruler in the photo. A calibration belongs to the photo's
//! bytes and size; a removed one stays as a record without a scale, so that it does not come back from the other place
//! where records are.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::event::AuditEvent;
use super::format;
use crate::measure::pixel_size::{PixelSize, ruler_uncertainty};

/// The scales that a photograph may have, in millimetres per pixel: from a microscope's to a view of a whole body.
pub const MM_PER_PX: std::ops::RangeInclusive<f64> = 1e-6..=10.0;

/// How far a scale may be from length by line, as a share of it: other programs may have rounded the line.
const SCALE_ROUNDING: f64 = 1e-3;

/// Where a scale comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleSource {
    /// Given for this run of the program.
    Given,
    /// The file states it.
    File,
    /// A person drew along a ruler in this photo.
    Photo,
    /// A person drew along a ruler in another photo of this folder and size, for all of them.
    Folder,
}

impl ScaleSource {
    /// The word for it in rows.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::File => "file",
            Self::Photo => "ruler",
            Self::Folder => "ruler-of-folder",
        }
    }
}

/// The scale of a photo.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Millimetres per pixel.
    pub mm_per_px: f64,
    /// How far that may be off, as a share of it; known of a ruler's line alone.
    pub relative_uncertainty: Option<f64>,
    /// Where it comes from.
    pub source: ScaleSource,
}

impl Scale {
    /// A scale that somebody states, without saying how well it is known.
    #[must_use]
    pub fn stated(mm_per_px: f64, source: ScaleSource) -> Self {
        Self { mm_per_px, relative_uncertainty: None, source }
    }

    /// What a pixel is by it.
    #[must_use]
    pub fn pixel(self) -> PixelSize {
        PixelSize { mm: self.mm_per_px, relative_uncertainty: self.relative_uncertainty }
    }
}

/// The calibration of one photo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// SHA-256 of the photo's bytes: which photo this is.
    pub sha256: String,
    /// The photo's `[width, height]` in pixels.
    pub size: [u32; 2],
    /// The name of the photo's file then.
    pub name: String,
    /// Millimetres per pixel; `None` if the calibration was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mm_per_px: Option<f64>,
    /// Ends of the line along the ruler, in the photo's pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<[[f64; 2]; 2]>,
    /// The line's length on the ruler.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length_mm: Option<f64>,
    /// Whether it applies to all photos of the folder with this size that have no scale of their own.
    #[serde(default)]
    pub for_folder: bool,
    /// Who calibrated or removed it.
    #[serde(default)]
    pub reviewer: String,
    /// When the line was drawn.
    pub made: Timestamp,
    /// When this record was last changed.
    pub changed: Timestamp,
    /// Keys that another program of this version added.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Calibration {
    /// Whether it can be believed: its photo's hash is one, and its scale one that a photograph may have and that follows
    /// from line and length, where they are there.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), String> {
        format::check_hash(&self.sha256)?;
        let Some(mm_per_px) = self.mm_per_px else { return Ok(()) };
        if !MM_PER_PX.contains(&mm_per_px) {
            return Err(format!("impossible scale of {}", self.name));
        }
        let (Some(length_px), Some(length_mm)) = (self.length_px(), self.length_mm) else { return Ok(()) };
        let by_line = length_mm / length_px;
        let is_it = (by_line - mm_per_px).abs() <= SCALE_ROUNDING * mm_per_px;
        if is_it { Ok(()) } else { Err(format!("the scale of {} does not match its line", self.name)) }
    }

    fn length_px(&self) -> Option<f64> {
        self.line.map(|[from, to]| (to[0] - from[0]).hypot(to[1] - from[1]))
    }

    /// The scale, unless it was removed; as well known as the line along the ruler lets it be.
    #[must_use]
    pub fn scale(&self, source: ScaleSource) -> Option<Scale> {
        let line = self.length_px().zip(self.length_mm);
        let relative_uncertainty = line.map(|(length_px, length_mm)| ruler_uncertainty(length_px, length_mm));
        Some(Scale { mm_per_px: self.mm_per_px?, relative_uncertainty, source })
    }

    /// The same photo without its scale.
    #[must_use]
    pub fn taken_back(&self, reviewer: &str, changed: Timestamp) -> Self {
        let reviewer = reviewer.to_owned();
        Self { mm_per_px: None, line: None, length_mm: None, for_folder: false, reviewer, changed, ..self.clone() }
    }
}

/// A change of calibrations, to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct CalibrationChange {
    /// Calibrated or removed.
    pub event: AuditEvent,
    /// Who did it.
    pub reviewer: String,
    /// The new records.
    pub calibrations: Vec<Calibration>,
}

/// The calibrations of a folder's photos, at most one per photo.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Calibrations(Vec<Calibration>);

impl Calibrations {
    /// All of them, in the order in which they were first made.
    #[must_use]
    pub fn list(&self) -> &[Calibration] {
        &self.0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The photo's own calibration, by `sha256` and `size`, if it has one.
    #[must_use]
    pub fn of(&self, sha256: &str, size: [u32; 2]) -> Option<&Calibration> {
        let is_its_own = |known: &&Calibration| known.sha256 == sha256 && known.size == size;
        self.0.iter().find(is_its_own).filter(|known| known.mm_per_px.is_some())
    }

    /// The one that was made last for all photos of `size`.
    #[must_use]
    pub fn of_folder(&self, size: [u32; 2]) -> Option<&Calibration> {
        let for_all = self.0.iter().filter(|known| known.for_folder && known.mm_per_px.is_some());
        for_all.filter(|known| known.size == size).max_by_key(|known| known.changed)
    }

    /// The scale of a photo whose file states `stated`: its own calibration, else what the file states, else its
    /// folder's calibration.
    #[must_use]
    pub fn scale(&self, sha256: &str, size: [u32; 2], stated: Option<f64>) -> Option<Scale> {
        let own = self.of(sha256, size).and_then(|known| known.scale(ScaleSource::Photo));
        let stated = || stated.map(|mm| Scale::stated(mm, ScaleSource::File));
        let shared = || self.of_folder(size)?.scale(ScaleSource::Folder);
        own.or_else(stated).or_else(shared)
    }

    /// The change that removes the ruler calibration of a photo: its own, or the folder's for its size. The photo on
    /// which the folder's was drawn keeps it as its own.
    #[must_use]
    pub fn taken_back(
        &self,
        (sha256, size): (&str, [u32; 2]),
        source: ScaleSource,
        reviewer: &str,
        now: Timestamp,
    ) -> CalibrationChange {
        let narrowed = |known: &Calibration| Calibration { for_folder: false, changed: now, ..known.clone() };
        let calibrations = match source {
            ScaleSource::Photo => {
                self.of(sha256, size).map(|own| own.taken_back(reviewer, now)).into_iter().collect()
            }
            ScaleSource::Folder => {
                self.0.iter().filter(|known| known.for_folder && known.size == size).map(narrowed).collect()
            }
            ScaleSource::File | ScaleSource::Given => Vec::new(),
        };
        CalibrationChange { event: AuditEvent::CalibrationRemoved, reviewer: reviewer.to_owned(), calibrations }
    }

    /// Replaces the photo's earlier calibration, or appends this one.
    pub fn put(&mut self, calibration: Calibration) {
        match self.0.iter_mut().find(|known| known.sha256 == calibration.sha256) {
            Some(known) => *known = calibration,
            None => self.0.push(calibration),
        }
    }

    /// Takes from `other` what is missing here, or is older here.
    pub fn merge(&mut self, other: impl IntoIterator<Item = Calibration>) {
        for calibration in other {
            let known = self.0.iter().find(|known| known.sha256 == calibration.sha256);
            if known.is_none_or(|known| known.changed < calibration.changed) {
                self.put(calibration);
            }
        }
    }
}

impl IntoIterator for Calibrations {
    type Item = Calibration;
    type IntoIter = std::vec::IntoIter<Calibration>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calibration(sha256: &str, mm_per_px: f64, second: i64) -> Calibration {
        Calibration {
            sha256: sha256.to_owned(),
            size: [400, 300],
            name: format!("{sha256}.jpg"),
            mm_per_px: Some(mm_per_px),
            line: Some([[0.0, 0.0], [100.0, 0.0]]),
            length_mm: Some(mm_per_px * 100.0),
            for_folder: false,
            reviewer: "A. B.".to_owned(),
            made: Timestamp::from_second(second).expect("in range"),
            changed: Timestamp::from_second(second).expect("in range"),
            rest: Map::new(),
        }
    }

    #[test]
    fn a_scale_is_one_of_a_photograph_and_that_of_its_line() {
        let sha256 = "ab".repeat(32);
        let sound = calibration(&sha256, 0.0187, 1);
        assert_eq!(sound.check(), Ok(()));
        for mm_per_px in [0.0183, 1e308, 1e-300, -0.0187, 0.0, f64::NAN] {
            let odd = Calibration { mm_per_px: Some(mm_per_px), ..sound.clone() };
            assert!(odd.check().is_err(), "{mm_per_px}");
            let alone = Calibration { line: None, length_mm: None, ..odd };
            assert_eq!(alone.check().is_ok(), mm_per_px == 0.0183, "{mm_per_px} without a line");
        }
        let dot = Calibration { line: Some([[5.0, 5.0]; 2]), ..sound.clone() };
        assert!(dot.check().is_err(), "a line without length");
        let rounded = Calibration { line: Some([[0.4, 0.4], [100.42, 0.4]]), ..sound.clone() };
        assert_eq!(rounded.check(), Ok(()));
        for sha256 in ["g".repeat(64), "ab".repeat(31), "AB".repeat(32), String::new()] {
            assert!(Calibration { sha256, ..sound.clone() }.check().is_err());
        }
    }

    fn source(list: &Calibrations, sha256: &str, stated: Option<f64>) -> Option<(f64, ScaleSource)> {
        list.scale(sha256, [400, 300], stated).map(|scale| (scale.mm_per_px, scale.source))
    }

    #[test]
    fn a_calibration_goes_before_the_file_and_the_file_before_the_folder() {
        let mut list = Calibrations::default();
        list.put(Calibration { for_folder: true, ..calibration("a", 0.02, 1) });
        assert_eq!(source(&list, "a", Some(0.5)), Some((0.02, ScaleSource::Photo)));
        assert_eq!(source(&list, "b", Some(0.5)), Some((0.5, ScaleSource::File)));
        assert_eq!(source(&list, "b", None), Some((0.02, ScaleSource::Folder)));
        assert_eq!(list.scale("b", [300, 400], None), None, "another size");
        assert_eq!(list.scale("a", [300, 400], None), None, "the same bytes, read as another size");
    }

    #[test]
    fn a_scale_is_as_well_known_as_its_line_and_no_better_known_without_one() {
        let scale = |known: &Calibration| known.scale(ScaleSource::Photo).map(|scale| scale.relative_uncertainty);
        let drawn = calibration("a", 0.1, 1);
        assert_eq!(scale(&drawn), Some(Some(ruler_uncertainty(100.0, 10.0))));
        assert_eq!(scale(&Calibration { line: None, ..drawn.clone() }), Some(None));
        assert_eq!(scale(&drawn.taken_back("", drawn.changed)), None);
        let mut list = Calibrations::default();
        assert_eq!(list.scale("b", [400, 300], Some(0.5)), Some(Scale::stated(0.5, ScaleSource::File)));
        list.put(Calibration { for_folder: true, ..drawn });
        let shared = list.scale("b", [400, 300], None).expect("the folder has one");
        assert_eq!(
            shared.pixel(),
            PixelSize { mm: 0.1, relative_uncertainty: Some(ruler_uncertainty(100.0, 10.0)) }
        );
    }

    #[test]
    fn of_two_calibrations_for_the_folder_the_later_counts() {
        let mut list = Calibrations::default();
        list.put(Calibration { for_folder: true, ..calibration("a", 0.02, 9) });
        list.put(Calibration { for_folder: true, ..calibration("b", 0.03, 5) });
        assert_eq!(source(&list, "c", None), Some((0.02, ScaleSource::Folder)));
    }

    #[test]
    fn what_was_taken_back_does_not_come_back_from_elsewhere() {
        let mut here = Calibrations::default();
        here.put(calibration("a", 0.02, 1));
        let elsewhere = here.clone();
        let later = Timestamp::from_second(2).expect("in range");
        let change = here.taken_back(("a", [400, 300]), ScaleSource::Photo, "C. D.", later);
        assert_eq!((change.event, change.calibrations.len()), (AuditEvent::CalibrationRemoved, 1));
        here.merge(change.calibrations);
        here.merge(elsewhere);
        assert_eq!(
            (source(&here, "a", None), source(&here, "a", Some(0.1)).map(|s| s.1)),
            (None, Some(ScaleSource::File))
        );
        assert_eq!(here.list()[0].reviewer, "C. D.");
    }

    #[test]
    fn a_folders_calibration_that_was_taken_back_stays_with_the_photos_it_was_drawn_on() {
        let mut list = Calibrations::default();
        list.put(Calibration { for_folder: true, ..calibration("a", 0.02, 1) });
        list.put(Calibration { for_folder: true, ..calibration("b", 0.03, 2) });
        let later = Timestamp::from_second(3).expect("in range");
        let change = list.taken_back(("c", [400, 300]), ScaleSource::Folder, "C. D.", later);
        list.merge(change.calibrations);
        assert_eq!(source(&list, "c", None), None, "the earlier one does not come back");
        assert_eq!(source(&list, "a", None), Some((0.02, ScaleSource::Photo)));
        assert_eq!((list.list()[0].reviewer.as_str(), list.list()[0].made.as_second()), ("A. B.", 1));
    }
}
