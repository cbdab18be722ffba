//! Why corrections could not be read or kept, in the window's language.

use crate::app::failures::system;
use crate::correction::journal::JournalError;
use crate::language::Words;
use crate::words;

/// What is said of a journal's error.
pub(super) fn journal(error: &JournalError) -> Words {
    let (reason, path) = match error {
        JournalError::NoPlace(error) => {
            return words!("journal-no-place", reason = crate::app::failures::records(error));
        }
        JournalError::Read { path, source } => (words!("journal-unreadable", reason = system(source)), path),
        JournalError::Damaged { path } => (words!("journal-damaged"), path),
        JournalError::Version { found, expected, path } => {
            let (found, expected) = (u32::from(*found), u32::from(*expected));
            (words!("journal-version", found = found, expected = expected), path)
        }
        JournalError::OtherPhoto { path, .. } => (words!("journal-other-photo"), path),
        JournalError::InUse { path } => (words!("journal-in-use"), path),
        JournalError::Write { path, source } => (words!("journal-unwritten", reason = system(source)), path),
    };
    words!("with-path", reason = reason, path = path.display().to_string())
}
