//! Who is at the screen, as plain data.

use eframe::egui;

use crate::startup::KioskOptions;

/// Who is there, and what the window's place has to do with it.
pub(super) struct Presence {
    pub(super) last_touch: f64,
    /// Where the pointer was when it last moved on purpose.
    pub(super) pointer: Option<egui::Pos2>,
    /// The touch that is under way has said that somebody is there, and asks for nothing else.
    pub(super) is_greeting: bool,
    pub(super) corner_since: Option<f64>,
    /// The whole screen was asked for and is not known to be had.
    pub(super) wants_screen: bool,
    /// Nobody but the kiosk gives the window its place.
    pub(super) has_own_place: bool,
}

impl Presence {
    /// `has_place` where the window was given that of the screen before.
    pub(super) fn new(options: &KioskOptions, has_place: bool) -> Self {
        let has_own_place = has_place || options.size.is_some();
        Self {
            last_touch: 0.0,
            pointer: None,
            is_greeting: false,
            corner_since: None,
            wants_screen: !has_own_place,
            has_own_place,
        }
    }
}
