//! [`Device`]: the thread on which a network's context lives, with time limits. A call into the driver that hangs
//! cannot be cancelled: its thread is then abandoned with everything it holds, and the program continues.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::error::RknnError;
use super::ffi::{CoreMask, RknnRuntime};
use super::reason::RknnReason;
use super::session::NpuSession;
use crate::inference::npu_placement::NpuPlacement;

/// Buffers that travel to the thread and back, so that nothing is allocated per photo.
#[derive(Default)]
pub(super) struct Buffers {
    /// RGB bytes, row by row.
    pub(super) rgb: Vec<u8>,
    /// Probabilities.
    pub(super) values: Vec<f32>,
    /// Milliseconds by the NPU's own clock.
    pub(super) device_millis: Option<f64>,
}

enum NpuRequest {
    Run(Buffers),
    Duplicate(CoreMask),
}

enum NpuReply {
    /// The session is ready, with its description.
    Ready(Result<Description, RknnError>),
    Ran(Buffers, Result<(), RunFault>),
    Duplicated(Result<Box<NpuSession>, RknnError>),
}

/// Why a run failed.
pub(super) struct RunFault {
    /// Which call failed and how.
    pub(super) call: String,
    /// The likely cause.
    pub(super) reason: RknnReason,
}

/// The description of a session.
pub(super) struct Description {
    pub(super) versions: String,
    pub(super) placement: NpuPlacement,
    /// Version mismatches that did not prevent loading.
    pub(super) warning: Option<RknnReason>,
}

/// Why nothing came back.
pub(super) enum NoReply {
    /// It took longer than the limit; the thread is abandoned.
    Hangs,
    /// The thread has ended.
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
    /// `None` once it is abandoned.
    jobs: Option<Sender<NpuRequest>>,
    replies: Receiver<NpuReply>,
    runtime: &'static RknnRuntime,
    limits: Limits,
    /// The thread holds it as long as it lives.
    alive: std::sync::Weak<()>,
}

impl Device {
    /// Starts the thread, on which `make` makes the session, and waits until it is ready.
    pub(super) fn start(
        runtime: &'static RknnRuntime,
        limits: Limits,
        make: impl FnOnce() -> Result<NpuSession, RknnError> + Send + 'static,
    ) -> Result<(Self, Description), Result<RknnError, NoReply>> {
        let (jobs, inbox) = bounded(1);
        let (outbox, replies) = bounded(1);
        let token = Arc::new(());
        let alive = Arc::downgrade(&token);
        let thread = std::thread::Builder::new().name("npu".into()).spawn(move || {
            // A bug of ours ends the thread; the waiting side sees that it has ended.
            let _ = catch_unwind(AssertUnwindSafe(|| serve(make, &inbox, &outbox)));
            drop(token);
        });
        let mut device = Self { jobs: Some(jobs), replies, runtime, limits, alive };
        if let Err(error) = thread {
            return Err(Ok(RknnError::Thread { detail: error.to_string() }));
        }
        match device.wait(limits.load).map_err(Err)? {
            NpuReply::Ready(Ok(description)) => Ok((device, description)),
            NpuReply::Ready(Err(error)) => Err(Ok(error)),
            NpuReply::Ran(..) | NpuReply::Duplicated(_) => Err(Err(NoReply::Ended)),
        }
    }

    /// Runs the network on the pixels in `buffers`.
    pub(super) fn run(&mut self, buffers: Buffers) -> Result<(Buffers, Result<(), RunFault>), NoReply> {
        self.ask(NpuRequest::Run(buffers))?;
        match self.wait(self.limits.run)? {
            NpuReply::Ran(buffers, result) => Ok((buffers, result)),
            NpuReply::Ready(_) | NpuReply::Duplicated(_) => Err(NoReply::Ended),
        }
    }

    /// The same network on another core, in a thread of its own.
    pub(super) fn duplicate(&mut self, core: CoreMask) -> Result<(Self, Description), Result<RknnError, NoReply>> {
        self.ask(NpuRequest::Duplicate(core)).map_err(Err)?;
        match self.wait(self.limits.load).map_err(Err)? {
            NpuReply::Duplicated(Ok(session)) => Self::start(self.runtime, self.limits, move || Ok(*session)),
            NpuReply::Duplicated(Err(error)) => Err(Ok(error)),
            NpuReply::Ready(_) | NpuReply::Ran(..) => Err(Err(NoReply::Ended)),
        }
    }

    fn ask(&mut self, job: NpuRequest) -> Result<(), NoReply> {
        let jobs = self.jobs.as_ref().ok_or(NoReply::Ended)?;
        jobs.send(job).map_err(|_| NoReply::Ended)
    }

    fn wait(&mut self, limit: Duration) -> Result<NpuReply, NoReply> {
        match self.replies.recv_timeout(limit) {
            Ok(reply) => Ok(reply),
            Err(RecvTimeoutError::Disconnected) => Err(NoReply::Ended),
            Err(RecvTimeoutError::Timeout) => {
                self.give_up();
                Err(NoReply::Hangs)
            }
        }
    }

    /// Leaks the thread, its context and its memory on purpose: a call that hangs in the kernel can be neither
    /// cancelled nor its memory freed under it. If it returns after all, the thread finds its channel closed and frees
    /// everything.
    fn give_up(&mut self) {
        self.jobs = None;
        self.runtime.give_up(self.alive.clone());
    }
}

impl Drop for Device {
    /// Waits until the context is destroyed, so that the next one is not opened before; but not forever.
    fn drop(&mut self) {
        if self.jobs.take().is_none() {
            return;
        }
        while self.alive.strong_count() > 0 {
            match self.replies.recv_timeout(self.limits.run) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    log::warn!("the NPU did not release a network within {} s", self.limits.run.as_secs_f32());
                    return self.give_up();
                }
            }
        }
    }
}

/// The thread's work. The session is dropped before the channel to the side that waits for its end.
fn serve(
    make: impl FnOnce() -> Result<NpuSession, RknnError>,
    inbox: &Receiver<NpuRequest>,
    outbox: &Sender<NpuReply>,
) {
    let mut session = match make() {
        Ok(session) => session,
        Err(error) => {
            let _ = outbox.send(NpuReply::Ready(Err(error)));
            return;
        }
    };
    let warning = session.facts().runtime_is_older();
    let (versions, placement) = (session.versions(), session.placement());
    let mut reply = NpuReply::Ready(Ok(Description { versions, placement, warning }));
    while outbox.send(reply).is_ok() {
        reply = match inbox.recv() {
            Ok(NpuRequest::Run(buffers)) => run(&mut session, buffers),
            Ok(NpuRequest::Duplicate(core)) => NpuReply::Duplicated(session.duplicate(core).map(Box::new)),
            Err(_) => return,
        };
    }
}

fn run(session: &mut NpuSession, mut buffers: Buffers) -> NpuReply {
    let result = session.run(&buffers.rgb, &mut buffers.values);
    let result = result.map_err(|error| RunFault { call: error.to_string(), reason: session.why_not_run() });
    buffers.device_millis = if result.is_ok() { session.device_millis() } else { None };
    NpuReply::Ran(buffers, result)
}
