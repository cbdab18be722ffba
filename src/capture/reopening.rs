//! [`Reopening`]: a source that is opened again when it is back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::error::CaptureError;
use super::frame::{Frame, FrameFormat};
use super::source::{FrameSource, SourceInfo};

/// Opens the same source each time.
pub type SourceOpener = Box<dyn FnMut() -> Result<Box<dyn FrameSource>, CaptureError> + Send>;

/// How long a running camera may give no frame: exposure times are shorter.
const LONGEST_GAP: Duration = Duration::from_secs(2);

/// The same for the first one: some cameras take seconds to start.
const LONGEST_START: Duration = Duration::from_secs(6);

/// How long a step waits for a frame at most, so that a run can end.
const LONGEST_STEP: Duration = Duration::from_millis(100);

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
    /// There is nothing to do for so long, which may be no time.
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
    /// The format of the frame before, also of the time before it was opened again.
    format: Option<FrameFormat>,
    /// A frame that waits until its new format was told.
    waiting: Option<Frame>,
    /// When the last frame came, or the source was opened, and how long the next may take.
    awaited: (Option<Instant>, Duration),
}

impl Reopening {
    /// Opens nothing yet; `name` is what a person calls the source.
    #[must_use]
    pub fn new(name: String, open: SourceOpener) -> Self {
        Self { open, name, source: None, due: None, format: None, waiting: None, awaited: (None, LONGEST_START) }
    }

    /// Opens the source, or waits a moment for its next frame; a panic of what reads it is an error.
    pub fn step(&mut self, now: Instant) -> CaptureStep {
        let due_in = self.due.map_or(Duration::ZERO, |due| due.saturating_duration_since(now));
        if self.source.is_none() && !due_in.is_zero() {
            return CaptureStep::Waiting(due_in);
        }
        if let Some(frame) = self.waiting.take() {
            return CaptureStep::Frame(frame);
        }
        let step = catch_unwind(AssertUnwindSafe(|| match &mut self.source {
            Some(source) => source.next_frame(LONGEST_STEP).map(|frame| frame.map(CaptureStep::Frame)),
            none => {
                let source = (self.open)()?;
                let info = source.info().clone();
                *none = Some(source);
                Ok(Some(CaptureStep::Opened(info)))
            }
        }));
        let step = step.unwrap_or_else(|_| Err(CaptureError::Crashed { camera: self.name.clone() }));
        let step = step.and_then(|step| self.awaited(step, now));
        step.map(|step| self.told(step)).unwrap_or_else(|error| {
            if !error.is_passing() {
                // The camera is let go before it is opened again.
                self.source = None;
                self.due = Some(now + PAUSE);
            }
            CaptureStep::Failed(error)
        })
    }

    /// The step; where there is none, that it is waited on, or that the camera is frozen.
    fn awaited(&mut self, step: Option<CaptureStep>, now: Instant) -> Result<CaptureStep, CaptureError> {
        let (since, longest) = self.awaited;
        match step {
            Some(CaptureStep::Opened(info)) => {
                self.awaited = (Some(now), LONGEST_START);
                Ok(CaptureStep::Opened(info))
            }
            Some(step) => {
                self.awaited = (Some(now), LONGEST_GAP);
                Ok(step)
            }
            None if since.is_some_and(|since| now.saturating_duration_since(since) >= longest) => {
                let camera = self.source.as_ref().map_or(&self.name, |source| &source.info().name).clone();
                Err(CaptureError::Frozen { camera, seconds: longest.as_secs_f32() })
            }
            None => Ok(CaptureStep::Waiting(Duration::ZERO)),
        }
    }

    /// The step, or first that its frame is of another format than the one before.
    fn told(&mut self, step: CaptureStep) -> CaptureStep {
        let (CaptureStep::Frame(frame), Some(source)) = (&step, &self.source) else { return step };
        let now = frame.format;
        let before = self.format.replace(now).filter(|before| source.has_one_format() && *before != now);
        let Some(before) = before else { return step };
        let camera = source.info().name.clone();
        let CaptureStep::Frame(frame) = step else { return step };
        self.waiting = Some(frame);
        CaptureStep::Failed(CaptureError::FormatChanged { camera, from: before.to_string(), to: now.to_string() })
    }
}

#[cfg(test)]
mod tests;
