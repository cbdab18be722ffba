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
pub use self::home::{Complaint, Found, Home};
pub use self::review::{PhotoFile, Review, ReviewList, ReviewState};
pub use self::store::{Obstacle, Place, Store};
use crate::write::WriteError;

/// Why records could not be kept. What was there before is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// Written by a later program.
    #[error(
        "these records are of format {found}, and this program knows formats up to {known}: they are shown and never \
         changed; use the newer Dermaloupe to go on: {}", path.display()
    )]
    Newer {
        /// The format that was found.
        found: u32,
        /// The newest that this program knows.
        known: u32,
        /// The records' folder.
        path: PathBuf,
    },
    /// Neither beside the photos nor in the data directory.
    #[error(
        "records can be kept neither beside the photographs ({beside}) nor in the data directory ({away}); make one of \
         them writable: {}", path.display()
    )]
    NoPlace {
        /// Why not beside the photos.
        beside: io::Error,
        /// Why not in the data directory.
        away: io::Error,
        /// The photos' folder.
        path: PathBuf,
    },
    /// Another program holds them for longer than a write takes.
    #[error("another Dermaloupe has been writing these records for {seconds} s; try again: {}", path.display())]
    Locked {
        /// How long was waited.
        seconds: u64,
        /// The lock's file.
        path: PathBuf,
    },
    /// A file could not be read.
    #[error("cannot read ({source}); check that it may be read: {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's words.
        source: io::Error,
    },
    /// A file could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}
