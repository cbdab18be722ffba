//! [`FilesAhead`]: prefetches the files that a batch reads next, so that they are in memory when a core wants them. Where
//! photographs come from a disk, waiting for it is a tenth of the time of `segment` on one core.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Inputs whose files are asked for before they are needed. More would be put out of a small memory again.
const AHEAD: usize = 4;

/// The inputs of a batch, and how many of them were asked for.
pub(super) struct FilesAhead<'a, In, Ask> {
    inputs: &'a [In],
    ask: Ask,
    asked: AtomicUsize,
}

impl<'a, In, Ask: Fn(&In)> FilesAhead<'a, In, Ask> {
    /// Asks for the files of the first of `inputs`, by `ask`.
    pub(super) fn of(inputs: &'a [In], ask: Ask) -> Self {
        let ahead = Self { inputs, ask, asked: AtomicUsize::new(0) };
        (0..AHEAD).for_each(|_| ahead.one_more());
        ahead
    }

    /// Asks for those of one more: another input is begun.
    pub(super) fn one_more(&self) {
        if let Some(input) = self.inputs.get(self.asked.fetch_add(1, Ordering::Relaxed)) {
            (self.ask)(input);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn each_input_is_asked_for_once_and_some_before_the_first_is_begun() {
        let (inputs, asked) = ([3, 1, 4, 1, 5, 9], Mutex::new(Vec::new()));
        let ahead = FilesAhead::of(&inputs, |&input: &i32| asked.lock().unwrap().push(input));
        assert_eq!(*asked.lock().unwrap(), [3, 1, 4, 1]);
        ahead.one_more();
        assert_eq!(*asked.lock().unwrap(), [3, 1, 4, 1, 5]);
        (0..10).for_each(|_| ahead.one_more());
        assert_eq!(*asked.lock().unwrap(), inputs);
    }
}
