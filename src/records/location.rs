//! Where the records of a folder are: `.dermaloupe` beside the photos, or a folder in the data directory named after
//! it. Reading looks at both, so that records are found when a folder becomes writable or read-only.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::audit::AuditLog;
use super::calibration::Calibration;
use super::error::{RecordsError, RecordsFault};
use super::format::{self, Format};
use super::review::{ReviewList, ReviewState};

use crate::decode::sha256_hex;
use crate::files;
use crate::photo::PhotoSource;

/// The folder beside the photos.
pub const FOLDER: &str = ".dermaloupe";
/// The review list in it.
pub(super) const RECORDS: &str = "records.json";
/// What the folder is.
pub(super) const FORMAT: &str = "format.json";
/// The log.
pub(super) const AUDIT: &str = "audit.jsonl";
/// Corrected masks.
pub(crate) const MASKS: &str = "masks";

/// Letters of a folder's name that its place in the data directory begins with, for a person to recognise.
const READABLE_LETTERS: usize = 40;

/// Where the records of one folder are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordsLocation {
    /// The photos' folder; `None` for the built-in sample.
    pub(super) photos: Option<PathBuf>,
    /// In the data directory.
    pub(crate) away: Option<PathBuf>,
}

/// The records that were read.
#[derive(Debug, Default)]
pub struct FoundRecords {
    /// The review list, merged from both places.
    pub list: ReviewList,
    /// The faults that were found.
    pub faults: Vec<RecordsFault>,
    /// Whether a newer program wrote it: then it is never written to.
    pub is_newer: bool,
}

impl RecordsLocation {
    /// Where the records of the photos in `folder` are; `data` is the data directory.
    #[must_use]
    pub fn of_folder(folder: &Path, data: Option<&Path>) -> Self {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let whole = folder.canonicalize().or_else(|_| std::path::absolute(folder));
        let photos = whole.unwrap_or_else(|_| folder.to_owned());
        let away = data.map(|data| data.join("records").join(name_of(&photos)));
        Self { photos: Some(photos), away }
    }

    /// Where the records of a photo are: those of its folder, or of the built-in sample.
    #[must_use]
    pub fn of_photo(source: &PhotoSource, data: Option<&Path>) -> Self {
        match source {
            PhotoSource::File(path) => Self::of_folder(files::folder_of(path), data),
            PhotoSource::BuiltIn(_) => {
                Self { photos: None, away: data.map(|data| data.join("records").join("sample")) }
            }
        }
    }

    /// Whether there is no place at all: the built-in sample without a data directory.
    #[must_use]
    pub fn is_nowhere(&self) -> bool {
        self.photos.is_none() && self.away.is_none()
    }

    /// The records' folder beside the photos, whether it exists or not.
    #[must_use]
    pub fn beside(&self) -> Option<PathBuf> {
        self.photos.as_ref().map(|photos| photos.join(FOLDER))
    }

    /// The records' folders that exist, the one beside the photos first.
    #[must_use]
    pub fn folders(&self) -> Vec<PathBuf> {
        self.beside().into_iter().chain(self.away.clone()).filter(|folder| folder.is_dir()).collect()
    }

    /// The folders with corrected masks that exist, the one beside the photos first.
    #[must_use]
    pub fn masks_folders(&self) -> Vec<PathBuf> {
        self.folders().into_iter().map(|folder| folder.join(MASKS)).filter(|folder| folder.is_dir()).collect()
    }

    /// Reads the review list. Nothing is made or written; what is damaged is reported.
    #[must_use]
    pub fn read(&self) -> FoundRecords {
        let mut found = FoundRecords::default();
        for folder in self.folders() {
            let (list, fault) = read_list(&folder);
            found.list.merge(list);
            found.faults.extend(fault);
            if let Some(error) = newer_format(&folder) {
                found.is_newer = true;
                found.faults.push(error.into());
            }
        }
        found
    }
}

/// A name in the data directory: a part of the folder's own, and a hash of its whole path.
fn name_of(photos: &Path) -> String {
    let own = photos.file_name().unwrap_or_default().to_string_lossy();
    let own: String = own
        .chars()
        .map(|letter| if letter.is_alphanumeric() || "-_".contains(letter) { letter } else { '-' })
        .take(READABLE_LETTERS)
        .collect();
    let hash = sha256_hex(photos.as_os_str().as_encoded_bytes());
    format!("{}-{}", if own.is_empty() { "root" } else { &own }, &hash[..16])
}

/// The format of a records' folder; `None` if it has no `format.json`, as in version 0.
pub(super) fn format_of(folder: &Path) -> Option<Format> {
    serde_json::from_slice(&std::fs::read(folder.join(FORMAT)).ok()?).ok()
}

/// Why a records' folder may not be written to: its format, or that of its list, is newer.
pub(super) fn newer_format(folder: &Path) -> Option<RecordsError> {
    let list: Option<Value> =
        std::fs::read(folder.join(RECORDS)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let found =
        format_of(folder).map_or(0, |format| format.version).max(list.as_ref().map_or(0, format::version_of));
    (found > format::CURRENT).then(|| RecordsError::Newer {
        found,
        known: format::CURRENT,
        path: folder.to_owned(),
    })
}

/// The list in a folder, converted to the current version in memory; if it is damaged, rebuilt from the audit log.
pub(super) fn read_list(folder: &Path) -> (ReviewList, Option<RecordsFault>) {
    let path = folder.join(RECORDS);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return (ReviewList::default(), None),
        Err(source) => return (ReviewList::default(), Some(RecordsError::Read { path, source }.into())),
    };
    let value = serde_json::from_slice::<Value>(&bytes).map(format::migrated);
    match value.and_then(ReviewList::from_value) {
        Ok(list) => (list, None),
        Err(error) => {
            let list = rebuilt(folder);
            let decided = list.photos.iter().filter(|review| review.state != ReviewState::NotSeen).count();
            let calibrated = list.calibrations.list().iter().filter(|known| known.mm_per_px.is_some()).count();
            let detail = error.to_string();
            (list, Some(RecordsFault::Damaged { detail, decided, calibrated, path }))
        }
    }
}

/// The list rebuilt from the log, which has every decision and every calibration.
pub(super) fn rebuilt(folder: &Path) -> ReviewList {
    let log = AuditLog::read(&folder.join(AUDIT)).unwrap_or_default();
    let mut list = ReviewList::default();
    log.reviews().for_each(|review| list.put(review));
    let sound = log.calibrations().filter(Calibration::is_sound);
    sound.for_each(|calibration| list.calibrations.put(calibration));
    list
}
