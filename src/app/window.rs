//! The window: an eframe application around a [`PhotoSession`]. `logic` takes what has happened, `ui` draws; what a
//! person asks for meanwhile is carried out before the next frame.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use eframe::egui;

use super::command::Command;
use super::command::action::Action;
use super::command::key_bindings::KeyBindings;
use super::dialogs::Dialogs;
use super::event_order::EventOrder;
use super::events::WindowEvent;
use super::model::notices::Severity;
use super::model::restore_point::RestorePoint;
use super::model::state::State;
use super::pictures::Pictures;
use super::session::PhotoSession;
use super::settings::{Remembered, Settings};
use super::theme::ThemeChoice;
use super::tone_shader::ToneShader;
use super::update::Capabilities;
use super::update::effect::WindowEffect;
use super::{first_state, keys, theme, views};
use crate::inference::{EngineChoice, ManyRecommended, ModelLibrary};
use crate::startup::StartupOptions;
use crate::words;

/// The application: the session, its pictures on the graphics card, and what was asked for since the last frame.
pub struct Window {
    session: PhotoSession,
    pictures: Pictures,
    tone_shader: Option<Arc<ToneShader>>,
    dialogs: Dialogs,
    commands: Vec<Command>,
    order: EventOrder,
    settings_path: Option<PathBuf>,
    saved_settings: Settings,
    /// Width and height of the window in points.
    size: Option<[f32; 2]>,
    /// The theme that the window was last drawn in.
    applied_theme: Option<ThemeChoice>,
    rest: Rest,
}

impl Window {
    /// Starts the session and opens what the command line named, else the photo that the last window was left at, else
    /// the sample.
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
        let (keys, key_complaints) = KeyBindings::from_names(saved_settings.key_set, &saved_settings.keys);
        theme::install(ctx);
        // Of what a bench paints nothing is kept.
        let capabilities = Capabilities { records: !options.is_benchmark, ..Capabilities::ALL };
        let network = first_state::first_network(library, &saved_settings, &options)?;
        let mut state = first_state::first_state(&saved_settings, &options, network);
        state.preferences.keys = keys;
        state.first_reference = options.reference.as_ref().and_then(|path| std::path::absolute(path).ok());
        let session =
            PhotoSession::start(state, capabilities, &options.libraries, options.data.clone(), waker(ctx))
                .context("cannot start the background threads")?;
        let mut window = Self {
            session,
            pictures: Pictures::start(waker(ctx)).context("cannot start the threads of pictures")?,
            tone_shader: None,
            dialogs: Dialogs::new(waker(ctx)),
            commands: Vec::new(),
            order: EventOrder::default(),
            settings_path,
            saved_settings,
            size: None,
            applied_theme: None,
            rest: Rest::default(),
        };
        let refused = library.refused().iter().map(|refused| refused.error.message());
        let refused = refused.chain(library.notices().iter().map(ManyRecommended::message));
        for words in refused.chain(complaint).chain(key_complaints) {
            window.session.tell(Severity::Warning, words, 0.0);
        }
        window.apply_theme(ctx);
        window.open_first(ctx, options.paths);
        if options.live.is_some() {
            window.send(Action::ToggleLive.into());
        }
        Ok(window)
    }

    fn open_first(&mut self, ctx: &egui::Context, paths: Vec<PathBuf>) {
        let settings = &self.saved_settings;
        let point = settings.session.clone().filter(|_| settings.remember_session);
        let effects = match (paths.is_empty(), point) {
            (false, _) => self.session.apply(Command::Open(paths), 0.0),
            (true, Some(point)) => self.session.restore(point),
            (true, None) => self.session.apply(Action::OpenSample.into(), 0.0),
        };
        self.carry_out(ctx, effects);
    }

    /// What the window shows.
    #[must_use]
    pub fn state(&self) -> &State {
        self.session.state()
    }

    /// Asks for `command`, as a button or a key would; it is carried out before the next frame.
    pub fn send(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// Whether nothing is left to do: no photo to read, no network to run, no picture to make.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.commands.is_empty() && self.order.is_empty() && self.session.is_idle() && self.pictures.is_idle()
    }

    /// What draws the window, for the about page.
    pub fn set_graphics(&mut self, name: String) {
        self.session.note_graphics(name);
    }

    /// Takes the graphics card's part in showing photographs brighter or darker; without it they are shown as they are
    /// stored.
    pub fn set_tone_shader(&mut self, shader: Option<Arc<ToneShader>>) {
        self.session.note_tone_shader(shader.is_some());
        self.tone_shader = shader;
    }

    pub(super) fn session_mut(&mut self) -> &mut PhotoSession {
        &mut self.session
    }

    /// Pictures on the graphics card.
    pub fn pictures_mut(&mut self) -> &mut Pictures {
        &mut self.pictures
    }

    fn carry_out(&mut self, ctx: &egui::Context, effects: Vec<WindowEffect>) {
        for effect in effects {
            match effect {
                WindowEffect::Ask(question) => self.dialogs.show(question, self.session.state().language),
                WindowEffect::Picture(picture) => self.pictures.take(ctx, picture),
                WindowEffect::ShowInFolder(path) => self.dialogs.show_in_folder(path),
                WindowEffect::FocusNote => views::focus_note(ctx),
                WindowEffect::OpenNetworkMenu => views::open_network_menu(ctx),
                WindowEffect::Close => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            }
        }
    }

    /// Carries out what was asked for since the last frame, and puts on the graphics card what is there to be shown.
    fn carry_out_commands(&mut self, ctx: &egui::Context, now: f64) {
        for command in std::mem::take(&mut self.commands) {
            self.rest.disturb();
            let effects = self.session.apply(command, now);
            self.carry_out(ctx, effects);
        }
        let mut effects = self.session.ask_for_wanted(now);
        effects.extend(self.session.show_known(now));
        self.carry_out(ctx, effects);
        if self.pictures.proceed(ctx, self.session.state()) {
            self.session.tell(Severity::Failure, words!("picture-crashed"), now);
        }
    }

    /// The theme as the state has it.
    fn apply_theme(&mut self, ctx: &egui::Context) {
        let wanted = self.session.state().theme;
        if self.applied_theme.replace(wanted) != Some(wanted) {
            theme::apply(ctx, wanted);
        }
    }

    /// Notes the window's size for the next start; it is written when the window closes, not at each step of a drag.
    fn note_size(&mut self, ctx: &egui::Context) {
        if let Some(inner) = ctx.input(|input| input.viewport().inner_rect) {
            self.size = Some([inner.width().round(), inner.height().round()]);
        }
    }

    /// Has settings that have changed written.
    fn remember_settings(&mut self, at_end: bool) {
        let Some(path) = &self.settings_path else { return };
        let state = self.session.state();
        let settings = Settings {
            theme: state.theme,
            language: state.chosen_language,
            view: state.overlay.view,
            opacity: state.overlay.opacity,
            network_outline: state.overlay.shows_network_outline,
            filmstrip: state.panels.filmstrip,
            side_panel: state.panels.side,
            recent: state.recent.clone(),
            model: state.network.chosen.clone(),
            engine: match state.network.choice {
                EngineChoice::Auto => None,
                EngineChoice::Only(kind) => Some(kind),
            },
            steps: state.network.steps.clone(),
            window_size: if at_end { self.size } else { self.saved_settings.window_size },
            keeps_tone: state.display.keeps_tone,
            sections: state.sections.clone(),
            reviewer: state.reviewing.reviewer.clone(),
            remember_session: state.preferences.remembers_session,
            compare_layout: state.comparing.layout,
            compare_sides: state.comparing.chosen_sides(),
            blink_seconds: state.comparing.blink_seconds,
            key_set: state.preferences.keys.set(),
            keys: state.preferences.keys.to_names(),
            session: self.restore_point(at_end),
        };
        if settings != self.saved_settings {
            self.session.remember(path.clone(), settings.to_json());
            self.saved_settings = settings;
        }
    }

    /// Where the window is now. How the photo is looked at changes with every turn of the wheel: it is noted at the end.
    fn restore_point(&self, at_end: bool) -> Option<RestorePoint> {
        let state = self.session.state();
        let saved = self.saved_settings.session.as_ref();
        // Until the restored photo is there, what was remembered stays.
        let Some(entry) = state.selected_entry() else { return saved.cloned() };
        let photo = std::path::absolute(entry.source.path()?).ok()?;
        let noted =
            saved.filter(|saved| saved.photo == photo).map(|saved| saved.view_transform).unwrap_or_default();
        Some(RestorePoint { view_transform: if at_end { state.view_transform } else { noted }, photo })
    }
}

fn waker(ctx: &egui::Context) -> impl Fn() + Clone + Send + Sync + 'static {
    let ctx = ctx.clone();
    move || ctx.request_repaint()
}

/// Says in the log when everything that was asked for stands on the screen, for those who drive the window.
#[derive(Default)]
struct Rest {
    quiet_frames: u32,
    /// In this frame something was asked for.
    is_disturbed: bool,
}

impl Rest {
    /// Frames after the last work until its pictures are on the screen, animations ended.
    const FRAMES: u32 = 20;

    /// Something was asked for: what stands on the screen is to be said anew.
    fn disturb(&mut self) {
        self.quiet_frames = 0;
        self.is_disturbed = true;
    }

    fn proceed(&mut self, ctx: &egui::Context, is_idle: bool) {
        if std::mem::take(&mut self.is_disturbed) || !is_idle {
            self.quiet_frames = 0;
        } else if self.quiet_frames < Self::FRAMES && log::log_enabled!(log::Level::Info) {
            self.quiet_frames += 1;
            ctx.request_repaint();
            if self.quiet_frames == Self::FRAMES {
                WindowEvent::AtRest.emit();
            }
        }
    }
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        let now = ctx.input(|input| input.time);
        let effects = self.session.proceed(now);
        self.carry_out(ctx, effects);
        self.commands.extend(self.dialogs.poll());
        self.carry_out_commands(ctx, now);
        self.apply_theme(ctx);
        self.note_size(ctx);
        self.remember_settings(false);
        let is_idle = self.is_idle();
        self.rest.proceed(ctx, is_idle);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        keys::read(ui.ctx(), self.session.state(), &mut self.commands);
        let is_walking = |command: &Command| matches!(command, Command::Do(action) if action.is_walking());
        if !self.commands.is_empty() && self.commands.iter().all(is_walking) {
            // The person waits for the next photograph: where it is in memory, this very frame shows it. All else is carried
            // out before the next frame, as it may concern what is being laid out, or take the focus with the same key.
            let now = ui.ctx().input(|input| input.time);
            self.carry_out_commands(ui.ctx(), now);
            ui.ctx().request_repaint();
        }
        let mut context = views::ViewContext {
            state: self.session.state(),
            pictures: &mut self.pictures,
            tone_shader: self.tone_shader.as_ref(),
            commands: &mut self.commands,
        };
        let geometry = views::window_ui(ui, &mut context);
        self.session.note_geometry(geometry);
        if !self.commands.is_empty() {
            ui.ctx().request_repaint();
        }
    }

    fn raw_input_hook(&mut self, ctx: &egui::Context, raw_input: &mut egui::RawInput) {
        let state = self.session.state();
        // A menu takes one key after the other: each may move the focus in it or close it.
        let is_menu = egui::Popup::is_any_open(ctx);
        let bindings = &state.preferences.keys;
        self.order.part(&mut raw_input.events, |event| is_menu || keys::changes_keys(event, bindings));
        if !self.order.is_empty() {
            ctx.request_repaint();
        }
        keys::take_tab(ctx, raw_input, &self.session.state().preferences.keys, &mut self.commands);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.session.end();
        self.remember_settings(true);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        theme::colours_of(visuals.dark_mode).canvas.to_normalized_gamma_f32()
    }
}
