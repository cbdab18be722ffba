//! Correcting the mask: the journal's outcomes, and steps that are done.
//!
//! Painting happens here because the person waits for it; edits of the whole mask and everything that touches the disk
//! happen in the journal writer. A stroke waits until the one before it is on the disk, so that no kill ever loses two.

use std::sync::Arc;

use super::Update;
use super::effect::{Effect, PictureChange};
use crate::app::events::WindowEvent;
use crate::app::model::correction::{Edited, REACH_PX, SaveState};
use crate::app::model::editing::{Editing, JournalState};
use crate::app::model::notices::Severity;
use crate::correction::journal::{Binding, JournalError, Record, Replay};
use crate::correction::{Act, History, JournalEnd, JournalOutcome, JournalRequest, Step};
use crate::geometry::area::Area;
use crate::geometry::toggles::Toggles;
use crate::mask::Mask;
use crate::words;

impl Update<'_> {
    /// A new photo is on the canvas: looks for its journal.
    pub(super) fn correct_new_photo(&mut self) {
        self.end_correction_of_photo();
        let Some(photo) = self.state.current.photo.clone() else { return };
        let longest = photo.width().max(photo.height());
        let correction = &mut self.state.correction;
        correction.reach_px = (longest / 500).clamp(*REACH_PX.start(), *REACH_PX.end());
        if correction.brush_px == 0.0 {
            correction.brush_px = (longest as f32 / 40.0).round().max(3.0);
        }
        self.state.editing.photo = self.state.current.number;
        if self.capabilities.corrections && self.capabilities.records {
            self.state.editing.journal = JournalState::Opening;
            self.effects.push(Effect::Journal(JournalRequest::Open {
                photo: self.state.editing.photo,
                source: photo.source.clone(),
                data: self.data.cloned(),
                binding: Binding { sha256: photo.sha256().to_owned(), size: photo.size() },
            }));
        }
    }

    /// The photo leaves the canvas: what was done to it is on the disk or on its way.
    pub(super) fn end_correction_of_photo(&mut self) {
        self.drop_stroke();
        self.end_editing();
        self.state.correction.clear();
        self.effects.push(PictureChange::PaintEnded.into());
        self.state.editing = Editing::default();
    }

    /// Says in the journal that correcting has ended, where it had begun.
    pub fn end_editing(&mut self) {
        self.keep_mask();
        if std::mem::take(&mut self.state.editing.is_open) {
            self.effects.push(Effect::Journal(JournalRequest::End {
                photo: self.state.editing.photo,
                reviewer: self.state.reviewing.reviewer.trim().to_owned(),
            }));
        }
    }

    /// Has the beginning, where it is not in the journal yet, and `records` written.
    pub(super) fn write_records(&mut self, records: Vec<Record>) -> SaveState {
        let editing = &mut self.state.editing;
        if editing.journal != JournalState::Open {
            return SaveState::InMemory;
        }
        let mut all = Vec::new();
        if let Some((origin, toggles)) = editing.begin.take() {
            all.push(Record::Begin { origin, toggles });
        }
        if !std::mem::replace(&mut editing.is_open, true) {
            all.push(Record::Opened);
        }
        all.extend(records);
        editing.unsaved += 1;
        let photo = editing.photo;
        self.effects.push(Effect::Journal(JournalRequest::Keep { photo, records: all }));
        SaveState::Writing
    }

    /// Takes what the journal writer says. What it says of an older photo counts only where it failed.
    pub fn take_journal(&mut self, outcome: JournalOutcome) {
        let current = self.state.editing.photo;
        match outcome {
            JournalOutcome::Opened { photo, has_journal, replay, trouble, end } if photo == current => {
                self.state.editing.journal = if has_journal { JournalState::Open } else { JournalState::None };
                self.state.editing.is_damaged = end == JournalEnd::Broken || trouble.is_some();
                if let Some(trouble) = trouble {
                    // Until the person has seen it: what is shown is a part, or not what was corrected.
                    self.tell(Severity::Failure, trouble.message());
                }
                match end {
                    JournalEnd::Whole => {}
                    JournalEnd::Broken => self.tell(Severity::Warning, words!("correct-broken-tail")),
                    JournalEnd::Unknown => self.tell(Severity::Warning, words!("correct-unknown-end")),
                }
                self.take_replay(replay);
            }
            JournalOutcome::Kept { photo, result, away } if photo == current => {
                if let Some(reason) = away {
                    self.say_data_directory(&reason);
                }
                self.take_kept(result);
            }
            JournalOutcome::Changed { photo, act, toggles } if photo == current => self.take_change(act, toggles),
            JournalOutcome::NotLogged { error } => {
                self.tell(Severity::Warning, words!("not-logged", reason = error.message()));
            }
            JournalOutcome::NoPicture { error } => self.tell(Severity::Warning, error.message()),
            JournalOutcome::Kept { result: Err(error), .. } => self.tell(Severity::Failure, error.message()),
            JournalOutcome::Opened { .. } | JournalOutcome::Kept { .. } | JournalOutcome::Changed { .. } => {
                log::debug!("what the journal says of an older photo is dropped");
            }
        }
        self.show_held_outline();
        self.do_queued_edits();
    }

    /// The journal writer met a fault of our own; it goes on with the next request.
    pub fn take_journal_panic(&mut self) {
        self.state.correction.is_working = false;
        if self.state.editing.journal == JournalState::Opening {
            self.state.editing.journal = JournalState::None;
        }
        self.show_held_outline();
        if self.state.editing.unsaved > 0 {
            (self.state.editing.unsaved, self.state.editing.is_failing) = (0, true);
            self.state.correction.save_state = SaveState::InMemory;
        }
        self.tell(Severity::Failure, words!("correct-crashed"));
        self.do_queued_edits();
    }

    fn take_kept(&mut self, result: Result<(), JournalError>) {
        let editing = &mut self.state.editing;
        editing.unsaved = editing.unsaved.saturating_sub(1);
        editing.is_failing = result.is_err();
        self.state.correction.save_state = match (editing.is_failing, editing.unsaved) {
            (true, _) => SaveState::InMemory,
            (false, 0) => SaveState::Saved,
            (false, _) => SaveState::Writing,
        };
        match result {
            Ok(()) => WindowEvent::CorrectionKept { steps: self.state.correction.done }.emit(),
            Err(error) => self.tell(Severity::Failure, error.message()),
        }
    }

    fn take_replay(&mut self, replay: Option<Replay>) {
        let Some(replay) = replay.filter(|replay| replay.history().is_some()) else { return };
        let unended = replay.unended_steps();
        self.state.editing.found = Some(replay);
        if unended > 0 {
            WindowEvent::Unended { steps: unended }.emit();
            self.state.correction.unended = Some(unended);
        } else {
            self.restore_correction(true);
        }
    }

    /// Takes the mask that the journal told of, all of it or without what was under way when the program was killed.
    /// What is given up can be redone.
    pub(super) fn restore_correction(&mut self, is_whole: bool) {
        let Some(replay) = self.state.editing.found.take() else { return };
        self.state.correction.unended = None;
        let unended = replay.unended_steps();
        self.state.editing.is_open = replay.is_open();
        let Some(mut history) = replay.history().cloned() else { return };
        let mut records = Vec::new();
        if !is_whole {
            records.extend((0..unended).filter_map(|_| history.undo()).map(|_| Record::Undo));
        }
        self.state.editing.adopt(history);
        self.state.correction.save_state = SaveState::Saved;
        if !records.is_empty() {
            self.state.correction.save_state = self.write_records(records);
        }
        if !self.state.correction.is_on {
            self.end_editing();
        }
        self.show_edited(None);
        self.refresh_table();
        WindowEvent::Restored { steps: self.state.correction.done }.emit();
    }

    /// What was worked out becomes a step, or the beginning.
    fn take_change(&mut self, act: Act, toggles: Toggles) {
        self.state.correction.is_working = false;
        let Some(photo) = &self.state.current.photo else { return };
        match (act, &mut self.state.editing.history) {
            (Act::Start(origin), None) => {
                let mut mask = Mask::empty(photo.size());
                toggles.apply(&mut mask);
                self.state.editing.begin = Some((origin.clone(), toggles));
                self.state.editing.adopt(History::begin(origin, mask));
                self.effects.push(PictureChange::PaintEnded.into());
                WindowEvent::Correcting.emit();
            }
            (act, Some(_)) if !toggles.is_empty() => {
                if let Some(live) = &mut self.state.editing.live {
                    toggles.apply(live);
                }
                self.push_step(act, toggles);
            }
            _ => {}
        }
    }

    /// A step is done: into the history, the journal, onto the canvas.
    pub(super) fn push_step(&mut self, act: Act, toggles: Toggles) {
        let Some(history) = &mut self.state.editing.history else { return };
        self.state.editing.is_damaged = false;
        let step = Arc::new(Step::now(act, toggles));
        let area = history.push(Arc::clone(&step));
        let surplus = history.surplus();
        history.forget(surplus);
        let mut records = vec![Record::Step(step)];
        if surplus > 0 {
            records.push(Record::Forget(surplus as u32));
        }
        self.state.correction.save_state = self.write_records(records);
        self.show_edited(area);
    }

    /// The history's mask is the lesion from now on; it has changed in `area`.
    pub(super) fn show_edited(&mut self, area: Option<Area>) {
        let Some(history) = &self.state.editing.history else { return };
        let correction = &mut self.state.correction;
        (correction.done, correction.undone) = (history.done().len(), history.undone().len());
        if let Some(area) = area {
            self.effects.push(PictureChange::Painted(area).into());
        }
        WindowEvent::Corrected { steps: correction.done, area_px: history.mask().area_px() }.emit();
        self.state.current.edited = Some(Edited { mask: Arc::clone(history.mask()), is_used: true });
    }
}
