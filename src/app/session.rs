//! Where the window was left: the photo and how it was looked at, for the next start without paths.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Window;
use super::notices::Weight;
use super::state::Look;
use super::worker::ListJob;
use crate::words;

/// What the next start goes back to. The photo brings its folder along.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// The photo that was on the canvas.
    pub photo: PathBuf,
    /// Which part of it was looked at.
    #[serde(default)]
    pub look: Look,
}

impl Window {
    /// Opens the photo that the last window was left at, and says so; false when there is none to go back to.
    pub(super) fn restore_session(&mut self) -> bool {
        let settings = &self.saved_settings;
        let Some(session) = settings.session.clone().filter(|_| settings.remember_session) else { return false };
        if !session.photo.is_file() {
            let words = words!("session-lost", path = session.photo.display().to_string());
            self.state.notices.add(Weight::Warning, words, 0.0);
            return false;
        }
        let name = session.photo.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.state.notices.add(Weight::Info, words!("session-restored", name = name), 0.0);
        self.state.look = session.look;
        self.worker.list(ListJob { paths: vec![session.photo] });
        true
    }

    /// Where the window is now. How the photo is looked at changes with every turn of the wheel: it is noted at the end.
    pub(super) fn session(&self, at_end: bool) -> Option<Session> {
        let saved = self.saved_settings.session.as_ref();
        // Until the restored photo is there, what was remembered stays.
        let Some(entry) = self.state.selected_entry() else { return saved.cloned() };
        let photo = std::path::absolute(entry.source.path()?).ok()?;
        let noted = saved.filter(|saved| saved.photo == photo).map(|saved| saved.look).unwrap_or_default();
        Some(Session { look: if at_end { self.state.look } else { noted }, photo })
    }
}
