//! Why records could not be stored, and faults of records that were read.

use std::io;
use std::path::PathBuf;

use crate::files::{ReadError, WriteError};
use crate::language::Words;
use crate::{display_as_message, words};

/// Why records could not be stored. The earlier ones are unchanged.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// Written by a later program.
    Newer {
        /// The format that was found.
        found: u32,
        /// The newest that this program knows.
        known: u32,
        /// The records' folder.
        path: PathBuf,
    },
    /// Neither beside the photos nor in the data directory.
    NoPlace {
        /// Why not beside the photos.
        beside: io::Error,
        /// Why not in the data directory.
        away: io::Error,
        /// The photos' folder.
        path: PathBuf,
    },
    /// Another program holds the lock for longer than a write takes.
    Locked {
        /// How long this program waited.
        seconds: u64,
        /// The lock's file.
        path: PathBuf,
    },
    /// The list states something that is no version.
    NoVersion {
        /// What it states.
        found: String,
        /// The newest that this program knows.
        known: u32,
        /// The list's file.
        path: PathBuf,
    },
    /// A file or a folder could not be read, or is something else, as a link.
    Read(ReadError),
    /// A file could not be written.
    Write(WriteError),
}

impl From<WriteError> for RecordsError {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

impl RecordsError {
    /// The error in words, with the path last.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::Newer { found, known, path } => {
                words!("records-newer", found = found.to_string(), known = known.to_string(), path = path.as_path())
            }
            Self::NoPlace { beside, away, path } => {
                words!("records-no-place", beside = beside, away = away, path = path.as_path())
            }
            Self::Locked { seconds, path } => {
                words!("records-locked", seconds = seconds.to_string(), path = path.as_path())
            }
            Self::NoVersion { found, known, path } => words!(
                "records-no-version",
                found = found.as_str(),
                known = known.to_string(),
                path = path.as_path()
            ),
            Self::Read(error) => error.message(),
            Self::Write(error) => error.message(),
        }
    }
}

display_as_message!(RecordsError);

/// A fault of records that were read. Displays with the path last.
#[derive(Debug, thiserror::Error)]
pub enum RecordsFault {
    /// The list cannot be read; the log says what it held.
    Damaged {
        /// The JSON parser's message.
        detail: String,
        /// Decisions that were recovered.
        decided: usize,
        /// Calibrations that were recovered.
        calibrated: usize,
        /// The list's file.
        path: PathBuf,
    },
    /// It is not what this program wrote: its checksum says so.
    Changed {
        /// The list's file.
        path: PathBuf,
    },
    /// The log has decisions or calibrations that the list has not.
    Disagrees {
        /// Decisions that are missing, or are older in the list.
        decided: usize,
        /// Calibrations that are.
        calibrated: usize,
        /// The list's file.
        path: PathBuf,
    },
    /// It cannot be read at all, or a newer program wrote it.
    Records(RecordsError),
}

impl From<RecordsError> for RecordsFault {
    fn from(error: RecordsError) -> Self {
        Self::Records(error)
    }
}

impl RecordsFault {
    /// The fault in words, with the path last.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::Damaged { detail, decided, calibrated, path } => words!(
                "records-damaged",
                detail = detail.as_str(),
                decided = *decided,
                calibrated = *calibrated,
                path = path.as_path()
            ),
            Self::Changed { path } => words!("records-changed", path = path.as_path()),
            Self::Disagrees { decided, calibrated, path } => {
                words!("records-disagree", decided = *decided, calibrated = *calibrated, path = path.as_path())
            }
            Self::Records(error) => error.message(),
        }
    }
}

display_as_message!(RecordsFault);
