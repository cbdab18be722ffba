//! Where a photo's journal is: with the other records, beside the photos or in the data directory. It is found in
//! either and written where records are written now; if that is the other place, everything that was read is copied
//! there.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::error::JournalError;
use super::frame::VERSION;
use super::places::JournalPlaces;
use super::record::Binding;
use super::replay::{JournalContent, Replay};
use super::writer::{Journal, lock, numbered};
use crate::files::{self, FileKind};
use crate::records::{MASKS, RecordsLocation};

/// The journal found among the records of a photo.
#[derive(Debug, Default)]
pub struct FoundJournal {
    /// What stands in the journal, where there is one: of two, the one that was written last.
    pub content: Option<JournalContent>,
    /// The fault of a journal that exists.
    pub error: Option<JournalError>,
}

/// A journal that was read.
struct ReadJournal {
    journal: Journal,
    content: Result<Option<JournalContent>, JournalError>,
    written: Option<SystemTime>,
}

impl ReadJournal {
    /// The journal in a folder of masks; `None` if there is none.
    fn of(folder: &Path, binding: &Binding) -> Option<Self> {
        let path = Journal::path_in(folder, &binding.sha256);
        let written = path.symlink_metadata().and_then(|facts| facts.modified()).ok();
        let (journal, content) = Journal::open(path, binding.clone());
        (!matches!(content, Ok(None))).then_some(Self { journal, content, written })
    }
}

impl Journal {
    /// Reads the journal of the photo of `binding` among the records of `location`, and prepares it for writing.
    #[must_use]
    pub fn open_in(location: &RecordsLocation, binding: &Binding) -> (Self, FoundJournal) {
        let mut found = FoundJournal::default();
        let mut all: Vec<ReadJournal> = Vec::new();
        for folder in location.checked_masks_folders() {
            match folder {
                Ok(folder) => all.extend(ReadJournal::of(&folder, binding)),
                Err(error) => found.error = Some(JournalError::Read(error)),
            }
        }
        // Readable before unreadable, then later before earlier, then beside the photos before the data directory.
        all.sort_by_key(|read| (!matches!(read.content, Ok(Some(_))), std::cmp::Reverse(read.written)));
        let others = all.iter().skip(1).map(|read| (read.journal.path.clone(), read.journal.read_bytes)).collect();
        // If this program may not write to a file, it does not write elsewhere instead.
        let is_refused = all.iter().any(|read| read.journal.is_refused);
        let mut chosen = None;
        for ReadJournal { journal, content, .. } in all {
            match content {
                Ok(content) if chosen.is_none() => found.content = content,
                Ok(_) => {}
                Err(error) => found.error = Some(error),
            }
            chosen.get_or_insert(journal);
        }
        let folder = location.beside().or_else(|| location.away.clone()).unwrap_or_default().join(MASKS);
        let fresh = || Self::open(Self::path_in(&folder, &binding.sha256), binding.clone()).0;
        let mut journal = chosen.unwrap_or_else(fresh);
        journal.is_refused = is_refused;
        journal.places = Some(JournalPlaces { location: location.clone(), place: None, others });
        (journal, found)
    }

    /// Before the first write: finds out where records are written now, and copies the records that lead to `replay`
    /// there, which is everything that was read or added so far.
    ///
    /// # Errors
    /// [`JournalError`]; the next call tries again.
    pub fn settle(&mut self, replay: &Replay) -> Result<(), JournalError> {
        let Some(places) = self.places.as_mut().filter(|_| self.file.is_none() && !self.is_refused) else {
            return Ok(());
        };
        let writer = places.location.open().map_err(JournalError::NoPlace)?;
        let masks = writer.masks_folder().map_err(JournalError::NoPlace)?;
        places.place = Some(writer.place().clone());
        let target = Self::path_in(&masks, &self.binding.sha256);
        if target == self.path {
            if self.version != VERSION && self.read_bytes > 0 && !self.is_damaged {
                // An earlier version's journal becomes one of this version; it is continued as it is otherwise.
                self.rewrite(replay).unwrap_or_else(|error| log::warn!("{error}"));
            }
            return Ok(());
        }
        let before = (self.path.clone(), self.read_bytes, self.is_damaged, self.is_lossy, self.version);
        self.move_to(target, replay).map_err(|source| {
            let error = self.failed(source);
            (self.path, self.read_bytes, self.is_damaged, self.is_lossy, self.version) = before;
            error
        })
    }

    /// Continues in a file at `target`, with everything that leads to `replay`; the one that was read stays.
    fn move_to(&mut self, target: PathBuf, replay: &Replay) -> io::Result<()> {
        let mut held = None;
        if self.read_bytes > 0 {
            let old = files::open(&self.path, FileKind::Journal)?;
            let is_changed = old.metadata()?.len() != self.read_bytes;
            // Some systems have no locks on files that are open for reading only.
            let is_in_use = lock(&old, &self.path).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock);
            if is_changed || is_in_use {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            held = Some(old);
        }
        self.path = target;
        self.set_older_aside()?;
        (self.read_bytes, self.is_damaged, self.is_lossy, self.version) = (0, false, false, VERSION);
        self.is_unread = false;
        let bytes = self.whole(replay);
        self.file = Some(self.put_in_place(&bytes)?);
        self.whole_bytes = bytes.len() as u64;
        self.pending.clear();
        drop(held);
        Ok(())
    }

    /// A file that is already at the path is older than what was read: it is kept under another name.
    fn set_older_aside(&self) -> io::Result<()> {
        let found = match self.path.symlink_metadata() {
            Ok(found) => found.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let others = self.places.as_ref().map_or(&[][..], |places| &places.others);
        if !others.iter().any(|(path, bytes)| *path == self.path && *bytes == found) {
            // Another window has created or continued it since we looked.
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let old = files::open_for_changing(&self.path, FileKind::Journal)?;
        lock(&old, &self.path)?;
        files::set_aside(&self.path, numbered("older")).map(|_| ())
    }
}
