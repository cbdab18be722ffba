//! A window or a kiosk without a screen, whose clock the test holds, and whose picture can be taken.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use dermaloupe::app::Window;
use dermaloupe::app::command::Command;
use dermaloupe::app::settings::Remembered;
use dermaloupe::inference::{EngineChoice, EngineKind, Model, ModelLibrary};
use dermaloupe::language::Language;
use dermaloupe::startup::StartupOptions;
use eframe::egui::epaint::{ClippedShape, Shape, TextShape};
use eframe::egui::{self, Align, Color32, ColorImage, Vec2, vec2};
use egui_kittest::Harness;

use crate::rasteriser::{self, Textures};

/// Longest that any result may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

/// A screen of a notebook, and the smallest that the window is laid out for.
pub const USUAL: Vec2 = vec2(1280.0, 800.0);
pub const SMALL: Vec2 = vec2(1024.0, 600.0);

/// An application on a stage.
pub struct Stage<A> {
    pub harness: Harness<'static, A>,
    textures: Textures,
    /// Seconds of the application's clock.
    now: f64,
}

impl<A: eframe::App + 'static> Stage<A> {
    /// Makes the application by `make` and draws its first frames.
    pub fn of(size: Vec2, make: impl FnOnce(&mut eframe::CreationContext<'static>) -> A) -> Self {
        let textures = Textures::default();
        let harness = Harness::builder()
            .with_size(size)
            .with_step_dt(1.0 / 60.0)
            .allow_missing_glyphs()
            .renderer(textures.clone())
            .build_eframe(make);
        let now = harness.ctx.input(|input| input.time);
        Self { harness, textures, now }
    }

    /// One frame, a sixtieth of a second after the last.
    pub fn step(&mut self) {
        self.step_by(1.0 / 60.0);
    }

    fn step_by(&mut self, seconds: f64) {
        self.now += seconds;
        self.harness.input_mut().time = Some(self.now);
        self.harness.step();
    }

    /// So many seconds go by, in frames.
    pub fn pass(&mut self, seconds: f64) {
        for _ in 0..(seconds * 60.0).ceil() as usize {
            self.step();
        }
    }

    /// A round second from which everything that moves is at the same point in each run.
    pub fn start_clock(&mut self) {
        self.now = (self.now / 1000.0).ceil() * 1000.0;
        self.step();
    }

    /// Frames until it is so, and then `quiet` more in which it stays so. Until then the application's clock runs no faster
    /// than the machine's: a kiosk would take whoever waits for a busy network for one who has left.
    pub fn until(&mut self, what: &str, quiet: u32, is_so: impl Fn(&A) -> bool) {
        let started = Instant::now();
        let (mut before, mut count) = (started, 0);
        while count < quiet {
            let now = Instant::now();
            let passed = if count > 0 { 1.0 / 60.0 } else { (now - before).as_secs_f64().min(1.0 / 60.0) };
            before = now;
            self.step_by(passed);
            count = if is_so(self.harness.state()) { count + 1 } else { 0 };
            assert!(started.elapsed() < PATIENCE, "waited in vain until {what}");
            std::thread::yield_now();
        }
    }

    /// What the last frame has drawn, and whether a measured time is in it.
    fn shapes(&self) -> (Vec<ClippedShape>, bool) {
        let mut shapes = self.harness.output().shapes.clone();
        let mut has_times = false;
        for ClippedShape { shape, .. } in &mut shapes {
            has_times |= still_times(&self.harness.ctx, shape);
        }
        (shapes, has_times)
    }

    /// The picture of the last frame. Times that were measured read 7 ms, whatever they were.
    pub fn picture(&mut self) -> ColorImage {
        let (mut shapes, has_times) = self.shapes();
        if has_times {
            // What has just been laid out is among the letters on the graphics card from the next frame on.
            self.step();
            shapes = self.shapes().0;
        }
        rasteriser::picture(&self.harness.ctx, shapes, &self.textures, Color32::BLACK)
    }
}

/// Writes every measured time anew, each where it was; whether there was one.
fn still_times(ctx: &egui::Context, shape: &mut Shape) -> bool {
    match shape {
        // All of them, not only up to the first.
        Shape::Vec(shapes) => {
            shapes.iter_mut().filter_map(|shape| still_times(ctx, shape).then_some(())).count() > 0
        }
        Shape::Text(text) => {
            let words = text.galley.text();
            // What of a text stays in its place when it gets shorter.
            let kept = if ["\u{a0}ms", "\u{a0}s", "   ·   "].iter().any(|part| words.contains(part)) {
                Some(Align::Min)
            } else {
                words.strip_suffix(" ms").filter(|time| time.parse::<f64>().is_ok()).map(|_| Align::Max)
            };
            kept.inspect(|&kept| still_time(ctx, text, kept)).is_some()
        }
        _ => false,
    }
}

fn still_time(ctx: &egui::Context, text: &mut TextShape, kept: Align) {
    let mut job = text.galley.job.as_ref().clone();
    let Some(format) = job.sections.first().map(|section| section.format.clone()) else { return };
    let mut words = String::new();
    for letter in job.text.replace("\u{a0}s", "\u{a0}ms").chars() {
        match letter {
            '0'..='9' if words.ends_with('7') => {}
            '0'..='9' => words.push('7'),
            '.' if words.ends_with('7') => {}
            other => words.push(other),
        }
    }
    job.sections = vec![egui::text::LayoutSection {
        leading_space: 0.0,
        byte_range: egui::text::ByteIndex(0)..egui::text::ByteIndex(words.len()),
        format,
    }];
    job.text = words;
    let galley = ctx.fonts_mut(|fonts| fonts.layout_job(job));
    text.pos.x += (text.galley.size().x - galley.size().x) * kept.to_factor();
    text.galley = galley;
}

impl Stage<Window> {
    /// A window with the built-in network in the built-in engine, which is the same everywhere.
    pub fn window(size: Vec2, change: impl FnOnce(&mut StartupOptions)) -> Self {
        let mut options = StartupOptions {
            model: Some(Model::BUILT_IN.to_owned()),
            engine: EngineChoice::Only(EngineKind::Rten),
            language: Some(Language::English),
            models: Some("models/zoo".into()),
            // Paths in messages are the same on every machine.
            home: std::path::absolute("target/snapshots").ok(),
            ..StartupOptions::default()
        };
        change(&mut options);
        let library = ModelLibrary::discover(options.models.as_deref());
        let mut stage = Self::of(size, |creation| {
            Window::new(&creation.egui_ctx, options, &library, Remembered::at(None)).expect("the window opens")
        });
        stage.settle();
        stage.start_clock();
        stage
    }

    pub fn with_photos(size: Vec2, paths: &[PathBuf]) -> Self {
        Self::window(size, |options| options.paths = paths.to_vec())
    }

    /// Frames until nothing is left to do and nothing moves.
    pub fn settle(&mut self) {
        self.until("the window comes to rest", 30, Window::is_idle);
    }

    pub fn send(&mut self, command: impl Into<Command>) {
        self.harness.state_mut().send(command.into());
        self.settle();
    }

    pub fn press(&mut self, key: egui::Key) {
        self.harness.key_press(key);
        self.settle();
    }
}
