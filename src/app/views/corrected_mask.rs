//! The mask that is being corrected, under the view that is chosen: its outline follows the brush, and the network's lies
//! dashed beneath it. Outline shows a stroke's trace while it is drawn, fill the whole lesion.

use eframe::egui::{Color32, Painter, Rect, Ui};

use super::context::ViewContext;
use super::layer::WHOLE;
use super::{layer, outline};
use crate::app::model::geometry::Geometry;
use crate::app::paint_tiles::PaintedMask;
use crate::geometry::area::Area;
use crate::overlay::palette;
use crate::overlay::view::OverlayView;

/// Draws the mask in the chosen view.
pub(super) fn paint(
    ui: &Ui,
    painter: &Painter,
    context: &mut ViewContext<'_>,
    size: [u32; 2],
    geometry: &Geometry,
) {
    let view = context.effective_view();
    let Some(mask) = context.state.editing.live.as_ref().filter(|_| view != OverlayView::Off) else { return };
    let Some(sight) = in_sight(geometry, size) else { return };
    if view != OverlayView::Fill {
        layer::paint(painter, context, view, geometry);
    }
    paint_tiles(ui, painter, context, view, sight, size, geometry);
    if let Some(reference) = &context.state.current.reference {
        outline::paint(painter, geometry, size, &reference.outlines, palette::REFERENCE);
    }
    paint_network(painter, context, size, geometry);
    let lines = context.pictures.outline.in_sight(mask, sight);
    outline::paint_open(painter, geometry, size, &lines, palette::EDITED);
}

/// The network's outline beneath a corrected one, where it is wanted.
pub(super) fn paint_network(painter: &Painter, context: &ViewContext<'_>, size: [u32; 2], geometry: &Geometry) {
    if let Some(derived) = context.state.current.derived.as_ref().filter(|_| context.state.shows_network_outline())
    {
        outline::paint_dashed(painter, geometry, size, derived.network_outlines(), palette::PREDICTION);
    }
}

/// The part of the photo that is on the canvas.
fn in_sight(geometry: &Geometry, size: [u32; 2]) -> Option<Area> {
    let sight = geometry.canvas.intersect(geometry.photo);
    if !sight.is_positive() {
        return None;
    }
    let [left, top] = geometry.image_point(sight.min, size).map(|side| side.max(0.0) as u32);
    let [right, bottom] = geometry.image_point(sight.max, size).map(|side| side.ceil() as u32);
    Area { left, top, right: right.max(left + 1), bottom: bottom.max(top + 1) }.shared(Area::whole(size))
}

/// The lesion, or in another view than fill what a stroke under way has changed of it.
fn paint_tiles(
    ui: &Ui,
    painter: &Painter,
    context: &mut ViewContext<'_>,
    view: OverlayView,
    sight: Area,
    size: [u32; 2],
    geometry: &Geometry,
) {
    let state = context.state;
    let Some(mask) = &state.editing.live else { return };
    let tiles = &mut context.pictures.paint;
    let stroked = state.editing.stroke.as_ref().and_then(|stroke| stroke.area);
    let wanted = match (view, &state.editing.history, stroked) {
        (OverlayView::Fill, ..) => Some((PaintedMask::Lesion(mask), sight)),
        (_, Some(history), Some(area)) => {
            let trace = PaintedMask::Trace { mask, before: history.mask() };
            area.shared(sight).map(|part| (trace, part))
        }
        _ => None,
    };
    let Some((painted, part)) = wanted else { return tiles.clear() };
    if !tiles.bring(ui.ctx(), painted, part, geometry.zoom) {
        ui.ctx().request_repaint();
    }
    let over_photo = painter.with_clip_rect(geometry.canvas.intersect(geometry.photo));
    let tint = Color32::from_white_alpha((state.overlay.opacity.correcting * 255.0).round() as u8);
    for (texture, area) in tiles.shown() {
        let corner = |x: u32, y: u32| geometry.screen_from_image([x as f32, y as f32], size);
        let place = Rect::from_min_max(corner(area.left, area.top), corner(area.right, area.bottom));
        over_photo.image(texture, place, WHOLE, tint);
    }
}
