//! The reference mask of the photo on the canvas.

use std::path::PathBuf;

use super::Update;
use super::effect::FileQuestion;
use super::opening::whole;
use crate::app::model::current::ReferenceFile;
use crate::app::model::notices::Severity;
use crate::overlay::view::OverlayView;
use crate::photo::PhotoSource;
use crate::words;

impl Update<'_> {
    pub(super) fn ask_for_reference(&mut self) {
        match self.state.current.photo {
            Some(_) => self.ask(FileQuestion::Reference),
            None => self.tell(Severity::Info, words!("photo-before-reference")),
        }
    }

    /// Compares the photo with the mask at `path` from now on.
    pub(super) fn use_reference(&mut self, path: PathBuf) {
        let path = whole(path);
        let Some(photo) = &self.state.current.photo else { return };
        if let Some(of) = photo.source.path() {
            self.state.chosen_references.insert(of.to_owned(), path.clone());
            self.state.refused_references.retain(|refused| refused != of);
        }
        self.want_reference(ReferenceFile::File(path));
    }

    fn want_reference(&mut self, file: ReferenceFile) {
        let before = self.state.current.wanted_reference.as_ref().map_or(0, |(count, _)| *count);
        self.state.current.wanted_reference = Some((before + 1, file));
    }

    /// Asks for the reference that belongs to a photo that has just come.
    pub(super) fn find_reference(&mut self, mask_beside: Option<PathBuf>) {
        let Some(photo) = self.state.current.photo.as_ref().filter(|_| self.capabilities.references) else {
            return;
        };
        let file = match &photo.source {
            PhotoSource::BuiltIn(name) => ReferenceFile::BuiltIn(name),
            PhotoSource::File(of) => {
                let chosen = self.state.chosen_references.get(of).cloned();
                let allowed = mask_beside.filter(|_| !self.state.refused_references.contains(of));
                match self.state.first_reference.take().or(chosen).or(allowed) {
                    Some(path) => ReferenceFile::File(path),
                    None => return,
                }
            }
        };
        self.want_reference(file);
    }

    pub(super) fn close_reference(&mut self) {
        if let Some(of) = self.state.current.photo.as_ref().and_then(|photo| photo.source.path()) {
            self.state.chosen_references.remove(of);
            self.state.refused_references.push(of.to_owned());
        }
        self.state.current.reference = None;
        self.state.current.wanted_reference = None;
        self.reset_table();
        if self.state.overlay.view == OverlayView::Error {
            self.state.overlay.view = OverlayView::Outline;
        }
    }
}
