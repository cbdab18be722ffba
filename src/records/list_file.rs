//! `records.json` as a file: read with everything that speaks against it, and written with its checksum.
//!
//! A list is not believed because it can be parsed. Its version, its photos' hashes and its scales are checked; its
//! checksum tells what was changed by anything but this program; and what the audit log knows and the list does not is
//! told. Where the list cannot be used, the log gives the decisions back.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::error::{RecordsError, RecordsFault};
use super::format::{self, Format, FormatError};
use super::last_decisions::LastDecisions;
use super::names::{AUDIT, FORMAT, LOCK, RECORDS};
use super::review::{ReviewList, ReviewState};
use crate::decode::sha256_hex;
use crate::files::{self, FileKind, ReadError, WriteError};

/// How long another program may take for its write.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// How a list with a checksum begins; 64 digits and [`AFTER_CHECKSUM`] follow.
const BEFORE_CHECKSUM: &[u8] = b"{\n  \"checksum\": \"";

/// What stands between the checksum and the rest of the list.
const AFTER_CHECKSUM: &[u8] = b"\",\n";

/// The key of the checksum.
const CHECKSUM: &str = "checksum";

/// Writes the list into its folder, with its checksum.
pub(super) fn write(folder: &Path, list: &ReviewList) -> Result<(), WriteError> {
    files::write(&folder.join(RECORDS), &with_checksum(&list.to_json()))
}

/// The list's text with the SHA-256 of it as its first key.
fn with_checksum(text: &[u8]) -> Vec<u8> {
    match text.strip_prefix(b"{\n") {
        Some(rest) => [BEFORE_CHECKSUM, sha256_hex(text).as_bytes(), AFTER_CHECKSUM, rest].concat(),
        None => text.to_vec(),
    }
}

/// Whether the text is what its checksum was made from; `None` if it has none.
fn checksum_fits(text: &[u8], value: &Value) -> Option<bool> {
    value.get(CHECKSUM)?;
    let fits = || {
        let (stated, rest) = text.strip_prefix(BEFORE_CHECKSUM)?.split_at_checked(64)?;
        let rest = rest.strip_prefix(AFTER_CHECKSUM)?;
        Some(sha256_hex(&[b"{\n", rest].concat()).as_bytes() == stated)
    };
    // Written anew by another program: it cannot be told what that changed.
    Some(fits().unwrap_or(false))
}

/// The list in a folder, converted to the current version in memory, and its faults; if it cannot be used, as much as
/// the audit log has of it.
pub(super) fn read(folder: &Path) -> (ReviewList, Vec<RecordsFault>) {
    let (path, log) = (folder.join(RECORDS), LastDecisions::read(&folder.join(AUDIT)));
    let mut faults = Vec::new();
    let log = log.unwrap_or_else(|error| {
        faults.push(RecordsError::Read(error).into());
        LastDecisions::default()
    });
    let format = format_of(folder).unwrap_or_else(|error| {
        faults.push(RecordsError::Read(error).into());
        None
    });
    let format = format.map_or(0, |format| format.version);
    let bytes = match files::read(&path, FileKind::ReviewList) {
        Ok(bytes) => bytes,
        // Where the list was lost, the log is what there is.
        Err(error) if error.is_not_there() => {
            faults.extend(log.missing_in(&ReviewList::default(), &path));
            return (log.into_list(), faults);
        }
        Err(error) => {
            faults.push(RecordsError::Read(error).into());
            return (log.into_list(), faults);
        }
    };
    match parsed(&bytes) {
        Ok(ParsedList { mut list, version, is_as_written }) => {
            faults.extend(newer(format.max(version), folder).map(RecordsFault::from));
            // How a newer program makes its checksum is not known.
            if !is_as_written && version <= format::CURRENT {
                faults.push(RecordsFault::Changed { path: path.clone() });
            }
            if version < format::CURRENT {
                log.tell_of_corrections(&mut list, true);
            }
            faults.extend(log.missing_in(&list, &path));
            (list, faults)
        }
        Err(ListError::Format(error)) => {
            faults.push(no_version(error, folder).into());
            (log.into_list(), faults)
        }
        Err(ListError::Damaged(detail)) => {
            faults.extend(newer(format, folder).map(RecordsFault::from));
            let list = log.into_list();
            let decided = list.photos.iter().filter(|review| review.state != ReviewState::NotSeen).count();
            let calibrated = list.calibrations.list().iter().filter(|known| known.mm_per_px.is_some()).count();
            faults.push(RecordsFault::Damaged { detail, decided, calibrated, path });
            (list, faults)
        }
    }
}

/// The list that [`read`] gives, without its faults: the log, which grows with every decision, is read only where the
/// list cannot be used as it is.
pub(super) fn read_list(folder: &Path) -> ReviewList {
    let bytes = files::read(&folder.join(RECORDS), FileKind::ReviewList).ok();
    match bytes.and_then(|bytes| parsed(&bytes).ok()) {
        Some(ParsedList { list, version, .. }) if version >= format::CURRENT => list,
        _ => read(folder).0,
    }
}

/// A list that can be used.
struct ParsedList {
    list: ReviewList,
    /// That the file states.
    version: u32,
    /// It is what this program wrote, as far as its checksum tells.
    is_as_written: bool,
}

enum ListError {
    Format(FormatError),
    Damaged(String),
}

fn parsed(bytes: &[u8]) -> Result<ParsedList, ListError> {
    let damaged = |error: serde_json::Error| ListError::Damaged(error.to_string());
    let mut value: Value = serde_json::from_slice(bytes).map_err(damaged)?;
    let is_as_written = checksum_fits(bytes, &value).unwrap_or(true);
    if let Some(list) = value.as_object_mut() {
        list.remove(CHECKSUM);
    }
    let version = format::version_of(&value).map_err(ListError::Format)?;
    let value = format::migrated(value).map_err(ListError::Format)?;
    let list = ReviewList::from_value(value).map_err(damaged)?;
    Ok(ParsedList { list, version, is_as_written })
}

/// The format of a records' folder; `None` if it has no `format.json`, as in version 0, or a damaged one.
///
/// # Errors
/// When the file is there and cannot be read.
pub(super) fn format_of(folder: &Path) -> Result<Option<Format>, ReadError> {
    match files::read(&folder.join(FORMAT), FileKind::RecordsFormat) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) if error.is_not_there() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The version that the list states; `None` without a list, or if it is damaged.
///
/// # Errors
/// [`FormatError`] when what it states is no version.
pub(super) fn version_of_list(folder: &Path) -> Result<Option<u32>, FormatError> {
    let value = files::read(&folder.join(RECORDS), FileKind::ReviewList).ok();
    let value = value.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    value.as_ref().map(format::version_of).transpose()
}

/// Why a records' folder may not be written to: its format, or that of its list, is newer or no version at all, or
/// cannot be read.
pub(super) fn newer_or_unknown(folder: &Path) -> Option<RecordsError> {
    let format = match format_of(folder) {
        Ok(format) => format,
        Err(error) => return Some(RecordsError::Read(error)),
    };
    match version_of_list(folder) {
        Ok(list) => newer(format.map_or(0, |format| format.version).max(list.unwrap_or(0)), folder),
        Err(error) => Some(no_version(error, folder)),
    }
}

fn newer(found: u32, folder: &Path) -> Option<RecordsError> {
    (found > format::CURRENT).then(|| RecordsError::Newer {
        found,
        known: format::CURRENT,
        path: folder.to_owned(),
    })
}

fn no_version(FormatError { found }: FormatError, folder: &Path) -> RecordsError {
    RecordsError::NoVersion { found, known: format::CURRENT, path: folder.join(RECORDS) }
}

/// Waits until no other program writes into the folder; `false` if that cannot be known.
pub(super) fn others_have_written(folder: &Path) -> bool {
    let path = folder.join(LOCK);
    // Looking makes nothing, no lock either.
    let is_there = path.symlink_metadata().is_ok_and(|facts| facts.is_file());
    is_there && files::open_lock(&path).is_ok_and(|file| files::lock(&file, &path, PATIENCE).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_checksum_fits_what_it_was_made_from_and_nothing_else() {
        let text = with_checksum(&ReviewList::default().to_json());
        let value: Value = serde_json::from_slice(&text).expect("it is JSON");
        assert_eq!(checksum_fits(&text, &value), Some(true));
        for place in 0..text.len() {
            let mut changed = text.clone();
            changed[place] ^= 1;
            if let Ok(value) = serde_json::from_slice::<Value>(&changed) {
                assert_ne!(checksum_fits(&changed, &value), Some(true), "byte {place}");
            }
        }
        assert_eq!(checksum_fits(b"{}", &json!({})), None);
        assert_eq!(
            checksum_fits(value.to_string().as_bytes(), &value),
            Some(false),
            "written anew by another program"
        );
    }
}
