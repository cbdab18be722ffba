//! What the audit log says of each photo at last: it gives a lost list back, and tells what a list lacks.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::audit;
use super::calibration::Calibration;
use super::error::RecordsFault;
use super::event::AuditEvent;
use super::review::{Review, ReviewList};
use crate::files::ReadError;

/// The last decision and the last calibration of each photo in a log.
#[derive(Debug, Default)]
pub(super) struct LastDecisions {
    /// In the order in which photos were first decided on.
    reviews: Latest<Review>,
    calibrations: Latest<Calibration>,
}

/// The last of each photo, by its hash, in the order of the first.
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
    fn put(&mut self, sha256: &str, one: T) {
        match self.places.get(sha256) {
            Some(place) => self.list[*place] = one,
            None => {
                self.places.insert(sha256.to_owned(), self.list.len());
                self.list.push(one);
            }
        }
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

impl LastDecisions {
    /// Reads the log at `path`; lines that cannot be read, and entries that are not sound, are passed over. Its memory
    /// grows with photos, not with lines.
    pub(super) fn read(path: &Path) -> Result<Self, ReadError> {
        let mut last = Self::default();
        audit::for_each_line(path, |line| {
            let Ok(EventProbe { event, .. }) = serde_json::from_slice(line) else { return };
            match event {
                AuditEvent::Reviewed => {
                    if let Ok(WithDetail::<Review> { detail }) = serde_json::from_slice(line)
                        && detail.check().is_ok()
                    {
                        last.reviews.put(&detail.sha256.clone(), detail);
                    }
                }
                AuditEvent::Calibrated | AuditEvent::CalibrationRemoved => {
                    if let Ok(WithDetail::<Calibration> { detail }) = serde_json::from_slice(line)
                        && detail.check().is_ok()
                    {
                        last.calibrations.put(&detail.sha256.clone(), detail);
                    }
                }
                AuditEvent::Corrected | AuditEvent::Exported | AuditEvent::Migrated | AuditEvent::Rebuilt => {}
            }
        })?;
        Ok(last)
    }

    /// The list that the log leads to.
    pub(super) fn into_list(self) -> ReviewList {
        let mut list = ReviewList::default();
        list.photos = self.reviews.list;
        list.calibrations.merge(self.calibrations.list);
        list
    }

    /// What of the log `list`, read from `path`, has not or only in an older state.
    pub(super) fn missing_in(&self, list: &ReviewList, path: &Path) -> Option<RecordsFault> {
        let reviews: HashMap<&str, &Review> =
            list.photos.iter().map(|review| (review.sha256.as_str(), review)).collect();
        let calibrations: HashMap<&str, &Calibration> =
            list.calibrations.list().iter().map(|known| (known.sha256.as_str(), known)).collect();
        let is_missing = |review: &&Review| {
            reviews.get(review.sha256.as_str()).is_none_or(|known| {
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
