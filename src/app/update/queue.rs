//! The photographs that a person should look at first: the order, the way to the next doubtful one, and looking through those
//! that nobody has opened.

use super::Update;
use crate::app::command::action::Action;
use crate::app::model::notices::Severity;
use crate::app::model::review::ReviewFilter;
use crate::app::tasks::look_through::LookedThrough;
use crate::photo::PhotoSource;
use crate::words;

impl Update<'_> {
    /// Begins to look through the photographs of the list that nobody has looked at, or stops.
    pub(super) fn toggle_look_through(&mut self) {
        if !self.capabilities.comparison || self.state.entries.is_empty() {
            return;
        }
        let queue = &mut self.state.queue;
        if queue.is_looking_through {
            queue.is_looking_through = false;
        } else if !self.state.knows_doubt() {
            self.tell(Severity::Info, words!("queue-no-doubt"));
        } else if self.state.next_to_look_at().is_none() {
            self.say_looked_through();
        } else {
            self.state.queue.is_looking_through = true;
        }
    }

    /// Another list, or another network, is not looked through unless it is asked for.
    pub(super) fn stop_looking_through(&mut self) {
        self.state.queue.is_looking_through = false;
    }

    /// Takes what came of a photograph in the background.
    pub fn take_looked_through(&mut self, LookedThrough { source, doubt }: LookedThrough) {
        self.state.note_doubt(&source, doubt);
        self.end_looking_through();
    }

    /// Looking at that photograph met a fault of our own; the others are looked at.
    pub fn take_look_through_panic(&mut self, source: Option<PhotoSource>) {
        match source {
            Some(source) => self.state.note_doubt(&source, None),
            None => self.stop_looking_through(),
        }
        self.end_looking_through();
    }

    fn end_looking_through(&mut self) {
        if self.state.queue.is_looking_through && self.state.next_to_look_at().is_none() {
            self.state.queue.is_looking_through = false;
            self.say_looked_through();
        }
    }

    fn say_looked_through(&mut self) {
        let (count, doubtful) = (self.state.looked_at(), self.state.count(ReviewFilter::Doubtful));
        let words = words!("queue-looked-through", count = count, doubtful = doubtful);
        if doubtful == 0 {
            self.tell(Severity::Info, words);
        } else {
            self.state.notices.offer(words, Action::NextDoubtful, self.now);
        }
    }

    pub(super) fn go_to_next_doubtful(&mut self) {
        if let Some(place) = self.state.next_doubtful() {
            self.select(place);
            return;
        }
        let key = self.state.preferences.keys.shown(Action::LookThrough);
        let words = match self.state.next_to_look_at() {
            _ if !self.state.knows_doubt() => words!("queue-no-doubt"),
            Some(_) => words!("queue-not-looked-through", key = key),
            None => words!("queue-none-doubtful"),
        };
        self.tell(Severity::Info, words);
    }
}
