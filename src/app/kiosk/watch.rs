//! The thread that looks into the watched folders, again and again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::lookout::{Lookout, Sight};

/// Looks; a panic is a sight, once until a look succeeds.
fn look_safely(lookout: &mut Lookout, has_panicked: &mut bool, say: &mut dyn FnMut(Sight)) {
    match catch_unwind(AssertUnwindSafe(|| lookout.look(say))) {
        // A folder that cannot be read stays said.
        Ok(()) if std::mem::take(has_panicked) && !lookout.is_unreadable() => say(Sight::Readable),
        Ok(()) => {}
        Err(_) if std::mem::replace(has_panicked, true) => {}
        Err(_) => {
            log::error!("scanning the watched folders panicked");
            say(Sight::Panicked);
        }
    }
}

/// Handle on the watching thread; it ends when the handle is dropped.
pub struct Watcher {
    sights: Receiver<Sight>,
    last_look: Arc<Mutex<Instant>>,
    _end: Sender<()>,
}

impl Watcher {
    /// Starts looking, `every` so often; `wake` is called after each sight.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(mut lookout: Lookout, every: Duration, wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let (sender, sights) = bounded(256);
        let (end, ended) = bounded::<()>(0);
        let last_look = Arc::new(Mutex::new(Instant::now()));
        let looked = Arc::clone(&last_look);
        std::thread::Builder::new().name("watcher".into()).spawn(move || {
            let mut has_panicked = false;
            loop {
                // Nobody listens any more: the end is near.
                look_safely(&mut lookout, &mut has_panicked, &mut |sight| {
                    if sender.send(sight).is_ok() {
                        wake();
                    }
                });
                if !has_panicked {
                    *looked.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
                }
                if ended.recv_timeout(every) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        })?;
        Ok(Self { sights, last_look, _end: end })
    }

    /// The next sight, without waiting.
    #[must_use]
    pub fn poll(&self) -> Option<Sight> {
        self.sights.try_recv().ok()
    }

    /// Time since a look was finished: a share that does not answer holds the watcher up, and nothing else.
    #[must_use]
    pub fn silence(&self) -> Duration {
        self.last_look.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }
}
