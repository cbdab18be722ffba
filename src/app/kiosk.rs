//! `dermaloupe kiosk`: the whole screen for visitors: one photograph, one sentence, three buttons. It stands on a
//! [`PhotoSession`] as the desktop's window does, but one that may keep, correct, compare and look for nothing.

pub mod config;
mod fresh_screen;
mod idle_time;
mod kept;
mod live;
pub mod lookout;
pub mod messages;
mod opening;
mod presence;
mod replacement;
pub mod screen;
mod service;
pub mod supervised;
#[cfg(unix)]
mod supervisor;
pub mod version;
mod visit;
mod watch;

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use eframe::egui;

use self::config::KioskConfig;
use self::kept::{Kept, KeptState};
pub use self::opening::run;
use self::presence::Presence;
use self::replacement::Replacement;
use self::screen::{Screen, Touch};
use self::service::Service;
use self::version::Version;
use self::watch::Watcher;
use super::command::action::Action;
use super::model::current::Phase;
use super::model::state::State;
use super::pictures::Pictures;
use super::session::PhotoSession;
use super::theme;
use super::update::Update;
use super::update::effect::WindowEffect;
use super::views;
pub use crate::startup::KioskOptions;

/// A share or stick that has not answered for so long is said to be silent.
const SILENT: Duration = Duration::from_secs(30);

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
    replacement: Replacement,
    kept_state: KeptState,
    /// What was kept before a restart, until it is found again.
    resumed: Kept,
    /// Photographs of which one was being read when the program had to be started again.
    suspects: Vec<PathBuf>,
    kept: Kept,
    /// Forgotten photographs whose visitor has not been told yet that they were cleared, by their numbers.
    untold: HashSet<u64>,
    presence: Presence,
    last_arrival: Option<f64>,
    may_close: bool,
    /// Frames that were begun.
    frames: u32,
    is_ready: bool,
}

impl Kiosk {
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
            Touch::Live => self.toggle_live(),
            Touch::Freeze => self.update(|update| update.freeze_frame()),
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
        if self.is_first_frame() {
            ctx.request_repaint();
        } else if !std::mem::replace(&mut self.is_ready, true) {
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
        self.take_orders(now);
        self.note_presence(ctx, now);
        self.note_exit(ctx, now);
        self.take_screen(ctx, now);
        self.take_sights(now);
        self.keep_place();
        self.note_cameras();
        let before = self.screen.picture_of(self.session.state(), &self.pictures);
        let effects = self.session.proceed(now);
        self.carry_out(effects);
        self.screen.proceed(self.session.state(), before, now);
        let is_over = self.screen.is_attracting && now > self.screen.sample_ends();
        // The screen that takes this one's place begins with the same sample.
        if is_over && !self.state().is_busy() && !self.replacement.is_asked_for {
            self.touch(Touch::Next);
            self.find_cameras();
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
        self.replace_if_due(ctx, now);
        self.beat(ctx);
        ctx.request_repaint_after(Duration::from_secs_f64(self.seconds_to_next_frame(now)));
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
            if !self.presence.is_greeting {
                self.touch(touch);
            }
            ui.ctx().request_repaint();
        }
        // The touch that has woken the screen is over with this frame.
        self.presence.is_greeting &= ui.input(|input| input.pointer.any_down());
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
