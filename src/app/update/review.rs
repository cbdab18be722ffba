//! What was decided on each photo, notes, and the way from one open photo to the next. A decision counts for the photo
//! on the canvas, never for one that is still loading.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Update;
use super::effect::{Effect, WindowEffect};
use crate::app::command::change::ReviewChange;
use crate::app::events::WindowEvent;
use crate::app::model::notices::Severity;
use crate::app::model::review::{ReviewFilter, key};
use crate::app::tasks::records::{RecordsOutcome, RecordsRequest};
use crate::language::SystemError;
use crate::provenance::NetworkRun;
use crate::records::{PhotoFile, Place, Review, ReviewState};
use crate::words;

impl Update<'_> {
    pub(super) fn go_to_next_open(&mut self) {
        match self.state.next_open() {
            Some(place) => self.select(place),
            None => self.tell(Severity::Info, words!("review-all-done", count = self.state.entries.len())),
        }
    }

    pub(super) fn write_note(&mut self) {
        self.state.panels.side = true;
        self.state.panels.canvas_only = false;
        self.effects.push(WindowEffect::FocusNote.into());
    }

    /// Carries out a change of the review.
    pub(super) fn change_review(&mut self, change: ReviewChange) {
        match change {
            ReviewChange::Decide(state) => drop(self.decide(state)),
            ReviewChange::Note(note) => {
                self.state.reviewing.note_of = self.state.current.photo.as_ref().map(|photo| key(&photo.source));
                self.state.reviewing.note = note;
            }
            ReviewChange::SaveNote => self.save_note(),
            ReviewChange::Reviewer(name) => self.state.reviewing.reviewer = name,
            ReviewChange::Filter(filter) => self.state.reviewing.filter = filter,
            ReviewChange::Retry => {
                for review in std::mem::take(&mut self.state.reviewing.unsaved) {
                    self.save_review(review);
                }
            }
        }
    }

    pub(super) fn decide_and_advance(&mut self, state: ReviewState) {
        let next = self.state.listed().into_iter().find(|&place| place > self.state.selected);
        if self.decide(state) {
            match next {
                Some(place) => self.select(place),
                None => self.tell(Severity::Info, words!("review-last-photo")),
            }
        }
    }

    /// Decides on the photo on the canvas; false when there is none to decide on.
    fn decide(&mut self, state: ReviewState) -> bool {
        if !self.state.can_decide() {
            if self.state.reviewing.is_newer {
                self.tell(Severity::Warning, words!("review-newer"));
            }
            return false;
        }
        let Some(mut review) = self.fresh_review() else { return false };
        review.state = state;
        self.put(review);
        true
    }

    /// Saves the note that was written on the photo it was written on.
    pub fn save_note(&mut self) {
        let reviewing = &self.state.reviewing;
        let Some(photo) = &self.state.current.photo else { return };
        let known = reviewing.record_of(&photo.source).map_or("", |review| review.note.as_str());
        let is_of_this = reviewing.note_of.as_ref() == Some(&key(&photo.source));
        if !is_of_this || reviewing.note == known || reviewing.is_newer {
            return;
        }
        if let Some(review) = self.fresh_review() {
            self.put(review);
        }
    }

    /// The record of the photo on the canvas as it would be written now, its state unchanged.
    fn fresh_review(&self) -> Option<Review> {
        let (reviewing, current) = (&self.state.reviewing, &self.state.current);
        let photo = current.photo.as_ref()?;
        // The records writer says which file it is: that asks the disk.
        let file = PhotoFile { name: photo.source.name(), ..PhotoFile::default() };
        let mut review = Review::new(&photo.sha256, file, Timestamp::now());
        if let Some(known) = reviewing.record_of(&photo.source).filter(|known| known.sha256 == photo.sha256) {
            review = Review { changed: review.changed, name: review.name, ..known.clone() };
        }
        if reviewing.note_of.as_ref() == Some(&key(&photo.source)) {
            review.note.clone_from(&reviewing.note);
        }
        review.reviewer = reviewing.reviewer.trim().to_owned();
        review.result = self.network_run();
        Some(review)
    }

    /// What made the outline on the canvas, as it stands.
    pub(super) fn network_run(&self) -> Option<NetworkRun> {
        let segmentation = self.state.current.segmentation.as_ref()?;
        let model = self.state.network.named(&segmentation.model);
        Some(NetworkRun {
            model: segmentation.model.clone(),
            model_sha256: model
                .and_then(|model| model.card.onnx())
                .map(|onnx| onnx.sha256.clone())
                .unwrap_or_default(),
            engine: segmentation.engine.to_string(),
            threshold: self.state.overlay.threshold,
            program: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// Shows a record at once, and has it saved.
    fn put(&mut self, review: Review) {
        let Some(photo) = &self.state.current.photo else { return };
        self.state.reviewing.of.insert(key(&photo.source), review.clone());
        self.save_review(review);
    }

    fn save_review(&mut self, review: Review) {
        let source = self.state.entries.iter().map(|entry| &entry.source);
        let of = &self.state.reviewing.of;
        let mut source = source.filter(|source| of.get(&key(source)).is_some_and(|r| r.sha256 == review.sha256));
        if let Some(source) = source.next() {
            let request = RecordsRequest::Keep { source: source.clone(), review: Box::new(review) };
            self.effects.push(Effect::Records(request));
        }
    }

    /// Asks for the records of a new list of photos.
    pub(super) fn load_reviews(&mut self) {
        let reviewing = &mut self.state.reviewing;
        reviewing.list += 1;
        (reviewing.of, reviewing.is_newer, reviewing.is_data_directory_said) = (HashMap::new(), false, false);
        (reviewing.note, reviewing.note_of, reviewing.filter) = (String::new(), None, ReviewFilter::All);
        if self.capabilities.records {
            let list = reviewing.list;
            let sources = self.state.entries.iter().map(|entry| entry.source.clone()).collect();
            self.state.measuring.scales.ask();
            self.effects.push(Effect::Records(RecordsRequest::Load { list, sources }));
        }
    }

    /// The note of the photo that has come onto the canvas.
    pub(super) fn show_note(&mut self) {
        let reviewing = &mut self.state.reviewing;
        let source = self.state.current.photo.as_ref().map(|photo| photo.source.clone());
        let record = source.as_ref().and_then(|source| reviewing.record_of(source));
        reviewing.note = record.map(|review| review.note.clone()).unwrap_or_default();
        reviewing.note_of = source.as_ref().map(key);
    }

    /// Says once for a list of photos that their records are not beside them.
    pub(super) fn say_data_directory(&mut self, reason: &SystemError) {
        if !std::mem::replace(&mut self.state.reviewing.is_data_directory_said, true) {
            self.tell(Severity::Info, words!("review-kept-away", reason = reason));
        }
    }

    /// Takes what the records writer says.
    pub fn take_records(&mut self, outcome: RecordsOutcome) {
        match outcome {
            RecordsOutcome::Loaded { list, reviews, scales, complaints, is_newer } => {
                if list != self.state.reviewing.list {
                    return;
                }
                for complaint in complaints {
                    self.tell(Severity::Warning, complaint.message());
                }
                self.state.measuring.scales.take(scales);
                // What was decided while the list was read is the newer.
                let decided = std::mem::replace(&mut self.state.reviewing.of, reviews);
                self.state.reviewing.of.extend(decided);
                self.state.reviewing.is_newer = is_newer;
                self.show_note();
                WindowEvent::Reviews(self.state.reviewing.of.len()).emit();
            }
            RecordsOutcome::Kept { review, result: Ok(place) } => {
                WindowEvent::ReviewKept { photo: &review.name, state: review.state }.emit();
                self.state.reviewing.unsaved.retain(|unsaved| unsaved.sha256 != review.sha256);
                if let Place::Away { reason: Some(reason) } = place {
                    self.say_data_directory(&reason);
                }
            }
            RecordsOutcome::Calibrated { source, change, result } => self.take_calibrated(source, change, result),
            RecordsOutcome::Kept { review, result: Err(error) } => {
                let reason = error.message();
                self.tell(
                    Severity::Failure,
                    words!("review-not-kept", name = review.name.as_str(), reason = reason.clone()),
                );
                let reviewing = &mut self.state.reviewing;
                reviewing.unsaved.retain(|unsaved| unsaved.sha256 != review.sha256);
                reviewing.unsaved.push(*review);
                reviewing.unsaved_reason = Some(reason);
            }
        }
    }
}
