//! Walks a folder by the key for the next photograph: looks at each for a while, presses, and takes the time until the
//! frame with its picture, and the one with its outline, has been handed to the screen.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use dermaloupe::app::Window;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::observe::Observer;
use egui::{Event, Key, Modifiers, RawInput};

use crate::cpu_time::cpu_seconds;
use crate::process;

/// Time after the last photograph in which neighbours are read, and notices and thumbnails come to an end.
const SETTLING: Duration = Duration::from_secs(5);

/// Time without any input after that in which the processor's time is taken.
const REST: Duration = Duration::from_secs(5);

/// Until the frame that ends a pass, which shall not count.
const AFTER_REST: Duration = Duration::from_millis(200);

/// What one walk through the folder took.
#[derive(Clone, Debug, Default)]
pub(crate) struct PassTimes {
    pub(crate) reads_ahead: bool,
    /// From the key to the picture.
    pub(crate) picture_millis: Vec<f64>,
    /// From the key to the outline.
    pub(crate) outline_millis: Vec<f64>,
    /// What processors worked for this program from the key to the picture, all threads.
    pub(crate) cpu_millis: Vec<f64>,
    /// The frame that brings the picture.
    pub(crate) frame_millis: Vec<f64>,
    /// At the end of the walk.
    pub(crate) resident_mb: Option<f64>,
    /// The most between two photographs.
    pub(crate) most_resident_mb: Option<f64>,
    /// Of one core, while nobody does anything.
    pub(crate) idle_cpu_percent: Option<f64>,
    /// Frames that began while nobody did anything.
    pub(crate) idle_frames: usize,
}

/// What was measured, and what draws the window.
#[derive(Clone, Debug, Default)]
pub(crate) struct Results(Arc<Mutex<(Vec<PassTimes>, String)>>);

impl Results {
    pub(crate) fn take(&self) -> (Vec<PassTimes>, String) {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Where the walk stands.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The first photograph is on its way.
    Beginning,
    /// Somebody looks at a photograph until then.
    Looking(Instant),
    /// The key goes down with the next input.
    Pressing,
    /// The key went down; what of the photograph at that place is laid out in the frame that has ended, and what was on
    /// the screen before it.
    Waiting {
        pressed: Instant,
        cpu: Option<f64>,
        place: usize,
        laid_out: [bool; 2],
        shown: [bool; 2],
    },
    /// The folder was walked then.
    Resting(Instant),
    Ended,
}

/// The walk.
pub(crate) struct Walker {
    results: Results,
    /// Passes that are left: whether photographs are read ahead.
    passes: Vec<bool>,
    dwell: Duration,
    step: Step,
    frame_began: Instant,
    pass: PassTimes,
    /// Takes the processor's time while the window rests: a frame that did would be most of it.
    clock: Option<JoinHandle<Option<f64>>>,
}

/// The share of one core while the window rests, in per cent.
fn idle_percent() -> Option<f64> {
    std::thread::sleep(SETTLING);
    let (began, before) = (Instant::now(), cpu_seconds()?);
    std::thread::sleep(REST);
    Some((cpu_seconds()? - before) / began.elapsed().as_secs_f64() * 100.0)
}

impl Walker {
    pub(crate) fn new(results: Results, mut passes: Vec<bool>, dwell: Duration) -> Self {
        passes.reverse();
        let (step, frame_began) = (Step::Beginning, Instant::now());
        Self { results, passes, dwell, step, frame_began, pass: PassTimes::default(), clock: None }
    }

    /// Whether the picture and the outline of the photograph at `place` are in the window's state.
    fn is_there(window: &Window, place: usize) -> [bool; 2] {
        let state = window.state();
        let is_shown = state.shown == Some(place) && state.current.photo.is_some();
        [is_shown, is_shown && state.current.derived.is_some() && !state.is_busy()]
    }

    fn look(&mut self, ctx: &egui::Context) {
        self.step = Step::Looking(Instant::now() + self.dwell);
        ctx.request_repaint_after(self.dwell);
        if let Some(resident) = process::resident_mb() {
            let most = self.pass.most_resident_mb.unwrap_or(0.0);
            self.pass.most_resident_mb = Some(most.max(resident));
        }
    }

    fn end_pass(&mut self) {
        self.pass.idle_cpu_percent = self.clock.take().and_then(|clock| clock.join().ok()).flatten();
        let pass = std::mem::take(&mut self.pass);
        self.results.0.lock().unwrap_or_else(PoisonError::into_inner).0.push(pass);
        self.passes.pop();
    }

    fn begin_pass(&mut self, window: &mut Window, ctx: &egui::Context) {
        let Some(&reads_ahead) = self.passes.last() else {
            self.results.0.lock().unwrap_or_else(PoisonError::into_inner).1 = window.graphics().to_owned();
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            self.step = Step::Ended;
            return;
        };
        self.pass.reads_ahead = reads_ahead;
        window.read_ahead(reads_ahead);
        window.send(Action::First.into());
        self.step = Step::Beginning;
        ctx.request_repaint();
    }

    /// Takes the times of what the frame that has ended brought to the screen.
    fn note_shown(&mut self, ctx: &egui::Context) {
        let Step::Waiting { pressed, cpu, place, laid_out, shown } = self.step else { return };
        let millis = pressed.elapsed().as_secs_f64() * 1e3;
        if laid_out[0] && !shown[0] {
            self.pass.picture_millis.push(millis);
            let worked = cpu_seconds().zip(cpu).map(|(now, then)| (now - then) * 1e3);
            self.pass.cpu_millis.extend(worked);
            self.pass.frame_millis.push(self.frame_began.elapsed().as_secs_f64() * 1e3);
        }
        if laid_out[1] && !shown[1] {
            self.pass.outline_millis.push(millis);
            self.look(ctx);
        } else {
            self.step = Step::Waiting { pressed, cpu, place, laid_out, shown: laid_out };
        }
    }
}

impl Observer for Walker {
    fn begin_frame(&mut self, window: &mut Window, ctx: &egui::Context) {
        let count = window.state().entries.len();
        match self.step {
            Step::Beginning if window.is_idle() && Self::is_there(window, 0)[1] && count > 1 => {
                let is_first = self.pass.picture_millis.is_empty() && window.state().read_ahead.budget_bytes > 0;
                // The window was opened with reading ahead.
                if is_first && self.passes.last() == Some(&false) {
                    self.begin_pass(window, ctx);
                } else {
                    self.pass.reads_ahead = self.passes.last() == Some(&true);
                    self.look(ctx);
                }
            }
            Step::Beginning => ctx.request_repaint_after(Duration::from_millis(20)),
            Step::Looking(until) if Instant::now() < until => ctx.request_repaint_after(until - Instant::now()),
            Step::Looking(_) if window.state().selected + 1 < count => {
                self.step = Step::Pressing;
                ctx.request_repaint();
            }
            Step::Looking(_) => {
                self.pass.resident_mb = process::resident_mb();
                self.clock = Some(std::thread::spawn(idle_percent));
                self.step = Step::Resting(Instant::now());
                ctx.request_repaint_after(SETTLING + REST + AFTER_REST);
            }
            Step::Resting(since) => match (SETTLING + REST + AFTER_REST).checked_sub(since.elapsed()) {
                None => {
                    self.end_pass();
                    self.begin_pass(window, ctx);
                }
                Some(left) => {
                    self.pass.idle_frames += usize::from(since.elapsed() >= SETTLING);
                    ctx.request_repaint_after(left);
                }
            },
            Step::Pressing | Step::Ended => {}
            Step::Waiting { .. } => self.note_shown(ctx),
        }
        self.frame_began = Instant::now();
    }

    fn change_input(&mut self, window: &Window, raw: &mut RawInput) {
        if matches!(self.step, Step::Pressing) {
            let key = |pressed| Event::Key {
                key: Key::ArrowRight,
                physical_key: None,
                pressed,
                repeat: false,
                modifiers: Modifiers::NONE,
            };
            raw.events.extend([key(true), key(false)]);
            let place = window.state().selected + 1;
            self.step = Step::Waiting {
                pressed: Instant::now(),
                cpu: cpu_seconds(),
                place,
                laid_out: [false; 2],
                shown: [false; 2],
            };
        }
    }

    fn end_frame(&mut self, window: &Window, ctx: &egui::Context) {
        if let Step::Waiting { pressed, cpu, place, laid_out, shown } = self.step {
            let now = Self::is_there(window, place);
            if now != laid_out {
                // The next frame begins when this one is on the screen.
                ctx.request_repaint();
            }
            self.step = Step::Waiting { pressed, cpu, place, laid_out: now, shown };
        }
    }
}
