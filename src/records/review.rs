//! The review list: what a person decided on each photo, and whose mask that is about: two things. A record belongs to
//! the photo's bytes (SHA-256): a renamed photo keeps it, and one that was replaced under the same name does not inherit
//! it. Only a file whose bytes cannot be read is known by its name.

use std::path::Path;

use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use strum::{IntoStaticStr, VariantArray};

use super::calibration::{Calibration, Calibrations};
use super::format;
use crate::provenance::{CorrectionSummary, MaskOrigin, MaskSource, NetworkRun};

/// The decision on a photo's outline, in the order of display. Whose outline it is does not belong to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum ReviewState {
    /// Nothing yet.
    #[default]
    NotSeen,
    /// The outline is right.
    Accepted,
    /// The outline or the photo is unusable.
    Rejected,
    /// Needs a second opinion.
    Unsure,
}

impl ReviewState {
    /// The word for it in the files.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }
}

/// What the file system says about a file, by which a record finds its photo without reading it again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhotoFile {
    /// Its name in the folder.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
}

impl PhotoFile {
    /// What the file system says about `path`; a missing file has no bytes.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let facts = std::fs::metadata(path).ok();
        Self {
            name,
            bytes: facts.as_ref().map_or(0, std::fs::Metadata::len),
            modified: facts.and_then(|facts| facts.modified().ok()).and_then(|time| time.try_into().ok()),
        }
    }
}

/// The record of one photo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// SHA-256 of the photo's bytes: which photo this is. Empty where they cannot be read; then its name says it.
    pub sha256: String,
    /// The name of the photo's file when the record was written.
    pub name: String,
    /// The file's length then, in bytes; 0 if unknown.
    #[serde(default)]
    pub bytes: u64,
    /// When the file was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<Timestamp>,
    /// The decision.
    pub state: ReviewState,
    /// The note.
    #[serde(default)]
    pub note: String,
    /// Who decided.
    #[serde(default)]
    pub reviewer: String,
    /// When this record was last changed.
    pub changed: Timestamp,
    /// Whose mask the photo has, as far as this program knows; a correction after the decision changes it.
    #[serde(default)]
    pub mask: MaskSource,
    /// The network's run, where it made the mask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<NetworkRun>,
    /// How a person made the mask, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<CorrectionSummary>,
    /// Keys that another program of this version added.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Review {
    /// An empty record of the photo with `sha256`.
    #[must_use]
    pub fn new(sha256: &str, file: PhotoFile, changed: Timestamp) -> Self {
        Self {
            sha256: sha256.to_owned(),
            name: file.name,
            bytes: file.bytes,
            modified: file.modified,
            state: ReviewState::default(),
            note: String::new(),
            reviewer: String::new(),
            changed,
            mask: MaskSource::default(),
            result: None,
            correction: None,
            rest: Map::new(),
        }
    }

    /// Takes `origin` for the maker of the photo's mask; `None` where there is no mask.
    pub fn set_mask(&mut self, origin: Option<&MaskOrigin>) {
        self.mask = origin.and_then(MaskOrigin::source).unwrap_or_default();
        self.correction = origin.and_then(MaskOrigin::correction).cloned();
        self.result = match origin {
            Some(MaskOrigin::Network(run)) => Some(run.clone()),
            Some(MaskOrigin::Corrected(_) | MaskOrigin::Reference { .. }) | None => None,
        };
    }

    /// Whether it says this of the photo's mask already.
    #[must_use]
    pub fn has_mask(&self, origin: Option<&MaskOrigin>) -> bool {
        let said = |correction: &CorrectionSummary| (correction.start.clone(), correction.steps);
        self.mask == origin.and_then(MaskOrigin::source).unwrap_or_default()
            && self.correction.as_ref().map(said) == origin.and_then(MaskOrigin::correction).map(said)
    }

    /// What tells it from the other records of a folder.
    #[must_use]
    pub fn identity(&self) -> ReviewIdentity<'_> {
        if self.sha256.is_empty() { ReviewIdentity::Name(&self.name) } else { ReviewIdentity::Bytes(&self.sha256) }
    }

    /// Whether it can be believed: its photo's hash is one, or there is none and a name.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), String> {
        if self.sha256.is_empty() && !self.name.is_empty() {
            return Ok(());
        }
        format::check_hash(&self.sha256)
    }

    /// Whether the file is the photo of this record, as far as can be known without reading it.
    #[must_use]
    pub fn fits(&self, file: &PhotoFile) -> bool {
        self.bytes > 0 && self.name == file.name && self.bytes == file.bytes && self.modified == file.modified
    }
}

/// Which photo of its folder a record is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReviewIdentity<'a> {
    /// The one with these bytes, by their SHA-256.
    Bytes(&'a str),
    /// The file of this name, whose bytes cannot be read.
    Name(&'a str),
}

/// `records.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReviewList {
    /// Always [`format::NAME`].
    format: String,
    version: u32,
    /// The records, in the order in which they were first made.
    pub photos: Vec<Review>,
    /// Scales from rulers in the photos.
    #[serde(default)]
    pub calibrations: Calibrations,
    /// Keys that another program of this version added.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl Default for ReviewList {
    fn default() -> Self {
        Self {
            format: format::NAME.to_owned(),
            version: format::CURRENT,
            photos: Vec::new(),
            calibrations: Calibrations::default(),
            rest: Map::new(),
        }
    }
}

impl ReviewList {
    /// A list from JSON of the current version.
    ///
    /// # Errors
    /// The parser's error, or which record or calibration cannot be believed.
    pub fn from_value(value: Value) -> Result<Self, serde_json::Error> {
        let list: Self = serde_json::from_value(value)?;
        list.photos.iter().try_for_each(Review::check).map_err(serde_json::Error::custom)?;
        list.calibrations.list().iter().try_for_each(Calibration::check).map_err(serde_json::Error::custom)?;
        Ok(list)
    }

    /// The record of the photo with `sha256`.
    #[must_use]
    pub fn of(&self, sha256: &str) -> Option<&Review> {
        self.identified(ReviewIdentity::Bytes(sha256))
    }

    /// The record of that photo.
    #[must_use]
    pub fn identified(&self, identity: ReviewIdentity<'_>) -> Option<&Review> {
        self.photos.iter().find(|review| review.identity() == identity)
    }

    /// Replaces the photo's earlier record, or appends this one.
    pub fn put(&mut self, review: Review) {
        match self.photos.iter_mut().find(|known| known.identity() == review.identity()) {
            Some(known) => *known = review,
            None => self.photos.push(review),
        }
    }

    /// Takes from `other` what is missing here, or is older here.
    pub fn merge(&mut self, other: Self) {
        for review in other.photos {
            if self.identified(review.identity()).is_none_or(|known| known.changed < review.changed) {
                self.put(review);
            }
        }
        self.calibrations.merge(other.calibrations);
    }

    /// The file's bytes.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("plain data becomes JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review(sha256: &str, second: i64, note: &str) -> Review {
        let time = Timestamp::from_second(second).expect("in range");
        Review { note: note.into(), ..Review::new(sha256, PhotoFile::default(), time) }
    }

    #[test]
    fn of_two_lists_the_later_change_of_each_photo_counts() {
        let list = |reviews: &[Review]| ReviewList { photos: reviews.to_vec(), ..ReviewList::default() };
        let mut one = list(&[review("a", 10, "new"), review("b", 10, "old")]);
        one.merge(list(&[review("a", 5, "old"), review("b", 20, "new"), review("c", 1, "only")]));
        let notes: Vec<&str> = one.photos.iter().map(|r| r.note.as_str()).collect();
        assert_eq!(notes, ["new", "new", "only"]);
    }

    #[test]
    fn what_another_program_added_is_kept() {
        let text = r#"{"format":"dermaloupe-records","version":1,"extra":1,"photos":[{"sha256":"a","name":"a.jpg",
            "state":"unsure","changed":"2026-11-23T06:00:00Z","colour":"red"}]}"#;
        let list: ReviewList = serde_json::from_str(text).expect("it reads");
        let written: Value = serde_json::from_slice(&list.to_json()).expect("it is JSON");
        assert_eq!((&written["extra"], &written["photos"][0]["colour"]), (&1.into(), &"red".into()));
        assert_eq!(list.photos[0].state.key(), written["photos"][0]["state"]);
    }

    #[test]
    fn the_words_in_the_files_are_those_of_the_states() {
        for &state in ReviewState::VARIANTS {
            assert_eq!(serde_json::to_value(state).expect("a word"), state.key());
        }
    }
}
