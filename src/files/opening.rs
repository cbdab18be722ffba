//! The one place where files are opened. A name that leads to a pipe or a device is refused before it is opened, as
//! that alone may wait or do something; what was opened is looked at again, so that nothing changes in between.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::error::{NotRegular, ReadError, ReadFault};
use super::kind::FileKind;
use super::paths::folder_of;
use super::syncing::sync_folder;

#[cfg_attr(unix, path = "opening/unix.rs")]
#[cfg_attr(not(unix), path = "opening/other.rs")]
mod system;

/// What is done with a file, and what becomes of one that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// It is read.
    Read,
    /// It is read and written.
    Change,
    /// It is read, written at its end, and made if it is not there.
    Append,
    /// It is locked, and made if it is not there.
    Lock,
}

/// Opens the file at `path` for reading. With [`read_rest`](crate::files::read_rest) its bytes are read within the limit.
///
/// # Errors
/// [`ReadError`]: it is not there, no regular file, too large for its kind, or the system does not let us read it.
pub fn open(path: &Path, kind: FileKind) -> Result<File, ReadError> {
    open_for(path, kind, Access::Read)
}

/// Opens a file that is there for reading and writing.
///
/// # Errors
/// As [`open`].
pub fn open_for_changing(path: &Path, kind: FileKind) -> Result<File, ReadError> {
    open_for(path, kind, Access::Change)
}

/// Opens a file for reading and for writing at its end; it is made if it is not there. Its length has no limit.
///
/// # Errors
/// As [`open`].
pub fn open_for_appending(path: &Path, kind: FileKind) -> Result<File, ReadError> {
    open_for(path, kind, Access::Append)
}

/// Opens a file to be locked by [`lock`](crate::files::lock()); it is made if it is not there.
///
/// # Errors
/// As [`open`].
pub fn open_lock(path: &Path) -> Result<File, ReadError> {
    open_for(path, FileKind::Lock, Access::Lock)
}

fn open_for(path: &Path, kind: FileKind, access: Access) -> Result<File, ReadError> {
    let fail = |fault| ReadError::new(path, fault);
    let file = system::open(path, kind.is_of_records(), access).map_err(fail)?;
    let facts = file.metadata().map_err(|error| fail(error.into()))?;
    if let Some(found) = not_regular(&facts) {
        return Err(fail(found.into()));
    }
    if access == Access::Append && facts.len() == 0 {
        // It may be new: what is added to it is on the disk only when its name is.
        let folder = HeldFolder::of(path).and_then(|folder| sync_folder(folder.path()));
        folder.map_err(|error| fail(error.into()))?;
    }
    let limit = kind.max_bytes();
    if matches!(access, Access::Read | Access::Change) && facts.len() > limit {
        return Err(fail(ReadFault::TooLarge { found: Some(facts.len()), limit }));
    }
    Ok(file)
}

/// Makes a folder within one that is there, and waits until it is on the disk; one that is there already is enough, but
/// no link to one.
///
/// # Errors
/// [`ReadError`].
pub fn create_folder(path: &Path) -> Result<(), ReadError> {
    match system::create_folder(path) {
        Ok(()) => {
            let folder = HeldFolder::of(path).and_then(|folder| sync_folder(folder.path()));
            folder.map_err(|error| ReadError::new(path, error))
        }
        Err(ReadFault::System(error)) if error.kind() == io::ErrorKind::AlreadyExists => {
            folder_is_there(path).map(|_| ())
        }
        Err(fault) => Err(ReadError::new(path, fault)),
    }
}

/// Makes a folder of the person's and those above it that are missing, each on the disk before anything is put into it.
///
/// # Errors
/// The system's.
pub fn create_folders(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let above = folder_of(path);
    create_folders(above)?;
    match std::fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made.and_then(|()| sync_folder(above)),
    }
}

/// Whether there is a folder at `path`; a link to one is none, as this is for the folders of records.
///
/// # Errors
/// [`ReadError`]: something else stands there, or the system does not say what does.
pub fn folder_is_there(path: &Path) -> Result<bool, ReadError> {
    match system::facts_of_own(path) {
        Ok(facts) if facts.is_dir() => Ok(true),
        Ok(facts) => Err(ReadError::new(path, not_regular(&facts).unwrap_or(NotRegular::File))),
        Err(ReadFault::System(error)) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(fault) => Err(ReadError::new(path, fault)),
    }
}

/// Refuses what a new file would take the place of although it is none: a pipe, a device or a socket belongs to
/// somebody who waits at it. A link is replaced itself.
///
/// # Errors
/// [`ReadFault::NotRegular`].
pub(super) fn check_replaceable(place: &Path) -> Result<(), ReadFault> {
    let Ok(facts) = std::fs::symlink_metadata(place) else { return Ok(()) };
    match not_regular(&facts) {
        Some(found @ (NotRegular::Pipe | NotRegular::Device | NotRegular::Socket)) => Err(found.into()),
        _ => Ok(()),
    }
}

/// The folder of a file that is written or renamed: for as long as it is held, what is put there as a link leads nowhere
/// else.
pub(super) struct HeldFolder {
    path: PathBuf,
    /// What holds it; folders outside the records are the person's own and are not held.
    _held: Option<system::Held>,
}

impl HeldFolder {
    /// Holds the folder that `path` lies in.
    ///
    /// # Errors
    /// Those of [`open`], on the way to it.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let (place, held) = system::hold_folder_of(path)?;
        Ok(Self { path: place.unwrap_or_else(|| folder_of(path).to_owned()), _held: held })
    }

    /// Where it is found while it is held.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where a file of it is found while it is held.
    pub(super) fn place_of(&self, path: &Path) -> PathBuf {
        self.path.join(path.file_name().unwrap_or_default())
    }
}

/// From this folder on no link is followed: it lies beside photographs, which may have come from anybody.
pub const RECORDS_FOLDER: &str = ".dermaloupe";

/// What stands there instead of a regular file.
fn not_regular(facts: &Metadata) -> Option<NotRegular> {
    let kind = facts.file_type();
    if kind.is_file() {
        None
    } else if kind.is_dir() {
        Some(NotRegular::Folder)
    } else if kind.is_symlink() {
        Some(NotRegular::Link)
    } else {
        Some(system::other(kind))
    }
}

#[cfg(test)]
mod tests;
