//! The window: an eframe application around [`State`]. Views read the state and send [`Command`]s; `apply.rs` alone
//! changes it; the worker does what takes time.

pub mod agreement_table;
mod apply;
mod calibrate;
pub mod command;
pub mod compare;
mod correct;
pub mod correction_state;
mod dialogs;
pub mod display;
mod events;
mod failures;
mod fonts;
pub mod geometry;
mod icons;
mod keys;
pub mod kiosk;
mod looker;
pub mod measure;
mod names;
pub mod notices;
pub mod observe;
mod order;
mod paint_tiles;
pub mod preferences;
pub mod review;
mod saving;
pub mod scale;
mod screenshot;
mod session;
pub mod settings;
mod start;
pub mod state;
mod textures;
pub mod theme;
mod tiles;
mod tone_shader;
mod views;
pub mod worker;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use eframe::egui;

use self::command::Command;
use self::command::own_keys::OwnKeys;
use self::correct::Correcting;
use self::dialogs::Dialogs;
use self::geometry::Geometry;
use self::looker::Looker;
use self::notices::Weight;
use self::order::Order;
use self::review::keeper::Keeper;
use self::settings::{Remembered, Settings};
use self::state::{Derived, State};
use self::textures::Textures;
use self::tiles::Tiles;
use self::tone_shader::ToneShader;
use self::worker::{Generation, SettingsJob, Thumbnails, Worker};
use crate::inference::{EngineChoice, ModelLibrary};
use crate::language;
use crate::startup::StartupOptions;

/// The title of the window and of everything in it.
pub const NAME: &str = "Dermaloupe";

pub use self::start::{run, run_observed};

/// The application: state, worker, pictures, and what the person has asked for since the last frame.
pub struct Window {
    state: State,
    worker: Worker,
    thumbnails: Thumbnails,
    keeper: Keeper,
    correcting: Correcting,
    looker: Looker,
    /// The outline that was last given to measure, and whether with colours.
    asked_measures: Option<(Arc<Derived>, bool)>,
    textures: Textures,
    tiles: Tiles,
    /// None without OpenGL.
    tone_shader: Option<Arc<ToneShader>>,
    dialogs: Dialogs,
    commands: Vec<Command>,
    order: Order,
    /// Where the photo lay in the last frame, for zooming by key.
    geometry: Option<Geometry>,
    /// The newest question that was asked of the worker.
    generation: Generation,
    /// The question that the shown photo and its result answer; older than `generation` while the next one loads.
    shown_generation: Generation,
    settings_path: Option<PathBuf>,
    /// The data directory: records of folders that cannot be written lie there.
    data: Option<PathBuf>,
    saved_settings: Settings,
    /// `[width, height]` of the window in points.
    size: Option<[f32; 2]>,
    /// `--reference`, until the first photo is there.
    first_reference: Option<PathBuf>,
    rest: Rest,
    /// Nothing is kept of what is done to photographs.
    is_benchmark: bool,
}

impl Window {
    /// Starts the worker and opens what the command line named, or the sample.
    ///
    /// # Errors
    /// When a network that was asked for is not there, or the system gives no thread.
    pub fn new(
        ctx: &egui::Context,
        options: StartupOptions,
        library: &ModelLibrary,
        remembered: Remembered,
    ) -> anyhow::Result<Self> {
        let Remembered { path: settings_path, settings: saved_settings, complaint } = remembered;
        let (keys, key_complaints) = OwnKeys::from_names(&saved_settings.keys);
        keys.put_in_use();
        theme::install(ctx);
        let wake = |ctx: &egui::Context| {
            let ctx = ctx.clone();
            move || ctx.request_repaint()
        };
        let network = start::first_network(library, &saved_settings, &options)?;
        let mut window = Self {
            state: start::first_state(&saved_settings, &options, network),
            worker: Worker::start(options.libraries.clone(), wake(ctx))
                .context("cannot start the segmenting thread")?,
            thumbnails: Thumbnails::start(wake(ctx)).context("cannot start the thumbnail thread")?,
            keeper: Keeper::start(options.data.clone(), wake(ctx)).context("cannot start the keeping thread")?,
            correcting: Correcting::new(wake(ctx)).context("cannot start the thread that keeps corrections")?,
            looker: Looker::start(options.libraries.clone(), wake(ctx))
                .context("cannot start the looking thread")?,
            asked_measures: None,
            textures: Textures::default(),
            tiles: Tiles::start(wake(ctx)).context("cannot start the thread of the photo's tiles")?,
            tone_shader: None,
            dialogs: Dialogs::new(wake(ctx)),
            commands: Vec::new(),
            order: Order::default(),
            geometry: None,
            generation: Generation::default(),
            shown_generation: Generation::default(),
            settings_path,
            data: options.data.clone(),
            saved_settings,
            size: None,
            first_reference: None,
            rest: Rest::default(),
            is_benchmark: options.is_benchmark,
        };
        window.state.preferences.keys = keys;
        window.correcting.reviewer.clone_from(&window.state.reviewing.reviewer);
        theme::apply(ctx, window.state.theme);
        language::set(window.state.language);
        let refused = library.refused().iter().map(|refused| failures::card(&refused.error));
        let refused = refused.chain(library.notices().iter().map(failures::many_recommended));
        for words in refused.chain(complaint).chain(key_complaints) {
            window.state.notices.add(Weight::Warning, words, 0.0);
        }
        window.open_first(options.paths, options.reference);
        Ok(window)
    }

    fn open_first(&mut self, paths: Vec<PathBuf>, reference: Option<PathBuf>) {
        if paths.is_empty() {
            if !self.restore_session() {
                self.open_sample();
            }
            return;
        }
        self.first_reference = reference;
        self.open_paths(paths);
    }

    /// What the window shows.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Asks for `command`, as a button or a key would; it is carried out before the next frame.
    pub fn send(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// Whether nothing is left to do: no photo to read, no network to run, no thumbnail to make.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let has_idle_threads = self.worker.is_idle()
            && self.thumbnails.is_idle()
            && self.keeper.is_idle()
            && self.correcting.is_idle()
            && self.looker.is_idle()
            && self.tiles.is_idle();
        self.commands.is_empty() && self.order.is_empty() && has_idle_threads && !self.state.is_busy()
    }

    /// Notes the window's size for the next start; it is written when the window closes, not at each step of a drag.
    fn note_size(&mut self, ctx: &egui::Context) {
        if let Some(inner) = ctx.input(|input| input.viewport().inner_rect) {
            self.size = Some([inner.width().round(), inner.height().round()]);
        }
    }

    /// Hands settings that have changed to the worker.
    fn remember_settings(&mut self, at_end: bool) {
        let Some(path) = &self.settings_path else { return };
        let settings = Settings {
            theme: self.state.theme,
            language: self.state.chosen_language,
            view: self.state.overlay.view,
            opacity: self.state.overlay.opacity,
            filmstrip: self.state.panels.filmstrip,
            side_panel: self.state.panels.side,
            recent: self.state.recent.clone(),
            model: self.state.network.chosen.clone(),
            engine: match self.state.network.choice {
                EngineChoice::Auto => None,
                EngineChoice::Only(kind) => Some(kind),
            },
            window_size: if at_end { self.size } else { self.saved_settings.window_size },
            keeps_tone: self.state.display.keeps_tone,
            shows_display: self.state.display.is_open,
            reviewer: self.state.reviewing.reviewer.clone(),
            remember_session: self.state.preferences.remembers_session,
            compare_layout: self.state.comparing.layout,
            compare_sides: self.state.comparing.chosen_sides(),
            blink_seconds: self.state.comparing.blink_seconds,
            keys: self.state.preferences.keys.to_names(),
            session: self.session(at_end),
        };
        if settings != self.saved_settings {
            self.worker.remember(SettingsJob { path: path.clone(), json: settings.to_json() });
            self.saved_settings = settings;
        }
    }
}

/// Says in the log when everything that was asked for stands on the screen, for those who drive the window.
#[derive(Default)]
struct Rest {
    quiet_frames: u32,
}

impl Rest {
    /// Frames after the last work until its pictures are on the screen, animations ended.
    const FRAMES: u32 = 20;

    fn proceed(&mut self, ctx: &egui::Context, is_idle: bool) {
        if !is_idle {
            self.quiet_frames = 0;
        } else if self.quiet_frames < Self::FRAMES && log::log_enabled!(log::Level::Info) {
            self.quiet_frames += 1;
            ctx.request_repaint();
            if self.quiet_frames == Self::FRAMES {
                log::info!("at rest");
            }
        }
    }
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        while let Some(event) = self.worker.poll() {
            self.take_event(ctx, event);
        }
        while let Some(told) = self.keeper.poll() {
            self.take_told(ctx, told);
        }
        while let Some(event) = self.looker.poll() {
            self.take_look(ctx, event);
        }
        while let Some((path, made)) = self.thumbnails.poll() {
            self.textures.set_thumbnail(ctx, path, made);
        }
        self.take_tiles(ctx);
        while let Some(answer) = self.correcting.poll() {
            self.take_answer(ctx, answer);
        }
        self.commands.extend(self.dialogs.poll());
        self.state.notices.expire(ctx.input(|input| input.time));
        let commands = std::mem::take(&mut self.commands);
        let is_asked = !commands.is_empty();
        for command in commands {
            self.apply(ctx, command);
        }
        self.ask_for_measures();
        self.ask_for_comparison();
        self.note_size(ctx);
        self.remember_settings(false);
        let is_idle = self.is_idle() && !is_asked;
        self.rest.proceed(ctx, is_idle);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        keys::read(ui.ctx(), &self.state, &mut self.commands);
        let mut desk = views::Desk {
            state: &self.state,
            textures: &mut self.textures,
            thumbnails: &self.thumbnails,
            tiles: &self.tiles,
            tone_shader: self.tone_shader.as_ref(),
            painted: self.correcting.live(),
            commands: &mut self.commands,
        };
        self.geometry = views::window_ui(ui, &mut desk);
        if !self.commands.is_empty() {
            ui.ctx().request_repaint();
        }
    }

    fn raw_input_hook(&mut self, ctx: &egui::Context, raw_input: &mut egui::RawInput) {
        self.order.part(&mut raw_input.events);
        if !self.order.is_empty() {
            ctx.request_repaint();
        }
        keys::take_tab(ctx, raw_input, &mut self.commands);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.keep_note();
        self.remember_settings(true);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        theme::colours_of(visuals.dark_mode).canvas.to_normalized_gamma_f32()
    }
}
