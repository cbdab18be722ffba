//! A look into watched folders, for USB sticks and network shares: new photographs are reported once they are whole.
//!
//! By polling: a network share sends no events of what others write, and a stick's folder comes and goes. A file
//! counts as whole when its size and time have not changed from one look to the next and, if it is fresh, it decodes.

#[cfg(target_os = "linux")]
mod walk;
#[cfg(not(target_os = "linux"))]
#[path = "lookout/walk_elsewhere.rs"]
mod walk;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use self::walk::Walk;
use super::kept::ReadingNote;
use super::version::Version;
use crate::decode;

/// Folders below a watched one: a stick's mount, DCIM, the camera's, one more.
const DEPTH: usize = 4;

/// The most photographs that are listed; a kiosk is no archive.
const MOST_FILES: usize = 10_000;

/// Looks without change after which a file that still does not decode is reported all the same: it will not get better.
const PATIENT_LOOKS: u32 = 10;

/// Fresh files that are decoded in one look, and the time after which no second one is begun: the others wait for the next
/// look, so that what comes and goes meanwhile is seen in time.
const DECODES_A_LOOK: usize = 4;
const DECODING_TIME: Duration = Duration::from_secs(2);

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// A photograph is there, whole; or one that was there is another one now.
    Arrived(Version),
    /// A photograph that was there is not any more.
    Gone(Version),
    /// Forgotten photographs that are not there any more, by their numbers.
    ForgottenGone(Vec<u64>),
    /// Files that are not whole yet.
    Copying(usize),
    /// Files went before they were whole.
    LostInCopy(usize),
    /// A watched folder that was there has vanished.
    FolderGone(PathBuf),
    /// A folder is there but cannot be read.
    Unreadable { folder: PathBuf, reason: String },
    /// Every folder that is there can be read again.
    Readable,
    /// A look ended by a fault of our own; the next is tried all the same.
    Panicked,
}

/// A file that is known.
struct Known {
    version: Version,
    /// Looks since it changed.
    quiet: u32,
    /// Times that it was decoded since it changed.
    decoded: u32,
    /// The version that was reported.
    reported: Option<Version>,
}

impl Known {
    fn of(version: Version) -> Self {
        Self { version, quiet: 0, decoded: 0, reported: None }
    }

    fn is_pending(&self) -> bool {
        self.reported.as_ref() != Some(&self.version)
    }
}

/// The watched folders as they were at the last look. Time is counted in looks, so that tests need no clock.
pub struct Lookout {
    folders: Vec<PathBuf>,
    present: HashSet<PathBuf>,
    known: HashMap<PathBuf, Known>,
    copying: usize,
    unreadable: bool,
    note: ReadingNote,
    unread: Unread,
    decodes: fn(&Path) -> bool,
    decoding_time: Duration,
}

/// Photographs of which nothing is read.
#[derive(Clone, Debug, Default)]
pub struct Unread {
    /// One of them may have stopped the program; they are reported all the same.
    pub paths: Vec<PathBuf>,
    /// Those that were forgotten, as `Kept::number_of` gives them: not even their names are kept, and they are not reported.
    pub forgotten: HashSet<u64>,
}

impl Lookout {
    /// Over `folders`, none of which was looked into yet.
    #[must_use]
    pub fn new(folders: Vec<PathBuf>) -> Self {
        let (note, unread) = Default::default();
        Self {
            folders,
            present: HashSet::new(),
            known: HashMap::new(),
            copying: 0,
            unreadable: false,
            note,
            unread,
            decodes: |path| decode::photo_file(path).is_ok(),
            decoding_time: DECODING_TIME,
        }
    }

    /// With a note of what is read, and without reading what is in `unread`.
    #[must_use]
    pub fn with_note(self, note: ReadingNote, unread: Unread) -> Self {
        Self { note, unread, ..self }
    }

    /// Whether a folder could not be read at the last look.
    pub(super) fn is_unreadable(&self) -> bool {
        self.unreadable
    }

    /// Looks once, and says what is new by `say`, each as soon as it is seen: what takes no reading first.
    pub fn look(&mut self, say: &mut dyn FnMut(Sight)) {
        let found = self.gather(say);
        self.take_away(&found, say);
        let fresh = self.take_in(found, say);
        self.say_copying(say);
        self.decode(fresh, say);
        self.say_copying(say);
    }

    /// All photographs that are there, in natural order, without the forgotten ones.
    fn gather(&mut self, say: &mut dyn FnMut(Sight)) -> Vec<Version> {
        let mut walk = Walk::new(&self.unread.forgotten);
        let mut complaint = None;
        for folder in &self.folders {
            if folder.is_dir() {
                self.present.insert(folder.clone());
                if let Err(error) = walk.through(folder, DEPTH) {
                    complaint = Some(Sight::Unreadable { folder: folder.clone(), reason: error.to_string() });
                }
            } else if self.present.remove(folder) {
                say(Sight::FolderGone(folder.clone()));
            }
        }
        let (mut found, seen) = (std::mem::take(&mut walk.found), std::mem::take(&mut walk.seen));
        drop(walk);
        let gone: Vec<u64> = self.unread.forgotten.difference(&seen).copied().collect();
        self.unread.forgotten = seen;
        if !gone.is_empty() {
            say(Sight::ForgottenGone(gone));
        }
        let is_unreadable = complaint.is_some();
        match (complaint, self.unreadable) {
            (None, true) => say(Sight::Readable),
            (Some(sight), false) => say(sight),
            _ => {}
        }
        self.unreadable = is_unreadable;
        found.sort_by(|one, other| {
            alphanumeric_sort::compare_path(&one.path, &other.path).then_with(|| one.path.cmp(&other.path))
        });
        found
    }

    fn take_away(&mut self, found: &[Version], say: &mut dyn FnMut(Sight)) {
        let there: HashSet<&Path> = found.iter().map(|version| version.path.as_path()).collect();
        let mut lost = 0;
        let mut gone: Vec<Version> = Vec::new();
        self.known.retain(|path, known| {
            let stays = there.contains(path.as_path());
            if !stays {
                lost += usize::from(known.is_pending());
                gone.extend(known.reported.take());
            }
            stays
        });
        gone.sort_by(|one, other| one.path.cmp(&other.path));
        gone.into_iter().for_each(|version| say(Sight::Gone(version)));
        if lost > 0 {
            say(Sight::LostInCopy(lost));
        }
    }

    /// Reports what is known to be whole; returns what has to be decoded to know it.
    fn take_in(&mut self, found: Vec<Version>, say: &mut dyn FnMut(Sight)) -> Vec<Version> {
        let mut fresh = Vec::new();
        for version in found {
            let Some(known) = self.known.get_mut(&version.path) else {
                self.known.insert(version.path.clone(), Known::of(version));
                continue;
            };
            if known.version != version {
                *known = Known { reported: known.reported.take(), ..Known::of(version) };
                continue;
            }
            if !known.is_pending() {
                continue;
            }
            known.quiet += 1;
            let is_suspect = self.unread.paths.contains(&version.path);
            // An empty file is a copy that has begun.
            let is_whole = version.bytes > 0 && (is_suspect || !version.is_fresh());
            if is_whole || known.quiet >= PATIENT_LOOKS {
                known.reported = Some(version.clone());
                say(Sight::Arrived(version));
            } else if version.bytes > 0 {
                fresh.push(version);
            }
        }
        fresh
    }

    /// Decodes some of the fresh files, those first that were decoded least often: a broken one holds no other up.
    fn decode(&mut self, mut fresh: Vec<Version>, say: &mut dyn FnMut(Sight)) {
        let begun = Instant::now();
        fresh.sort_by_key(|version| self.known.get(&version.path).map_or(0, |known| known.decoded));
        for (done, version) in fresh.into_iter().take(DECODES_A_LOOK).enumerate() {
            if done > 0 && begun.elapsed() > self.decoding_time {
                return;
            }
            let Some(known) = self.known.get_mut(&version.path) else { continue };
            known.decoded += 1;
            if self.note.during(&version.path, || (self.decodes)(&version.path)) {
                known.reported = Some(version.clone());
                say(Sight::Arrived(version));
            }
        }
    }

    fn say_copying(&mut self, say: &mut dyn FnMut(Sight)) {
        let copying = self.known.values().filter(|known| known.is_pending()).count();
        if copying != self.copying {
            self.copying = copying;
            say(Sight::Copying(copying));
        }
    }
}

#[cfg(test)]
mod tests;
