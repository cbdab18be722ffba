//! Files on disk: written whole or not at all, locked against other programs, set aside and told apart. Each once.

use std::fs::{File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::language::Words;
use crate::{display_as_message, words};

/// Why a file was not written. Nothing half-written is left behind. Displays with the path last.
#[derive(Debug, thiserror::Error)]
pub struct WriteError {
    /// The file that was to be written.
    pub path: PathBuf,
    /// The operating system's words.
    pub source: io::Error,
}

impl WriteError {
    /// The error in words, with the path last.
    #[must_use]
    pub fn message(&self) -> Words {
        words!("write-failed", reason = &self.source, path = self.path.as_path())
    }
}

display_as_message!(WriteError);

/// What becomes of a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// The new one takes its place in one step.
    Replaced,
    /// It stays, and the write fails with [`io::ErrorKind::AlreadyExists`].
    Kept,
}

/// Puts `bytes` at `path`, replacing what stood there in one step. Others may read the file as any of the person's.
///
/// # Errors
/// [`WriteError`]; whatever stood at `path` is then unchanged.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    match put(path, bytes, Existing::Replaced, readable_by_others) {
        Ok(_) => Ok(()),
        Err(source) => Err(WriteError { path: path.to_owned(), source: without_temp_name(source) }),
    }
}

/// Puts `bytes` at `path` in one step and returns the file, private to its owner and locked by [`lock`].
///
/// # Errors
/// The system's; [`io::ErrorKind::WouldBlock`] when the lock cannot be had. What stood at `path` is then unchanged.
pub fn write_locked(path: &Path, bytes: &[u8], existing: Existing) -> io::Result<File> {
    put(path, bytes, existing, |file| Ok(lock(file, path, Duration::ZERO)?))
}

/// Temp file beside the target, `prepare`, content, fsync, rename, fsync of the folder.
fn put(
    path: &Path,
    bytes: &[u8],
    existing: Existing,
    prepare: impl FnOnce(&File) -> io::Result<()>,
) -> io::Result<File> {
    let folder = folder_of(path);
    let mut file = tempfile::Builder::new().prefix(".dermaloupe-").tempfile_in(folder)?;
    prepare(file.as_file())?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    let placed = match existing {
        Existing::Replaced => file.persist(path),
        Existing::Kept => file.persist_noclobber(path),
    };
    let file = placed.map_err(|error| error.error)?;
    sync_folder(folder)?;
    Ok(file)
}

/// tempfile puts its random name into the system's words, which tells the person nothing: the kind says enough.
fn without_temp_name(error: io::Error) -> io::Error {
    if error.get_ref().is_some() { error.kind().into() } else { error }
}

/// Temp files are private to their owner; what a person asked for is readable as any file of theirs.
#[cfg(unix)]
fn readable_by_others(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_others(_file: &File) -> io::Result<()> {
    Ok(())
}

/// A new name is on the disk only when its folder is. A folder that may not be read, and a file system that syncs no
/// folders, give no more than that: the file itself is whole.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error) if is_unsupported(&error) || error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        result => result,
    }
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn is_unsupported(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
}

/// Why there is no lock.
#[derive(Debug)]
pub enum LockError {
    /// Another program has held it all the time.
    Held,
    /// The system failed on it.
    System(io::Error),
}

impl From<LockError> for io::Error {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Held => io::ErrorKind::WouldBlock.into(),
            LockError::System(error) => error,
        }
    }
}

/// How often a lock is asked for while another program holds it.
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// Locks the file at `path` against other programs, until it is closed or this program ends, however it does; waits for
/// as long as `patience`. A file system without locks, as some network drives are, gives none and is no error.
///
/// # Errors
/// [`LockError`].
pub fn lock(file: &File, path: &Path, patience: Duration) -> Result<(), LockError> {
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if started.elapsed() < patience => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::WouldBlock) => return Err(LockError::Held),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                log::info!("no lock ({error}): {}", path.display());
                return Ok(());
            }
            Err(TryLockError::Error(error)) => return Err(LockError::System(error)),
        }
    }
}

/// Gives the file at `path` the first name of [`unused_name`], and returns it.
///
/// # Errors
/// The system's; the file then stays where it is.
pub fn set_aside(path: &Path, ending: impl Fn(u32) -> String) -> io::Result<PathBuf> {
    let aside = unused_name(path, ending);
    std::fs::rename(path, &aside)?;
    Ok(aside)
}

/// `path` with a dot and the ending of the first number from 1 on that no file has: nothing that was set aside is
/// written over.
pub fn unused_name(path: &Path, ending: impl Fn(u32) -> String) -> PathBuf {
    let name = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(".");
        name.push(ending(number));
        PathBuf::from(name)
    };
    (1..=u32::MAX).map(name).find(|path| !path.exists()).expect("no folder holds as many files")
}

/// Whether both paths lead to one file that is there, by whatever names.
#[must_use]
pub fn same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// The folder that a file lies in; `.` for a bare name.
#[must_use]
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_shall_stay_is_not_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        write(&path, b"one").expect("written");
        let error = write_locked(&path, b"two", Existing::Kept).expect_err("it is there");
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).expect("read"), b"one");
        drop(write_locked(&path, b"two", Existing::Replaced).expect("written"));
        assert_eq!(std::fs::read(&path).expect("read"), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1, "no temp file is left");
    }

    #[cfg(unix)]
    #[test]
    fn what_a_person_asked_for_may_be_read_by_others_and_a_locked_file_may_not() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let [open, private] = ["open", "private"].map(|name| folder.path().join(name));
        write(&open, b"").expect("written");
        let file = write_locked(&private, b"", Existing::Kept).expect("written");
        let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(&open), mode(&private)), (0o644, 0o600));
        let other = File::open(&private).expect("opened");
        assert!(matches!(lock(&other, &private, Duration::ZERO), Err(LockError::Held)));
        drop(file);
        lock(&other, &private, Duration::ZERO).expect("it is free");
    }

    #[test]
    fn nothing_that_was_set_aside_is_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.json");
        let names = [(); 2].map(|()| {
            std::fs::write(&path, "x").expect("written");
            set_aside(&path, |number| format!("tail{number}")).expect("renamed")
        });
        assert_eq!(names, ["a.json.tail1", "a.json.tail2"].map(|name| folder.path().join(name)));
    }

    #[test]
    fn a_bare_name_lies_in_the_current_folder() {
        assert_eq!(folder_of(Path::new("a.png")), Path::new("."));
        assert_eq!(folder_of(Path::new("b/a.png")), Path::new("b"));
    }
}
