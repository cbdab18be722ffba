//! Where a photo's journal lies: with the other records, beside the photos or in the data directory. It is found in
//! either; it is written where records are written now, and takes all that was read along when that is the other place.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use super::{Binding, Journal, JournalError, Replay, Told, lock, numbered};
use crate::files;
use crate::records::home::MASKS;
use crate::records::{Home, Place};

/// The places of a journal.
#[derive(Debug)]
pub(super) struct Shelf {
    home: Home,
    /// Where it is written, once it is.
    place: Option<Place>,
    /// Journals of this photo in the other place, with their lengths when this one was chosen.
    others: Vec<(PathBuf, u64)>,
}

impl Shelf {
    pub(super) fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }
}

/// What was found in a home.
#[derive(Debug, Default)]
pub struct Found {
    /// What the journal tells, where there is one: of two, the one that was written last.
    pub told: Option<Told>,
    /// What is wrong with a journal that is there.
    pub trouble: Option<JournalError>,
}

/// A journal that was read.
struct Read {
    journal: Journal,
    told: Result<Option<Told>, JournalError>,
    written: Option<SystemTime>,
}

impl Journal {
    /// Reads the journal of the photo of `binding` among the records of `home`, and makes it ready to be written.
    #[must_use]
    pub fn open_in(home: &Home, binding: &Binding) -> (Self, Found) {
        let mut all: Vec<Read> = home
            .masks_folders()
            .iter()
            .map(|folder| Self::path_in(folder, &binding.sha256))
            .filter(|path| path.exists())
            .map(|path| {
                let written = fs::metadata(&path).and_then(|facts| facts.modified()).ok();
                let (journal, told) = Self::open(path, binding.clone());
                Read { journal, told, written }
            })
            .collect();
        // What can be read goes before what cannot, then the later before the earlier, then beside the photos.
        all.sort_by_key(|read| (!matches!(read.told, Ok(Some(_))), std::cmp::Reverse(read.written)));
        let others = all.iter().skip(1).map(|read| (read.journal.path.clone(), read.journal.read_bytes)).collect();
        // A file that this program may not write to is not passed over by writing elsewhere.
        let is_refused = all.iter().any(|read| read.journal.is_refused);
        let mut found = Found::default();
        let mut chosen = None;
        for Read { journal, told, .. } in all {
            match told {
                Ok(told) if chosen.is_none() => found.told = told,
                Ok(_) => {}
                Err(error) => found.trouble = Some(error),
            }
            chosen.get_or_insert(journal);
        }
        let folder = home.beside().or_else(|| home.away.clone()).unwrap_or_default().join(MASKS);
        let fresh = || Self::open(Self::path_in(&folder, &binding.sha256), binding.clone()).0;
        let mut journal = chosen.unwrap_or_else(fresh);
        journal.is_refused = is_refused;
        journal.shelf = Some(Shelf { home: home.clone(), place: None, others });
        (journal, found)
    }

    /// Before the first write: finds out where records are written now, and goes there with what led to `replay`, which
    /// is everything that was read or added so far.
    ///
    /// # Errors
    /// [`JournalError`]; the next call tries again.
    pub fn settle(&mut self, replay: &Replay) -> Result<(), JournalError> {
        let Some(shelf) = self.shelf.as_mut().filter(|_| self.file.is_none() && !self.is_refused) else {
            return Ok(());
        };
        let store = shelf.home.open().map_err(JournalError::NoPlace)?;
        let masks = store.masks_folder().map_err(JournalError::NoPlace)?;
        shelf.place = Some(store.place().clone());
        let target = Self::path_in(&masks, &self.binding.sha256);
        if target == self.path {
            return Ok(());
        }
        let before = (self.path.clone(), self.read_bytes, self.is_damaged);
        self.move_to(target, replay).map_err(|source| {
            let error = self.failed(source);
            (self.path, self.read_bytes, self.is_damaged) = before;
            error
        })
    }

    /// Goes on in a file at `target`, with everything that led to `replay`; the one that was read stays.
    fn move_to(&mut self, target: PathBuf, replay: &Replay) -> io::Result<()> {
        let mut held = None;
        if self.read_bytes > 0 {
            let old = File::open(&self.path)?;
            let is_changed = old.metadata()?.len() != self.read_bytes;
            // Some systems give no lock on what is only read.
            let is_in_use = lock(&old, &self.path).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock);
            if is_changed || is_in_use {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            held = Some(old);
        }
        self.path = target;
        self.set_older_aside()?;
        (self.read_bytes, self.is_damaged) = (0, false);
        let bytes = self.whole(replay);
        self.file = Some(self.put_in_place(&bytes)?);
        self.whole_bytes = bytes.len() as u64;
        self.pending.clear();
        drop(held);
        Ok(())
    }

    /// What lies at the path already is older than what was read: it is kept under another name.
    fn set_older_aside(&self) -> io::Result<()> {
        let found = match fs::metadata(&self.path) {
            Ok(found) => found.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let others = self.shelf.as_ref().map_or(&[][..], |shelf| &shelf.others);
        if !others.iter().any(|(path, bytes)| *path == self.path && *bytes == found) {
            // Another window has begun it, or gone on with it, since we looked.
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let old = OpenOptions::new().read(true).write(true).open(&self.path)?;
        lock(&old, &self.path)?;
        files::set_aside(&self.path, numbered("older")).map(|_| ())
    }
}
