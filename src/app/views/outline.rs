//! Outlines on the screen: the line over a dark halo, thinned to what a screen can show.

use eframe::egui::{Color32, Painter, Pos2, Shape, Stroke};

use crate::app::model::geometry::Geometry;
use crate::geometry::contour::Outline;
use crate::geometry::contour_part::Line;
use crate::overlay::palette::{self, Rgb};

/// Width of the line and of its halo, in points.
const LINE: f32 = 2.0;
const HALO: f32 = 4.0;

/// Width of a dashed line, and the lengths of its dashes and of the gaps between them.
pub(super) const THIN: f32 = 1.5;
pub(super) const DASH: f32 = 6.0;
pub(super) const GAP: f32 = 5.0;

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
    paint_strokes(
        painter,
        &closed_strokes(geometry, size, outlines),
        &[(HALO, halo_colour()), (LINE, colour(rgb))],
    );
}

/// Draws lines that may be open, a closed one as its last point says.
pub(super) fn paint_open(painter: &Painter, geometry: &Geometry, size: [u32; 2], lines: &[&Line], rgb: Rgb) {
    let strokes: Vec<Vec<Pos2>> =
        lines.iter().flat_map(|line| open_strokes(&on_screen(geometry, size, line))).collect();
    paint_strokes(painter, &strokes, &[(HALO, halo_colour()), (LINE, colour(rgb))]);
}

/// Draws closed lines thin, as the ends of something that is shaded.
pub(super) fn paint_thin<'o>(
    painter: &Painter,
    geometry: &Geometry,
    size: [u32; 2],
    outlines: impl Iterator<Item = &'o Outline>,
    rgb: Rgb,
) {
    let lines: Vec<Vec<Pos2>> = outlines.flat_map(|outline| strokes(&on_screen(geometry, size, outline))).collect();
    paint_strokes(painter, &lines, &[(2.0, halo_colour().gamma_multiply(0.5)), (1.0, colour(rgb))]);
}

/// Draws closed lines thin and dashed, so that another line shows over them.
pub(super) fn paint_dashed(painter: &Painter, geometry: &Geometry, size: [u32; 2], outlines: &[Outline], rgb: Rgb) {
    for outline in outlines {
        let mut line = on_screen(geometry, size, outline);
        line.extend(line.first().copied());
        painter.add(Shape::line(line.clone(), Stroke::new(THIN + 1.5, halo_colour().gamma_multiply(0.7))));
        painter.extend(Shape::dashed_line(&line, Stroke::new(THIN, colour(rgb)), DASH, GAP));
    }
}

/// Draws closed lines as the dark edges of what they enclose.
pub(super) fn paint_edges(painter: &Painter, geometry: &Geometry, size: [u32; 2], outlines: &[Outline]) {
    paint_strokes(
        painter,
        &closed_strokes(geometry, size, outlines),
        &[(1.0, colour(palette::HALO).gamma_multiply(0.9))],
    );
}

fn closed_strokes(geometry: &Geometry, size: [u32; 2], outlines: &[Outline]) -> Vec<Vec<Pos2>> {
    outlines.iter().flat_map(|outline| strokes(&on_screen(geometry, size, outline))).collect()
}

fn paint_strokes(painter: &Painter, strokes: &[Vec<Pos2>], layers: &[(f32, Color32)]) {
    for &(width, line_colour) in layers {
        for stroke in strokes {
            painter.add(Shape::line(stroke.clone(), Stroke::new(width, line_colour)));
        }
    }
}

/// The dark ground of lines over a photo.
pub(super) fn halo_colour() -> Color32 {
    colour(palette::HALO).gamma_multiply(0.65)
}

/// A line on the screen, thinned; its ends stay where they are, so that lines that meet still do.
fn on_screen(geometry: &Geometry, size: [u32; 2], line: &[[f32; 2]]) -> Vec<Pos2> {
    let mut shown: Vec<Pos2> = Vec::with_capacity(line.len());
    for (place, &point) in line.iter().enumerate() {
        let point = geometry.screen_from_image(point, size);
        let is_end = place + 1 == line.len();
        if is_end || shown.last().is_none_or(|last| last.distance_sq(point) >= STEP * STEP) {
            shown.push(point);
        }
    }
    shown
}

/// A closed line as open strokes that end where it turns back on itself.
fn strokes(line: &[Pos2]) -> Vec<Vec<Pos2>> {
    let Some(&first) = line.first().filter(|_| line.len() > 2) else { return Vec::new() };
    open_strokes(&[line, &[first]].concat())
}

/// A line as strokes that end where it turns back on itself.
fn open_strokes(line: &[Pos2]) -> Vec<Vec<Pos2>> {
    let (Some(&first), Some(&last)) = (line.first(), line.get(1..).and_then(<[Pos2]>::last)) else {
        return Vec::new();
    };
    let mut strokes = vec![vec![first]];
    for (&point, &next) in line.iter().skip(1).zip(line.iter().skip(2)) {
        let Some(stroke) = strokes.last_mut() else { continue };
        let turn = stroke.last().map_or(1.0, |&last| (point - last).normalized().dot((next - point).normalized()));
        stroke.push(point);
        if turn < SHARPEST_JOINT {
            strokes.push(vec![point]);
        }
    }
    if let Some(stroke) = strokes.last_mut() {
        stroke.push(last);
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
    fn an_open_line_stays_open() {
        let corner = vec![pos2(0.0, 0.0), pos2(9.0, 0.0), pos2(9.0, 9.0)];
        assert_eq!(open_strokes(&corner), [corner]);
        assert_eq!(open_strokes(&[pos2(0.0, 0.0), pos2(5.0, 0.0)]), [[pos2(0.0, 0.0), pos2(5.0, 0.0)]]);
        assert!(open_strokes(&[pos2(0.0, 0.0)]).is_empty());
    }

    #[test]
    fn a_gentle_line_is_one_stroke_that_closes() {
        let square = vec![pos2(0.0, 0.0), pos2(9.0, 0.0), pos2(9.0, 9.0), pos2(0.0, 9.0)];
        let parts = strokes(&square);
        assert_eq!(parts.len(), 1);
        assert_eq!(parts[0].first(), parts[0].last());
    }
}
