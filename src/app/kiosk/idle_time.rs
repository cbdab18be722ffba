//! Whether somebody is at the screen, how long nobody was, and how the kiosk is closed there.

use std::time::Duration;

use eframe::egui;

use super::Kiosk;
use super::config::Exit;

/// Time in which a window manager that there is has given the whole screen.
const MANAGER_SECONDS: f64 = 2.0;

/// How long a finger rests in the corner to close the kiosk.
const CORNER_SECONDS: f64 = 5.0;

/// A pointer that moves so many points is moved by somebody.
const POINTER_MOVES: f32 = 16.0;

/// Side of that corner in points.
const CORNER: f32 = 120.0;

/// Seconds that are counted down before a visitor's photographs are cleared.
const COUNTDOWN_SECONDS: f64 = 10.0;

/// Longest time without a frame: a watched folder that does not answer is noticed in one.
const LONGEST_REST: f64 = 5.0;

impl Kiosk {
    /// Whether somebody was at the screen in this frame; when nobody was for long, the visit is over.
    pub(super) fn note_presence(&mut self, ctx: &egui::Context, now: f64) {
        if self.is_somebody_there(ctx) {
            self.presence.last_touch = now;
            if self.screen.is_attracting || self.screen.countdown.is_some() {
                // What lies below the finger was not to be seen, or not meant.
                self.presence.is_greeting = ctx.input(|input| input.pointer.any_down());
            }
            self.screen.countdown = None;
            if self.screen.is_attracting {
                self.note_touch_while_replaced();
                self.welcome(now);
                self.take_first_touch(ctx);
            }
        }
        if self.screen.is_attracting {
            return;
        }
        let left = self.config.idle_seconds as f64 - (now - self.presence.last_touch);
        if left < 0.0 {
            self.forget_after_idle_time();
        } else if !self.has_what_to_forget() || left > self.countdown_seconds() {
            self.screen.countdown = None;
        } else {
            self.screen.countdown = Some(left.ceil().max(1.0) as u32);
        }
    }

    fn is_somebody_there(&mut self, ctx: &egui::Context) -> bool {
        let pointer = &mut self.presence.pointer;
        ctx.input(|input| {
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
        })
    }

    /// Whether anything of a visitor is there: photographs, or the camera's picture.
    fn has_what_to_forget(&self) -> bool {
        !self.visitor.is_empty() || self.state().live.is_on
    }

    /// A short idle time is not all countdown.
    fn countdown_seconds(&self) -> f64 {
        COUNTDOWN_SECONDS.min(self.config.idle_seconds as f64 / 2.0)
    }

    /// Seconds until a frame is needed although nobody touches the screen and nothing comes.
    pub(super) fn seconds_to_next_frame(&self, now: f64) -> f64 {
        let idle_ends = self.presence.last_touch + self.config.idle_seconds as f64;
        let visit = if self.screen.is_attracting {
            self.screen.sample_ends()
        } else if let Some(left) = self.screen.countdown {
            // When the figure changes.
            idle_ends - f64::from(left - 1)
        } else if !self.has_what_to_forget() {
            idle_ends
        } else {
            idle_ends - self.countdown_seconds()
        };
        let screen = if self.presence.wants_screen { MANAGER_SECONDS } else { f64::INFINITY };
        let next = visit.min(self.screen.passing_ends().unwrap_or(f64::INFINITY)).min(screen);
        // A moment later than the very edge, so that it has passed.
        (next - now + 0.01).clamp(0.02, LONGEST_REST)
    }

    pub(super) fn note_exit(&mut self, ctx: &egui::Context, now: f64) {
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
                let since = &mut self.presence.corner_since;
                *since = rests.then(|| since.unwrap_or(now));
                if rests {
                    ctx.request_repaint_after(Duration::from_millis(200));
                }
                since.is_some_and(|since| now - since >= CORNER_SECONDS)
            }
        };
        if wants_out {
            self.close();
        } else if !self.may_close && ctx.input(|input| input.viewport().close_requested()) {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
        }
    }

    pub(super) fn close(&mut self) {
        self.may_close = true;
        self.ctx.send_viewport_cmd(egui::ViewportCommand::Close);
    }

    /// Without a window manager nobody gives the whole screen: then the window takes it.
    pub(super) fn take_screen(&mut self, ctx: &egui::Context, now: f64) {
        if !self.presence.wants_screen || now < MANAGER_SECONDS {
            return;
        }
        let place = ctx.input(|input| (input.viewport().monitor_size, input.viewport().inner_rect));
        if let (Some(screen), Some(window)) = place {
            self.presence.wants_screen = false;
            if (window.size() - screen).abs().max_elem() > 1.0 {
                self.presence.has_own_place = true;
                ctx.send_viewport_cmd(egui::ViewportCommand::OuterPosition(egui::Pos2::ZERO));
                ctx.send_viewport_cmd(egui::ViewportCommand::InnerSize(screen));
            }
        }
    }
}
