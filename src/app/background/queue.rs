//! The queue below both kinds of background work: waiting requests, the one that is carried out, and outcomes that were
//! not taken yet, all under one lock, so that 'idle' and 'stale' are exact.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Outbox, Precedence, Report, Task};

pub(super) struct TaskQueue<K, R, O> {
    state: Mutex<QueueState<K, R, O>>,
    /// A request has come, an outcome was taken, or the end.
    changed: Condvar,
    precedence: Precedence,
    most_outcomes: usize,
}

struct QueueState<K, R, O> {
    waiting: VecDeque<(K, R)>,
    running: Option<K>,
    outcomes: VecDeque<(K, Report<O>)>,
    /// The newest request of each key that waits, runs or has outcomes; counts requests.
    tickets: HashMap<K, u64>,
    next_ticket: u64,
    is_closed: bool,
    has_ended: bool,
}

impl<K: Clone + Eq + Ord + Hash, R, O> QueueState<K, R, O> {
    fn put(&mut self, key: K, request: R) {
        self.tickets.insert(key.clone(), self.next_ticket);
        self.next_ticket += 1;
        self.waiting.push_back((key, request));
    }

    fn forget(&mut self, key: &K) {
        self.tickets.remove(key);
        self.waiting.retain(|(other, _)| other != key);
        self.outcomes.retain(|(other, report)| other != key || matches!(report, Report::Panicked));
    }

    /// A key that neither waits, runs nor has outcomes needs no ticket any more.
    fn tidy(&mut self, key: &K) {
        let is_waiting = self.waiting.iter().any(|(other, _)| other == key);
        let has_outcomes = self.outcomes.iter().any(|(other, _)| other == key);
        if !is_waiting && !has_outcomes && self.running.as_ref() != Some(key) {
            self.tickets.remove(key);
        }
    }
}

impl<K: Clone + Eq + Ord + Hash, R, O> TaskQueue<K, R, O> {
    pub(super) fn new(precedence: Precedence, most_outcomes: usize) -> Self {
        let state = QueueState {
            waiting: VecDeque::new(),
            running: None,
            outcomes: VecDeque::new(),
            tickets: HashMap::new(),
            next_ticket: 0,
            is_closed: false,
            has_ended: false,
        };
        Self { state: Mutex::new(state), changed: Condvar::new(), precedence, most_outcomes }
    }

    fn lock(&self) -> MutexGuard<'_, QueueState<K, R, O>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, QueueState<K, R, O>>) -> MutexGuard<'a, QueueState<K, R, O>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn replace(&self, key: K, request: R) {
        let mut state = self.lock();
        state.forget(&key);
        state.put(key, request);
        if let Precedence::Latest { most } = self.precedence {
            while state.waiting.len() > most
                && let Some((oldest, _)) = state.waiting.pop_front()
            {
                state.tickets.remove(&oldest);
            }
        }
        drop(state);
        self.changed.notify_all();
    }

    pub(super) fn is_asked(&self, key: &K) -> bool {
        self.lock().tickets.contains_key(key)
    }

    pub(super) fn cancel(&self, key: &K) {
        self.lock().forget(key);
        self.changed.notify_all();
    }

    pub(super) fn cancel_all(&self) {
        let mut state = self.lock();
        state.waiting.clear();
        state.tickets.clear();
        state.outcomes.retain(|(_, report)| matches!(report, Report::Panicked));
        drop(state);
        self.changed.notify_all();
    }

    pub(super) fn poll(&self) -> Option<Report<O>> {
        let mut state = self.lock();
        let (key, report) = state.outcomes.pop_front()?;
        state.tidy(&key);
        drop(state);
        self.changed.notify_all();
        Some(report)
    }

    pub(super) fn is_idle(&self) -> bool {
        let state = self.lock();
        state.waiting.is_empty() && state.running.is_none() && state.outcomes.is_empty()
    }

    #[cfg(test)]
    pub(super) fn is_done(&self) -> bool {
        let state = self.lock();
        state.waiting.is_empty() && state.running.is_none()
    }

    pub(super) fn wait_for_outcome(&self, longest: Duration) {
        let is_open = |state: &mut QueueState<K, R, O>| {
            state.outcomes.is_empty() && (state.running.is_some() || !state.waiting.is_empty())
        };
        let waited = self.changed.wait_timeout_while(self.lock(), longest, is_open);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    pub(super) fn wait_for_end(&self, longest: Duration) {
        let is_running = |state: &mut QueueState<K, R, O>| !state.has_ended;
        let waited = self.changed.wait_timeout_while(self.lock(), longest, is_running);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// What waits is carried out at the end, or given up.
    fn is_drained(&self) -> bool {
        self.precedence == Precedence::First
    }

    fn next(&self, state: &mut QueueState<K, R, O>) -> Option<(K, R)> {
        match self.precedence {
            Precedence::First => state.waiting.pop_front(),
            Precedence::Latest { .. } => state.waiting.pop_back(),
            Precedence::SmallestKey => {
                let places = state.waiting.iter().enumerate();
                let (place, _) = places.min_by(|(_, (one, _)), (_, (other, _))| one.cmp(other))?;
                state.waiting.remove(place)
            }
        }
    }

    /// Waits for a request; `None` at the end.
    fn take(&self) -> Option<(K, R, u64)> {
        let mut state = self.lock();
        loop {
            if state.is_closed && (!self.is_drained() || state.waiting.is_empty()) {
                return None;
            }
            if let Some((key, request)) = self.next(&mut state) {
                let ticket = state.tickets.get(&key).copied().unwrap_or_default();
                state.running = Some(key.clone());
                return Some((key, request, ticket));
            }
            state = self.wait(state);
        }
    }

    fn is_stale(&self, key: &K, ticket: u64) -> bool {
        let state = self.lock();
        (state.is_closed && !self.is_drained()) || state.tickets.get(key) != Some(&ticket)
    }

    /// Lays an outcome down for the window, as soon as there is room; false when it no longer counts.
    fn lay_down(&self, key: &K, ticket: u64, outcome: O) -> bool {
        let mut state = self.lock();
        while state.outcomes.len() >= self.most_outcomes && !state.is_closed {
            state = self.wait(state);
        }
        let counts = state.tickets.get(key) == Some(&ticket) && !state.is_closed;
        if counts {
            state.outcomes.push_back((key.clone(), Report::Outcome(outcome)));
            self.changed.notify_all();
        }
        counts
    }

    /// The request is done, but for `rest`, or ended by a panic.
    fn finish(&self, key: &K, ticket: u64, rest: Option<R>, has_panicked: bool) {
        let mut state = self.lock();
        state.running = None;
        if has_panicked && !state.is_closed {
            state.outcomes.push_back((key.clone(), Report::Panicked));
        }
        match rest {
            Some(rest) if state.tickets.get(key) == Some(&ticket) => state.waiting.push_back((key.clone(), rest)),
            _ => state.tidy(key),
        }
        self.changed.notify_all();
    }
}

impl<R, O> TaskQueue<u64, R, O> {
    pub(super) fn append(&self, request: R, most: usize) -> Result<(), R> {
        let mut state = self.lock();
        if state.waiting.len() >= most {
            return Err(request);
        }
        let key = state.next_ticket;
        state.put(key, request);
        drop(state);
        self.changed.notify_all();
        Ok(())
    }
}

/// Tells whoever waits for the end of the thread that it is there.
struct EndOfThread<'a, K: Clone + Eq + Ord + Hash, R, O>(&'a TaskQueue<K, R, O>);

impl<K: Clone + Eq + Ord + Hash, R, O> Drop for EndOfThread<'_, K, R, O> {
    fn drop(&mut self) {
        self.0.lock().has_ended = true;
        self.0.changed.notify_all();
    }
}

/// Makes the task and carries out requests until the end.
pub(super) fn work<K, T>(queue: &TaskQueue<K, T::Request, T::Outcome>, make: impl FnOnce() -> T, wake: &dyn Fn())
where
    K: Clone + Eq + Ord + Hash,
    T: Task,
{
    // Declared first and so dropped last: the task has let go of its engine when the end is told.
    let _end = EndOfThread(queue);
    let mut task = make();
    while let Some((key, request, ticket)) = queue.take() {
        let send = |outcome| {
            if queue.lay_down(&key, ticket, outcome) {
                wake();
            }
        };
        let is_stale = || queue.is_stale(&key, ticket);
        let out = Outbox { send: &send, is_stale: &is_stale };
        let done = catch_unwind(AssertUnwindSafe(|| {
            #[cfg(test)]
            super::testing::panic_if_wanted();
            task.run(request, &out)
        }));
        let has_panicked = done.is_err();
        if has_panicked && catch_unwind(AssertUnwindSafe(|| task.recover())).is_err() {
            log::error!("a background task did not recover from a panic");
        }
        queue.finish(&key, ticket, done.unwrap_or_default(), has_panicked);
        wake();
    }
}
