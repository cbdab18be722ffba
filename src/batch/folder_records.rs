//! What the folders of a batch's photos have in their records: reviews, and scales that people calibrated. Read once,
//! before the photos; faults of records are reported once, and the batch continues, but has not gone well.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::console::{Console, json};
use crate::files::folder_of;
use crate::folders;
use crate::photo::{Photo, PhotoSource};
use crate::records::identify;
use crate::records::{Home, RecordsError, RecordsFault, Review, ReviewList, Scale, ScaleSource};

/// The home of a photo's records.
pub(super) fn home_of(path: &Path) -> Home {
    Home::of_photo(&PhotoSource::File(path.to_owned()), folders::data().as_deref())
}

/// The records of the folders.
#[derive(Debug, Default)]
pub(super) struct FolderRecords {
    by_folder: HashMap<PathBuf, ReviewList>,
    faults: Vec<RecordsFault>,
}

impl FolderRecords {
    /// Reads the records of the folders of `photos`.
    pub(super) fn of<'a>(photos: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut records = Self::default();
        for photo in photos {
            records.by_folder.entry(folder_of(photo).to_owned()).or_insert_with(|| {
                let found = home_of(photo).read();
                records.faults.extend(found.faults);
                found.list
            });
        }
        records
    }

    /// Says what is wrong with the records. What a newer program has written is shown as far as it is understood, and
    /// only worth a warning.
    pub(super) fn report_faults(&self, console: &mut Console) {
        for fault in &self.faults {
            match fault {
                RecordsFault::Records(RecordsError::Newer { .. }) => log::warn!("{fault}"),
                _ => console.complaint(fault),
            }
        }
    }

    fn near(&self, path: &Path) -> Option<&ReviewList> {
        self.by_folder.get(folder_of(path))
    }

    /// The decision on the photo at `path` with these bytes.
    pub(super) fn review(&self, path: &Path, sha256: &str) -> Option<&Review> {
        self.near(path)?.of(sha256)
    }

    /// All that the records say of the photo at `path` with these bytes, in one text; `None` where they say nothing.
    pub(super) fn said_of(&self, path: &Path, sha256: &str) -> Option<String> {
        let list = self.near(path)?;
        let (review, calibrations) = (list.of(sha256), &list.calibrations);
        let is_said = review.is_some() || !calibrations.is_empty();
        is_said.then(|| json(&(review, calibrations)))
    }

    /// The decision on the file at `path`, whether it can be opened or not. It may be read for that.
    pub(super) fn review_of_file(&self, path: &Path) -> Option<&Review> {
        identify::review_of(path, self.near(path)?)
    }

    /// The scale of a photo: what the person gives for this run, else its calibration, else what its file states, else
    /// its folder's calibration.
    pub(super) fn scale(&self, photo: &Photo, given: Option<f64>) -> Option<Scale> {
        if let Some(mm_per_px) = given {
            return Some(Scale::stated(mm_per_px, ScaleSource::Given));
        }
        let list = photo.source.path().and_then(|path| self.near(path));
        // The file is hashed for a calibration that there may be.
        let calibrations = list.map(|list| &list.calibrations).filter(|known| !known.is_empty());
        match calibrations {
            Some(known) => known.scale(photo.sha256(), photo.size(), photo.mm_per_px),
            None => photo.mm_per_px.map(|mm_per_px| Scale::stated(mm_per_px, ScaleSource::File)),
        }
    }
}
