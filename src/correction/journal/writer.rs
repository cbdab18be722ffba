//! [`Journal`]: a journal and its file, for writing.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::JournalError;
use super::places::JournalPlaces;
use super::record::{self, Binding, MAGIC, Record, VERSION};
use super::replay::{self, JournalContent, Replay};
use crate::files::{self, Existing};
use crate::records::RecordsPlace;

/// A journal that can be written.
#[derive(Debug)]
pub struct Journal {
    pub(super) path: PathBuf,
    pub(super) binding: Binding,
    /// The places where it can be; `None` if its file was named.
    pub(super) places: Option<JournalPlaces>,
    /// Locked against other programs; `None` until the first record is written.
    pub(super) file: Option<File>,
    /// Length of the intact records in bytes; what follows is broken.
    pub(super) whole_bytes: u64,
    /// Bytes of the file as it was read.
    pub(super) read_bytes: u64,
    /// The file's beginning is damaged: it is set aside before a new one is created.
    pub(super) is_damaged: bool,
    /// The file is intact but may not be written by this program.
    pub(super) is_refused: bool,
    /// Framed records that could not be written yet; the next write includes them.
    pub(super) pending: Vec<u8>,
}

impl Journal {
    /// The path of a photo's journal in a folder of masks.
    #[must_use]
    pub fn path_in(folder: &Path, sha256: &str) -> PathBuf {
        folder.join(format!("{sha256}.journal"))
    }

    /// Reads the journal at `path`, if there is one, and prepares it for writing. If it cannot be read, the error comes
    /// with an empty journal that can be written: the old file is then set aside first.
    pub fn open(path: PathBuf, binding: Binding) -> (Self, Result<Option<JournalContent>, JournalError>) {
        let mut journal = Self {
            path,
            binding,
            places: None,
            file: None,
            whole_bytes: 0,
            read_bytes: 0,
            is_damaged: false,
            is_refused: false,
            pending: Vec::new(),
        };
        let content = journal.read();
        journal.is_damaged = matches!(content, Err(JournalError::Damaged { .. }));
        journal.is_refused = matches!(content, Err(JournalError::Version { .. } | JournalError::OtherPhoto { .. }));
        (journal, content)
    }

    fn read(&mut self) -> Result<Option<JournalContent>, JournalError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(JournalError::Read { path: self.path.clone(), source }),
        };
        self.read_bytes = bytes.len() as u64;
        let content = replay::read(&bytes, &self.binding, &self.path)?;
        self.whole_bytes = content.whole_bytes;
        Ok(Some(content))
    }

    /// Appends `records` and waits until they are on disk. If that fails they are kept, and the next call tries them
    /// again.
    ///
    /// # Errors
    /// [`JournalError`]; the file then ends where it did before.
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

    /// Which of the two places it is written to, once it has been written.
    #[must_use]
    pub fn place(&self) -> Option<&RecordsPlace> {
        self.places.as_ref()?.place()
    }

    /// Length on disk in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.whole_bytes
    }

    /// Replaces this journal with a shorter one of the same `replay`, atomically.
    ///
    /// # Errors
    /// [`JournalError`]; the journal is then unchanged.
    pub fn rewrite(&mut self, replay: &Replay) -> Result<(), JournalError> {
        let bytes = self.whole(replay);
        self.make_ready().map_err(|source| self.failed(source))?;
        let file = self.put_in_place(&bytes).map_err(|source| self.failed(source))?;
        self.file = Some(file);
        self.whole_bytes = bytes.len() as u64;
        self.pending.clear();
        Ok(())
    }

    pub(super) fn failed(&mut self, source: io::Error) -> JournalError {
        if let Some(file) = &self.file {
            // A partial record may be left at the end; reading stops there all the same.
            let _ = file.set_len(self.whole_bytes);
        }
        if source.kind() == io::ErrorKind::WouldBlock {
            return JournalError::InUse { path: self.path.clone() };
        }
        JournalError::Write { path: self.path.clone(), source }
    }

    /// A journal that leads to `replay`.
    pub(super) fn whole(&self, replay: &Replay) -> Vec<u8> {
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

    /// Opens and locks the file; a broken tail is set aside and cut off.
    fn make_ready(&mut self) -> io::Result<()> {
        if self.is_refused {
            return Err(io::Error::other("the journal that is there could not be read"));
        }
        if self.file.is_none() {
            fs::create_dir_all(files::folder_of(&self.path))?;
            if self.is_damaged {
                files::set_aside(&self.path, numbered("damaged"))?;
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
        lock(&file, &self.path)?;
        let bytes = file.metadata()?.len();
        if bytes != self.read_bytes {
            // Another window has written since we read; its strokes must not be overwritten.
            return Err(io::ErrorKind::WouldBlock.into());
        }
        if bytes > self.whole_bytes {
            let mut tail = Vec::new();
            file.seek(SeekFrom::Start(self.whole_bytes))?;
            file.read_to_end(&mut tail)?;
            files::write_aside(&self.path, &tail, numbered("tail")).map_err(|error| error.source)?;
            file.set_len(self.whole_bytes)?;
        }
        Ok(file)
    }

    /// A complete new file at the path, locked; replaces an existing one.
    pub(super) fn put_in_place(&self, bytes: &[u8]) -> io::Result<File> {
        // If no file was there when we looked, one that another window has created since is not replaced.
        let is_ours = self.file.is_some() || self.read_bytes > 0;
        let existing = if is_ours { Existing::Replaced } else { Existing::Kept };
        files::write_locked(&self.path, bytes, existing).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => io::ErrorKind::WouldBlock.into(),
            _ => error,
        })
    }
}

pub(super) fn lock(file: &File, path: &Path) -> io::Result<()> {
    Ok(files::lock(file, path, Duration::ZERO)?)
}

/// `damaged1`, `damaged2`, ...: the names of files that are set aside beside a journal.
pub(super) fn numbered(kind: &str) -> impl Fn(u32) -> String {
    move |number| format!("{kind}{number}")
}
