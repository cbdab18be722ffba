//! A walk through folders that leaves no name behind: what it reads lies in two buffers of its own, which are cleared at its
//! end. The standard library leaves the names of a folder in memory that it has given back, for whoever looks.

use std::collections::HashSet;
use std::ffi::{CStr, OsStr};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RawDir, Stat, openat, statat};

use super::super::kept::Kept;
use super::super::version::Version;
use super::MOST_FILES;
use crate::photo_files;

/// Bytes of a folder's names that are read at once.
const NAMES_AT_ONCE: usize = 32 << 10;

/// Bytes for a path; a longer one moves to memory of its own, and its beginning is left behind.
const LONGEST_PATH: usize = 8 << 10;

/// One walk.
pub(super) struct Walk<'a> {
    forgotten: &'a HashSet<u64>,
    /// The forgotten photographs that are there.
    pub(super) seen: HashSet<u64>,
    /// All others that are there.
    pub(super) found: Vec<Version>,
    path: PathBuf,
}

impl<'a> Walk<'a> {
    pub(super) fn new(forgotten: &'a HashSet<u64>) -> Self {
        Self { forgotten, seen: HashSet::new(), found: Vec::new(), path: PathBuf::with_capacity(LONGEST_PATH) }
    }

    /// Finds the photographs in `folder` and `depth` folders below it. What vanishes meanwhile is left out; only the folder
    /// itself must be readable.
    pub(super) fn through(&mut self, folder: &Path, depth: usize) -> std::io::Result<()> {
        self.path.push(folder);
        let opened = openat(CWD, folder, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        let result = self.through_opened(&opened, depth);
        self.path.clear();
        result
    }

    fn through_opened(&mut self, folder: &OwnedFd, depth: usize) -> std::io::Result<()> {
        let mut buffer = vec![MaybeUninit::<u8>::uninit(); NAMES_AT_ONCE];
        let mut entries = RawDir::new(folder, &mut buffer);
        let mut result = Ok(());
        while let Some(entry) = entries.next() {
            match entry {
                Ok(entry) => self.take(folder.as_fd(), entry.file_name(), depth),
                Err(error) => {
                    result = Err(error.into());
                    break;
                }
            }
        }
        buffer.fill(MaybeUninit::new(0));
        // Nobody reads it again, and yet it has to be written.
        std::hint::black_box(&mut buffer);
        result
    }

    fn take(&mut self, folder: BorrowedFd<'_>, name: &CStr, depth: usize) {
        let bytes = name.to_bytes();
        if self.found.len() >= MOST_FILES || bytes == b"." || bytes == b".." {
            return;
        }
        // A link could lead in a circle, or out of the stick.
        let Ok(facts) = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) else { return };
        self.path.push(OsStr::from_bytes(bytes));
        match FileType::from_raw_mode(facts.st_mode) {
            FileType::Directory if depth > 0 && !bytes.starts_with(b".") => {
                let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                if let Ok(below) = openat(folder, name, flags, Mode::empty()) {
                    let _ = self.through_opened(&below, depth - 1);
                }
            }
            FileType::RegularFile => self.take_file(facts.st_size.try_into().unwrap_or(0), modified(&facts)),
            _ => {}
        }
        self.path.pop();
    }

    fn take_file(&mut self, bytes: u64, modified: Option<SystemTime>) {
        let number = Kept::number_of_parts(&self.path, bytes, modified);
        if self.forgotten.contains(&number) {
            self.seen.insert(number);
        } else if photo_files::is_photo_name(&self.path) {
            self.found.push(Version { path: self.path.clone(), bytes, modified });
        }
    }
}

impl Drop for Walk<'_> {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.path).into_os_string().into_encoded_bytes();
        bytes.clear();
        bytes.resize(bytes.capacity(), 0);
        std::hint::black_box(&mut bytes);
    }
}

#[allow(clippy::useless_conversion, reason = "how wide the fields are is the machine's")]
fn modified(facts: &Stat) -> Option<SystemTime> {
    let nanos = Duration::from_nanos(facts.st_mtime_nsec.try_into().ok()?);
    let seconds = Duration::from_secs(facts.st_mtime.unsigned_abs());
    let whole = if facts.st_mtime < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(seconds)?
    } else {
        SystemTime::UNIX_EPOCH.checked_add(seconds)?
    };
    whole.checked_add(nanos)
}
