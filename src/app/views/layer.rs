//! The layer over a photo: fill, heat map or errors, through the opacity that is chosen for it.

use eframe::egui::{Color32, Painter, Rect, pos2};

use super::context::ViewContext;
use crate::app::model::geometry::Geometry;
use crate::overlay::view::OverlayView;

/// A texture as a whole.
pub(super) const WHOLE: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(1.0, 1.0) };

/// Paints the layer of a view that has one, as soon as it is there.
pub(super) fn paint(painter: &Painter, context: &ViewContext<'_>, view: OverlayView, geometry: &Geometry) {
    if let Some(layer) = context.pictures.layer(view)
        && matches!(view, OverlayView::Band | OverlayView::Fill | OverlayView::Heat | OverlayView::Error)
    {
        painter.image(layer.id(), geometry.photo, WHOLE, tint(context));
    }
}

/// What a layer is drawn through, for the opacity that is chosen.
pub(super) fn tint(context: &ViewContext<'_>) -> Color32 {
    Color32::from_white_alpha((context.state.layer_opacity() * 255.0).round() as u8)
}
