//! One side of a comparison over the photo: its layer and its lines.

use eframe::egui::Painter;

use super::context::ViewContext;
use super::{layer, outline};
use crate::app::model::compare::SideChoice;
use crate::app::model::geometry::Geometry;
use crate::overlay::palette::{self, Rgb};
use crate::overlay::view::OverlayView;
use crate::photo::Photo;

/// The colour of a side's lines.
pub(super) fn side_colour(choice: &SideChoice, place: usize) -> Rgb {
    match choice {
        SideChoice::Reference => palette::REFERENCE,
        SideChoice::Corrected => palette::EDITED,
        _ if place == 0 => palette::PREDICTION,
        _ => palette::SECOND,
    }
}

/// Draws the side at `place` (0 or 1).
pub(super) fn paint_side(
    painter: &Painter,
    context: &ViewContext<'_>,
    shown: &Photo,
    geometry: &Geometry,
    place: usize,
) {
    let comparing = &context.state.comparing;
    let Some(Ok(side)) = &comparing.results[place] else { return };
    let view = context.effective_view();
    let choice = &comparing.sides[place];
    if view == OverlayView::Off || *choice == SideChoice::Photo {
        return;
    }
    let layer = context.pictures.side(place, view);
    if let Some(layer) = layer {
        painter.image(layer.id(), geometry.photo, layer::WHOLE, layer::tint(context));
    }
    // The error view has edges in place of a line; until it is there, the outline stays.
    match (view, layer, &context.state.current.reference) {
        (OverlayView::Error, Some(_), Some(reference)) => {
            outline::paint_edges(painter, geometry, shown.size(), &reference.outlines);
            outline::paint_edges(painter, geometry, shown.size(), &side.outlines);
        }
        _ => outline::paint(painter, geometry, shown.size(), &side.outlines, side_colour(choice, place)),
    }
}
