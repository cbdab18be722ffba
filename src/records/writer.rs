//! A records' folder that is open for writing. A lock is held for the duration of a write, so that two programs add to
//! each other's work: each reads what the other wrote, changes only the photos concerned, and writes the whole list in
//! one step.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::audit::{self, AuditEntry};
use super::calibration::{CalibrationChange, Calibrations};
use super::error::{RecordsError, RecordsFault};
use super::event::AuditEvent;
use super::format::{self, Format};
use super::list_file::{self, PATIENCE, format_of, newer_or_unknown, version_of_list};
use super::location::RecordsLocation;
use super::names::{AUDIT, FORMAT, LOCK, MASKS, RECORDS};
use super::review::{Review, ReviewList};
use crate::files::{self, FileKind, LockError, NotRegular, ReadError, ReadFault, WriteError};
use crate::language::SystemError;

/// Where records are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordsPlace {
    /// In `.dermaloupe` beside the photos.
    Beside,
    /// In the data directory, and why.
    Away {
        /// Why not beside the photos; empty if they are in no folder.
        reason: Option<SystemError>,
    },
}

/// A records' folder, locked against other programs until it is dropped.
#[derive(Debug)]
pub struct RecordsWriter {
    folder: PathBuf,
    place: RecordsPlace,
    /// The lock; closing the file releases it.
    _lock: File,
}

impl RecordsLocation {
    /// Creates the folder if it is missing, and locks it until the writer is dropped.
    ///
    /// # Errors
    /// [`RecordsError`]: no place is writable, the records are from a newer program, or another program holds the lock.
    pub fn open(&self) -> Result<RecordsWriter, RecordsError> {
        RecordsWriter::open(self)
    }
}

impl RecordsWriter {
    fn open(location: &RecordsLocation) -> Result<Self, RecordsError> {
        let (folder, lock, place) = find_place(location)?;
        hold(&lock, &folder.join(LOCK), PATIENCE)?;
        let writer = Self { folder, place, _lock: lock };
        if let Some(error) = newer_or_unknown(&writer.folder) {
            return Err(error);
        }
        writer.bring_up_to_date(location)?;
        Ok(writer)
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Which of the two places it is.
    #[must_use]
    pub fn place(&self) -> &RecordsPlace {
        &self.place
    }

    /// The folder for corrected masks, created if it is missing.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn masks_folder(&self) -> Result<PathBuf, RecordsError> {
        let path = self.folder.join(MASKS);
        files::create_folder(&path).map_err(RecordsError::Read)?;
        Ok(path)
    }

    /// Adds `entries` to the audit log: all or none.
    ///
    /// # Errors
    /// When it cannot be written; the log is then unchanged.
    pub fn log(&self, entries: &[AuditEntry]) -> Result<(), RecordsError> {
        let path = self.folder.join(AUDIT);
        audit::append(&path, entries).map_err(|source| WriteError { path, source }.into())
    }

    /// Stores `reviews`, in the log first and then in the list; returns the new list.
    ///
    /// # Errors
    /// When either cannot be written; the list is then unchanged.
    pub fn keep(&self, reviews: Vec<Review>) -> Result<ReviewList, RecordsError> {
        let entry = |review: &Review| AuditEntry::reviewed(AuditEvent::Reviewed, &review.reviewer, review);
        let entries: Vec<AuditEntry> = reviews.iter().map(entry).collect();
        self.put(reviews, &entries)
    }

    /// Stores the record of a photo as it is after `reviewer` took back the last decision on it; returns the new list.
    ///
    /// # Errors
    /// Those of [`Self::keep`].
    pub fn undo_decision(&self, review: Review, reviewer: &str) -> Result<ReviewList, RecordsError> {
        let entry = AuditEntry::reviewed(AuditEvent::DecisionUndone, reviewer, &review);
        self.put(vec![review], &[entry])
    }

    fn put(&self, reviews: Vec<Review>, entries: &[AuditEntry]) -> Result<ReviewList, RecordsError> {
        let mut list = self.list();
        self.log(entries)?;
        reviews.into_iter().for_each(|review| list.put(review));
        list_file::write(&self.folder, &list)?;
        Ok(list)
    }

    /// Stores calibrations that were made or removed, in the log first and then in the list; returns all of the folder.
    ///
    /// # Errors
    /// When either cannot be written; the list is then unchanged.
    pub fn calibrate(&self, change: CalibrationChange) -> Result<Calibrations, RecordsError> {
        let CalibrationChange { event, reviewer, calibrations } = change;
        let mut list = self.list();
        let entry = |one| AuditEntry::calibrated(event, &reviewer, one);
        self.log(&calibrations.iter().map(entry).collect::<Vec<_>>())?;
        calibrations.into_iter().for_each(|calibration| list.calibrations.put(calibration));
        list_file::write(&self.folder, &list)?;
        Ok(list.calibrations)
    }

    fn list(&self) -> ReviewList {
        list_file::read_list(&self.folder)
    }

    /// Sets a damaged list aside, keeps a copy of one that something else has changed, converts an older format to this
    /// one, and writes `format.json`.
    fn bring_up_to_date(&self, location: &RecordsLocation) -> Result<(), RecordsError> {
        let records = self.folder.join(RECORDS);
        let (list, faults) = list_file::read(&self.folder);
        let is_damaged = faults.iter().any(|fault| matches!(fault, RecordsFault::Damaged { .. }));
        let is_changed = faults.iter().any(|fault| matches!(fault, RecordsFault::Changed { .. }));
        if let Some(error) = faults.into_iter().find_map(unreadable) {
            return Err(error);
        }
        if is_damaged {
            let moved = files::set_aside(&records, files::numbered_from_2("broken"));
            let aside = moved.map_err(|source| WriteError { path: records.clone(), source })?;
            list_file::write(&self.folder, &list)?;
            let detail = json!({ "kept_as": aside.file_name().unwrap_or_default().to_string_lossy() });
            self.log(&[AuditEntry::of_folder(AuditEvent::Rebuilt, Timestamp::now(), detail)])?;
        } else if is_changed {
            files::copy_aside(&records, FileKind::ReviewList, files::numbered_from_2("changed"))?;
            list_file::write(&self.folder, &list)?;
        }
        let format = format_of(&self.folder).map_err(RecordsError::Read)?;
        if format.as_ref().is_some_and(|format| format.version == format::CURRENT) {
            return Ok(());
        }
        let listed = if is_damaged { None } else { version_of_list(&self.folder).unwrap_or_default() };
        if let Some(from) = listed.map(|listed| format.map_or(listed, |format| format.version))
            && from < format::CURRENT
        {
            let ending = files::numbered_from_2(&format!("version-{from}"));
            files::copy_aside(&records, FileKind::ReviewList, ending)?;
            list_file::write(&self.folder, &list)?;
            let detail = json!({ "from": from, "to": format::CURRENT });
            self.log(&[AuditEntry::of_folder(AuditEvent::Migrated, Timestamp::now(), detail)])?;
        }
        let photos = match self.place {
            RecordsPlace::Beside => None,
            RecordsPlace::Away { .. } => {
                location.photos.as_ref().map(|photos| photos.to_string_lossy().into_owned())
            }
        };
        let format = serde_json::to_vec_pretty(&Format::current(photos)).expect("plain data becomes JSON");
        Ok(files::write(&self.folder.join(FORMAT), &format)?)
    }
}

/// A fault for which nothing may be written: what is there would be lost.
fn unreadable(fault: RecordsFault) -> Option<RecordsError> {
    match fault {
        RecordsFault::Records(error) => Some(error),
        RecordsFault::Damaged { .. } | RecordsFault::Changed { .. } | RecordsFault::Disagrees { .. } => None,
    }
}

/// The first of the two places that is writable, with its lock file. What was put there to lead elsewhere is no reason
/// for the other place: it is refused.
fn find_place(location: &RecordsLocation) -> Result<(PathBuf, File, RecordsPlace), RecordsError> {
    let none = || io::Error::new(io::ErrorKind::NotFound, "there is none");
    let locked = |folder: &Path| files::open_lock(&folder.join(LOCK));
    let beside = match location.beside() {
        // Only the folder itself: a photos' folder that no longer exists is not created.
        Some(folder) => match files::create_folder(&folder).and_then(|()| locked(&folder)) {
            Ok(lock) => return Ok((folder, lock, RecordsPlace::Beside)),
            Err(error) if is_trap(&error) => return Err(RecordsError::Read(error)),
            Err(error) => error.into(),
        },
        None => none(),
    };
    let away = location.away.clone().ok_or_else(none).and_then(|folder| {
        files::create_folders(&folder)?;
        let lock = locked(&folder)?;
        Ok((folder, lock))
    });
    match away {
        Ok((folder, lock)) => Ok((
            folder,
            lock,
            RecordsPlace::Away { reason: location.photos.is_some().then(|| SystemError::from(&beside)) },
        )),
        Err(away) => {
            let path = location.photos.clone().unwrap_or_else(|| "the built-in sample".into());
            Err(RecordsError::NoPlace { beside, away, path })
        }
    }
}

/// Whether something stands there that leads elsewhere or never ends. A plain file or folder is only in the way.
fn is_trap(error: &ReadError) -> bool {
    use NotRegular::{Device, Folder, Link, Pipe, Socket, Waiting};
    match error.fault {
        ReadFault::NotRegular(Link | Pipe | Device | Socket | Waiting) => true,
        ReadFault::NotRegular(NotRegular::File | Folder) => false,
        ReadFault::TooLarge { .. } | ReadFault::NotText | ReadFault::System(_) => false,
    }
}

/// Waits for the lock. Some file systems have no locks: then the last write of a photo counts.
fn hold(lock: &File, path: &Path, patience: Duration) -> Result<(), RecordsError> {
    match files::lock(lock, path, patience) {
        Ok(()) => Ok(()),
        Err(LockError::Held) => Err(RecordsError::Locked { seconds: patience.as_secs(), path: path.to_owned() }),
        Err(LockError::System(error)) => {
            log::info!("no lock ({error}): {}", path.display());
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_program_holds_for_too_long_is_refused_with_the_lock_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(LOCK);
        let first = files::open_lock(&path).expect("it is made");
        let second = files::open_lock(&path).expect("it opens");
        hold(&first, folder.path(), Duration::ZERO).expect("it is free");
        let error = hold(&second, &path, Duration::ZERO).expect_err("it is held");
        assert!(error.to_string().ends_with(&path.display().to_string()), "{error}");
        drop(first);
        hold(&second, &path, Duration::ZERO).expect("it is free again");
    }
}
