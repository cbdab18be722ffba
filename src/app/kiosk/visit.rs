//! A visit: photographs that come and go, and that are forgotten when the visitor has left.

use super::Kiosk;
use super::kept::Kept;
use super::watch::{Sight, Version};
use crate::app::command::OverlayView;
use crate::app::state::{Current, Entry};
use crate::app::textures::Textures;
use crate::photo::PhotoSource;
use crate::{sample, words};

/// A photograph that comes this long after the one before is shown at once; those of one stick come together, and the
/// first of them is shown.
const APART_SECONDS: f64 = 3.0;

impl Kiosk {
    /// Takes what the watcher has seen.
    pub(super) fn take_sights(&mut self, now: f64) {
        let sights: Vec<Sight> =
            self.watcher.iter().flat_map(|watcher| std::iter::from_fn(|| watcher.poll())).collect();
        for sight in sights {
            self.take_sight(sight, now);
        }
    }

    /// Takes one sight.
    pub fn take_sight(&mut self, sight: Sight, now: f64) {
        match sight {
            Sight::Arrived(version) => self.arrive(version, now),
            Sight::Gone(version) => self.leave(&version, now),
            Sight::Copying(count) => self.screen.copying = count,
            Sight::LostInCopy(count) => self.screen.say(words!("kiosk-lost-in-copy", count = count), now),
            Sight::FolderGone(folder) => {
                log::warn!("a watched folder has vanished: {}", folder.display());
                self.screen.say(words!("kiosk-folder-gone", folder = folder.display().to_string()), now);
            }
            Sight::Unreadable { folder, reason } => {
                log::warn!("cannot read a watched folder ({reason}): {}", folder.display());
                let folder = folder.display().to_string();
                self.screen.folder_fault =
                    Some(words!("kiosk-folder-unreadable", folder = folder, reason = reason));
            }
            Sight::Readable => self.screen.folder_fault = None,
        }
    }

    fn arrive(&mut self, version: Version, now: f64) {
        if self.kept.forgotten.contains(&Kept::number_of(&version)) {
            return;
        }
        if self.resumed.opening.as_ref() == Some(&version.path) {
            // It was being opened when the program had to be started again.
            log::error!("a photograph stopped the program and is passed over: {}", version.path.display());
            self.kept.forgotten.insert(Kept::number_of(&version));
            self.resumed = Kept::default();
            self.screen.say(words!("kiosk-passed-over"), now);
            return;
        }
        let path = version.path.clone();
        if let Some(index) = self.visitor.iter().position(|known| known.path == path) {
            // Written over: another photograph in the same place.
            self.visitor[index] = version;
            self.window.select(index);
            self.last_touch = now;
            return;
        }
        let entry = Entry { source: PhotoSource::File(path.clone()), failure: None };
        let is_first = self.visitor.is_empty();
        if is_first {
            self.window.state.entries.clear();
        }
        self.visitor.push(version);
        self.window.state.entries.push(entry);
        let is_resumed = self.resumed.shown.as_ref() == Some(&path);
        let is_apart = self.last_arrival.is_none_or(|last| now - last > APART_SECONDS);
        self.last_arrival = Some(now);
        if is_resumed {
            self.screen.heat = self.resumed.heat;
            self.window.state.overlay.view =
                if self.screen.heat { OverlayView::Heat } else { OverlayView::Outline };
            self.resumed = Kept::default();
        }
        if is_first || is_resumed || is_apart {
            self.window.select(self.visitor.len() - 1);
            self.last_touch = now;
            self.screen.is_attracting = false;
        }
    }

    fn leave(&mut self, gone: &Version, now: f64) {
        // One that comes back, with its stick, is a new one.
        self.kept.forgotten.remove(&Kept::number_of(gone));
        let Some(index) = self.visitor.iter().position(|version| version == gone) else { return };
        self.visitor.remove(index);
        self.window.state.entries.remove(index);
        if self.visitor.is_empty() {
            self.screen.say(words!("kiosk-taken-away"), now);
            self.forget();
            return;
        }
        let selected = self.window.state.selected;
        if index < selected {
            self.window.state.selected -= 1;
        } else if index == selected {
            self.window.select(selected.min(self.visitor.len() - 1));
        }
    }

    /// Somebody has come.
    pub(super) fn welcome(&mut self) {
        self.screen.is_attracting = false;
    }

    /// The visitor has left: nothing of the photographs stays, in memory or on the screen.
    pub(super) fn forget(&mut self) {
        self.kept.forgotten.extend(self.visitor.iter().map(Kept::number_of));
        self.visitor.clear();
        self.resumed = Kept::default();
        self.last_arrival = None;
        self.window.state.current = Current::default();
        self.window.textures = Textures::default();
        self.window.tiles.show(None);
        self.window.state.chosen_references.clear();
        self.window.state.recent.clear();
        self.screen.leave();
        self.window.state.overlay.view = OverlayView::Outline;
        self.show_samples();
    }

    /// The samples, from the first.
    pub(super) fn show_samples(&mut self) {
        let entry = |source| Entry { source, failure: None };
        self.window.state.entries = sample::SOURCES.into_iter().map(entry).collect();
        self.window.state.shown = None;
        self.window.select(0);
    }
}
