//! [`Device`]: the thread on which a network's context lives, and the watch over it. A call into the driver that hangs
//! cannot be cancelled: its thread is then left behind with everything it holds, and the program goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::error::RknnError;
use super::ffi::{CoreMask, Runtime};
use super::reason::RknnReason;
use super::session::Session;

/// What goes to the thread and comes back, so that nothing is allocated for a photo.
#[derive(Default)]
pub(super) struct Buffers {
    /// RGB bytes, row by row.
    pub(super) rgb: Vec<u8>,
    /// Probabilities.
    pub(super) values: Vec<f32>,
    /// Milliseconds by the NPU's own clock.
    pub(super) device_millis: Option<f64>,
}

enum Job {
    Run(Buffers),
    Duplicate(CoreMask),
}

enum Answer {
    /// The session is ready; what it says of itself.
    Ready(Result<Description, RknnError>),
    Ran(Buffers, Result<(), RunFault>),
    Duplicated(Result<Box<Session>, RknnError>),
}

/// Why a run failed.
pub(super) struct RunFault {
    /// Which call failed and how.
    pub(super) call: String,
    /// What it is likely to come from.
    pub(super) reason: RknnReason,
}

/// What a session says of itself.
pub(super) struct Description {
    pub(super) versions: String,
    /// What does not fit quite, although it was loaded.
    pub(super) warning: Option<RknnReason>,
}

/// Why nothing came back.
pub(super) enum Silence {
    /// It took longer than the limit; the thread is left behind.
    Hangs,
    /// The thread is gone.
    Ended,
}

/// How long calls may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) load: Duration,
    pub(super) run: Duration,
}

/// A thread with a session of its own.
pub(super) struct Device {
    /// `None` once it is given up.
    jobs: Option<Sender<Job>>,
    answers: Receiver<Answer>,
    runtime: &'static Runtime,
    limits: Limits,
    /// The thread holds it as long as it lives.
    alive: std::sync::Weak<()>,
}

impl Device {
    /// Starts the thread, on which `make` makes the session, and waits until it is ready.
    pub(super) fn start(
        runtime: &'static Runtime,
        limits: Limits,
        make: impl FnOnce() -> Result<Session, RknnError> + Send + 'static,
    ) -> Result<(Self, Description), Result<RknnError, Silence>> {
        let (jobs, inbox) = bounded(1);
        let (outbox, answers) = bounded(1);
        let token = Arc::new(());
        let alive = Arc::downgrade(&token);
        let thread = std::thread::Builder::new().name("npu".into()).spawn(move || {
            // A fault of ours ends the thread; who waits sees that it has ended.
            let _ = catch_unwind(AssertUnwindSafe(|| serve(make, &inbox, &outbox)));
            drop(token);
        });
        let mut device = Self { jobs: Some(jobs), answers, runtime, limits, alive };
        if let Err(error) = thread {
            return Err(Ok(RknnError::Thread { detail: error.to_string() }));
        }
        match device.wait(limits.load).map_err(Err)? {
            Answer::Ready(Ok(description)) => Ok((device, description)),
            Answer::Ready(Err(error)) => Err(Ok(error)),
            Answer::Ran(..) | Answer::Duplicated(_) => Err(Err(Silence::Ended)),
        }
    }

    /// Runs the network on the pixels in `buffers`.
    pub(super) fn run(&mut self, buffers: Buffers) -> Result<(Buffers, Result<(), RunFault>), Silence> {
        self.ask(Job::Run(buffers))?;
        match self.wait(self.limits.run)? {
            Answer::Ran(buffers, result) => Ok((buffers, result)),
            Answer::Ready(_) | Answer::Duplicated(_) => Err(Silence::Ended),
        }
    }

    /// The same network on another core, in a thread of its own.
    pub(super) fn duplicate(&mut self, core: CoreMask) -> Result<(Self, Description), Result<RknnError, Silence>> {
        self.ask(Job::Duplicate(core)).map_err(Err)?;
        match self.wait(self.limits.load).map_err(Err)? {
            Answer::Duplicated(Ok(session)) => Self::start(self.runtime, self.limits, move || Ok(*session)),
            Answer::Duplicated(Err(error)) => Err(Ok(error)),
            Answer::Ready(_) | Answer::Ran(..) => Err(Err(Silence::Ended)),
        }
    }

    fn ask(&mut self, job: Job) -> Result<(), Silence> {
        let jobs = self.jobs.as_ref().ok_or(Silence::Ended)?;
        jobs.send(job).map_err(|_| Silence::Ended)
    }

    fn wait(&mut self, limit: Duration) -> Result<Answer, Silence> {
        match self.answers.recv_timeout(limit) {
            Ok(answer) => Ok(answer),
            Err(RecvTimeoutError::Disconnected) => Err(Silence::Ended),
            Err(RecvTimeoutError::Timeout) => {
                self.give_up();
                Err(Silence::Hangs)
            }
        }
    }

    /// Leaks the thread, its context and its memory on purpose: a call that hangs in the kernel can be neither
    /// cancelled nor its memory freed under it. Should it come back after all, the thread finds that nobody asks any
    /// more and puts everything away.
    fn give_up(&mut self) {
        self.jobs = None;
        self.runtime.give_up(self.alive.clone());
    }
}

impl Drop for Device {
    /// Waits until the context is destroyed, so that nobody opens the next one before; but not for ever.
    fn drop(&mut self) {
        if self.jobs.take().is_none() {
            return;
        }
        while self.alive.strong_count() > 0 {
            match self.answers.recv_timeout(self.limits.run) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    log::warn!("the NPU did not put a network away within {} s", self.limits.run.as_secs_f32());
                    return self.give_up();
                }
            }
        }
    }
}

/// The thread's work. The session ends before the channel to whoever waits for its end.
fn serve(make: impl FnOnce() -> Result<Session, RknnError>, inbox: &Receiver<Job>, outbox: &Sender<Answer>) {
    let mut session = match make() {
        Ok(session) => session,
        Err(error) => {
            let _ = outbox.send(Answer::Ready(Err(error)));
            return;
        }
    };
    let warning = session.facts().runtime_is_older();
    let mut answer = Answer::Ready(Ok(Description { versions: session.versions(), warning }));
    while outbox.send(answer).is_ok() {
        answer = match inbox.recv() {
            Ok(Job::Run(buffers)) => run(&mut session, buffers),
            Ok(Job::Duplicate(core)) => Answer::Duplicated(session.duplicate(core).map(Box::new)),
            Err(_) => return,
        };
    }
}

fn run(session: &mut Session, mut buffers: Buffers) -> Answer {
    let result = session.run(&buffers.rgb, &mut buffers.values);
    let result = result.map_err(|error| RunFault { call: error.to_string(), reason: session.why_not_run() });
    buffers.device_millis = if result.is_ok() { session.device_millis() } else { None };
    Answer::Ran(buffers, result)
}
