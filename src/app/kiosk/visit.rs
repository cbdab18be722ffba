//! A visit: photographs that come and go, and that are forgotten when the visitor has left.

use super::Kiosk;
use super::kept::Kept;
use super::lookout::Sight;
use super::version::Version;
use crate::app::command::action::Action;
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
        self.replacement.note(&sight, now);
        match sight {
            Sight::Arrived(version) => self.arrive(version, now),
            Sight::Gone(version) => self.leave(&version, now),
            Sight::ForgottenGone(numbers) => numbers.iter().for_each(|number| self.take_from_forgotten(*number)),
            Sight::Copying(count) => self.screen.copying = count,
            Sight::LostInCopy(count) => self.screen.say(words!("kiosk-lost-in-copy", count = count), now),
            Sight::FolderGone(folder) => {
                log::warn!("a watched folder has disappeared: {}", folder.display());
                self.screen.say(words!("kiosk-folder-gone", folder = folder.display().to_string()), now);
            }
            Sight::Unreadable { folder, reason } => {
                log::warn!("cannot read a watched folder ({reason}): {}", folder.display());
                let folder = folder.display().to_string();
                self.screen.folder_fault =
                    Some(words!("kiosk-folder-unreadable", folder = folder, reason = reason));
            }
            Sight::Panicked => self.screen.folder_fault = Some(words!("kiosk-watch-fault")),
            Sight::Readable => self.screen.folder_fault = None,
        }
    }

    fn arrive(&mut self, version: Version, now: f64) {
        if self.kept.forgotten.contains(&Kept::number_of(&version)) {
            return;
        }
        if let Some(place) = self.suspects.iter().position(|suspect| *suspect == version.path) {
            // It was being read when the program had to be started again.
            self.suspects.remove(place);
            // Without its name: the log outlives the visit.
            log::error!("a photograph stopped the program and is skipped");
            self.kept.forgotten.insert(Kept::number_of(&version));
            self.resumed = Kept::default();
            self.screen.say(words!("kiosk-passed-over"), now);
            return;
        }
        let path = version.path.clone();
        if let Some(index) = self.visitor.iter().position(|known| known.path == path) {
            // Written over: another photograph in the same place.
            self.visitor[index] = version;
            self.show(index);
            self.presence.last_touch = now;
            return;
        }
        let is_first = self.visitor.is_empty();
        if is_first {
            self.screen.end_cleared();
        }
        self.visitor.push(version);
        let source = PhotoSource::File(path.clone());
        self.update(|update| update.add_photo(source, is_first));
        let is_resumed = self.resumed.shown.as_ref() == Some(&path);
        let is_apart = self.last_arrival.is_none_or(|last| now - last > APART_SECONDS);
        self.last_arrival = Some(now);
        if is_resumed {
            self.screen.heat = self.resumed.heat;
            let action = if self.screen.heat { Action::ShowHeat } else { Action::ShowOutline };
            self.update(|update| update.perform(action));
            self.resumed = Kept::default();
        }
        if is_first || is_resumed || is_apart {
            let last = self.visitor.len() - 1;
            self.show(last);
            self.presence.last_touch = now;
            self.screen.is_attracting = false;
        }
    }

    /// Shows one of the visitor's photographs, in place of the camera's picture too.
    fn show(&mut self, index: usize) {
        self.update(|update| {
            update.stop_live();
            update.select(index);
        });
    }

    fn leave(&mut self, gone: &Version, now: f64) {
        // One that comes back, with its stick, is a new one.
        self.take_from_forgotten(Kept::number_of(gone));
        let Some(index) = self.visitor.iter().position(|version| version == gone) else { return };
        self.visitor.remove(index);
        self.update(|update| update.remove_photo(index));
        if self.visitor.is_empty() {
            self.screen.say(words!("kiosk-taken-away"), now);
            self.forget();
        }
    }

    fn take_from_forgotten(&mut self, number: u64) {
        self.kept.forgotten.remove(&number);
        self.untold.remove(&number);
    }

    /// Somebody has come; if photographs were cleared that are still in their place, it may be their visitor.
    pub(super) fn welcome(&mut self, now: f64) {
        self.screen.is_attracting = false;
        if !std::mem::take(&mut self.untold).is_empty() {
            self.screen.say_cleared(self.config.idle_seconds, now);
        }
    }

    /// Nobody touched the screen for too long.
    pub(super) fn forget_after_idle_time(&mut self) {
        self.untold.extend(self.visitor.iter().map(Kept::number_of));
        self.forget();
    }

    /// The visitor has left: nothing of the photographs stays in the state or on the screen. What is left of them in memory
    /// goes with this process.
    fn forget(&mut self) {
        if !self.visitor.is_empty() {
            log::info!("the visitor's photographs are cleared");
        }
        self.kept.forgotten.extend(self.visitor.iter().map(Kept::number_of));
        self.visitor.clear();
        self.resumed = Kept::default();
        self.last_arrival = None;
        self.update(|update| update.clear_photos());
        self.pictures.forget();
        self.screen.leave();
        self.show_samples(0);
    }

    /// The samples, beginning with one of them.
    pub(super) fn show_samples(&mut self, first: usize) {
        let first = first.min(sample::SOURCES.len() - 1);
        self.update(|update| update.open_entries(sample::SOURCES, first));
    }
}
