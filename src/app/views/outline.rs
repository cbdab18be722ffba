//! Outlines on the screen: the line over a dark halo, thinned to what a screen can show.

use eframe::egui::{Color32, Painter, Pos2, Shape, Stroke};

use crate::app::model::geometry::Geometry;
use crate::geometry::area::Area;
use crate::geometry::contour::Outline;
use crate::overlay::palette::{self, Rgb};

/// Width of the line and of its halo, in points.
const LINE: f32 = 2.0;
const HALO: f32 = 4.0;

/// Points of the screen closer than this to the one before are left out.
const STEP: f32 = 0.75;

/// A colour of the overlay.
pub(super) fn colour(rgb: Rgb) -> Color32 {
    Color32::from_rgb(rgb[0], rgb[1], rgb[2])
}

/// A turn sharper than this cosine ends a stroke: a joint there would shoot out as a spike.
const SHARPEST_JOINT: f32 = -0.3;

/// Draws closed lines of one colour.
pub(super) fn paint(painter: &Painter, geometry: &Geometry, size: [u32; 2], outlines: &[Outline], rgb: Rgb) {
    let strokes: Vec<Vec<Pos2>> =
        outlines.iter().flat_map(|outline| strokes(&on_screen(geometry, size, outline))).collect();
    let halo = colour(palette::HALO).gamma_multiply(0.65);
    for (width, line_colour) in [(HALO, halo), (LINE, colour(rgb))] {
        for stroke in &strokes {
            painter.add(Shape::line(stroke.clone(), Stroke::new(width, line_colour)));
        }
    }
}

/// Draws closed lines without what lies in `touched`, where the mask is newer than they are.
pub(super) fn paint_beside(
    painter: &Painter,
    geometry: &Geometry,
    size: [u32; 2],
    (outlines, touched): (&[Outline], Option<Area>),
    rgb: Rgb,
) {
    let Some(touched) = touched else { return paint(painter, geometry, size, outlines, rgb) };
    let halo = colour(palette::HALO).gamma_multiply(0.65);
    let mut lines = Vec::new();
    for outline in outlines {
        let following = outline.iter().cycle().skip(1);
        let mut line: Vec<Pos2> = Vec::new();
        for (&point, &next) in outline.iter().zip(following) {
            if touched.holds(point) || touched.holds(next) {
                lines.push(std::mem::take(&mut line));
                continue;
            }
            let ends = [point, next].map(|point| geometry.screen_from_image(point, size));
            if line.is_empty() {
                line.push(ends[0]);
            }
            if line.last().is_none_or(|last| last.distance_sq(ends[1]) >= STEP * STEP) {
                line.push(ends[1]);
            }
        }
        lines.push(line);
    }
    for (width, line_colour) in [(HALO, halo), (LINE, colour(rgb))] {
        for line in lines.iter().filter(|line| line.len() > 1) {
            painter.add(Shape::line(line.clone(), Stroke::new(width, line_colour)));
        }
    }
}

fn on_screen(geometry: &Geometry, size: [u32; 2], outline: &Outline) -> Vec<Pos2> {
    let mut line: Vec<Pos2> = Vec::with_capacity(outline.len());
    for &point in outline {
        let point = geometry.screen_from_image(point, size);
        if line.last().is_none_or(|last| last.distance_sq(point) >= STEP * STEP) {
            line.push(point);
        }
    }
    line
}

/// A closed line as open strokes that end where it turns back on itself.
fn strokes(line: &[Pos2]) -> Vec<Vec<Pos2>> {
    let Some(&first) = line.first().filter(|_| line.len() > 2) else { return Vec::new() };
    let mut strokes = vec![vec![first]];
    for (&point, &next) in line.iter().skip(1).zip(line.iter().skip(2).chain([&first])) {
        let Some(stroke) = strokes.last_mut() else { continue };
        let turn = stroke.last().map_or(1.0, |&last| (point - last).normalized().dot((next - point).normalized()));
        stroke.push(point);
        if turn < SHARPEST_JOINT {
            strokes.push(vec![point]);
        }
    }
    if let Some(stroke) = strokes.last_mut() {
        stroke.push(first);
    }
    strokes
}

#[cfg(test)]
mod tests {
    use eframe::egui::pos2;

    use super::*;

    #[test]
    fn a_line_that_turns_back_on_itself_is_two_strokes_and_loses_no_point() {
        let sliver = vec![pos2(0.0, 0.0), pos2(100.0, 1.0), pos2(0.0, 2.0)];
        let parts = strokes(&sliver);
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0], [pos2(0.0, 0.0), pos2(100.0, 1.0)]);
        assert_eq!(parts[1], [pos2(100.0, 1.0), pos2(0.0, 2.0), pos2(0.0, 0.0)]);
    }

    #[test]
    fn a_gentle_line_is_one_stroke_that_closes() {
        let square = vec![pos2(0.0, 0.0), pos2(9.0, 0.0), pos2(9.0, 9.0), pos2(0.0, 9.0)];
        let parts = strokes(&square);
        assert_eq!(parts.len(), 1);
        assert_eq!(parts[0].first(), parts[0].last());
    }
}
