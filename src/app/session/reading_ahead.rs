//! Reading photographs before they are asked for: never before the one on the canvas is finished.

use std::time::Duration;

use super::wanted::WantedRequest;
use super::{PhotoSession, ask, is_same};
use crate::app::background::{InOrder, Newest};
use crate::app::tasks::read_ahead::{self, ReadAheadRequest};
use crate::app::update::effect::WindowEffect;
use crate::free_memory::free_bytes;

/// How long a frame waits for the word that a file is unchanged, and as long for its journal: a disk says it in a
/// fraction of a millisecond, and a share that is slower brings the photograph a frame later.
const LONGEST_CHECK: Duration = Duration::from_millis(5);

impl PhotoSession {
    /// Whether photographs are read before they are asked for, as far as the session may; what was read is forgotten.
    pub fn read_ahead(&mut self, is_on: bool) {
        let is_on = is_on && self.capabilities.reading_ahead;
        let budget_bytes = if is_on { read_ahead::budget_bytes(free_bytes()) } else { 0 };
        drop(self.update(0.0, |update| update.set_read_ahead_budget(budget_bytes)));
    }

    /// Has the photograph at `wanted` read ahead, once nothing is left to do for the one on the canvas. What is under way
    /// goes on for as long as it is wanted.
    pub(super) fn ask_to_read_ahead(
        &mut self,
        asked: &Option<WantedRequest<ReadAheadRequest>>,
        wanted: Option<WantedRequest<ReadAheadRequest>>,
        now: f64,
    ) {
        let Some(work) = &self.read_ahead else { return };
        let is_asked = |wish: &WantedRequest<ReadAheadRequest>| is_same(asked.as_ref(), wish);
        let is_canvas_finished = self.analysis.is_idle()
            && self.inspection.as_ref().is_none_or(Newest::is_idle)
            && self.journal.as_ref().is_none_or(InOrder::is_idle);
        let wanted = wanted.filter(|wish| is_canvas_finished || is_asked(wish));
        let is_given_up = asked.is_some() && !wanted.as_ref().is_some_and(is_asked);
        ask(work, &(), asked, &wanted, |request| request);
        self.asked.read_ahead = wanted;
        if is_given_up {
            drop(self.update(now, |update| update.give_up_reading_ahead()));
        }
    }

    /// Shows the photograph that was asked for now, where it is in memory: waits a moment for the word that its file is
    /// still the one that was read, and for what its journal says, which spares the person a frame of the photograph before.
    #[must_use]
    pub fn show_known(&mut self, now: f64) -> Vec<WindowEffect> {
        let is_known = self.asked.open.as_ref().is_some_and(|asked| asked.request.known.is_some());
        if !is_known {
            return Vec::new();
        }
        self.analysis.wait_for_outcome(LONGEST_CHECK);
        let mut effects = self.proceed(now);
        if self.state.read_ahead.holds_outline()
            && let Some(journal) = &self.journal
        {
            journal.wait_for_outcome(LONGEST_CHECK);
            effects.extend(self.proceed(now));
        }
        effects
    }
}
