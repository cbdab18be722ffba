//! Where the records of a folder are: `.dermaloupe` beside the photos, or a folder in the data directory named after
//! it. Reading looks at both, so that records are found when a folder becomes writable or read-only. "Not there" is only
//! what the system says is not there: anything else that is in the way is told.

use std::path::{Path, PathBuf};

use super::error::{RecordsError, RecordsFault};
use super::list_file;
use super::names::{FOLDER, MASKS};
use super::review::ReviewList;
use crate::decode::sha256_hex;
use crate::files::{self, NotRegular, ReadError, ReadFault};
use crate::photo::PhotoSource;

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

    /// The records' folders that exist, the one beside the photos first; one that cannot be looked into, or that is a
    /// link, is an error.
    pub fn checked_folders(&self) -> impl Iterator<Item = Result<PathBuf, ReadError>> {
        self.beside().into_iter().chain(self.away.clone()).filter_map(existing)
    }

    /// The folders with corrected masks that exist, as [`Self::checked_folders`].
    pub fn checked_masks_folders(&self) -> impl Iterator<Item = Result<PathBuf, ReadError>> {
        self.checked_folders().filter_map(|folder| match folder {
            Ok(folder) => existing(folder.join(MASKS)),
            Err(error) => Some(Err(error)),
        })
    }

    /// Reads the review list. Nothing is made or written; what is damaged is reported.
    #[must_use]
    pub fn read(&self) -> FoundRecords {
        let mut found = FoundRecords::default();
        for folder in self.checked_folders() {
            match folder {
                Ok(folder) => {
                    let (mut list, mut faults) = list_file::read(&folder);
                    // Between its line in the log and its list a program that writes disagrees with itself.
                    let disagrees = faults.iter().any(|fault| matches!(fault, RecordsFault::Disagrees { .. }));
                    if disagrees && list_file::others_have_written(&folder) {
                        (list, faults) = list_file::read(&folder);
                    }
                    found.list.merge(list);
                    found.faults.extend(faults);
                }
                Err(error) => found.faults.push(RecordsError::Read(error).into()),
            }
        }
        let is_newer = |fault: &RecordsFault| matches!(fault, RecordsFault::Records(RecordsError::Newer { .. }));
        found.is_newer = found.faults.iter().any(is_newer);
        found
    }
}

/// The folder, if something stands at its path. A file there is no folder, and holds no records.
fn existing(folder: PathBuf) -> Option<Result<PathBuf, ReadError>> {
    match files::folder_is_there(&folder) {
        Ok(true) => Some(Ok(folder)),
        Ok(false) | Err(ReadError { fault: ReadFault::NotRegular(NotRegular::File), .. }) => None,
        Err(error) => Some(Err(error)),
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
