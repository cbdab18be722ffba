//! The camera's picture for a visitor: nothing of it is kept, and it is forgotten with the visitor.

use eframe::egui;

use super::Kiosk;
use super::screen::Touch;
use crate::app::tasks::live::CameraAccess;
use crate::app::views;
use crate::capture::SourceName;

impl Kiosk {
    /// Finds and opens cameras by `access` from now on: that of a test's double.
    pub fn use_cameras(&mut self, access: CameraAccess) {
        self.session.use_cameras(access);
        self.find_cameras();
    }

    /// Looks for cameras, where the settings do not name the source.
    pub(super) fn find_cameras(&mut self) {
        if self.config.live_source() == Some(SourceName::FirstCamera) {
            self.update(|update| update.find_cameras());
        }
    }

    /// Whether there is a camera, or what is played as one.
    pub(super) fn note_cameras(&mut self) {
        self.screen.has_camera = match self.config.live_source() {
            None => false,
            Some(SourceName::FirstCamera) => !self.state().live.cameras.is_empty() || self.state().live.is_on,
            Some(_) => true,
        };
    }

    /// Shows the camera's picture, or the photographs again.
    pub(super) fn toggle_live(&mut self) {
        if self.state().live.is_on {
            self.update(|update| update.stop_live());
        } else if self.screen.has_camera && !self.replacement.is_asked_for {
            // What frames leave in memory goes with this process.
            self.replacement.due_since = Some(self.presence.last_touch);
            let source = self.config.live_source();
            self.update(|update| {
                update.use_source(source);
                update.start_live();
            });
        }
    }

    /// A finger on the button for the camera's picture, on the screen that nobody is at: it wakes the screen, and asks for
    /// the picture. The button has gone from under it when it is lifted.
    pub(super) fn take_first_touch(&mut self, ctx: &egui::Context) {
        let button = views::kiosk_live_button(ctx.content_rect());
        let is_pressed = ctx.input(|input| {
            input.pointer.any_pressed() && input.pointer.interact_pos().is_some_and(|place| button.contains(place))
        });
        if is_pressed && self.screen.has_camera {
            self.touch(Touch::Live);
        }
    }
}
