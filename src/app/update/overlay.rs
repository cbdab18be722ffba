//! What lies over the photo, and which part of it is shown.

use super::Update;
use crate::app::command::action::Action;
use crate::app::model::notices::Severity;
use crate::overlay::view::OverlayView;
use crate::words;

/// How far a key moves the threshold.
const THRESHOLD_STEP: f32 = 0.05;

/// How far a key zooms.
const ZOOM_STEP: f32 = 1.25;

impl Update<'_> {
    pub(super) fn show(&mut self, view: OverlayView) {
        if view == OverlayView::Error && !self.state.has_reference() {
            let key = self.state.preferences.keys.shown(Action::OpenReference);
            self.tell(Severity::Info, words!("error-view-needs-reference", key = key));
            return;
        }
        self.state.overlay.view = view;
    }

    /// Sets the opacity of the layer that is shown.
    pub(super) fn set_opacity(&mut self, opacity: f32) {
        let (view, is_correcting) = (self.state.overlay.view, self.state.correction.is_on);
        *self.state.overlay.opacity.of_mut(view, is_correcting) = opacity.clamp(0.0, 1.0);
    }

    /// The lesion filled, or its outline alone.
    pub(super) fn toggle_fill(&mut self) {
        self.state.overlay.view = match self.state.overlay.view {
            OverlayView::Fill => OverlayView::Outline,
            OverlayView::Outline
            | OverlayView::Band
            | OverlayView::Heat
            | OverlayView::Error
            | OverlayView::Off => OverlayView::Fill,
        };
    }

    pub(super) fn set_threshold(&mut self, threshold: f32) {
        // In steps of a hundredth, as it is shown; never 0, where every pixel would be lesion.
        self.state.overlay.threshold = ((threshold * 100.0).round() / 100.0).clamp(0.01, 1.0);
    }

    pub(super) fn step_threshold(&mut self, steps: f32) {
        self.set_threshold(self.state.overlay.threshold + steps * THRESHOLD_STEP);
    }

    pub(super) fn zoom_in_steps(&mut self, steps: i32) {
        if let Some(geometry) = self.state.geometry {
            *self.state.view_in_use() = geometry.zoomed(ZOOM_STEP.powi(steps), geometry.canvas.center());
        }
    }

    /// `zoom` in screen pixels a photo pixel.
    pub(super) fn zoom_to(&mut self, zoom: f32) {
        if let Some(geometry) = self.state.geometry {
            *self.state.view_in_use() = geometry.zoomed_to(zoom);
        }
    }
}
