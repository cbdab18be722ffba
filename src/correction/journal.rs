//! The journal of one photo's corrections: a file that is only ever added to, each record with its length and checksum,
//! on the disk before the edit counts as done.
//!
//! A file holds [`MAGIC`], the format's version, and records; the first says which photo it belongs to. Reading stops
//! at the first record that is cut short, damaged or senseless: what stands before it is whole. Before anything is
//! written behind it, the broken tail is kept in a file of its own. Undo and redo are records too.

mod error;
mod record;
mod replay;
mod shelf;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

pub use self::error::JournalError;
pub use self::record::{Binding, Record};
pub use self::replay::{Replay, Told};
pub use self::shelf::Found;
use self::shelf::Shelf;
use crate::records::Place;
use crate::write;

/// The first bytes of every journal.
pub const MAGIC: &[u8; 8] = b"DLMASKJ\n";

/// The format's version; files of another are left alone.
pub const VERSION: u16 = 1;

/// A journal that can be written.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    binding: Binding,
    /// The places it may lie in; none where its file was named.
    shelf: Option<Shelf>,
    /// Locked against other programs; `None` until the first record is written.
    file: Option<File>,
    /// Bytes that are whole; what stands behind is broken.
    whole_bytes: u64,
    /// Bytes of the file as it was read.
    read_bytes: u64,
    /// The file's beginning is damaged: it is set aside before a new one is begun.
    is_damaged: bool,
    /// The file is whole but not to be written by this program.
    is_refused: bool,
    /// Records that could not be written yet, framed; the next write takes them along.
    pending: Vec<u8>,
}

impl Journal {
    /// Where the journal of a photo lies in a folder of masks.
    #[must_use]
    pub fn path_in(folder: &Path, sha256: &str) -> PathBuf {
        folder.join(format!("{sha256}.journal"))
    }

    /// Reads the journal at `path`, where there is one, and makes it ready to be written. A journal that cannot be read
    /// is an error beside one that can be written: the old file is then set aside first.
    pub fn open(path: PathBuf, binding: Binding) -> (Self, Result<Option<Told>, JournalError>) {
        let mut journal = Self {
            path,
            binding,
            shelf: None,
            file: None,
            whole_bytes: 0,
            read_bytes: 0,
            is_damaged: false,
            is_refused: false,
            pending: Vec::new(),
        };
        let told = journal.read();
        journal.is_damaged = matches!(told, Err(JournalError::Damaged { .. }));
        journal.is_refused = matches!(told, Err(JournalError::Version { .. } | JournalError::OtherPhoto { .. }));
        (journal, told)
    }

    fn read(&mut self) -> Result<Option<Told>, JournalError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(JournalError::Read { path: self.path.clone(), source }),
        };
        self.read_bytes = bytes.len() as u64;
        let told = replay::read(&bytes, &self.binding, &self.path)?;
        self.whole_bytes = told.whole_bytes;
        Ok(Some(told))
    }

    /// Adds `records` and waits until they are on the disk. When that fails they are kept, and the next call tries
    /// them again.
    ///
    /// # Errors
    /// [`JournalError`]; the file then ends where it ended before.
    pub fn append(&mut self, records: &[Record]) -> Result<(), JournalError> {
        self.defer(records);
        self.write_pending().map_err(|source| self.failed(source))
    }

    /// Keeps `records` for the next [`Self::append`].
    pub fn defer(&mut self, records: &[Record]) {
        for record in records {
            record::frame(&record.encoded(), &mut self.pending);
        }
    }

    fn write_pending(&mut self) -> io::Result<()> {
        self.make_ready()?;
        let file = self.file.as_mut().ok_or(io::ErrorKind::NotFound)?;
        file.seek(SeekFrom::Start(self.whole_bytes))?;
        file.write_all(&self.pending)?;
        file.sync_data()?;
        self.whole_bytes += self.pending.len() as u64;
        self.pending.clear();
        Ok(())
    }

    /// Its file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Which of the two places it is written in, once it is.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.shelf.as_ref()?.place()
    }

    /// Bytes on the disk.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.whole_bytes
    }

    /// Puts a shorter journal of the same `replay` in place of this one, in one step.
    ///
    /// # Errors
    /// [`JournalError`]; the journal is then as it was.
    pub fn rewrite(&mut self, replay: &Replay) -> Result<(), JournalError> {
        let bytes = self.whole(replay);
        self.make_ready().map_err(|source| self.failed(source))?;
        let file = self.put_in_place(&bytes).map_err(|source| self.failed(source))?;
        self.file = Some(file);
        self.whole_bytes = bytes.len() as u64;
        self.pending.clear();
        Ok(())
    }

    fn failed(&mut self, source: io::Error) -> JournalError {
        if let Some(file) = &self.file {
            // A part of a record may stand at the end; reading would stop there just as well.
            let _ = file.set_len(self.whole_bytes);
        }
        if source.kind() == io::ErrorKind::WouldBlock {
            return JournalError::InUse { path: self.path.clone() };
        }
        JournalError::Write { path: self.path.clone(), source }
    }

    /// A journal that leads to `replay`.
    fn whole(&self, replay: &Replay) -> Vec<u8> {
        let mut bytes = self.header();
        for record in replay.records() {
            record::frame(&record.encoded(), &mut bytes);
        }
        bytes
    }

    fn header(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        record::frame(&self.binding.encoded(), &mut bytes);
        bytes
    }

    /// Opens the file and locks it, its broken tail kept aside and cut off.
    fn make_ready(&mut self) -> io::Result<()> {
        if self.is_refused {
            return Err(io::Error::other("the journal that is there could not be read"));
        }
        if self.file.is_none() {
            if let Some(folder) = self.path.parent() {
                fs::create_dir_all(folder)?;
            }
            if self.is_damaged {
                fs::rename(&self.path, aside(&self.path, "damaged"))?;
                self.is_damaged = false;
                self.read_bytes = 0;
            }
            let file = if self.read_bytes == 0 {
                let header = self.header();
                let file = self.put_in_place(&header)?;
                self.whole_bytes = header.len() as u64;
                file
            } else {
                self.reopened()?
            };
            self.file = Some(file);
        }
        Ok(())
    }

    fn reopened(&self) -> io::Result<File> {
        let mut file = OpenOptions::new().read(true).write(true).open(&self.path)?;
        lock(&file)?;
        let bytes = file.metadata()?.len();
        if bytes != self.read_bytes {
            // Another window has written since we read; its strokes must not be written over.
            return Err(io::ErrorKind::WouldBlock.into());
        }
        if bytes > self.whole_bytes {
            let mut tail = Vec::new();
            file.seek(SeekFrom::Start(self.whole_bytes))?;
            file.read_to_end(&mut tail)?;
            write::whole_file(&aside(&self.path, "tail"), &tail).map_err(|error| error.source)?;
            file.set_len(self.whole_bytes)?;
        }
        Ok(file)
    }

    /// A whole new file at the path, locked; replaces what was there.
    fn put_in_place(&self, bytes: &[u8]) -> io::Result<File> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new().prefix(".dermaloupe-").tempfile_in(folder)?;
        lock(file.as_file())?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        let file = if self.file.is_some() || self.read_bytes > 0 {
            file.persist(&self.path)
        } else {
            // Nothing was there when we looked; what another window has begun since is not replaced.
            file.persist_noclobber(&self.path)
        };
        let file = file.map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => io::ErrorKind::WouldBlock.into(),
            _ => error.error,
        })?;
        sync_folder(folder)?;
        Ok(file)
    }
}

/// Against other programs, until the file is closed or this program ends, however it does.
fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        // Some network drives know no locks.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// A name beside `path` that is not taken.
fn aside(path: &Path, kind: &str) -> PathBuf {
    let name = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{kind}{number}"));
        PathBuf::from(name)
    };
    (1..).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(0))
}

/// A new name is on the disk only when its folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
