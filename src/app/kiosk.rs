//! `dermaloupe kiosk`: the whole screen for visitors: one photograph, one sentence, three buttons. It stands on a
//! [`PhotoSession`] as the desktop's window does, but one that may keep, correct, compare and look for nothing.

pub mod config;
mod kept;
pub mod screen;
mod service;
pub mod version;
mod visit;
pub mod watch;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use eframe::egui;

use self::config::{Exit, KioskConfig};
use self::kept::{Kept, KeptState, ReadingNote};
use self::screen::{Screen, Touch};
use self::service::Service;
use self::version::Version;
use self::watch::{Lookout, Unread, Watcher};
use super::command::action::Action;
use super::model::current::Phase;
use super::model::state::State;
use super::pictures::Pictures;
use super::session::PhotoSession;
use super::settings::Settings;
use super::theme::{self, NAME};
use super::update::effect::WindowEffect;
use super::update::{Capabilities, Update};
use super::{first_state, start, views};
use crate::inference::{EngineChoice, ModelLibrary};
use crate::language::Language;
pub use crate::startup::KioskOptions;
use crate::startup::StartupOptions;
use crate::words;

/// A share or stick that has not answered for so long is said to be silent.
const SILENT: Duration = Duration::from_secs(30);

/// Time in which a window manager that there is has given the whole screen.
const MANAGER_SECONDS: f64 = 2.0;

/// How long a finger rests in the corner to close the kiosk.
const CORNER_SECONDS: f64 = 5.0;

/// A pointer that moves so many points is moved by somebody.
const POINTER_MOVES: f32 = 16.0;

/// Side of that corner in points.
const CORNER: f32 = 120.0;

/// Opens the kiosk and stays until it is closed. Settings that are wrong are said on the screen; the kiosk runs.
///
/// # Errors
/// When there is no display or no OpenGL.
pub fn run(options: KioskOptions, library: ModelLibrary) -> anyhow::Result<()> {
    let viewport = egui::ViewportBuilder::default().with_title(NAME).with_app_id("dermaloupe-kiosk");
    let viewport = match options.size {
        Some(size) => viewport.with_inner_size(size),
        None => viewport.with_fullscreen(true).with_decorations(false),
    };
    let native = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    eframe::run_native(
        NAME,
        native,
        Box::new(move |creation| {
            log::info!("drawn by {}", start::graphics(creation));
            Ok(Box::new(Kiosk::new(&creation.egui_ctx, &options, &library)?))
        }),
    )
    .map_err(|error| anyhow::anyhow!(start::without_source_place(&error.to_string())))
    .context("cannot open the kiosk's screen")
}

/// The kiosk.
pub struct Kiosk {
    ctx: egui::Context,
    session: PhotoSession,
    pictures: Pictures,
    screen: Screen,
    config: KioskConfig,
    /// The visitor's photographs, in the order in which they came; the window walks them, or else the samples.
    visitor: Vec<Version>,
    watcher: Option<Watcher>,
    service: Service,
    kept_state: KeptState,
    /// What was kept before a restart, until it is found again.
    resumed: Kept,
    /// Photographs of which one was being read when the program had to be started again.
    suspects: Vec<PathBuf>,
    kept: Kept,
    last_touch: f64,
    /// Where the pointer was when it last moved on purpose.
    pointer: Option<egui::Pos2>,
    last_arrival: Option<f64>,
    corner_since: Option<f64>,
    may_close: bool,
    is_ready: bool,
    /// The whole screen was asked for and is not known to be had.
    wants_screen: bool,
}

impl Kiosk {
    /// Starts worker and watcher, and shows the samples.
    ///
    /// # Errors
    /// When the system gives no thread, or no network can be had at all.
    pub fn new(ctx: &egui::Context, options: &KioskOptions, library: &ModelLibrary) -> anyhow::Result<Self> {
        let mut screen = Screen::default();
        let config = KioskConfig::read(options.config.as_deref()).unwrap_or_else(|error| {
            log::error!("{error}");
            screen.settings_fault = Some(words!("kiosk-settings-fault", reason = error.message()));
            // Staff read the fault in the language of the machine, as the file's own is not known.
            KioskConfig { language: Language::of_system(), ..KioskConfig::default() }
        });

        let model = config.model.clone().filter(|name| match library.find(Some(name)) {
            Ok(_) => true,
            Err(reason) => {
                log::error!("{reason}");
                let fault = words!("kiosk-config-model", name = name.as_str());
                screen.settings_fault = Some(words!("kiosk-settings-fault", reason = fault));
                false
            }
        });
        let startup = StartupOptions {
            models: options.models.clone(),
            libraries: options.libraries.clone(),
            model,
            engine: config.engine.map_or(EngineChoice::Auto, EngineChoice::Only),
            theme: Some(config.theme),
            language: Some(config.language),
            ..StartupOptions::default()
        };
        theme::install(ctx);
        theme::apply(ctx, config.theme);
        let wake = ctx.clone();
        let wake = move || wake.request_repaint();
        let network = first_state::first_network(library, &Settings::default(), &startup)?;
        let state = first_state::first_state(&Settings::default(), &startup, network);
        let session = PhotoSession::start(state, Capabilities::NONE, &options.libraries, None, wake.clone())
            .context("cannot start the analysis thread")?;
        let pictures = Pictures::start(wake.clone()).context("cannot start the threads of pictures")?;
        let (kept_state, resumed) = KeptState::start(options.runtime.as_deref(), wake.clone());
        let forgotten = resumed.forgotten.clone();
        let note = ReadingNote::in_folder(options.runtime.as_deref());
        let suspects: Vec<PathBuf> = resumed.opening.clone().into_iter().chain(note.left()).collect();
        let unread = Unread { paths: suspects.clone(), numbers: forgotten.clone() };
        let watcher = (!config.watch.is_empty())
            .then(|| {
                let lookout = Lookout::new(config.watch.clone()).with_note(note, unread);
                Watcher::start(lookout, config.poll(), wake)
            })
            .transpose()
            .context("cannot start the watching thread")?;
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        let mut kiosk = Self {
            ctx: ctx.clone(),
            session,
            pictures,
            screen,
            config,
            visitor: Vec::new(),
            watcher,
            service: Service::from_environment(),
            kept_state,
            resumed,
            suspects,
            kept: Kept { forgotten, ..Kept::default() },
            last_touch: 0.0,
            pointer: None,
            last_arrival: None,
            corner_since: None,
            may_close: false,
            is_ready: false,
            wants_screen: options.size.is_none(),
        };
        kiosk.show_samples();
        Ok(kiosk)
    }

    /// What the kiosk shows beyond the window's state.
    #[must_use]
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// What is open and shown.
    #[must_use]
    pub fn state(&self) -> &State {
        self.session.state()
    }

    /// Changes the session's state, and does what that asks of the screen.
    fn update(&mut self, change: impl FnOnce(&mut Update<'_>)) {
        let effects = self.session.update(0.0, change);
        self.carry_out(effects);
    }

    /// Of what a session asks only pictures have a place here.
    fn carry_out(&mut self, effects: Vec<WindowEffect>) {
        for effect in effects {
            if let WindowEffect::Picture(picture) = effect {
                self.pictures.take(&self.ctx, picture);
            }
        }
    }

    /// How many photographs of the visitor are there.
    #[must_use]
    pub fn visitors(&self) -> usize {
        self.visitor.len()
    }

    /// Carries out what a finger or a key asked for.
    pub fn touch(&mut self, touch: Touch) {
        let count = self.state().entries.len();
        let selected = self.state().selected;
        match touch {
            // Round and round: a visitor never stands at an end.
            Touch::Next if count > 0 => self.update(|update| update.select((selected + 1) % count)),
            Touch::Previous if count > 0 => self.update(|update| update.select((selected + count - 1) % count)),
            Touch::Next | Touch::Previous => {}
            Touch::Heat => {
                self.screen.heat = !self.screen.heat;
                let action = if self.screen.heat { Action::ShowHeat } else { Action::ShowOutline };
                self.update(|update| update.perform(action));
            }
            Touch::Compare(held) => self.screen.comparing = held,
        }
    }

    /// Whether somebody was at the screen in this frame.
    fn note_presence(&mut self, ctx: &egui::Context, now: f64) {
        let pointer = &mut self.pointer;
        let is_there = ctx.input(|input| {
            input.raw.events.iter().any(|event| match event {
                egui::Event::Touch { .. }
                | egui::Event::PointerButton { .. }
                | egui::Event::MouseWheel { .. }
                | egui::Event::Key { .. } => true,
                // The first place is where the pointer always was, and a table that shakes is nobody.
                egui::Event::PointerMoved(place) => {
                    let from = *pointer.get_or_insert(*place);
                    from.distance(*place) > POINTER_MOVES && pointer.replace(*place).is_some()
                }
                _ => false,
            })
        });
        if is_there {
            self.last_touch = now;
            if self.screen.is_attracting {
                self.welcome();
            }
        } else if !self.screen.is_attracting && now - self.last_touch > self.config.idle_seconds as f64 {
            self.forget();
        }
    }

    fn note_exit(&mut self, ctx: &egui::Context, now: f64) {
        let wants_out = match self.config.exit {
            Exit::Never => false,
            Exit::Key => {
                ctx.input_mut(|input| input.consume_key(egui::Modifiers::CTRL | egui::Modifiers::ALT, egui::Key::Q))
            }
            Exit::Corner => {
                let corner = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::Vec2::splat(CORNER));
                let rests = ctx.input(|input| {
                    input.pointer.primary_down()
                        && input.pointer.interact_pos().is_some_and(|point| corner.contains(point))
                });
                self.corner_since = rests.then(|| self.corner_since.unwrap_or(now));
                if rests {
                    ctx.request_repaint_after(Duration::from_millis(200));
                }
                self.corner_since.is_some_and(|since| now - since >= CORNER_SECONDS)
            }
        };
        if wants_out {
            self.may_close = true;
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        } else if !self.may_close && ctx.input(|input| input.viewport().close_requested()) {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
        }
    }

    /// Without a window manager nobody gives the whole screen: then the window takes it.
    fn take_screen(&mut self, ctx: &egui::Context, now: f64) {
        if !self.wants_screen || now < MANAGER_SECONDS {
            return;
        }
        let place = ctx.input(|input| (input.viewport().monitor_size, input.viewport().inner_rect));
        if let (Some(screen), Some(window)) = place {
            self.wants_screen = false;
            if (window.size() - screen).abs().max_elem() > 1.0 {
                ctx.send_viewport_cmd(egui::ViewportCommand::OuterPosition(egui::Pos2::ZERO));
                ctx.send_viewport_cmd(egui::ViewportCommand::InnerSize(screen));
            }
        }
    }

    /// Keeps the place for a restart. A photograph is not read before it is kept that it is being opened.
    fn keep_place(&mut self) {
        let state = self.session.state();
        let path = |index: usize| state.entries.get(index).and_then(|entry| entry.source.path()).map(PathBuf::from);
        self.kept.shown = path(state.selected).or_else(|| self.resumed.shown.clone());
        self.kept.opening = if state.is_busy() { path(state.selected) } else { None };
        self.kept.heat = self.screen.heat;
        self.kept_state.keep(self.kept.clone());
        self.session.hold_opening(self.kept_state.is_opening_unwritten(&self.kept));
    }

    /// The service manager hears that the kiosk lives, unless its worker hangs.
    fn beat(&mut self, ctx: &egui::Context) {
        if !std::mem::replace(&mut self.is_ready, true) {
            self.service.ready();
        }
        let job = self.state().is_busy().then_some(self.session.requests());
        if let Some(soon) = self.service.beat(Instant::now(), job) {
            ctx.request_repaint_after(soon);
        }
    }
}

impl eframe::App for Kiosk {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        let now = ctx.input(|input| input.time);
        self.note_presence(ctx, now);
        self.note_exit(ctx, now);
        self.take_screen(ctx, now);
        self.take_sights(now);
        self.keep_place();
        let before = self.screen.picture_of(self.session.state(), &self.pictures);
        let effects = self.session.proceed(now);
        self.carry_out(effects);
        self.screen.proceed(self.session.state(), before, now);
        if self.screen.is_attracting && self.screen.is_over(now) && !self.state().is_busy() {
            self.touch(Touch::Next);
        }
        self.update(|update| update.clear_notices());
        self.keep_place();
        let effects = self.session.ask_for_wanted(now);
        self.carry_out(effects);
        if self.pictures.proceed(ctx, self.session.state()) {
            log::error!("a picture could not be made");
        }
        self.screen.is_silent = self.watcher.as_ref().is_some_and(|watcher| watcher.silence() > SILENT);
        self.screen.expire(now);
        self.beat(ctx);
        // Idle time and banners end without anybody touching the screen.
        ctx.request_repaint_after(Duration::from_secs(1));
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        // No command of the desktop's views leaves the kiosk.
        let mut commands = Vec::new();
        let mut context = views::ViewContext {
            state: self.session.state(),
            pictures: &mut self.pictures,
            tone_shader: None,
            commands: &mut commands,
        };
        let touches = views::kiosk_ui(ui, &mut context, &self.screen, self.visitor.len());
        for touch in touches {
            self.touch(touch);
            ui.ctx().request_repaint();
        }
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        theme::colours_of(visuals.dark_mode).canvas.to_normalized_gamma_f32()
    }
}

impl Kiosk {
    /// Whether somebody closed it in the way that the settings allow.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.may_close
    }

    /// Whether the photo that was asked for stands on the screen, or cannot.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let state = self.state();
        let is_done = match state.current.phase {
            Phase::Done => state.current.derived.is_some(),
            Phase::FileFailed(_) | Phase::NetworkFailed(_) => true,
            Phase::Nothing | Phase::Loading | Phase::Segmenting => false,
        };
        is_done && self.session.is_idle()
    }
}
