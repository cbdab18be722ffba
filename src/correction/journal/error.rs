//! Why a journal could not be read or written.

use std::path::PathBuf;

use crate::records::RecordsError;

/// What went wrong with a journal. Displays with the path last.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The system did not give its bytes.
    #[error("the journal of corrections cannot be read ({source}): {}", path.display())]
    Read {
        /// The journal.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// The file does not begin as a journal does.
    #[error("the journal of corrections is damaged from its beginning; it is set aside at the next correction: {}", path.display())]
    Damaged {
        /// The journal.
        path: PathBuf,
    },
    /// The format is one that this program does not know.
    #[error("the journal of corrections has format {found}, this program reads {expected}; use the newer program: {}", path.display())]
    Version {
        /// The version that stands in it.
        found: u16,
        /// The version that is known.
        expected: u16,
        /// The journal.
        path: PathBuf,
    },
    /// It was made for other pixels.
    #[error("the journal of corrections belongs to another photograph ({found}, expected {expected}); it is left alone: {}", path.display())]
    OtherPhoto {
        /// Size and hash that stand in it.
        found: String,
        /// Size and hash of the photo.
        expected: String,
        /// The journal.
        path: PathBuf,
    },
    /// Another program writes to it, or has since it was read.
    #[error("another window is correcting this photograph; close it there, then open the photograph again: {}", path.display())]
    InUse {
        /// The journal.
        path: PathBuf,
    },
    /// Records can be written in neither place.
    #[error("corrections cannot be saved, and are kept until the window closes; {0}")]
    NoPlace(RecordsError),
    /// The disk did not take it.
    #[error("corrections cannot be saved ({source}); they are kept until the window closes: {}", path.display())]
    Write {
        /// The journal.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
}
