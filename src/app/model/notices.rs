//! Notices: what went wrong or well, in a sentence that says what to do. They lie over the canvas until closed;
//! good news leaves by itself.

use std::time::Duration;

use crate::app::command::action::Action;
use crate::language::Words;

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Info,
    /// Something was passed over.
    Warning,
    /// Something did not work.
    Failure,
}

/// One notice.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub id: u64,
    /// How it is meant.
    pub severity: Severity,
    /// What it says, in whatever language the window speaks by then.
    pub words: Words,
    /// What can be done about it, by a button beside the words.
    pub offer: Option<Action>,
    /// Seconds of the window's clock at which it leaves; `None` stays until closed.
    pub until: Option<f64>,
}

/// How long good news stays.
const INFO_STAYS: Duration = Duration::from_secs(6);

/// How long what was just done can be taken back by a button.
const OFFER_STAYS: Duration = Duration::from_secs(5);

/// The most notices shown at once; the oldest make room.
const MOST: usize = 4;

/// The notices on the canvas, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    list: Vec<Notice>,
    next_id: u64,
}

impl Notices {
    /// Adds a notice at `now` seconds of the window's clock; one that says the same moves to the front.
    pub fn add(&mut self, severity: Severity, words: Words, now: f64) {
        self.list.retain(|notice| notice.words != words);
        let until = (severity == Severity::Info).then(|| now + INFO_STAYS.as_secs_f64());
        self.push(Notice { id: self.next_id, severity, words, offer: None, until });
    }

    /// Says what was just done, with a button for `action`; what was offered the same before has gone.
    pub fn offer(&mut self, words: Words, action: Action, now: f64) {
        self.withdraw(action);
        let until = Some(now + OFFER_STAYS.as_secs_f64());
        self.push(Notice { id: self.next_id, severity: Severity::Info, words, offer: Some(action), until });
    }

    /// Closes the notice that offers `action`.
    pub fn withdraw(&mut self, action: Action) {
        self.list.retain(|notice| notice.offer != Some(action));
    }

    fn push(&mut self, notice: Notice) {
        self.list.push(notice);
        self.next_id += 1;
        if self.list.len() > MOST {
            self.list.remove(0);
        }
    }

    /// Lets go of those whose time is over.
    pub fn expire(&mut self, now: f64) {
        self.list.retain(|notice| notice.until.is_none_or(|until| now < until));
    }

    /// Seconds of the window's clock at which the next one leaves.
    #[must_use]
    pub fn next_end(&self) -> Option<f64> {
        self.list.iter().filter_map(|notice| notice.until).min_by(f64::total_cmp)
    }

    /// Closes one.
    pub fn close(&mut self, id: u64) {
        self.list.retain(|notice| notice.id != id);
    }

    /// Closes the newest; false when there is none.
    pub fn close_newest(&mut self) -> bool {
        self.list.pop().is_some()
    }

    /// The notices, oldest first.
    #[must_use]
    pub fn list(&self) -> &[Notice] {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    #[test]
    fn good_news_leaves_and_failures_stay() {
        let mut notices = Notices::default();
        notices.add(Severity::Info, words!("ruler-used"), 0.0);
        notices.add(Severity::Failure, words!("crashed"), 0.0);
        notices.expire(100.0);
        assert_eq!(notices.list().len(), 1);
        assert!(notices.close_newest() && !notices.close_newest());
    }

    #[test]
    fn what_can_be_undone_is_offered_once_and_for_five_seconds() {
        let mut notices = Notices::default();
        notices.add(Severity::Failure, words!("crashed"), 0.0);
        notices.offer(words!("saved", path = "a"), Action::UndoDecision, 0.0);
        notices.offer(words!("saved", path = "b"), Action::UndoDecision, 1.0);
        let offers = |notices: &Notices| notices.list().iter().filter(|notice| notice.offer.is_some()).count();
        assert_eq!((offers(&notices), notices.next_end()), (1, Some(6.0)));
        notices.expire(5.9);
        assert_eq!(offers(&notices), 1);
        notices.expire(6.0);
        assert_eq!((offers(&notices), notices.list().len(), notices.next_end()), (0, 1, None));
        notices.offer(words!("saved", path = "c"), Action::UndoDecision, 7.0);
        notices.withdraw(Action::UndoDecision);
        assert_eq!(notices.list().len(), 1);
    }

    #[test]
    fn the_same_words_stand_once_and_the_oldest_makes_room() {
        let mut notices = Notices::default();
        let saved = |path: &str| words!("saved", path = path);
        for path in ["a", "b", "a", "c", "d", "e"] {
            notices.add(Severity::Failure, saved(path), 0.0);
        }
        let words: Vec<Words> = notices.list().iter().map(|notice| notice.words.clone()).collect();
        assert_eq!(words, ["a", "c", "d", "e"].map(saved));
    }
}
