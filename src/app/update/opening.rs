//! From a path to a photo on the canvas: what is opened, listed and selected, and what has come of it.

use std::path::PathBuf;
use std::sync::Arc;

use super::Update;
use super::effect::{Effect, PictureChange};
use crate::app::command::action::Action;
use crate::app::events::WindowEvent;
use crate::app::model::current::{Current, Phase};
use crate::app::model::notices::Severity;
use crate::app::model::read_ahead::ReadPhoto;
use crate::app::model::restore_point::RestorePoint;
use crate::app::model::state::PhotoEntry;
use crate::app::settings::MOST_RECENT;
use crate::app::tasks::analysis::{ListRequest, Listing};
use crate::inference::MaskMeaning;
use crate::language::Words;
use crate::photo::PhotoSource;
use crate::{sample, words};

/// The path from the root on, as far as the system can say; nothing is looked up on the disk.
pub(super) fn whole(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

impl Update<'_> {
    /// Has `paths` looked through; what is found comes back as a listing.
    pub fn open_paths(&mut self, paths: Vec<PathBuf>) {
        // A relative path says little in a message, and nothing among the recent files of another start.
        let paths: Vec<PathBuf> = paths.into_iter().map(whole).collect();
        let recent = &mut self.state.recent;
        recent.retain(|known| !paths.contains(known));
        recent.splice(0..0, paths.iter().cloned());
        recent.truncate(MOST_RECENT);
        self.effects.push(Effect::List(ListRequest { paths, is_restoring: false }));
    }

    /// Goes back to where the last window was left.
    pub fn restore(&mut self, point: RestorePoint) {
        self.state.view_transform = point.view_transform;
        self.effects.push(Effect::List(ListRequest { paths: vec![point.photo], is_restoring: true }));
    }

    /// Opens the sample that is inside the program.
    pub fn open_sample(&mut self) {
        self.use_network_for(MaskMeaning::Lesion);
        self.open_entries([sample::SOURCE], 0);
    }

    /// Opens what `action` asks for: the skin or the fundus that is inside the program.
    pub(super) fn open_sample_of(&mut self, action: Action) {
        match action {
            Action::OpenFundusSample => self.open_fundus_sample(),
            _ => self.open_sample(),
        }
    }

    /// Opens the fundus that is inside the program, with a network for it: one for lesions would outline what is none.
    fn open_fundus_sample(&mut self) {
        if self.use_network_for(MaskMeaning::Vessels) {
            self.open_entries([sample::FUNDUS], 0);
        } else {
            self.tell(Severity::Warning, words!("no-network-for-vessels"));
        }
    }

    /// Lists `sources` from now on, and opens the one at `first`.
    pub fn open_entries(&mut self, sources: impl IntoIterator<Item = PhotoSource>, first: usize) {
        self.save_note();
        self.state.entries = sources.into_iter().map(|source| PhotoEntry { source, failure: None }).collect();
        self.state.shown = None;
        self.stop_looking_through();
        self.load_reviews();
        self.select(first);
        self.state.read_ahead.is_backward = false;
    }

    /// Goes `by` photos on, among those that the filter shows.
    pub(super) fn step(&mut self, by: isize) {
        if let Some(index) = self.state.listed_after(by) {
            self.select(index);
        }
    }

    /// Asks for the photo at `index`; the one on the canvas stays until it is there.
    pub fn select(&mut self, index: usize) {
        if index >= self.state.entries.len() {
            return;
        }
        self.save_note();
        if index != self.state.selected {
            self.state.read_ahead.is_backward = self.state.is_before(index, self.state.selected);
        }
        self.state.read_ahead.try_again();
        self.state.selected = index;
        self.state.open_requests += 1;
        self.state.current.phase = Phase::Loading;
    }

    pub(super) fn take_listing(&mut self, listing: Listing) {
        if let Some(path) = listing.lost {
            self.state.view_transform = crate::app::model::geometry::ViewTransform::Fit;
            self.tell(Severity::Warning, words!("session-lost", path = path.display().to_string()));
            self.open_sample();
            return;
        }
        for words in listing.failures {
            self.tell(Severity::Failure, words);
        }
        let references = listing.references;
        if !listing.photos.is_empty() {
            self.state.first_reference = self.state.first_reference.take().or(references.into_iter().next());
            if listing.is_restored
                && let Some(name) = listing.photos.get(listing.first).and_then(|photo| photo.file_name())
            {
                self.tell(Severity::Info, words!("session-restored", name = name.to_string_lossy().into_owned()));
            }
            self.open_entries(listing.photos.into_iter().map(PhotoSource::File), listing.first);
        } else if let Some(mask) = references.into_iter().next() {
            if self.state.current.photo.is_some() {
                self.use_reference(mask);
            } else {
                // A mask is all that was opened: show it as the picture that it is.
                self.open_entries([PhotoSource::File(mask)], 0);
            }
        }
    }

    pub(super) fn take_photo(&mut self, read: ReadPhoto, mask_beside: Option<PathBuf>) {
        let (photo, profile) = (Arc::clone(&read.photo), read.profile.clone());
        WindowEvent::Photo(&photo.source.name()).emit();
        for warning in &photo.warnings {
            let words = words!("with-path", reason = warning.message(), path = photo.source.name());
            self.tell(Severity::Warning, words);
        }
        self.end_correction_of_photo();
        self.begin_display(&profile);
        self.state.network_requests += 1;
        let number = self.state.open_requests;
        self.state.current =
            Current { number, photo: Some(photo), profile, phase: Phase::Segmenting, ..Current::default() };
        self.state.shown = Some(self.state.selected);
        // The line was drawn on the photo before.
        self.state.measuring.ruler = None;
        self.reset_table();
        if let Some(entry) = self.state.entries.get_mut(self.state.selected) {
            entry.failure = None;
        }
        self.forget_record_of_other_bytes();
        self.show_note();
        self.correct_new_photo();
        self.find_reference(mask_beside);
        self.effects.push(PictureChange::Overview(Arc::clone(&read.overview)).into());
        self.state.read_ahead.change_canvas(Some(read.clone()));
        self.evict_distant();
        self.take_known(read);
    }

    pub(super) fn take_failure(&mut self, error: Words) {
        WindowEvent::PhotoFailed(&error).emit();
        if let Some(entry) = self.state.entries.get_mut(self.state.selected) {
            entry.failure = Some(error.clone());
        }
        self.end_correction_of_photo();
        // No other photo stays behind the message: nobody shall take it for the one that failed.
        self.state.current = Current { phase: Phase::FileFailed(error), ..Current::default() };
        self.state.shown = Some(self.state.selected);
        self.show_note();
        self.state.read_ahead.change_canvas(None);
        self.evict_distant();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::first_state::{first_network, first_state};
    use crate::app::settings::Settings;
    use crate::app::update::Capabilities;
    use crate::inference::ModelLibrary;
    use crate::startup::StartupOptions;

    #[test]
    fn without_a_network_for_vessels_no_fundus_is_opened() {
        let (settings, options) = (Settings::default(), StartupOptions::default());
        let mut network = first_network(&ModelLibrary::discover(None), &settings, &options).unwrap();
        network.models.retain(|model| model.card.meaning() == MaskMeaning::Lesion);
        let mut state = first_state(&settings, &options, network);
        let (mut effects, capabilities) = (Vec::new(), Capabilities::ALL);
        let mut update = Update { state: &mut state, effects: &mut effects, capabilities, data: None, now: 0.0 };
        update.open_sample_of(Action::OpenFundusSample);
        assert!(state.entries.is_empty());
        let said: Vec<_> = state.notices.list().iter().map(|notice| notice.words.clone()).collect();
        assert_eq!(said, [words!("no-network-for-vessels")]);
    }
}
