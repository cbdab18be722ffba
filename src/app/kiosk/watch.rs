//! Watched folders, for USB sticks and network shares: new photographs are reported once they are whole.
//!
//! By polling: a network share sends no events of what others write, and a stick's folder comes and goes. A file
//! counts as whole when its size and time have not changed from one look to the next and, if it is fresh, it decodes.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::kept::{Kept, ReadingNote};
use super::version::Version;
use crate::{decode, photo_files};

/// Folders below a watched one: a stick's mount, DCIM, the camera's, one more.
const DEPTH: usize = 4;

/// The most photographs that are listed; a kiosk is no archive.
const MOST_FILES: usize = 10_000;

/// Looks without change after which a file that still does not decode is reported all the same: it will not get better.
const PATIENT_LOOKS: u32 = 10;

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// A photograph is there, whole; or one that was there is another one now.
    Arrived(Version),
    /// A photograph that was there is not any more.
    Gone(Version),
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
    /// The version that was reported.
    reported: Option<Version>,
}

impl Known {
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
}

/// Photographs of which nothing is read, as one of them may have stopped the program; they are reported all the same.
#[derive(Clone, Debug, Default)]
pub struct Unread {
    pub paths: Vec<PathBuf>,
    /// As `Kept::number_of` gives them.
    pub numbers: HashSet<u64>,
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
        }
    }

    /// With a note of what is read, and without reading what is in `unread`.
    #[must_use]
    pub fn with_note(self, note: ReadingNote, unread: Unread) -> Self {
        Self { note, unread, ..self }
    }

    /// Whether a file is no copy under way, by its age or its content.
    fn is_whole(&self, version: &Version) -> bool {
        let is_unread =
            self.unread.paths.contains(&version.path) || self.unread.numbers.contains(&Kept::number_of(version));
        let decodes = || self.note.during(&version.path, || decode::photo_file(&version.path).is_ok());
        // An empty file is a copy that has begun.
        version.bytes > 0 && (is_unread || !version.is_fresh() || decodes())
    }

    /// Looks once, and says what is new.
    pub fn look(&mut self) -> Vec<Sight> {
        let mut sights = Vec::new();
        let mut found = Vec::new();
        let mut complaint = None;
        for folder in &self.folders {
            if folder.is_dir() {
                self.present.insert(folder.clone());
                if let Err(error) = gather(folder, DEPTH, &mut found) {
                    complaint = Some(Sight::Unreadable { folder: folder.clone(), reason: error.to_string() });
                }
            } else if self.present.remove(folder) {
                sights.push(Sight::FolderGone(folder.clone()));
            }
        }
        match (&complaint, self.unreadable) {
            (None, true) => sights.push(Sight::Readable),
            (Some(sight), false) => sights.push(sight.clone()),
            _ => {}
        }
        self.unreadable = complaint.is_some();
        self.take_away(&found, &mut sights);
        self.take_in(found, &mut sights);
        let copying = self.known.values().filter(|known| known.is_pending()).count();
        if copying != self.copying {
            self.copying = copying;
            sights.push(Sight::Copying(copying));
        }
        sights
    }

    fn take_away(&mut self, found: &[Version], sights: &mut Vec<Sight>) {
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
        sights.extend(gone.into_iter().map(Sight::Gone));
        if lost > 0 {
            sights.push(Sight::LostInCopy(lost));
        }
    }

    fn take_in(&mut self, found: Vec<Version>, sights: &mut Vec<Sight>) {
        for version in found {
            let known = self.known.entry(version.path.clone()).or_insert_with(|| Known {
                version: Version { bytes: u64::MAX, ..version.clone() },
                quiet: 0,
                reported: None,
            });
            if known.version != version {
                (known.version, known.quiet) = (version, 0);
                continue;
            }
            if !known.is_pending() {
                continue;
            }
            known.quiet += 1;
            let is_given_up = known.quiet >= PATIENT_LOOKS;
            if (is_given_up || self.is_whole(&version))
                && let Some(known) = self.known.get_mut(&version.path)
            {
                known.reported = Some(version.clone());
                sights.push(Sight::Arrived(version));
            }
        }
    }
}

/// Looks; a panic is a sight, once until a look succeeds.
fn look_safely(lookout: &mut Lookout, has_panicked: &mut bool) -> Vec<Sight> {
    match catch_unwind(AssertUnwindSafe(|| lookout.look())) {
        Ok(mut sights) => {
            // A folder that cannot be read stays said.
            if std::mem::take(has_panicked) && !lookout.unreadable {
                sights.push(Sight::Readable);
            }
            sights
        }
        Err(_) if std::mem::replace(has_panicked, true) => Vec::new(),
        Err(_) => {
            log::error!("scanning the watched folders panicked");
            vec![Sight::Panicked]
        }
    }
}

/// The photos in `folder` and below. What vanishes meanwhile is left out; only the folder itself must be readable.
fn gather(folder: &Path, depth: usize, found: &mut Vec<Version>) -> std::io::Result<()> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    alphanumeric_sort::sort_path_slice(&mut entries);
    for path in entries {
        if found.len() >= MOST_FILES {
            return Ok(());
        }
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        // A link could lead in a circle, or out of the stick.
        let Ok(about) = std::fs::symlink_metadata(&path) else { continue };
        if about.is_dir() && !is_hidden && depth > 0 {
            let _ = gather(&path, depth - 1, found);
        } else if about.is_file() && photo_files::is_photo_name(&path) {
            found.push(Version { bytes: about.len(), modified: about.modified().ok(), path });
        }
    }
    Ok(())
}

/// Handle on the watching thread; it ends when the handle is dropped.
pub struct Watcher {
    sights: Receiver<Sight>,
    last_look: Arc<Mutex<Instant>>,
    _end: Sender<()>,
}

impl Watcher {
    /// Starts looking, `every` so often; `wake` is called after each sight.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(mut lookout: Lookout, every: Duration, wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let (sender, sights) = bounded(256);
        let (end, ended) = bounded::<()>(0);
        let last_look = Arc::new(Mutex::new(Instant::now()));
        let looked = Arc::clone(&last_look);
        std::thread::Builder::new().name("watcher".into()).spawn(move || {
            let mut has_panicked = false;
            loop {
                for sight in look_safely(&mut lookout, &mut has_panicked) {
                    if sender.send(sight).is_err() {
                        return;
                    }
                    wake();
                }
                if !has_panicked {
                    *looked.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
                }
                if ended.recv_timeout(every) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        })?;
        Ok(Self { sights, last_look, _end: end })
    }

    /// The next sight, without waiting.
    #[must_use]
    pub fn poll(&self) -> Option<Sight> {
        self.sights.try_recv().ok()
    }

    /// Time since a look was finished: a share that does not answer holds the watcher up, and nothing else.
    #[must_use]
    pub fn silence(&self) -> Duration {
        self.last_look.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &[u8] = include_bytes!("../../../assets/sample/phantom2.jpg");

    struct Stick {
        folder: tempfile::TempDir,
        lookout: Lookout,
    }

    impl Stick {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            std::fs::create_dir(folder.path().join("usb")).unwrap();
            let lookout = Lookout::new(vec![folder.path().join("usb")]);
            Self { folder, lookout }
        }

        fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
            let path = self.folder.path().join("usb").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, bytes).unwrap();
            path
        }

        /// Names that arrived, went, and how many are still being copied, over some looks.
        fn looks(&mut self, count: usize) -> Vec<String> {
            let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
            let words = |sight: Sight| match sight {
                Sight::Arrived(version) => format!("+{}", name(&version.path)),
                Sight::Gone(version) => format!("-{}", name(&version.path)),
                Sight::Copying(count) => format!("copying {count}"),
                Sight::LostInCopy(count) => format!("lost {count}"),
                Sight::FolderGone(path) => format!("gone {}", name(&path)),
                Sight::Unreadable { folder, .. } => format!("unreadable {}", name(&folder)),
                Sight::Readable => "readable".to_owned(),
                Sight::Panicked => "panicked".to_owned(),
            };
            (0..count).flat_map(|_| self.lookout.look()).map(words).collect()
        }
    }

    #[test]
    fn a_photograph_arrives_once_it_has_not_changed() {
        let mut stick = Stick::new();
        stick.write("DCIM/100/a.jpg", SAMPLE);
        stick.write("notes.txt", b"no photo");
        stick.write(".hidden.jpg", SAMPLE);
        assert_eq!(stick.looks(1), ["copying 1"]);
        assert_eq!(stick.looks(3), ["+a.jpg", "copying 0"]);
    }

    #[test]
    fn a_half_copied_file_is_waited_for() {
        let mut stick = Stick::new();
        stick.write("a.jpg", b"");
        assert_eq!(stick.looks(4), ["copying 1"]);
        // A pause in the copy is longer than a look: the size alone would call it whole.
        stick.write("a.jpg", &SAMPLE[..SAMPLE.len() / 2]);
        assert!(stick.looks(5).is_empty());
        stick.write("a.jpg", SAMPLE);
        assert_eq!(stick.looks(2), ["+a.jpg", "copying 0"]);
    }

    #[test]
    fn a_file_that_never_decodes_is_reported_in_the_end() {
        let mut stick = Stick::new();
        stick.write("a.jpg", b"no photograph at all");
        let sights = stick.looks(PATIENT_LOOKS as usize + 1);
        assert_eq!(sights, ["copying 1", "+a.jpg", "copying 0"]);
    }

    #[test]
    fn a_stick_that_is_pulled_out_takes_its_photographs_along() {
        let mut stick = Stick::new();
        stick.write("a.jpg", SAMPLE);
        stick.write("b.jpg", SAMPLE);
        assert_eq!(stick.looks(2), ["copying 2", "+a.jpg", "+b.jpg", "copying 0"]);
        stick.write("c.jpg", &SAMPLE[..100]);
        assert_eq!(stick.looks(1), ["copying 1"]);
        std::fs::remove_dir_all(stick.folder.path().join("usb")).unwrap();
        assert_eq!(stick.looks(2), ["gone usb", "-a.jpg", "-b.jpg", "lost 1", "copying 0"]);
        // And brings them back.
        stick.write("a.jpg", SAMPLE);
        assert_eq!(stick.looks(2), ["copying 1", "+a.jpg", "copying 0"]);
    }

    #[test]
    fn a_photograph_that_is_written_over_is_another_one() {
        let mut stick = Stick::new();
        stick.write("a.jpg", SAMPLE);
        stick.looks(2);
        stick.write("a.jpg", include_bytes!("../../../assets/sample/phantom3.jpg"));
        assert_eq!(stick.looks(2), ["copying 1", "+a.jpg", "copying 0"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let mut stick = Stick::new();
        let outside = stick.folder.path().join("private.jpg");
        std::fs::write(&outside, SAMPLE).unwrap();
        std::os::unix::fs::symlink(&outside, stick.folder.path().join("usb/a.jpg")).unwrap();
        std::os::unix::fs::symlink(stick.folder.path(), stick.folder.path().join("usb/round")).unwrap();
        assert!(stick.looks(3).is_empty());
    }

    #[test]
    fn a_folder_that_was_never_there_is_waited_for_in_silence() {
        assert!(Lookout::new(vec!["/nowhere".into()]).look().is_empty());
    }
}
