//! What survives a restart by the watchdog: which photograph was shown and how, and which were forgotten. It lies in
//! the service's runtime directory, which is memory, and holds no name of a photograph beyond the one that is shown.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::watch::Version;
use crate::app::background::{InOrder, Outbox, Report, Task};
use crate::files;

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
    pub fn number_of(version: &Version) -> u64 {
        let mut hasher = DefaultHasher::new();
        version.hash(&mut hasher);
        hasher.finish()
    }
}

/// Writes the state.
struct KeptTask {
    path: PathBuf,
}

impl Task for KeptTask {
    type Request = Kept;
    type Outcome = ();

    fn run(&mut self, state: Kept, _: &Outbox<'_, ()>) -> Option<Kept> {
        let bytes = serde_json::to_vec(&state).expect("plain data becomes JSON");
        if let Err(error) = files::write(&self.path, &bytes) {
            log::warn!("a restart will not find its place again: {error}");
        }
        None
    }
}

/// States that may wait to be written.
const MOST_WAITING: usize = 16;

/// Where the state is kept.
#[derive(Default)]
pub struct KeptState {
    work: Option<InOrder<KeptTask>>,
    last: Kept,
}

impl KeptState {
    /// In `folder`, the service's runtime directory; without one nothing is kept. Returns what was kept there, too.
    #[must_use]
    pub fn start(folder: Option<&Path>) -> (Self, Kept) {
        let Some(path) = folder.map(|folder| folder.join("kiosk.json")) else { return Default::default() };
        let kept = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let kept: Kept = kept.unwrap_or_default();
        let work = InOrder::start("kiosk-state", MOST_WAITING, move || KeptTask { path }, || {});
        let work = work.inspect_err(|error| log::warn!("a restart will not find its place again: {error}")).ok();
        (Self { work, last: kept.clone() }, kept)
    }

    /// Keeps `state`, if it is another one.
    pub fn keep(&mut self, state: Kept) {
        let Some(work) = &self.work else { return };
        while let Some(report) = work.poll() {
            if report == Report::Panicked {
                log::error!("a restart will not find its place again: writing it ended by a panic");
            }
        }
        // A full queue means that the disk is slow; the next frame tries again.
        if self.last != state && work.send(state.clone()).is_ok() {
            self.last = state;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_found_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let (mut state_file, kept) = KeptState::start(Some(folder.path()));
        assert_eq!(kept, Kept::default());
        let state = Kept { shown: Some("/media/a.jpg".into()), heat: true, forgotten: [7].into(), opening: None };
        state_file.keep(state.clone());
        drop(state_file);
        assert_eq!(KeptState::start(Some(folder.path())).1, state);
        std::fs::write(folder.path().join("kiosk.json"), "{ half").unwrap();
        assert_eq!(KeptState::start(Some(folder.path())).1, Kept::default());
    }

    #[test]
    fn another_version_of_a_file_has_another_number() {
        let version = Version { path: "/media/a.jpg".into(), bytes: 3, modified: None };
        let number = Kept::number_of(&version);
        assert_eq!(number, Kept::number_of(&version.clone()));
        assert_ne!(number, Kept::number_of(&Version { bytes: 4, ..version }));
    }
}
