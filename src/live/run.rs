//! [`LiveRun`]: the stages on their threads.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::board_watch::{BoardWatch, LOOK_EVERY};
use super::converter::Converter;
use super::frame::OutlinedFrame;
use super::options::LiveOptions;
use super::outlining::Outlining;
use super::rga::RgaPlace;
use super::slot::Slot;
use super::stages::{ConvertedFrame, Converting, FoundFrame, Inferring};
use super::stats::{Counting, LiveState, LiveStats};
use crate::capture::{CaptureError, CaptureStep, Frame, Reopening, SourceInfo, SourceOpener};
use crate::inference::{EngineChoice, InferenceError, LoadedNetworks, Model, SecondLook};
use crate::language::Words;
use crate::pipeline::SegmentOptions;
use crate::{display_as_message, words};

/// What is to be run.
pub struct LiveJob {
    /// What a person calls the source.
    pub source_name: String,
    /// Opens the source, again and again where necessary.
    pub source: SourceOpener,
    /// The program's networks.
    pub networks: LoadedNetworks,
    /// The network.
    pub model: Arc<Model>,
    /// The engine.
    pub engine: EngineChoice,
    /// How it begins.
    pub options: LiveOptions,
}

/// Why it cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// The network works in tiles, or looks for vessels.
    NotForLive {
        /// The network's name.
        model: String,
    },
    /// The network's card says nothing of a second look, and one is asked for.
    NoSecondLook(InferenceError),
    /// The system gives no thread.
    Thread(io::Error),
}

impl LiveError {
    /// The error in words.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::NotForLive { model } => words!("live-not-for-live", model = model.as_str()),
            Self::NoSecondLook(error) => error.message(),
            Self::Thread(error) => words!("live-no-thread", reason = error),
        }
    }
}

display_as_message!(LiveError);

/// What the stages share.
struct LiveStages {
    frames: Slot<(Frame, Arc<SourceInfo>)>,
    converted: Slot<ConvertedFrame>,
    found: Slot<FoundFrame>,
    outlined: Slot<OutlinedFrame>,
    counting: Mutex<Counting>,
    options: Mutex<LiveOptions>,
    /// What of the next frame the network sees.
    second_look: Mutex<Option<SecondLook>>,
    is_stopped: Mutex<bool>,
    stopped: Condvar,
    wake: Box<dyn Fn() + Send + Sync>,
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A run. It ends when it is dropped, and the camera is let go.
pub struct LiveRun {
    shared: Arc<LiveStages>,
    threads: Vec<JoinHandle<()>>,
}

impl LiveRun {
    /// Starts; `wake` is called after each outlined frame and each change of [`LiveStats::state`], on threads of the run, and
    /// must not wait.
    ///
    /// # Errors
    /// [`LiveError`]. A source or network that fails is no error here: [`Self::stats`] says so, and it is tried again.
    pub fn start(job: LiveJob, wake: impl Fn() + Send + Sync + 'static) -> Result<Self, LiveError> {
        let LiveJob { source_name, source, networks, model, engine, options } = job;
        if model.card.optional.tiling.is_some() || model.card.meaning().is_vessels() {
            return Err(LiveError::NotForLive { model: model.card.name.clone() });
        }
        let asked = SegmentOptions { takes_second_look: options.takes_second_look, ..SegmentOptions::default() };
        asked.check_second_look(&model.card).map_err(LiveError::NoSecondLook)?;
        let shared = Arc::new(LiveStages {
            frames: Slot::new(),
            converted: Slot::new(),
            found: Slot::new(),
            outlined: Slot::new(),
            counting: Mutex::new(Counting::new()),
            options: Mutex::new(options),
            second_look: Mutex::new(None),
            is_stopped: Mutex::new(false),
            stopped: Condvar::new(),
            wake: Box::new(wake),
        });
        let mut run = Self { shared, threads: Vec::new() };
        let reopening = Reopening::new(source_name, source);
        let watch = BoardWatch::new(networks.options().rknn.system_root.clone());
        let rga = RgaPlace::of(networks.options());
        let mut inferring = Inferring::new(networks, Arc::clone(&model), engine);
        run.spawn("live capture", move |shared| capture(shared, reopening))?;
        let of_card = Arc::clone(&model);
        run.spawn("live convert", move |shared| convert(shared, &of_card, &rga))?;
        run.spawn("live network", move |shared| infer(shared, &mut inferring))?;
        run.spawn("live outline", move |shared| outline(shared, &model))?;
        run.spawn("live board", move |shared| watch_board(shared, watch))?;
        Ok(run)
    }

    fn spawn(&mut self, name: &str, work: impl FnOnce(&LiveStages) + Send + 'static) -> Result<(), LiveError> {
        let shared = Arc::clone(&self.shared);
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || work(&shared));
        self.threads.push(thread.map_err(LiveError::Thread)?);
        Ok(())
    }

    /// The newest outlined frame, if there is one that was not taken yet. A frame that released the shutter is not replaced by
    /// a newer one before it is taken.
    #[must_use]
    pub fn newest(&self) -> Option<OutlinedFrame> {
        self.shared.outlined.poll()
    }

    /// Figures, and how it stands.
    #[must_use]
    pub fn stats(&self) -> LiveStats {
        held(&self.shared.counting).stats(Instant::now())
    }

    /// What is chosen now.
    #[must_use]
    pub fn options(&self) -> LiveOptions {
        *held(&self.shared.options)
    }

    /// Chooses otherwise, from the next frame on.
    pub fn set_options(&self, options: LiveOptions) {
        *held(&self.shared.options) = options;
    }
}

impl Drop for LiveRun {
    fn drop(&mut self) {
        *held(&self.shared.is_stopped) = true;
        self.shared.stopped.notify_all();
        self.shared.frames.close();
        self.shared.converted.close();
        self.shared.found.close();
        self.shared.outlined.close();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                log::error!("a thread of the live outline ended by a panic");
            }
        }
    }
}

impl LiveStages {
    /// Waits for so long, or until the run is to end; whether it goes on.
    fn goes_on_after(&self, wait: Duration) -> bool {
        let is_stopped = held(&self.is_stopped);
        if *is_stopped || wait.is_zero() {
            return !*is_stopped;
        }
        let waited = self.stopped.wait_timeout_while(is_stopped, wait, |is_stopped| !*is_stopped);
        !*waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn set_state(&self, state: LiveState) {
        let mut counting = held(&self.counting);
        if counting.stats.state != state {
            counting.stats.state = state;
            drop(counting);
            (self.wake)();
        }
    }

    fn fault(&self, error: CaptureError) {
        held(&self.counting).passing(error);
        (self.wake)();
    }
}

fn watch_board(shared: &LiveStages, mut watch: BoardWatch) {
    let mut wait = Duration::ZERO;
    while shared.goes_on_after(wait) {
        wait = LOOK_EVERY;
        let notices = watch.look();
        let before = std::mem::replace(&mut held(&shared.counting).stats.notices, notices.clone());
        for notice in notices.iter().filter(|notice| !before.contains(notice)) {
            log::info!("{notice}");
        }
        if notices != before {
            (shared.wake)();
        }
    }
}

fn capture(shared: &LiveStages, mut source: Reopening) {
    let mut info = Arc::new(SourceInfo::default());
    let mut wait = Duration::ZERO;
    while shared.goes_on_after(wait) {
        wait = Duration::ZERO;
        match source.step(Instant::now()) {
            CaptureStep::Opened(opened) => {
                info = Arc::new(opened);
                held(&shared.counting).opened();
            }
            CaptureStep::Frame(frame) => {
                let (number, format) = (frame.number, frame.format);
                let is_late = shared.frames.replace((frame, Arc::clone(&info)));
                held(&shared.counting).arrived(number, format, is_late);
            }
            CaptureStep::Failed(error) if error.is_passing() => {
                match &error {
                    CaptureError::DamagedFrame { .. } => held(&shared.counting).left_out(),
                    change => log::info!("{change}"),
                }
                shared.fault(error);
            }
            CaptureStep::Failed(error) => {
                log::info!("{error}");
                shared.set_state(LiveState::NoFrames(error));
            }
            CaptureStep::Waiting(rest) => wait = rest,
        }
    }
}

fn convert(shared: &LiveStages, model: &Model, rga: &RgaPlace) {
    let fresh = || Converting::with(&model.card, Converter::new(rga.clone()));
    let mut converting = fresh();
    while let Some((frame, source)) = shared.frames.take() {
        let options = *held(&shared.options);
        converting.look_at(*held(&shared.second_look));
        let converted = contained_stage(|| converting.convert(frame, &source, &options));
        match converted {
            Some(Ok(converted)) => {
                held(&shared.counting).converted(converting.conversion());
                shared.converted.hand(converted);
            }
            Some(Err(error)) => shared.fault(error),
            None => converting = fresh(),
        }
    }
}

fn infer(shared: &LiveStages, inferring: &mut Inferring) {
    while let Some(converted) = shared.converted.take() {
        match contained_stage(|| inferring.infer(converted)) {
            Some(Ok(found)) => {
                shared.found.hand(found);
            }
            Some(Err(error)) => shared.set_state(LiveState::NoNetwork(error.message())),
            None => shared.set_state(LiveState::NoNetwork(words!("live-crashed"))),
        }
    }
}

fn outline(shared: &LiveStages, model: &Arc<Model>) {
    let mut outlining = Outlining::new(Arc::clone(model));
    while let Some(found) = shared.found.take() {
        let options = *held(&shared.options);
        let Some(mut outlined) = contained_stage(|| outlining.outline(found, &options)) else {
            outlining = Outlining::new(Arc::clone(model));
            *held(&shared.second_look) = None;
            shared.set_state(LiveState::NoNetwork(words!("live-crashed")));
            continue;
        };
        *held(&shared.second_look) = outlining.next_look();
        let (latency, engine) = (outlined.millis.latency, outlined.engine.clone());
        held(&shared.counting).outlined(Instant::now(), latency, &engine);
        if let Some(waiting) = shared.outlined.poll()
            && waiting.is_released
        {
            // Nobody has taken the frame that released the shutter yet.
            outlined = waiting;
        }
        shared.outlined.replace(outlined);
        (shared.wake)();
    }
}

/// Runs a stage; `None` after a panic, which is in the log.
fn contained_stage<T>(stage: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(stage)).ok()
}

#[cfg(test)]
mod tests;
