//! Writes files, whole or not at all: a temp file beside the place, synced, then renamed.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::error::WriteError;
use super::locking::lock;
use super::opening::{HeldFolder, check_replaceable};
use super::paths::folder_of;

/// How the names of temp files begin; none of them is anything that a person made.
const TEMP_PREFIX: &str = ".dermaloupe-";

/// How old a temp file is that nobody writes any more: its program was killed. No write takes a day.
const TEMP_MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// What becomes of a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// The new one takes its place in one step.
    Replaced,
    /// It stays, and the write fails with [`io::ErrorKind::AlreadyExists`].
    Kept,
}

/// Puts `bytes` at `path`, replacing what stood there in one step; a link is replaced itself, and never what it leads
/// to. Who may read it is as the person's umask says.
///
/// # Errors
/// [`WriteError`], also where a pipe, a device or a socket stands; whatever stood at `path` is then unchanged.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    placed(path, bytes, Existing::Replaced)
}

/// As [`write`()], but what stands at `path`, a link too, stays.
///
/// # Errors
/// [`WriteError`], of the kind [`io::ErrorKind::AlreadyExists`] when there is something.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    placed(path, bytes, Existing::Kept)
}

fn placed(path: &Path, bytes: &[u8], existing: Existing) -> Result<(), WriteError> {
    match put(path, bytes, existing, |_| Ok(())) {
        Ok(_) => Ok(()),
        Err(source) => Err(WriteError { path: path.to_owned(), source }),
    }
}

/// Puts `bytes` at `path` in one step and returns the file, locked by [`lock`].
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
    let folder = HeldFolder::of(path)?;
    let place = folder.place_of(path);
    check_replaceable(&place)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMP_PREFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Less the umask, as any file that a person makes.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder.path()).map_err(without_temp_name)?;
    prepare(file.as_file())?;
    file.as_file_mut().write_all(bytes)?;
    file.as_file().sync_all()?;
    let placed = match existing {
        Existing::Replaced => file.persist(&place),
        Existing::Kept => file.persist_noclobber(&place),
    };
    let file = placed.map_err(|error| error.error)?;
    sync_folder(folder.path())?;
    if is_first_write_to(folder_of(path)) {
        sweep(folder.path(), SystemTime::now());
    }
    Ok(file)
}

/// Whether this program writes to the folder for the first time: only then it is swept, as a folder of masks is long.
fn is_first_write_to(folder: &Path) -> bool {
    static SWEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    SWEPT.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned())
}

/// Removes the folder's temp files that a killed program left: those that were last written [`TEMP_MAX_AGE`] before `now`. What cannot be removed stays.
fn sweep(folder: &Path, now: SystemTime) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_temp = name.to_str().is_some_and(|name| {
            let random = name.strip_prefix(TEMP_PREFIX);
            random.is_some_and(|random| random.len() == 6 && random.chars().all(|c| c.is_ascii_alphanumeric()))
        });
        if !is_temp {
            continue;
        }
        // Of the entry itself, not of what a link leads to.
        let Ok(facts) = entry.metadata() else { continue };
        let age = facts.modified().ok().and_then(|written| now.duration_since(written).ok());
        if facts.is_file()
            && age.is_some_and(|age| age > TEMP_MAX_AGE)
            && std::fs::remove_file(entry.path()).is_ok()
        {
            log::info!("removed the remains of an interrupted write: {}", entry.path().display());
        }
    }
}

/// tempfile puts its random name into the system's words, which tells the person nothing: the kind says enough.
fn without_temp_name(error: io::Error) -> io::Error {
    if error.get_ref().is_some() { error.kind().into() } else { error }
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

#[cfg(test)]
mod tests {
    use super::super::locking::LockError;
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_replaced() {
        use std::os::unix::fs::FileTypeExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.csv");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo runs").success());
        let words = write(&path, b"rows").expect_err("it is a pipe").to_string();
        assert!(words.contains("this is a pipe") && words.ends_with("a.csv"), "{words}");
        assert!(path.symlink_metadata().expect("it is there").file_type().is_fifo());
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1, "no temp file is left");
    }

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
    fn whoever_may_read_the_persons_files_may_read_what_is_written_and_a_locked_file_is_held() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let [open, held, ordinary] = ["open", "held", "ordinary"].map(|name| folder.path().join(name));
        std::fs::write(&ordinary, b"").expect("written");
        write(&open, b"").expect("written");
        let file = write_locked(&held, b"", Existing::Kept).expect("written");
        let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(&open), mode(&held)), (mode(&ordinary), mode(&ordinary)), "666 less the umask");
        let other = File::open(&held).expect("opened");
        assert!(matches!(lock(&other, &held, Duration::ZERO), Err(LockError::Held)));
        drop(file);
        lock(&other, &held, Duration::ZERO).expect("it is free");
    }

    #[test]
    fn what_a_killed_program_left_is_removed_when_it_is_a_day_old_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let names = [".dermaloupe-a1B2c3", ".dermaloupe-notes.txt", "a_mask.png"];
        for name in names {
            std::fs::write(folder.path().join(name), "half").expect("written");
        }
        let left = || {
            let entries = std::fs::read_dir(folder.path()).expect("listed").flatten();
            entries.map(|entry| entry.file_name()).collect::<BTreeSet<_>>().len()
        };
        sweep(folder.path(), SystemTime::now());
        assert_eq!(left(), 3, "it may still be written");
        sweep(folder.path(), SystemTime::now() + TEMP_MAX_AGE + Duration::from_secs(60));
        assert_eq!(left(), 2);
        assert!(!folder.path().join(names[0]).exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_replaced_and_what_it_leads_to_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let [link, victim] = ["a", "victim"].map(|name| folder.path().join(name));
        std::fs::write(&victim, "theirs").expect("written");
        std::os::unix::fs::symlink(&victim, &link).expect("a link");
        let error = write_new(&link, b"ours").expect_err("the link is there");
        assert_eq!(error.source.kind(), io::ErrorKind::AlreadyExists);
        write(&link, b"ours").expect("written");
        assert_eq!(std::fs::read(&victim).expect("read"), b"theirs");
        assert!(link.symlink_metadata().expect("it is there").is_file());
    }
}
