//! Why records could not be stored, and faults of records that were read.

use std::io;
use std::path::PathBuf;

use crate::files::WriteError;
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
    /// A file could not be read.
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },
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
            Self::Read { path, source } => words!("records-unreadable", reason = source, path = path.as_path()),
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
            Self::Records(error) => error.message(),
        }
    }
}

display_as_message!(RecordsFault);
