//! Painting the photo and what lies over it.

use eframe::egui::{self, Color32, CornerRadius, Painter, Rect, Shadow, pos2, vec2};

use super::context::ViewContext;
use super::layer::WHOLE;
use super::{corrected_mask, layer, outline};
use crate::app::model::geometry::Geometry;
use crate::app::tile_area::{TILE_SIDE, TileArea};
use crate::app::tone_shader::Quad;
use crate::overlay::palette;
use crate::overlay::view::OverlayView;
use crate::photo::Photo;

/// Paints the photo as a person wants to see it, or as it is stored: its overview, and its own pixels from
/// tiles where the overview is coarser than the screen.
pub(super) fn paint(
    painter: &Painter,
    context: &mut ViewContext<'_>,
    photo: &Photo,
    geometry: &Geometry,
    is_as_stored: bool,
) {
    let tone = context.shown_tone(is_as_stored);
    let width = geometry.zoom * photo.width() as f32;
    let Some(overview) = context.pictures.overview(painter.ctx(), width, is_as_stored) else { return };
    let overview = Quad { texture: overview.id(), rect: geometry.photo, uv: WHOLE };
    // Tiles are cleared where the overview is.
    let has_tiles = !(is_as_stored && context.pictures.is_cleared());
    let most = context.pictures.overview_size()[0] as f32;
    paint_shadow(painter, geometry.photo);
    let mut quads = vec![overview];
    if has_tiles && most < photo.width() as f32 && width > most {
        let is_covered = add_tiles(context, photo, geometry, &mut quads);
        if is_covered {
            quads.swap_remove(0);
        }
    }
    match context.tone_shader.filter(|_| !tone.is_neutral()) {
        Some(shader) => {
            painter.add(shader.shape(painter.clip_rect(), quads, tone));
        }
        None => {
            for Quad { texture, rect, uv } in quads {
                painter.image(texture, rect, uv, Color32::WHITE);
            }
        }
    }
}

/// The photo's shadow on the canvas, beside the photo alone: beneath it each pixel would be mixed for nothing.
fn paint_shadow(painter: &Painter, photo: Rect) {
    let shadow = Shadow { offset: [0, 4], blur: 24, spread: 0, color: Color32::from_black_alpha(110) };
    let all = painter.clip_rect();
    let beside = Rect::from_x_y_ranges(all.x_range(), photo.y_range());
    for strip in [
        Rect { max: pos2(all.max.x, photo.min.y), ..all },
        Rect { min: pos2(all.min.x, photo.max.y), ..all },
        Rect { max: pos2(photo.min.x, beside.max.y), ..beside },
        Rect { min: pos2(photo.max.x, beside.min.y), ..beside },
    ] {
        if strip.is_positive() {
            painter.with_clip_rect(strip.intersect(all)).add(shadow.as_shape(photo, CornerRadius::ZERO));
        }
    }
}

/// Adds the tiles in sight that are there, and asks for the others; whether all of them are there.
fn add_tiles(context: &mut ViewContext<'_>, photo: &Photo, geometry: &Geometry, quads: &mut Vec<Quad>) -> bool {
    let mut are_all_there = true;
    let scale = geometry.points_per_px(photo.size());
    let sight = geometry.canvas.intersect(geometry.photo);
    let tile_of = |points: f32, side: u32| ((points / scale).max(0.0) as u32).min(side - 1) / TILE_SIDE;
    let from = sight.min - geometry.photo.min;
    let to = sight.max - geometry.photo.min;
    let columns = tile_of(from.x, photo.width())..=tile_of(to.x, photo.width());
    let rows = tile_of(from.y, photo.height())..=tile_of(to.y, photo.height());
    for row in rows.clone() {
        for column in columns.clone() {
            let Some(texture) = context.pictures.tile((column, row)) else {
                context.pictures.want_tile((column, row));
                are_all_there = false;
                continue;
            };
            let area = TileArea::new(photo.size(), (column, row));
            let corner = geometry.photo.min + area.inner().min.to_vec2() * scale;
            let rect = Rect::from_min_size(corner, area.inner().size() * scale);
            quads.push(Quad { texture: texture.id(), rect, uv: area.uv() });
        }
    }
    context.pictures.prune_tiles(|(column, row)| columns.contains(&column) && rows.contains(&row));
    are_all_there
}

/// Paints the overlay that is chosen.
pub(super) fn paint_overlay(painter: &Painter, context: &ViewContext<'_>, size: [u32; 2], geometry: &Geometry) {
    let state = context.state;
    if state.correction.is_on {
        // The mask itself is painted by the brush's view.
        return;
    }
    let view = context.effective_view();
    layer::paint(painter, context, view, geometry);
    let (reference, derived) = (state.current.reference.as_ref(), state.current.derived.as_ref());
    match view {
        OverlayView::Off => {}
        OverlayView::Error => {
            for outlines in [reference.map(|mask| &mask.outlines), derived.map(|mask| &mask.outlines)] {
                outline::paint_edges(painter, geometry, size, outlines.map_or(&[], Vec::as_slice));
            }
        }
        OverlayView::Outline | OverlayView::Band | OverlayView::Fill | OverlayView::Heat => {
            if let Some(band) = derived.and_then(|derived| derived.band.as_ref()) {
                outline::paint_thin(painter, geometry, size, band.all(), palette::PREDICTION);
            }
            if let Some(reference) = reference {
                outline::paint(painter, geometry, size, &reference.outlines, palette::REFERENCE);
            }
            corrected_mask::paint_network(painter, context, size, geometry);
            if let Some(derived) = derived {
                outline::paint(painter, geometry, size, &derived.outlines, derived.colour());
            }
        }
    }
}

/// A picture of `size` shown whole in the middle of `rect`, cut to its shape.
pub(super) fn covering(size: egui::Vec2, rect: Rect) -> Rect {
    let scale = (rect.width() / size.x).max(rect.height() / size.y);
    let shown = vec2(rect.width() / (size.x * scale), rect.height() / (size.y * scale));
    Rect::from_center_size(pos2(0.5, 0.5), shown)
}
