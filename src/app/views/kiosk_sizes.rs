//! Sizes of what stands on the kiosk's screen.

use eframe::egui::{Rect, Vec2, vec2};

/// Sizes that follow from the screen's.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    pub(super) sentence: f32,
    /// What stands below it, and banners.
    pub(super) small: f32,
    pub(super) button: f32,
    /// `[width, height]` of a button: never below 44 points, which a finger needs.
    pub(super) button_size: Vec2,
    pub(super) margin: f32,
}

impl Sizes {
    pub(super) fn of(screen: Rect) -> Self {
        // A screen of 1280x800 points is 1; type neither shrinks below what is read a metre away nor shouts.
        let scale = (screen.height() / 800.0).min(screen.width() / 1280.0).clamp(0.72, 1.5);
        Self {
            sentence: 30.0 * scale,
            small: (17.0 * scale).max(14.0),
            button: (20.0 * scale).max(15.0),
            button_size: vec2(188.0 * scale, (76.0 * scale).max(52.0)),
            margin: 24.0 * scale,
        }
    }
}
