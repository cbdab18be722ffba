//! What survives a restart by the watchdog: which photograph was shown and how, and which were forgotten. It lies in
//! the service's runtime directory, which is memory, and holds no name of a photograph beyond the one that is shown.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::version::Version;
use crate::app::background::{InOrder, Outbox, Report, Task};
use crate::files::{self, FileKind};

/// The state as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// The photograph of the visitor that is shown.
    pub shown: Option<PathBuf>,
    /// The heat map lies over it.
    pub heat: bool,
    /// The photograph that is being opened: the one that made us hang, if we did.
    pub opening: Option<PathBuf>,
    /// Photographs that were forgotten, by a number that tells nothing of them.
    pub forgotten: HashSet<u64>,
}

impl Kept {
    /// A number for a version of a file.
    #[must_use]
    pub fn number_of(Version { path, bytes, modified }: &Version) -> u64 {
        Self::number_of_parts(path, *bytes, *modified)
    }

    /// The number of the version of such parts, none of which is copied.
    #[must_use]
    pub fn number_of_parts(path: &Path, bytes: u64, modified: Option<SystemTime>) -> u64 {
        let mut hasher = DefaultHasher::new();
        (path, bytes, modified).hash(&mut hasher);
        hasher.finish()
    }
}

/// Writes the state.
struct KeptTask {
    path: PathBuf,
}

impl Task for KeptTask {
    type Request = Kept;
    /// The photograph that is being opened, as it stands in the file now.
    type Outcome = Option<PathBuf>;

    fn run(&mut self, state: Kept, out: &Outbox<'_, Option<PathBuf>>) -> Option<Kept> {
        put(&self.path, &state);
        out.send(state.opening);
        None
    }
}

/// Writes a note of the kiosk; one that cannot be written is said, and the kiosk goes on.
fn put(path: &Path, note: &impl Serialize) {
    let bytes = serde_json::to_vec(note).expect("plain data becomes JSON");
    if let Err(error) = files::write(path, &bytes) {
        log::warn!("a restart will not resume at this place: {error}");
    }
}

/// Which photograph the watching thread decodes, to see whether it is whole: written before anything of it is read.
#[derive(Clone, Debug, Default)]
pub struct ReadingNote {
    path: Option<PathBuf>,
}

impl ReadingNote {
    /// In `folder`, the service's runtime directory; without one nothing is written.
    #[must_use]
    pub fn in_folder(folder: Option<&Path>) -> Self {
        Self { path: folder.map(|folder| folder.join("kiosk-reading.json")) }
    }

    /// What was being read when the program ended, if it was.
    #[must_use]
    pub fn left(&self) -> Option<PathBuf> {
        let bytes = files::read(self.path.as_deref()?, FileKind::KioskState).ok()?;
        serde_json::from_slice(&bytes).ok()?
    }

    /// Runs `work`, which reads `photo`; the note stands for as long as it runs.
    pub fn during<T>(&self, photo: &Path, work: impl FnOnce() -> T) -> T {
        let Some(note) = &self.path else { return work() };
        put(note, &Some(photo));
        let result = work();
        put(note, &None::<&Path>);
        result
    }
}

/// States that may wait to be written.
const MOST_WAITING: usize = 16;

/// Where the state is kept.
#[derive(Default)]
pub struct KeptState {
    work: Option<InOrder<KeptTask>>,
    last: Kept,
    /// The photograph that the file says is being opened.
    written_opening: Option<PathBuf>,
}

impl KeptState {
    /// In `folder`, the service's runtime directory; without one nothing is kept. Returns what was kept there, too.
    /// `wake` is called when something was written.
    #[must_use]
    pub fn start(folder: Option<&Path>, wake: impl Fn() + Send + 'static) -> (Self, Kept) {
        let Some(path) = folder.map(|folder| folder.join("kiosk.json")) else { return Default::default() };
        let kept =
            files::read(&path, FileKind::KioskState).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let kept: Kept = kept.unwrap_or_default();
        let work = InOrder::start("kiosk-state", MOST_WAITING, move || KeptTask { path }, wake);
        let work = work.inspect_err(|error| log::warn!("a restart will not resume at this place: {error}")).ok();
        (Self { work, last: kept.clone(), written_opening: None }, kept)
    }

    /// Keeps `state`, if it is another one.
    pub fn keep(&mut self, state: Kept) {
        let mut has_panicked = false;
        while let Some(report) = self.work.as_ref().and_then(InOrder::poll) {
            match report {
                Report::Outcome(opening) => self.written_opening = opening,
                Report::Panicked => has_panicked = true,
            }
        }
        if has_panicked {
            log::error!("a restart will not resume at this place: writing it panicked");
            self.work = None;
        }
        let Some(work) = &self.work else { return };
        // A full queue means that the disk is slow; the next frame tries again.
        if self.last != state && work.send(state.clone()).is_ok() {
            self.last = state;
        }
    }

    /// Whether the file says what was kept last, or there is none.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.work.as_ref().is_none_or(InOrder::is_idle)
    }

    /// Whether the file does not say yet that the photograph of the state is being opened: until then nothing of it may
    /// be read, as it might stop the program.
    #[must_use]
    pub fn is_opening_unwritten(&self, state: &Kept) -> bool {
        self.work.is_some() && state.opening.is_some() && self.written_opening != state.opening
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_found_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let (mut state_file, kept) = KeptState::start(Some(folder.path()), || {});
        assert_eq!(kept, Kept::default());
        let state = Kept { shown: Some("/media/a.jpg".into()), heat: true, forgotten: [7].into(), opening: None };
        state_file.keep(state.clone());
        drop(state_file);
        assert_eq!(KeptState::start(Some(folder.path()), || {}).1, state);
        std::fs::write(folder.path().join("kiosk.json"), "{ half").unwrap();
        assert_eq!(KeptState::start(Some(folder.path()), || {}).1, Kept::default());
    }

    #[test]
    fn what_is_read_is_noted_before_and_not_after() {
        let folder = tempfile::tempdir().unwrap();
        let note = ReadingNote::in_folder(Some(folder.path()));
        assert_eq!(note.left(), None);
        note.during(Path::new("/media/a.jpg"), || assert_eq!(note.left(), Some("/media/a.jpg".into())));
        assert_eq!(note.left(), None);
    }

    #[test]
    fn another_version_of_a_file_has_another_number() {
        let version = Version { path: "/media/a.jpg".into(), bytes: 3, modified: None };
        let number = Kept::number_of(&version);
        assert_eq!(number, Kept::number_of(&version.clone()));
        assert_ne!(number, Kept::number_of(&Version { bytes: 4, ..version }));
    }
}
