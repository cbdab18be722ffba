//! Decisions on photos, the way on to the next, and back. A decision counts for what is on the canvas, never for a photo
//! that is still loading.

use jiff::Timestamp;

use super::Update;
use crate::app::command::action::Action;
use crate::app::model::notices::Severity;
use crate::app::model::review::{DecisionStep, MOST_STEPS, key};
use crate::app::names;
use crate::language::Words;
use crate::provenance::MaskSource;
use crate::records::{Review, ReviewState};
use crate::words;

impl Update<'_> {
    pub(super) fn go_to_next_open(&mut self) {
        match self.state.next_open() {
            Some(place) => self.select(place),
            None => self.tell(Severity::Info, words!("review-all-done", count = self.state.entries.len())),
        }
    }

    /// Decides as `action` says, and goes on.
    pub(super) fn decide_by(&mut self, action: Action) {
        self.decide_and_advance(match action {
            Action::Accept => ReviewState::Accepted,
            Action::Reject => ReviewState::Rejected,
            _ => ReviewState::Unsure,
        });
    }

    /// Decides on what is reviewed, and goes on to the next photo that the filter shows.
    fn decide_and_advance(&mut self, state: ReviewState) {
        let next = self.state.listed_after(1);
        if !self.decide(state) {
            return;
        }
        match next {
            Some(place) => self.select(place),
            None if self.state.next_open().is_none() => self.go_to_next_open(),
            None => self.tell(Severity::Info, words!("review-last-photo")),
        }
    }

    /// Decides on what is reviewed; false when there is nothing to decide on.
    pub(super) fn decide(&mut self, state: ReviewState) -> bool {
        if !self.state.can_decide(state) {
            if self.state.reviewing.is_newer {
                self.tell(Severity::Warning, words!("review-newer"));
            }
            return false;
        }
        let Some(source) = self.state.reviewed_source().cloned() else { return false };
        let Some(mut review) = self.fresh_review() else { return false };
        review.state = state;
        let reviewing = &mut self.state.reviewing;
        let before = reviewing.record_of(&source).map(|known| (known.state, known.reviewer.clone()));
        reviewing.steps.push(DecisionStep { source, before: before.unwrap_or_default() });
        let surplus = reviewing.steps.len().saturating_sub(MOST_STEPS);
        reviewing.steps.drain(..surplus);
        self.state.notices.offer(said(&review), Action::UndoDecision, self.now);
        self.put(review, None);
        true
    }

    /// Takes back the last decision of this list, and goes back to its photo. Its note and its mask stay as they are.
    pub(super) fn undo_decision(&mut self) {
        let Some(DecisionStep { source, before: (state, reviewer) }) = self.state.reviewing.steps.pop() else {
            self.tell(Severity::Info, words!("review-nothing-to-undo"));
            return;
        };
        self.save_note();
        let place = self.state.entries.iter().position(|entry| entry.source == source);
        let (Some(place), Some(known)) = (place, self.state.reviewing.of.get(&key(&source))) else { return };
        let review = Review { state, reviewer, changed: Timestamp::now(), ..known.clone() };
        self.state.notices.withdraw(Action::UndoDecision);
        let by = self.state.reviewing.reviewer.trim().to_owned();
        self.put_of(source, review, Some(by));
        if place != self.state.selected {
            self.select(place);
        }
    }
}

/// What was decided on which photo.
fn said(review: &Review) -> Words {
    let name = review.name.as_str();
    let decision = names::decision(review.state);
    match (review.state, review.mask) {
        (ReviewState::NotSeen, _) => words!("review-cleared", name = name),
        (_, MaskSource::Corrected) => words!("review-decided-corrected", decision = decision, name = name),
        (_, MaskSource::Drawn) => words!("review-decided-drawn", decision = decision, name = name),
        (_, MaskSource::Network | MaskSource::None) => words!("review-decided", decision = decision, name = name),
    }
}
