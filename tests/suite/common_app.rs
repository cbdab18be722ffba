//! A window or a kiosk on a bench: opened without a screen, driven by keys and clicks, stepped until it is at rest,
//! closed and opened again.

use std::time::{Duration, Instant};

use dermaloupe::app::model::state::State;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, HarnessBuilder};

/// Longest that anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

/// An application of ours, as tests open and watch it.
pub trait Driven: eframe::App + Sized + 'static {
    /// What it is opened with, and again.
    type Place;

    /// Size of the window in points.
    const SIZE: egui::Vec2;

    /// Frames in a row at rest after which animations have ended too.
    const QUIET_FRAMES: u32;

    /// A test goes on when what it pressed is done; otherwise with the next frame.
    const SETTLES_AFTER_INPUT: bool;

    /// The harness's own options.
    fn harness() -> HarnessBuilder<Self> {
        Harness::builder()
    }

    /// Opens it.
    fn create(ctx: &egui::Context, place: &Self::Place) -> Self;

    /// Nothing is left to do.
    fn is_at_rest(&self) -> bool;

    /// What is open, shown and chosen.
    fn state(&self) -> &State;

    /// What it says to the person, for tests that fail.
    fn notices(&self) -> Vec<String>;
}

/// An application on the bench.
pub struct AppBench<A: Driven> {
    pub harness: Harness<'static, A>,
    pub place: A::Place,
}

/// What passes between two frames while nobody is there.
const SECONDS_A_FRAME: f64 = 0.1;

impl<A: Driven> AppBench<A> {
    /// Opens one, and waits until its first photograph stands.
    pub fn start(place: A::Place) -> Self {
        let harness = A::harness()
            .with_size(A::SIZE)
            .with_step_dt(1.0 / 60.0)
            .build_eframe(|creation| A::create(&creation.egui_ctx, &place));
        let mut bench = Self { harness, place };
        bench.settle();
        bench
    }

    /// Closes it; what it was opened with is left.
    pub fn close(self) -> A::Place {
        let Self { harness, place } = self;
        // What is on its way to the disk is written when the application is dropped.
        drop(harness);
        place
    }

    /// Closes it, and opens another of the same.
    pub fn reopen(self) -> Self {
        Self::start(self.close())
    }

    pub fn app(&self) -> &A {
        self.harness.state()
    }

    pub fn state(&self) -> &State {
        self.app().state()
    }

    pub fn step(&mut self) {
        self.harness.step();
        std::thread::yield_now();
    }

    /// Frames until it is so. Its own clock runs no faster than the machine's, so that nobody who waits for a thread is
    /// taken for one who has left.
    pub fn until(&mut self, what: &str, is_so: impl Fn(&A) -> bool) {
        let started = Instant::now();
        let mut before = started;
        while !is_so(self.app()) {
            let now = Instant::now();
            self.step_by((now - before).as_secs_f64().min(1.0 / 60.0));
            std::thread::yield_now();
            before = now;
            let waited = started.elapsed();
            assert!(waited < PATIENCE, "waited in vain until {what}; {:?}", self.app().notices());
        }
    }

    /// A frame, so many seconds of its own clock after the one before.
    fn step_by(&mut self, seconds: f64) {
        let now = self.harness.ctx.input(|input| input.time);
        self.harness.input_mut().time = Some(now + seconds);
        self.harness.step();
        self.harness.input_mut().time = None;
    }

    /// Steps until nothing is left to do, and then a little on, so that animations end.
    pub fn settle(&mut self) {
        let started = Instant::now();
        let (mut quiet, mut before) = (0, started);
        while quiet < A::QUIET_FRAMES {
            let now = Instant::now();
            // While a thread is waited for, the clock runs no faster than the machine's: what passes by itself stays.
            let is_waiting = !self.app().is_at_rest();
            self.step_by(if is_waiting { (now - before).as_secs_f64().min(1.0 / 60.0) } else { 1.0 / 60.0 });
            before = now;
            quiet = if self.app().is_at_rest() { quiet + 1 } else { 0 };
            assert!(started.elapsed() < PATIENCE, "it never came to rest; {:?}", self.app().notices());
        }
    }

    /// As [`Self::settle`], with a clock that hardly moves: what passes by itself stays, however busy the machine is.
    pub fn settle_at_once(&mut self) {
        let started = Instant::now();
        while !self.app().is_at_rest() {
            self.step_by(0.001);
            assert!(started.elapsed() < PATIENCE, "it never came to rest; {:?}", self.app().notices());
        }
    }

    /// So many seconds of its own clock pass, with nobody there and few frames drawn.
    pub fn pass(&mut self, seconds: f64) {
        let mut left = seconds;
        while left > 0.0 {
            self.step_by(left.min(SECONDS_A_FRAME));
            left -= SECONDS_A_FRAME;
        }
    }

    /// A frame with the input that was just given, and all that follows from it where the application's tests want that.
    pub fn take_input(&mut self) {
        self.harness.step();
        if A::SETTLES_AFTER_INPUT {
            self.settle();
        }
    }

    pub fn press(&mut self, key: Key) {
        self.press_with(Modifiers::NONE, key);
    }

    pub fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.take_input();
    }

    pub fn click(&mut self, label: &str) {
        self.harness.get_by_label_contains(label).click();
        self.take_input();
    }

    /// Chooses a row of the open menu as a screen reader does, whether it is in sight or has to be scrolled to.
    pub fn choose(&mut self, label: &str) {
        self.harness.get_by_label_contains(label).click_accesskit();
        self.take_input();
    }

    pub fn shows(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    pub fn shows_part(&self, words: &str) -> bool {
        self.harness.query_all_by_label_contains(words).next().is_some()
    }
}
