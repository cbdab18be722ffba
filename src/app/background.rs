//! Background work of the window, in its two kinds, each on a thread of its own.
//!
//! [`Newest`]: of the requests with the same key only the newest counts; it replaces the one before, whose outcomes
//! are dropped here and nowhere else. What is left at the end is given up.
//! [`InOrder`]: every request is carried out, one after the other, also those that are left at the end.
//!
//! Both are named and bounded, a panic in a request becomes [`Report::Panicked`] and the thread goes on, and the window
//! is woken after each outcome. Neither makes the window wait, unless it asks to, for a moment
//! ([`Newest::wait_for_outcome`]).

mod queue;

use std::hash::Hash;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use self::queue::TaskQueue;

/// Outcomes that may lie ready before the thread waits for the window to take them.
const MOST_OUTCOMES: usize = 64;

/// The same where the latest goes first: those are pictures, of up to 4 MB each.
const MOST_PICTURES: usize = 4;

/// How long the end of the program waits for a request that is given up: a share that hangs must not hold the window.
const LONGEST_END: Duration = Duration::from_secs(5);

/// What a thread does: it owns whatever stays loaded between requests.
pub trait Task {
    /// What it is asked for.
    type Request: Send + 'static;
    /// What it has to say.
    type Outcome: Send + 'static;

    /// Carries out `request`. A long one may do a part and return the rest, which then waits its turn again.
    fn run(&mut self, request: Self::Request, out: &Outbox<'_, Self::Outcome>) -> Option<Self::Request>;

    /// Makes itself whole again after a panic: what was loaded may be in any state.
    fn recover(&mut self) {}
}

/// Which requests replace each other, and which goes first.
pub trait Keyed {
    /// Equal keys replace each other.
    type Key: Clone + Eq + Ord + Hash + Send + 'static;

    /// The request's key.
    fn key(&self) -> Self::Key;
}

/// Where a request's outcomes go.
pub struct Outbox<'a, O> {
    send: &'a dyn Fn(O),
    is_stale: &'a dyn Fn() -> bool,
}

impl<O> Outbox<'_, O> {
    /// Hands an outcome to the window; one of a request that was replaced is dropped.
    pub fn send(&self, outcome: O) {
        (self.send)(outcome);
    }

    /// Whether the request was replaced or given up, so that work on it is wasted.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        (self.is_stale)()
    }
}

/// What a thread has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report<O> {
    /// An outcome of a request that still counts.
    Outcome(O),
    /// A request ended by a panic; the thread goes on with the next.
    Panicked,
}

/// Which of several waiting requests goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precedence {
    /// The one that was asked for first; none is given up. [`InOrder`] has it.
    First,
    /// The one with the smallest key.
    SmallestKey,
    /// The one that was asked for last; beyond this number the oldest are forgotten.
    Latest {
        /// Requests that may wait.
        most: usize,
    },
}

type QueueOf<T> = TaskQueue<<<T as Task>::Request as Keyed>::Key, <T as Task>::Request, <T as Task>::Outcome>;

/// Work of which only the newest of each key counts.
pub struct Newest<T: Task>
where
    T::Request: Keyed,
{
    queue: Arc<QueueOf<T>>,
}

impl<T> Newest<T>
where
    T: Task + 'static,
    T::Request: Keyed,
{
    /// Starts the thread `name`, which makes its task itself. `wake` is called after each outcome.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        name: &str,
        precedence: Precedence,
        make: impl FnOnce() -> T + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let most_outcomes = match precedence {
            Precedence::Latest { most } => most.min(MOST_PICTURES),
            Precedence::First | Precedence::SmallestKey => MOST_OUTCOMES,
        };
        let queue = Arc::new(TaskQueue::new(precedence, most_outcomes));
        let theirs = Arc::clone(&queue);
        spawn(name, move || queue::work(&theirs, make, &wake))?;
        Ok(Self { queue })
    }

    /// Asks for `request` instead of the one before with the same key.
    pub fn send(&self, request: T::Request) {
        self.queue.replace(request.key(), request);
    }

    /// Asks for `request` unless one with the same key waits, is carried out or has outcomes that were not taken.
    pub fn send_once(&self, request: T::Request) {
        if !self.queue.is_asked(&request.key()) {
            self.send(request);
        }
    }

    /// Gives up the request with this key; none of its outcomes comes any more.
    pub fn cancel(&self, key: &<T::Request as Keyed>::Key) {
        self.queue.cancel(key);
    }

    /// Gives up all requests.
    pub fn cancel_all(&self) {
        self.queue.cancel_all();
    }

    /// The next outcome, without waiting.
    #[must_use]
    pub fn poll(&self) -> Option<Report<T::Outcome>> {
        self.queue.poll()
    }

    /// Waits until an outcome is there, or the thread has nothing to do, for no longer than this.
    pub fn wait_for_outcome(&self, longest: Duration) {
        self.queue.wait_for_outcome(longest);
    }

    /// Whether everything that was asked for is done and taken.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.queue.is_idle()
    }

    /// Whether everything that was asked for is done, taken or not.
    #[cfg(test)]
    pub(crate) fn is_done(&self) -> bool {
        self.queue.is_done()
    }
}

impl<T: Task> Drop for Newest<T>
where
    T::Request: Keyed,
{
    fn drop(&mut self) {
        self.queue.close();
        self.queue.wait_for_end(LONGEST_END);
    }
}

/// Work of which nothing is ever dropped.
pub struct InOrder<T: Task> {
    queue: Arc<TaskQueue<u64, T::Request, T::Outcome>>,
    most: usize,
    thread: Option<JoinHandle<()>>,
}

impl<T: Task + 'static> InOrder<T> {
    /// Starts the thread `name`, which makes its task itself and lets `most` requests wait. `wake` is called after each
    /// outcome.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        name: &str,
        most: usize,
        make: impl FnOnce() -> T + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let queue = Arc::new(TaskQueue::new(Precedence::First, usize::MAX));
        let theirs = Arc::clone(&queue);
        let thread = spawn(name, move || queue::work(&theirs, make, &wake))?;
        Ok(Self { queue, most, thread: Some(thread) })
    }

    /// Asks for `request`, after all that was asked for before.
    ///
    /// # Errors
    /// The request itself, when as many wait as may.
    pub fn send(&self, request: T::Request) -> Result<(), T::Request> {
        self.queue.append(request, self.most)
    }

    /// The next outcome, without waiting.
    #[must_use]
    pub fn poll(&self) -> Option<Report<T::Outcome>> {
        self.queue.poll()
    }

    /// As [`Newest::wait_for_outcome`].
    pub fn wait_for_outcome(&self, longest: Duration) {
        self.queue.wait_for_outcome(longest);
    }

    /// Whether everything that was asked for is done and taken.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.queue.is_idle()
    }
}

impl<T: Task> Drop for InOrder<T> {
    fn drop(&mut self) {
        self.queue.close();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("a background thread ended by a panic");
        }
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work)
}

/// For tests of what stands on this: a thread's next request panics.
#[cfg(test)]
pub(crate) mod testing {
    use std::sync::{Mutex, PoisonError};

    static WANTED: Mutex<Vec<String>> = Mutex::new(Vec::new());

    /// The next request of the thread of that name panics. Only for threads that one test alone has.
    pub(crate) fn panic_next(thread: &str) {
        WANTED.lock().unwrap_or_else(PoisonError::into_inner).push(thread.to_owned());
    }

    pub(super) fn panic_if_wanted() {
        let thread = std::thread::current();
        let mut wanted = WANTED.lock().unwrap_or_else(PoisonError::into_inner);
        let place = wanted.iter().position(|name| Some(name.as_str()) == thread.name());
        let is_wanted = place.map(|place| wanted.remove(place)).is_some();
        drop(wanted);
        assert!(!is_wanted, "a panic that a test asked for");
    }
}

#[cfg(test)]
mod tests;
