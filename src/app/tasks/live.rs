//! The camera's picture behind a session: how cameras are found and opened, the run that outlines their frames, and what it
//! has to say.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use eframe::egui::ColorImage;

use crate::app::background::{Keyed, Outbox, Task};
use crate::app::model::live::{LiveChoices, LiveFigures};
use crate::capture::{self, CaptureError, FrameSource, SourceInfo, SourceName, SourceOptions};
use crate::inference::LoadedNetworks;
use crate::language::Words;
use crate::live::{LiveJob, LiveOptions, LiveRun, LiveState, OutlinedFrame};

type Find = dyn Fn() -> Vec<SourceInfo> + Send + Sync;
type Open = dyn Fn(&SourceName) -> Result<Box<dyn FrameSource>, CaptureError> + Send + Sync;

/// How cameras are found and opened.
#[derive(Clone)]
pub struct CameraAccess {
    find: Arc<Find>,
    open: Arc<Open>,
}

impl CameraAccess {
    /// By these functions: those of a test's double.
    #[must_use]
    pub fn by(
        find: impl Fn() -> Vec<SourceInfo> + Send + Sync + 'static,
        open: impl Fn(&SourceName) -> Result<Box<dyn FrameSource>, CaptureError> + Send + Sync + 'static,
    ) -> Self {
        Self { find: Arc::new(find), open: Arc::new(open) }
    }
}

impl Default for CameraAccess {
    /// The cameras of this computer.
    fn default() -> Self {
        Self::by(|| capture::cameras().unwrap_or_default(), |name| capture::open(name, &SourceOptions::default()))
    }
}

/// What a live picture has to say.
#[derive(Debug)]
pub enum LiveReport {
    /// A frame, with what stands on the graphics card for it, and figures.
    Frame { frame: Arc<OutlinedFrame>, picture: Arc<ColorImage>, figures: LiveFigures },
    /// The source is being opened.
    Opening,
    /// There are no frames now, and why.
    Waiting(Words),
    /// The network failed, and why.
    NetworkFailed(Words),
    /// The camera's picture has another size or format from now on.
    FormatChanged(Words),
    /// The cameras that there are.
    Cameras(Vec<SourceInfo>),
}

/// Looks for cameras.
pub struct FindCameras(pub CameraAccess);

/// A search for cameras; the newest counts.
pub struct CameraSearch;

impl Keyed for CameraSearch {
    type Key = ();

    fn key(&self) {}
}

impl Task for FindCameras {
    type Request = CameraSearch;
    type Outcome = Vec<SourceInfo>;

    fn run(&mut self, _: CameraSearch, out: &Outbox<'_, Vec<SourceInfo>>) -> Option<CameraSearch> {
        out.send((self.0.find)());
        None
    }
}

/// Frames whose time to the screen is looked at.
const LATENCIES: usize = 60;

/// How often figures change: a person reads them.
const FIGURES_EVERY: Duration = Duration::from_millis(500);

/// A run, and what was said of it last.
pub struct LiveWork {
    run: LiveRun,
    /// What it was started for.
    pub choices: LiveChoices,
    /// Nobody is woken for frames while one stands still.
    is_frozen: Arc<AtomicBool>,
    state: LiveState,
    /// Changes of the format that were said.
    format_changes: u64,
    latencies: VecDeque<f64>,
    figures: LiveFigures,
    figures_due: Option<Instant>,
}

impl LiveWork {
    /// Starts a run. The one `before` ends first, on the new one's thread: the camera may be the same, and ending may wait for
    /// a frame.
    ///
    /// # Errors
    /// Why the network cannot outline moving pictures, or that the system gives no thread.
    pub fn start(
        choices: LiveChoices,
        options: LiveOptions,
        access: &CameraAccess,
        networks: LoadedNetworks,
        before: Option<Self>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Result<Self, Words> {
        let LiveChoices { source, network, .. } = choices.clone();
        let (open, mut before) = (Arc::clone(&access.open), before);
        let opener = move || {
            drop(before.take());
            open(&source)
        };
        let job = LiveJob {
            source_name: choices.source.shown(),
            source: Box::new(opener),
            networks,
            model: network.model,
            engine: network.choice,
            options,
        };
        let is_frozen = Arc::new(AtomicBool::new(false));
        let theirs = Arc::clone(&is_frozen);
        let wake = move || {
            if !theirs.load(Ordering::Acquire) {
                wake();
            }
        };
        let run = LiveRun::start(job, wake).map_err(|error| error.message())?;
        Ok(Self {
            run,
            choices,
            is_frozen,
            state: LiveState::default(),
            format_changes: 0,
            latencies: VecDeque::new(),
            figures: LiveFigures::default(),
            figures_due: None,
        })
    }

    /// Ends the run on a thread of its own: it may wait for a frame, and for a network that runs.
    pub fn end(self) {
        let ended = std::thread::Builder::new().name("live end".to_owned()).spawn(move || drop(self));
        if let Err(error) = ended {
            log::error!("no thread to end the live picture on: {error}");
        }
    }

    /// What is chosen from the next frame on. While a frame stands still no picture is made of those that come, and the
    /// shutter is not released.
    pub fn choose(&self, options: LiveOptions, is_frozen: bool) {
        let options = LiveOptions {
            wants_picture: !is_frozen,
            has_automatic_shutter: options.has_automatic_shutter && !is_frozen,
            ..options
        };
        if self.run.options() != options {
            self.run.set_options(options);
        }
        if self.is_frozen.swap(is_frozen, Ordering::AcqRel) && !is_frozen {
            // What came meanwhile is old.
            drop(self.run.newest());
        }
    }

    /// What is new since the last call; it does not wait.
    pub fn poll(&mut self) -> Option<LiveReport> {
        if self.is_frozen.load(Ordering::Acquire) {
            return None;
        }
        let stats = self.run.stats();
        if let Some(change) =
            stats.last_format_change.as_ref().filter(|_| stats.format_changes > self.format_changes)
        {
            self.format_changes = stats.format_changes;
            return Some(LiveReport::FormatChanged(change.message()));
        }
        if let Some(mut frame) = self.run.newest()
            && let Some(picture) = frame.picture.take()
        {
            self.state = LiveState::Running;
            let size = picture.size.map(|side| side as usize);
            let picture = Arc::new(ColorImage::from_rgb(size, &picture.rgb));
            // What the shutter has chosen may have waited for half a second, and stands still now.
            if !frame.is_released {
                self.note_latency(frame.frame.arrived.elapsed());
            }
            let now = Instant::now();
            if self.figures_due.is_none_or(|due| now >= due) {
                self.figures_due = Some(now + FIGURES_EVERY);
                self.figures = LiveFigures {
                    rate: stats.frames_per_second,
                    latency_millis: self.median_latency(),
                    dropped: stats.dropped,
                    engine: Some(frame.engine.clone()),
                    source: frame.source.name.clone(),
                    format: frame.frame.format.to_string(),
                    notices: stats.notices,
                };
            }
            return Some(LiveReport::Frame { frame: Arc::new(frame), picture, figures: self.figures.clone() });
        }
        if stats.state == self.state {
            return None;
        }
        self.state = stats.state.clone();
        match stats.state {
            LiveState::Opening => Some(LiveReport::Opening),
            // The next frame says so.
            LiveState::Running => None,
            LiveState::NoFrames(error) => Some(LiveReport::Waiting(error.message())),
            LiveState::NoNetwork(words) => Some(LiveReport::NetworkFailed(words)),
        }
    }

    fn note_latency(&mut self, latency: Duration) {
        if self.latencies.len() == LATENCIES {
            self.latencies.pop_front();
        }
        self.latencies.push_back(latency.as_secs_f64() * 1e3);
    }

    fn median_latency(&self) -> f64 {
        let mut sorted: Vec<f64> = self.latencies.iter().copied().collect();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    }
}
