//! When a fresh process takes the place of this one: after a visit, once the idle screen stands still.
//!
//! Only a process that has read a photograph is replaced, and what is forgotten is not read by the next: so one visit ends
//! in one replacement.

use eframe::egui;

use super::Kiosk;
use super::messages::{Handover, SupervisorEnded, ToScreen, ToSupervisor};

/// Age in seconds below which a process is not replaced, whatever comes and goes in the watched folders.
const YOUNGEST: f64 = 15.0;

/// Longest time in seconds that a copy which does not end puts the replacement off.
const LONGEST_COPY: f64 = 60.0;

/// Frames after which a window that was just shown has been drawn for certain.
const FIRST_FRAMES: u32 = 3;

impl Kiosk {
    /// Takes what the supervisor says.
    pub(super) fn take_orders(&mut self, now: f64) {
        let Some(supervised) = self.replacement.supervised.clone() else { return };
        loop {
            match supervised.poll() {
                Ok(Some(ToScreen::Touched)) => {
                    self.presence.last_touch = now;
                    if self.screen.is_attracting {
                        self.welcome(now);
                    }
                }
                Ok(Some(ToScreen::Begin(_))) => log::error!("the kiosk's supervisor says twice to begin"),
                Ok(None) => return,
                Err(SupervisorEnded) => return self.close(),
            }
        }
    }

    /// Nobody comes too early: who touches the screen that is about to go is welcome on the next one.
    pub(super) fn note_touch_while_replaced(&mut self) {
        if let Some(supervised) = &self.replacement.supervised
            && self.replacement.is_asked_for
            && !std::mem::replace(&mut self.replacement.is_touch_told, true)
        {
            supervised.say(&ToSupervisor::Touched);
        }
    }

    /// Asks for a fresh process once nobody is there and everything stands still. From then on nothing is read here.
    pub(super) fn replace_if_due(&mut self, ctx: &egui::Context, now: f64) {
        let (Some(supervised), Some(due_since)) = (self.replacement.supervised.clone(), self.replacement.due_since)
        else {
            return;
        };
        let is_free = self.screen.is_attracting && self.visitor.is_empty() && !self.replacement.is_asked_for;
        let copies = self.screen.copying > 0 && now - due_since < LONGEST_COPY;
        let is_still = self.is_settled() && self.screen.is_still(self.state(), now) && self.kept_state.is_written();
        if !is_free || copies || !is_still || now < YOUNGEST {
            return;
        }
        self.watcher = None;
        self.replacement.is_asked_for = true;
        let window = ctx.input(|input| input.viewport().outer_rect.zip(input.viewport().inner_rect));
        let window = window.filter(|_| self.presence.has_own_place).map(|(outer, inner)| {
            [outer.min.x, outer.min.y, inner.width(), inner.height()].map(|points| points.round() as i32)
        });
        let (forgotten, untold) = (self.kept.forgotten.clone(), self.untold.clone());
        let sample = self.state().selected;
        supervised.say(&ToSupervisor::Replace(Handover { forgotten, untold, sample, window }));
    }

    /// Whether the window was just shown and not surely drawn yet; counts frames.
    pub(super) fn is_first_frame(&mut self) -> bool {
        self.frames = self.frames.saturating_add(1);
        self.frames <= FIRST_FRAMES
    }
}
