//! Files that are written piece by piece: a temp file beside the place, synced, then renamed. Until it has its place there is
//! nothing, however long that takes.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;

use super::error::WriteError;
use super::opening::{HeldFolder, check_replaceable};
use super::paths::folder_of;
use super::syncing::sync_folder;

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

/// A file that grows beside its place. Dropped before it is finished, it leaves nothing.
pub struct GrowingFile {
    path: PathBuf,
    folder: HeldFolder,
    /// Where it will stand.
    place: PathBuf,
    file: BufWriter<NamedTempFile>,
}

impl GrowingFile {
    /// Begins the file that will stand at `path`; who may read it is as the person's umask says.
    ///
    /// # Errors
    /// [`WriteError`], also where a pipe, a device or a socket stands.
    pub fn begin(path: &Path) -> Result<Self, WriteError> {
        Self::beside(path).map_err(|source| WriteError { path: path.to_owned(), source })
    }

    /// As [`Self::begin`].
    pub(super) fn beside(path: &Path) -> io::Result<Self> {
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
        let file = builder.tempfile_in(folder.path()).map_err(without_temp_name)?;
        Ok(Self { path: path.to_owned(), folder, place, file: BufWriter::new(file) })
    }

    /// The file itself, to be locked.
    #[must_use]
    pub fn file(&self) -> &File {
        self.file.get_ref().as_file()
    }

    /// Syncs it and puts it in its place in one step, where it replaces what stood there. Returns the file, which stands
    /// at its end.
    ///
    /// # Errors
    /// [`WriteError`]; what stood there is then unchanged.
    pub fn finish(self) -> Result<File, WriteError> {
        let path = self.path.clone();
        self.place(Existing::Replaced).map_err(|source| WriteError { path, source })
    }

    /// As [`Self::finish`].
    pub(super) fn place(self, existing: Existing) -> io::Result<File> {
        let Self { path, folder, place, file } = self;
        let file = file.into_inner().map_err(|error| without_temp_name(error.into_error()))?;
        file.as_file().sync_all()?;
        let placed = match existing {
            Existing::Replaced => file.persist(&place),
            Existing::Kept => file.persist_noclobber(&place),
        };
        let file = placed.map_err(|error| error.error)?;
        sync_folder(folder.path())?;
        if is_first_write_to(folder_of(&path)) {
            sweep(folder.path(), SystemTime::now());
        }
        Ok(file)
    }
}

impl Write for GrowingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes).map_err(without_temp_name)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush().map_err(without_temp_name)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_when_it_is_finished_and_not_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("rows.csv");
        std::fs::write(&path, "before").expect("written");
        let left = || std::fs::read_dir(folder.path()).expect("listed").count();
        let mut growing = GrowingFile::begin(&path).expect("begun");
        growing.write_all(b"half").expect("written");
        assert_eq!(std::fs::read(&path).expect("read"), b"before");
        drop(growing);
        assert_eq!((std::fs::read(&path).expect("read"), left()), (b"before".to_vec(), 1));
        let mut growing = GrowingFile::begin(&path).expect("begun");
        growing.write_all(b"whole").expect("written");
        growing.finish().expect("finished");
        assert_eq!((std::fs::read(&path).expect("read"), left()), (b"whole".to_vec(), 1));
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
}
