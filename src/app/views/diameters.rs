//! Both diameters of the lesion, drawn on the photo with their lengths.

use eframe::egui::{Painter, Rect};

use super::context::ViewContext;
use super::labels::Labels;
use super::legend;
use super::lesion::length_words;
use super::marks;
use crate::app::model::geometry::Geometry;

/// What labels on the photo keep clear of: all outlines, the photo's edges, and what else floats over the canvas.
pub(super) fn labels(context: &ViewContext<'_>, geometry: &Geometry, size: [u32; 2]) -> Labels {
    let current = &context.state.current;
    let lesion = current.derived.as_ref().map(|derived| marks::obstacles(geometry, size, &derived.outlines));
    let mut lines = marks::edges(geometry.photo).to_vec();
    if let Some(reference) = &current.reference {
        lines.extend(marks::obstacles(geometry, size, &reference.outlines));
    }
    let room = geometry.canvas.shrink(12.0);
    // The scale bar and the zoom on the left and the right of the foot, the legend at the top.
    let foot = Rect::from_min_max(room.left_bottom() - eframe::egui::vec2(0.0, 44.0), room.max);
    let legend = Rect::from_min_size(room.min, eframe::egui::vec2(340.0, legend::height(context)));
    Labels::new(room, lines, lesion.unwrap_or_default(), vec![foot, legend])
}

/// Draws the longest diameter and the one across it.
pub(super) fn paint(painter: &Painter, context: &ViewContext<'_>, size: [u32; 2], geometry: &Geometry) {
    let Some(shape) = context.state.current.fresh_measures().and_then(|measured| measured.shape.as_ref()) else {
        return;
    };
    let scale = context.state.scale();
    let mut labels = labels(context, geometry, size);
    let lines = [
        (shape.diameters.longest, shape.longest_diameter_px()),
        (shape.diameters.across, shape.across_diameter_px()),
    ]
    .map(|(segment, length_px)| (segment.map(|point| marks::on_screen(geometry, size, point)), length_px));
    for (ends, _) in lines {
        marks::dimension(painter, ends, 1.5, marks::LINE);
        labels.avoid(ends);
    }
    for (ends, length_px) in lines {
        let (value, unit) = length_words(length_px, scale);
        // Beyond the end that lies higher, where there is more often room.
        let [from, to] = if ends[0].y < ends[1].y { [ends[1], ends[0]] } else { ends };
        labels.write(painter, &format!("{value} {unit}"), to, to - from);
    }
}
