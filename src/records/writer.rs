//! A records' folder that is open for writing. A lock is held for the duration of a write, so that two programs add to
//! each other's work: each reads what the other wrote, changes only the photos concerned, and writes the whole list in
//! one step.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::audit::{self, AuditEntry};
use super::calibration::{CalibrationChange, Calibrations};
use super::error::RecordsError;
use super::event::AuditEvent;
use super::format::{self, Format};
use super::location::{AUDIT, FORMAT, MASKS, RECORDS, RecordsLocation, format_of, newer_format, read_list};
use super::review::{Review, ReviewList};
use crate::files::{self, FileKind, LockError, WriteError};
use crate::language::SystemError;

const LOCK: &str = "lock";

/// How long another program may take for its write.
const PATIENCE: Duration = Duration::from_secs(5);

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
        if let Some(error) = newer_format(&writer.folder) {
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
        match std::fs::create_dir_all(&path) {
            Ok(()) => Ok(path),
            Err(source) => Err(WriteError { path, source }.into()),
        }
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
        let mut list = read_list(&self.folder).0;
        self.log(&reviews.iter().map(AuditEntry::reviewed).collect::<Vec<_>>())?;
        reviews.into_iter().for_each(|review| list.put(review));
        files::write(&self.folder.join(RECORDS), &list.to_json())?;
        Ok(list)
    }

    /// Stores calibrations that were made or removed, in the log first and then in the list; returns all of the folder.
    ///
    /// # Errors
    /// When either cannot be written; the list is then unchanged.
    pub fn calibrate(&self, change: CalibrationChange) -> Result<Calibrations, RecordsError> {
        let CalibrationChange { event, reviewer, calibrations } = change;
        let mut list = read_list(&self.folder).0;
        let entry = |one| AuditEntry::calibrated(event, &reviewer, one);
        self.log(&calibrations.iter().map(entry).collect::<Vec<_>>())?;
        calibrations.into_iter().for_each(|calibration| list.calibrations.put(calibration));
        files::write(&self.folder.join(RECORDS), &list.to_json())?;
        Ok(list.calibrations)
    }

    /// Sets a damaged list aside, converts an older format to this one, and writes `format.json`.
    fn bring_up_to_date(&self, location: &RecordsLocation) -> Result<(), RecordsError> {
        let records = self.folder.join(RECORDS);
        let (list, fault) = read_list(&self.folder);
        if fault.is_some() {
            let moved = files::set_aside(&records, files::numbered_from_2("broken"));
            let aside = moved.map_err(|source| WriteError { path: records.clone(), source })?;
            files::write(&records, &list.to_json())?;
            let detail = json!({ "kept_as": aside.file_name().unwrap_or_default().to_string_lossy() });
            self.log(&[AuditEntry::of_folder(AuditEvent::Rebuilt, Timestamp::now(), detail)])?;
        }
        let version = format_of(&self.folder).map(|format| format.version);
        if version == Some(format::CURRENT) {
            return Ok(());
        }
        if records.exists() && fault.is_none() {
            let from = version.unwrap_or(0);
            files::copy_aside(&records, FileKind::ReviewList, files::numbered_from_2(&format!("version-{from}")))?;
            files::write(&records, &list.to_json())?;
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

/// The first of the two places that is writable, with its lock file.
fn find_place(location: &RecordsLocation) -> Result<(PathBuf, File, RecordsPlace), RecordsError> {
    let none = || io::Error::new(io::ErrorKind::NotFound, "there is none");
    let beside = match location.beside() {
        // Only the folder itself: a photos' folder that no longer exists is not created.
        Some(folder) => match made(std::fs::create_dir(&folder)).and_then(|()| lock_file(&folder)) {
            Ok(lock) => return Ok((folder, lock, RecordsPlace::Beside)),
            Err(error) => error,
        },
        None => none(),
    };
    let away = location.away.clone().ok_or_else(none).and_then(|folder| {
        std::fs::create_dir_all(&folder)?;
        let lock = lock_file(&folder)?;
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

/// A folder that exists already counts as created.
fn made(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn lock_file(folder: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).open(folder.join(LOCK))
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
        let first = lock_file(folder.path()).expect("it is made");
        let second = lock_file(folder.path()).expect("it opens");
        hold(&first, folder.path(), Duration::ZERO).expect("it is free");
        let path = folder.path().join(LOCK);
        let error = hold(&second, &path, Duration::ZERO).expect_err("it is held");
        assert!(error.to_string().ends_with(&path.display().to_string()), "{error}");
        drop(first);
        hold(&second, &path, Duration::ZERO).expect("it is free again");
    }
}
