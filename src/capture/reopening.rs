//! [`Reopening`]: a source that is opened again when it is back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::error::CaptureError;
use super::frame::Frame;
use super::source::{FrameSource, SourceInfo};

/// Opens the same source each time.
pub type SourceOpener = Box<dyn FnMut() -> Result<Box<dyn FrameSource>, CaptureError> + Send>;

/// How long a camera may give no frame: exposure times and the start of a stream are shorter.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// How long after a failure a source is opened again: a camera needs about as long to be known to the system.
const PAUSE: Duration = Duration::from_secs(1);

/// What a step came to.
#[derive(Debug)]
pub enum CaptureStep {
    /// The source is open; frames follow.
    Opened(SourceInfo),
    /// A frame.
    Frame(Frame),
    /// There is no frame. The source goes on where the error is passing, and else it is opened again.
    Failed(CaptureError),
    /// There is nothing to do for so long.
    Waiting(Duration),
}

/// A source and how to open it, driven step by step.
pub struct Reopening {
    open: SourceOpener,
    /// Its name, for what is said of it while it is closed.
    name: String,
    source: Option<Box<dyn FrameSource>>,
    /// When it may be opened again.
    due: Option<Instant>,
}

impl Reopening {
    /// Opens nothing yet; `name` is what a person calls the source.
    #[must_use]
    pub fn new(name: String, open: SourceOpener) -> Self {
        Self { open, name, source: None, due: None }
    }

    /// Opens the source, or waits for its next frame, which ends within two seconds; a panic of what reads it is an error.
    pub fn step(&mut self, now: Instant) -> CaptureStep {
        let due_in = self.due.map_or(Duration::ZERO, |due| due.saturating_duration_since(now));
        if self.source.is_none() && !due_in.is_zero() {
            return CaptureStep::Waiting(due_in);
        }
        let step = catch_unwind(AssertUnwindSafe(|| match &mut self.source {
            Some(source) => source.next_frame(LONGEST_WAIT).map(CaptureStep::Frame),
            none => {
                let source = (self.open)()?;
                let info = source.info().clone();
                *none = Some(source);
                Ok(CaptureStep::Opened(info))
            }
        }));
        let step = step.unwrap_or_else(|_| Err(CaptureError::Crashed { camera: self.name.clone() }));
        step.unwrap_or_else(|error| {
            if !error.is_passing() {
                // The camera is let go before it is opened again.
                self.source = None;
                self.due = Some(now + PAUSE);
            }
            CaptureStep::Failed(error)
        })
    }
}
