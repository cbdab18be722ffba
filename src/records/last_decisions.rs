//! What the audit log says of each photo at last: it gives a lost list back, and tells what a list lacks.

use std::collections::HashMap;
use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::calibration::Calibration;
use super::error::RecordsFault;
use super::event::AuditEvent;
use super::review::{PhotoFile, Review, ReviewIdentity, ReviewList};
use super::{audit, format};
use crate::files::ReadError;
use crate::provenance::{CorrectionSummary, MaskOrigin};

/// The last decision, the last calibration and the last correction of each photo in a log.
#[derive(Debug, Default)]
pub(super) struct LastDecisions {
    /// In the order in which photos were first decided on.
    reviews: Latest<LoggedReview>,
    calibrations: Latest<Calibration>,
    corrections: Latest<LoggedCorrection>,
}

#[derive(Debug)]
struct LoggedReview {
    review: Review,
    /// It is of a version that did not say whose mask was decided on.
    is_without_mask: bool,
}

/// What a line says of a correction.
#[derive(Debug)]
struct LoggedCorrection {
    sha256: String,
    name: String,
    time: Timestamp,
    /// None where every step was undone.
    summary: Option<CorrectionSummary>,
}

/// The last of each photo, by its hash or name, in the order of the first.
#[derive(Debug)]
struct Latest<T> {
    list: Vec<T>,
    places: HashMap<String, usize>,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self { list: Vec::new(), places: HashMap::new() }
    }
}

impl<T> Latest<T> {
    fn put(&mut self, photo: &str, one: T) {
        match self.places.get(photo) {
            Some(place) => self.list[*place] = one,
            None => {
                self.places.insert(photo.to_owned(), self.list.len());
                self.list.push(one);
            }
        }
    }

    fn get(&self, photo: &str) -> Option<&T> {
        self.places.get(photo).map(|place| &self.list[*place])
    }
}

#[derive(Deserialize)]
struct EventProbe {
    event: AuditEvent,
    #[serde(default)]
    #[allow(dead_code, reason = "it is there to be passed over")]
    detail: IgnoredAny,
}

#[derive(Deserialize)]
struct WithDetail<T> {
    detail: T,
}

/// A line on a correction; without steps the network's mask counts again.
#[derive(Deserialize)]
struct CorrectionLine {
    time: Timestamp,
    #[serde(default)]
    photo: String,
    sha256: String,
    detail: Value,
}

impl LoggedReview {
    fn of(line: &[u8]) -> Option<Self> {
        let WithDetail::<Value> { mut detail } = serde_json::from_slice(line).ok()?;
        let is_without_mask = format::separate_mask(&mut detail);
        let review: Review = serde_json::from_value(detail).ok()?;
        review.check().is_ok().then_some(Self { review, is_without_mask })
    }

    /// What it is of, where a hash and a name cannot be taken for each other.
    fn photo(&self) -> String {
        match self.review.identity() {
            ReviewIdentity::Bytes(sha256) => sha256.to_owned(),
            ReviewIdentity::Name(name) => format!("/{name}"),
        }
    }
}

impl LoggedCorrection {
    fn of(line: &[u8]) -> Option<Self> {
        let CorrectionLine { time, photo, sha256, detail } = serde_json::from_slice(line).ok()?;
        format::check_hash(&sha256).ok()?;
        Some(Self { sha256, name: photo, time, summary: serde_json::from_value(detail).ok() })
    }

    fn origin(&self) -> Option<MaskOrigin> {
        self.summary.clone().map(MaskOrigin::Corrected)
    }
}

impl LastDecisions {
    /// Reads the log at `path`; lines that cannot be read, and entries that are not sound, are passed over. Its memory
    /// grows with photos, not with lines.
    pub(super) fn read(path: &Path) -> Result<Self, ReadError> {
        let mut last = Self::default();
        audit::for_each_line(path, |line| {
            let Ok(EventProbe { event, .. }) = serde_json::from_slice(line) else { return };
            match event {
                AuditEvent::Reviewed | AuditEvent::DecisionUndone => {
                    if let Some(logged) = LoggedReview::of(line) {
                        last.reviews.put(&logged.photo(), logged);
                    }
                }
                AuditEvent::Corrected => {
                    if let Some(logged) = LoggedCorrection::of(line) {
                        last.corrections.put(&logged.sha256.clone(), logged);
                    }
                }
                AuditEvent::Calibrated | AuditEvent::CalibrationRemoved => {
                    if let Ok(WithDetail::<Calibration> { detail }) = serde_json::from_slice(line)
                        && detail.check().is_ok()
                    {
                        last.calibrations.put(&detail.sha256.clone(), detail);
                    }
                }
                AuditEvent::Exported | AuditEvent::Migrated | AuditEvent::Rebuilt => {}
            }
        })?;
        Ok(last)
    }

    /// The list that the log leads to.
    pub(super) fn into_list(self) -> ReviewList {
        let mut list = ReviewList::default();
        list.photos = self.reviews.list.iter().map(|logged| logged.review.clone()).collect();
        self.tell_of_corrections(&mut list, false);
        list.calibrations.merge(self.calibrations.list);
        list
    }

    /// Gives `list` what only the log knows of masks that were corrected by hand: before version 3, which `is_old` says,
    /// records did not tell of them. A photo that was corrected and never decided on gets a record.
    pub(super) fn tell_of_corrections(&self, list: &mut ReviewList, is_old: bool) {
        for logged in &self.corrections.list {
            let Some(known) = list.photos.iter_mut().find(|review| review.sha256 == logged.sha256) else {
                if let Some(origin) = logged.origin() {
                    let file = PhotoFile { name: logged.name.clone(), ..PhotoFile::default() };
                    let mut review = Review::new(&logged.sha256, file, logged.time);
                    review.set_mask(Some(&origin));
                    list.photos.push(review);
                }
                continue;
            };
            let is_older = |logged: &LoggedReview| logged.is_without_mask && logged.review.changed == known.changed;
            let is_without_mask = is_old || self.reviews.get(&logged.sha256).is_some_and(is_older);
            match logged.origin() {
                Some(origin) if is_without_mask || known.changed < logged.time => known.set_mask(Some(&origin)),
                _ => {}
            }
        }
    }

    /// What of the log `list`, read from `path`, has not or only in an older state.
    pub(super) fn missing_in(&self, list: &ReviewList, path: &Path) -> Option<RecordsFault> {
        let reviews: HashMap<ReviewIdentity<'_>, &Review> =
            list.photos.iter().map(|review| (review.identity(), review)).collect();
        let calibrations: HashMap<&str, &Calibration> =
            list.calibrations.list().iter().map(|known| (known.sha256.as_str(), known)).collect();
        let is_missing = |LoggedReview { review, .. }: &&LoggedReview| {
            reviews.get(&review.identity()).is_none_or(|known| {
                known.changed < review.changed
                    || known.changed == review.changed && (known.state, &known.note) != (review.state, &review.note)
            })
        };
        let is_lacking = |one: &&Calibration| {
            calibrations.get(one.sha256.as_str()).is_none_or(|known| {
                known.changed < one.changed || known.changed == one.changed && known.mm_per_px != one.mm_per_px
            })
        };
        let decided = self.reviews.list.iter().filter(is_missing).count();
        let calibrated = self.calibrations.list.iter().filter(is_lacking).count();
        let disagrees = RecordsFault::Disagrees { decided, calibrated, path: path.to_owned() };
        (decided + calibrated > 0).then_some(disagrees)
    }
}
