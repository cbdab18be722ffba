//! What the kiosk does to the list of photos, which grows and shrinks under its visitors.

use super::Update;
use crate::app::model::current::Current;
use crate::app::model::notices::Notices;
use crate::app::model::state::PhotoEntry;
use crate::overlay::view::OverlayView;
use crate::photo::PhotoSource;

impl Update<'_> {
    /// A visitor's photograph has come: the first takes the samples' place.
    pub fn add_photo(&mut self, source: PhotoSource, is_first: bool) {
        if is_first {
            self.state.entries.clear();
        }
        self.state.entries.push(PhotoEntry { source, failure: None });
    }

    /// A photograph has gone; where it was the selected one, the next takes its place.
    pub fn remove_photo(&mut self, index: usize) {
        self.state.entries.remove(index);
        let selected = self.state.selected;
        if index < selected {
            self.state.selected -= 1;
        } else if index == selected && !self.state.entries.is_empty() {
            self.select(selected.min(self.state.entries.len() - 1));
        }
    }

    /// The visitor has left: nothing of the photographs stays in the state.
    pub fn clear_photos(&mut self) {
        self.stop_live();
        self.end_correction_of_photo();
        self.state.entries.clear();
        self.state.current = Current::default();
        self.state.read_ahead.clear();
        self.state.chosen_references.clear();
        self.state.refused_references.clear();
        self.state.first_reference = None;
        self.state.recent.clear();
        self.state.reviewing.clear();
        self.state.overlay.view = OverlayView::Outline;
        self.clear_notices();
    }

    /// What the desktop says in notices, the kiosk says in its sentence and its banners.
    pub fn clear_notices(&mut self) {
        self.state.notices = Notices::default();
    }
}
