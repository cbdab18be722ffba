//! The records of photos: read, kept, notes, whose mask it is, and what could not be saved.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Update;
use super::effect::{Effect, WindowEffect};
use crate::app::command::change::ReviewChange;
use crate::app::events::WindowEvent;
use crate::app::model::correction::SaveState;
use crate::app::model::notices::Severity;
use crate::app::model::review::{ReviewFilter, key};
use crate::app::tasks::records::{RecordsOutcome, RecordsRequest};
use crate::correction::History;
use crate::language::SystemError;
use crate::photo::PhotoSource;
use crate::provenance::{MaskOrigin, NetworkRun};
use crate::records::{PhotoFile, Place, Review, ReviewState};
use crate::words;

impl Update<'_> {
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
                self.state.reviewing.note_of = self.state.reviewed_source().map(key);
                self.state.reviewing.note = note;
            }
            ReviewChange::SaveNote => self.save_note(),
            ReviewChange::Reviewer(name) => self.state.reviewing.reviewer = name,
            ReviewChange::Filter(filter) => self.state.reviewing.filter = filter,
            ReviewChange::Order(order) => self.state.queue.order = order,
            ReviewChange::Retry => {
                for (source, review) in std::mem::take(&mut self.state.reviewing.unsaved) {
                    self.save_review(source, review, None);
                }
            }
        }
    }

    /// Saves the note that was written on the photo it was written on.
    pub fn save_note(&mut self) {
        let reviewing = &self.state.reviewing;
        let Some(source) = self.state.reviewed_source() else { return };
        let known = reviewing.record_of(source).map_or("", |review| review.note.as_str());
        let is_of_this = reviewing.note_of.as_ref() == Some(&key(source));
        if !is_of_this || reviewing.note == known || reviewing.is_newer {
            return;
        }
        if let Some(review) = self.fresh_review() {
            self.put(review, None);
        }
    }

    /// The record of what is reviewed as it would be written now, its state unchanged.
    pub(super) fn fresh_review(&self) -> Option<Review> {
        let (reviewing, current) = (&self.state.reviewing, &self.state.current);
        let source = self.state.reviewed_source()?;
        // The records writer says which file it is, and its hash where there is no photo: that asks the disk.
        let file = PhotoFile { name: source.name(), ..PhotoFile::default() };
        let sha256 = current.photo.as_ref().map_or("", |photo| photo.sha256());
        let mut review = Review::new(sha256, file, Timestamp::now());
        let is_same = |known: &&Review| current.photo.is_none() || known.sha256 == sha256;
        if let Some(known) = reviewing.record_of(source).filter(is_same) {
            let Review { sha256, changed, name, .. } = review;
            review = Review { sha256, changed, name, ..known.clone() };
        }
        if reviewing.note_of.as_ref() == Some(&key(source)) {
            review.note.clone_from(&reviewing.note);
        }
        review.reviewer = reviewing.reviewer.trim().to_owned();
        review.set_mask(self.mask_origin().as_ref());
        Some(review)
    }

    /// Keeps whose mask the photo has from now on, where a correction has changed that. What was decided stays, and who
    /// decided it.
    pub(super) fn keep_mask(&mut self) {
        let state = &*self.state;
        let Some(photo) = &state.current.photo else { return };
        let is_kept = self.capabilities.records && !state.reviewing.is_newer;
        // What is in memory alone is gone with the photo, and the sample has records only in the data directory.
        let is_on_disk = state.correction.save_state != SaveState::InMemory;
        let has_place = photo.source.path().is_some() || self.data.is_some();
        if !state.editing.is_open || !is_kept || !is_on_disk || !has_place {
            return;
        }
        // The journal's, whichever of both masks is shown just now.
        let correction = state.editing.history.as_ref().and_then(History::summary);
        let origin = MaskOrigin::that_counts(correction, self.network_run());
        let known = state.reviewing.record_of(&photo.source);
        let is_known = match known {
            Some(known) => known.has_mask(origin.as_ref()),
            None => origin.as_ref().and_then(MaskOrigin::correction).is_none(),
        };
        if is_known {
            return;
        }
        let decided_by =
            known.filter(|known| known.state != ReviewState::NotSeen).map(|known| known.reviewer.clone());
        let Some(mut review) = self.fresh_review() else { return };
        review.set_mask(origin.as_ref());
        review.reviewer = decided_by.unwrap_or(review.reviewer);
        self.put(review, None);
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
            is_threshold_auto: false,
            is_careful: segmentation.is_careful,
            has_second_look: segmentation.second_look.is_some(),
            steps: segmentation.steps(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// Shows the record of what is reviewed at once, and has it saved.
    pub(super) fn put(&mut self, review: Review, undone_by: Option<String>) {
        if let Some(source) = self.state.reviewed_source().cloned() {
            self.put_of(source, review, undone_by);
        }
    }

    /// Shows the record of a photo at once, and has it saved.
    pub(super) fn put_of(&mut self, source: PhotoSource, review: Review, undone_by: Option<String>) {
        self.state.reviewing.of.insert(key(&source), review.clone());
        self.save_review(source, review, undone_by);
    }

    fn save_review(&mut self, source: PhotoSource, review: Review, undone_by: Option<String>) {
        let request = RecordsRequest::Keep { source, review: Box::new(review), undone_by };
        self.effects.push(Effect::Records(request));
    }

    /// Asks for the records of a new list of photos.
    pub(super) fn load_reviews(&mut self) {
        let reviewing = &mut self.state.reviewing;
        reviewing.list += 1;
        (reviewing.of, reviewing.is_newer, reviewing.is_data_directory_said) = (HashMap::new(), false, false);
        (reviewing.note, reviewing.note_of, reviewing.filter) = (String::new(), None, ReviewFilter::All);
        reviewing.steps.clear();
        if self.capabilities.records {
            let list = reviewing.list;
            let sources = self.state.entries.iter().map(|entry| entry.source.clone()).collect();
            self.state.measuring.scales.ask();
            self.effects.push(Effect::Records(RecordsRequest::Load { list, sources }));
        }
    }

    /// Asks for the records of the list, to which a photo has come.
    pub(super) fn load_reviews_again(&mut self) {
        self.save_note();
        let (list, entries) = (self.state.reviewing.list, &self.state.entries);
        let sources = entries.iter().map(|entry| entry.source.clone()).collect();
        self.state.measuring.scales.ask();
        self.effects.push(Effect::Records(RecordsRequest::Load { list, sources }));
    }

    /// A record of other bytes under the same name, as of a damaged file that was copied again meanwhile, does not count
    /// for the photo on the canvas.
    pub(super) fn forget_record_of_other_bytes(&mut self) {
        let Some(photo) = &self.state.current.photo else { return };
        let is_other = |known: &Review| !known.sha256.is_empty() && known.sha256 != photo.sha256();
        let of = &mut self.state.reviewing.of;
        if of.get(&key(&photo.source)).is_some_and(is_other) {
            of.remove(&key(&photo.source));
        }
    }

    /// The note of what has come onto the canvas.
    pub(super) fn show_note(&mut self) {
        let source = self.state.reviewed_source().cloned();
        let reviewing = &mut self.state.reviewing;
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
            RecordsOutcome::Kept { source, review, result: Ok(place) } => {
                WindowEvent::ReviewKept { photo: &review.name, state: review.state, mask: review.mask }.emit();
                let reviewing = &mut self.state.reviewing;
                reviewing.unsaved.retain(|(unsaved, _)| *unsaved != source);
                // The hash of a file that could not be opened is known only now.
                if let Some(known) = reviewing.of.get_mut(&key(&source)).filter(|known| known.sha256.is_empty()) {
                    known.sha256.clone_from(&review.sha256);
                }
                if let Place::Away { reason: Some(reason) } = place {
                    self.say_data_directory(&reason);
                }
            }
            RecordsOutcome::Calibrated { source, change, result } => self.take_calibrated(source, change, result),
            RecordsOutcome::Kept { source, review, result: Err(error) } => {
                let reason = error.message();
                self.tell(
                    Severity::Failure,
                    words!("review-not-kept", name = review.name.as_str(), reason = reason.clone()),
                );
                let reviewing = &mut self.state.reviewing;
                reviewing.unsaved.retain(|(unsaved, _)| *unsaved != source);
                reviewing.unsaved.push((source, *review));
                reviewing.unsaved_reason = Some(reason);
            }
        }
    }
}
