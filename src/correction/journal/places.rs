//! [`JournalPlaces`]: the places where a photo's journal can be.

use std::path::PathBuf;

use crate::records::{RecordsLocation, RecordsPlace};

/// The places of a journal.
#[derive(Debug)]
pub(super) struct JournalPlaces {
    pub(super) location: RecordsLocation,
    /// Where it is written, once it has been written.
    pub(super) place: Option<RecordsPlace>,
    /// Journals of this photo in the other place, with their lengths when this one was chosen.
    pub(super) others: Vec<(PathBuf, u64)>,
}

impl JournalPlaces {
    pub(super) fn place(&self) -> Option<&RecordsPlace> {
        self.place.as_ref()
    }
}
