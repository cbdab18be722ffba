//! How far it is that a fresh process takes the place of this one, as plain data.

use std::rc::Rc;

use super::lookout::Sight;
use super::supervised::Supervised;

/// How far the replacement is.
pub(super) struct Replacement {
    pub(super) supervised: Option<Rc<Supervised>>,
    /// Since when something of a photograph may be in memory.
    pub(super) due_since: Option<f64>,
    pub(super) is_asked_for: bool,
    pub(super) is_touch_told: bool,
}

impl Replacement {
    pub(super) fn new(supervised: Option<Rc<Supervised>>) -> Self {
        Self { supervised, due_since: None, is_asked_for: false, is_touch_told: false }
    }

    /// A photograph was read, if `sight` tells of one.
    pub(super) fn note(&mut self, sight: &Sight, now: f64) {
        match sight {
            Sight::Arrived(_) | Sight::LostInCopy(_) => self.due_since = Some(now),
            Sight::Copying(count) if *count > 0 => self.due_since = self.due_since.or(Some(now)),
            Sight::Copying(_)
            | Sight::Gone(_)
            | Sight::ForgottenGone(_)
            | Sight::FolderGone(_)
            | Sight::Unreadable { .. }
            | Sight::Readable
            | Sight::Panicked => {}
        }
    }
}
