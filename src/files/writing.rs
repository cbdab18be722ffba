//! Writes files, whole or not at all: a temp file beside the place, synced, then renamed.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use super::error::WriteError;
use super::growing::{Existing, GrowingFile};
use super::locking::lock;

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
    let mut file = GrowingFile::beside(path)?;
    prepare(file.file())?;
    file.write_all(bytes)?;
    file.place(existing)
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
