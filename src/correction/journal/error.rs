//! Why a journal could not be read or written.

use std::path::PathBuf;

use crate::files::ReadError;
use crate::language::Words;
use crate::records::RecordsError;
use crate::{display_as_message, words};

/// Why a journal could not be read or written. Displays with the path last.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file could not be read.
    Read(ReadError),
    /// The file does not begin like a journal.
    Damaged {
        /// The journal.
        path: PathBuf,
    },
    /// Steps are missing or cannot be read; those before them can.
    Lossy {
        /// Steps that can be read.
        steps: usize,
        /// Bytes after them.
        bytes: u64,
        /// The journal.
        path: PathBuf,
    },
    /// The format is unknown to this program.
    Version {
        /// The version in the file.
        found: u16,
        /// The version that this program knows.
        expected: u16,
        /// The journal.
        path: PathBuf,
    },
    /// It belongs to other pixels.
    OtherPhoto {
        /// Size and hash in the file.
        found: String,
        /// Size and hash of the photo.
        expected: String,
        /// The journal.
        path: PathBuf,
    },
    /// Another program writes to it, or has written since it was read.
    InUse {
        /// The journal.
        path: PathBuf,
    },
    /// Neither place is writable.
    NoPlace(RecordsError),
    /// The file could not be written.
    Write {
        /// The journal.
        path: PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
}

impl JournalError {
    /// The error in words, with the path last.
    #[must_use]
    pub fn message(&self) -> Words {
        let (reason, path) = match self {
            Self::NoPlace(error) => return words!("journal-no-place", reason = error.message()),
            Self::Read(ReadError { path, fault }) => (words!("journal-unreadable", reason = fault.message()), path),
            Self::Damaged { path } => (words!("journal-damaged"), path),
            Self::Lossy { steps, bytes, path } => {
                (words!("journal-lossy", steps = *steps, bytes = bytes.to_string()), path)
            }
            Self::Version { found, expected, path } => {
                (words!("journal-version", found = u32::from(*found), expected = u32::from(*expected)), path)
            }
            Self::OtherPhoto { found, expected, path } => {
                (words!("journal-other-photo", found = found.as_str(), expected = expected.as_str()), path)
            }
            Self::InUse { path } => (words!("journal-in-use"), path),
            Self::Write { path, source } => (words!("journal-unwritten", reason = source), path),
        };
        words!("with-path", reason = reason, path = path.as_path())
    }
}

display_as_message!(JournalError);
