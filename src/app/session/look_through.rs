//! Looking through the photographs of the list: never before the one on the canvas is finished and its neighbours are read.

use super::wanted::WantedRequest;
use super::{PhotoSession, ask, is_same};
use crate::app::background::{InOrder, Newest};
use crate::app::tasks::look_through::LookThroughRequest;

impl PhotoSession {
    /// Has the photograph at `wanted` looked at, once nothing else is left to do. What is under way goes on for as long as
    /// it is wanted.
    pub(super) fn ask_to_look_through(
        &mut self,
        asked: &Option<WantedRequest<LookThroughRequest>>,
        wanted: Option<WantedRequest<LookThroughRequest>>,
    ) {
        let Some(work) = &self.look_through else { return };
        let is_free = self.analysis.is_idle()
            && self.inspection.as_ref().is_none_or(Newest::is_idle)
            && self.journal.as_ref().is_none_or(InOrder::is_idle)
            && self.read_ahead.as_ref().is_none_or(Newest::is_idle);
        let wanted = wanted.filter(|wish| is_free || is_same(asked.as_ref(), wish));
        ask(work, &(), asked, &wanted, |request| request);
        self.asked.look_through = wanted;
    }
}
