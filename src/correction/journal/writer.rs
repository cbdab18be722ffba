//! [`Journal`]: a journal and its file, for writing.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::JournalError;
use super::frame::{self, FrameHead, MARK_AT, VERSION};
use super::places::JournalPlaces;
use super::record::{Binding, Record};
use super::replay::{self, JournalContent, JournalDamage, Replay};
use crate::files::{self, Existing, FileKind};
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
    /// The format of the file.
    pub(super) version: u16,
    /// The file's beginning is damaged: it is set aside before a new one is created.
    pub(super) is_damaged: bool,
    /// Steps are missing: a copy of the file is set aside before anything is written after the intact ones.
    pub(super) is_lossy: bool,
    /// The file is intact but may not be written by this program.
    pub(super) is_refused: bool,
    /// Whatever is there could not be read: it is looked at again before anything is written.
    pub(super) is_unread: bool,
    /// Records that could not be written yet; the next write includes them.
    pub(super) pending: Vec<Vec<u8>>,
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
            version: VERSION,
            is_damaged: false,
            is_lossy: false,
            is_refused: false,
            is_unread: false,
            pending: Vec::new(),
        };
        let content = journal.read();
        journal.is_damaged = matches!(content, Err(JournalError::Damaged { .. }));
        journal.is_refused = matches!(content, Err(JournalError::Version { .. } | JournalError::OtherPhoto { .. }));
        journal.is_unread = matches!(content, Err(JournalError::Read(_)));
        (journal, content)
    }

    fn read(&mut self) -> Result<Option<JournalContent>, JournalError> {
        let bytes = match files::read(&self.path, FileKind::Journal) {
            Ok(bytes) => bytes,
            Err(error) if error.is_not_there() => return Ok(None),
            Err(error) => return Err(JournalError::Read(error)),
        };
        self.read_bytes = bytes.len() as u64;
        let content = replay::read(&bytes, &self.binding, &self.path)?;
        self.whole_bytes = content.whole_bytes;
        self.version = content.version;
        self.is_lossy = content.damage == Some(JournalDamage::Loss);
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
        self.pending.extend(records.iter().map(Record::encoded));
    }

    fn write_pending(&mut self) -> io::Result<()> {
        self.make_ready()?;
        let file = self.file.as_mut().ok_or(io::ErrorKind::NotFound)?;
        let mut bytes = Vec::new();
        for content in &self.pending {
            frame::frame(self.version, self.whole_bytes, content, &mut bytes);
        }
        file.seek(SeekFrom::Start(self.whole_bytes))?;
        file.write_all(&bytes)?;
        file.sync_data()?;
        self.whole_bytes += bytes.len() as u64;
        self.pending.clear();
        if let Err(error) = self.mark() {
            // The records are on the disk: only their loss would not be known.
            log::warn!("the length of the journal could not be saved ({error}): {}", self.path.display());
        }
        Ok(())
    }

    /// Notes in the file how long it is. After the records are on the disk, and without waiting for this to be there: a
    /// mark that is too small costs nothing, one that is too large would be an alarm for nothing.
    fn mark(&mut self) -> io::Result<()> {
        let (true, Some(file)) = (self.version == VERSION, &mut self.file) else { return Ok(()) };
        file.seek(SeekFrom::Start(MARK_AT))?;
        file.write_all(&frame::mark(self.whole_bytes))
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

    /// The error of a journal of which steps are missing; `content` is what can be read.
    pub(crate) fn lossy(&self, content: &JournalContent) -> JournalError {
        let steps = content.replay.history().map_or(0, |history| history.done().len());
        JournalError::Lossy { steps, bytes: content.broken_bytes, path: self.path.clone() }
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
        self.version = VERSION;
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

    /// A journal of this program's version that leads to `replay`.
    pub(super) fn whole(&self, replay: &Replay) -> Vec<u8> {
        let mut bytes = vec![0; FrameHead::BYTES];
        frame::frame(VERSION, 0, &self.binding.encoded(), &mut bytes);
        for record in replay.records() {
            frame::frame(VERSION, 0, &record.encoded(), &mut bytes);
        }
        let head = FrameHead::written(bytes.len() as u64);
        bytes[..FrameHead::BYTES].copy_from_slice(&head);
        bytes
    }

    /// Opens and locks the file; what is broken is set aside and cut off.
    fn make_ready(&mut self) -> io::Result<()> {
        if self.is_refused {
            return Err(io::Error::other("the existing journal could not be read"));
        }
        if self.is_unread {
            match files::open(&self.path, FileKind::Journal) {
                Err(error) if error.is_not_there() => self.is_unread = false,
                Err(error) => return Err(error.into()),
                // Somebody has put it right, or written it.
                Ok(_) => return Err(io::ErrorKind::WouldBlock.into()),
            }
        }
        if self.file.is_none() {
            files::create_folders(files::folder_of(&self.path))?;
            if self.is_damaged {
                files::set_aside(&self.path, numbered("damaged"))?;
                self.is_damaged = false;
                self.read_bytes = 0;
            }
            let file = if self.read_bytes == 0 {
                let empty = self.whole(&Replay::default());
                let file = self.put_in_place(&empty)?;
                self.version = VERSION;
                self.whole_bytes = empty.len() as u64;
                file
            } else {
                self.reopened()?
            };
            self.file = Some(file);
        }
        Ok(())
    }

    fn reopened(&mut self) -> io::Result<File> {
        let mut file = files::open_for_changing(&self.path, FileKind::Journal)?;
        lock(&file, &self.path)?;
        let bytes = file.metadata()?.len();
        if bytes != self.read_bytes {
            // Another window has written since we read; its strokes must not be overwritten.
            return Err(io::ErrorKind::WouldBlock.into());
        }
        // Of a loss the whole file is kept, of a tail the tail.
        let (from, kind) = if self.is_lossy { (0, "damaged") } else { (self.whole_bytes, "tail") };
        if self.is_lossy || bytes > self.whole_bytes {
            file.seek(SeekFrom::Start(from))?;
            let broken = files::read_rest(&mut file, &self.path, FileKind::Journal)?;
            files::write_aside(&self.path, &broken, numbered(kind)).map_err(|error| error.source)?;
            file.set_len(self.whole_bytes)?;
        }
        if self.is_lossy && self.version == VERSION {
            file.seek(SeekFrom::Start(MARK_AT))?;
            file.write_all(&frame::mark(self.whole_bytes))?;
        }
        self.is_lossy = false;
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
