//! What is kept of a folder's photographs: reviews, calibrations, an audit log and corrected masks, in `.dermaloupe` beside
//! them or, where that cannot be written, in the data directory. The files are described in `docs/records.md`.

pub mod audit;
pub mod calibration;
pub mod format;
pub mod home;
pub mod identify;
pub mod review;
pub mod store;

use std::io;
use std::path::PathBuf;

pub use self::audit::{AuditEntry, Event, Product};
pub use self::calibration::{Calibration, CalibrationChange, Calibrations, Scale, ScaleSource};
pub use self::home::{Found, Home, RecordsFault};
pub use self::review::{PhotoFile, Review, ReviewList, ReviewState};
pub use self::store::{Place, Store};
use crate::files::WriteError;
use crate::language::Words;
use crate::{display_as_message, words};

/// Why records could not be kept. What was there before is unchanged.
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
    /// Another program holds them for longer than a write takes.
    Locked {
        /// How long was waited.
        seconds: u64,
        /// The lock's file.
        path: PathBuf,
    },
    /// A file could not be read.
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's words.
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
