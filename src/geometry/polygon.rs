//! Closed lines to pixels, by scan lines with a table of active edges (Foley et al., Computer Graphics, 3.6): a pixel is
//! inside when its centre is; nothing is blurred. Of two polygons that share a line none has the other's pixels.

use std::collections::VecDeque;

use super::area::{Area, both};
use crate::mask::Mask;

/// What counts as inside a line that crosses itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FillRule {
    /// Every second time around is outside.
    EvenOdd,
    /// Everything that the line goes around.
    NonZero,
}

impl FillRule {
    fn is_inside(self, winding: i32) -> bool {
        match self {
            Self::EvenOdd => winding % 2 != 0,
            Self::NonZero => winding != 0,
        }
    }
}

/// Sets the pixels within `ring` (photo coordinates), the last point joined to the first; returns where. What lies
/// outside the photo is passed over, and a ring with a point that is no number holds nothing.
pub fn fill(mask: &mut Mask, ring: &[[f64; 2]], rule: FillRule, is_lesion: bool) -> Option<Area> {
    if ring.len() < 3 || ring.iter().flatten().any(|side| !side.is_finite()) {
        return None;
    }
    let [width, height] = mask.size().map(|side| side as usize);
    let sides = ring.iter().map(|point| point[0]);
    let (least, most) =
        sides.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), x| (least.min(x), most.max(x)));
    // A crossing that is calculated may lie a rounding error beyond both of its ends.
    let (left, right) = (first_centre(least, width).saturating_sub(1), (first_centre(most, width) + 1).min(width));
    let mut waiting = edges(ring, height);
    let mut active: Vec<PolygonEdge> = Vec::new();
    // By how much the winding number changes at each column; one place more for what lies right of them all.
    let mut changes = vec![0; right + 1 - left];
    let mut touched: Option<Area> = None;
    let mut row = waiting.front().map_or(height, |edge| edge.rows.start);
    while row < height && !(active.is_empty() && waiting.is_empty()) {
        while waiting.front().is_some_and(|edge| edge.rows.start <= row) {
            active.extend(waiting.pop_front());
        }
        active.retain(|edge| row < edge.rows.end);
        changes.fill(0);
        for edge in &active {
            changes[first_centre(edge.crossing(row), width).clamp(left, right) - left] += edge.winding;
        }
        let start = row * width + left;
        let pixels = &mut mask.pixels_mut()[start..row * width + right];
        if let Some([from, to]) = fill_row(pixels, &changes, rule, u8::from(is_lesion)) {
            let [from, to, row] = [left + from, left + to, row].map(|place| place as u32);
            touched = both(touched, Some(Area { left: from, top: row, right: to, bottom: row + 1 }));
        }
        row += 1;
    }
    touched
}

/// Sets the pixels of a row that are inside; returns the columns from the first of them to after the last.
fn fill_row(pixels: &mut [u8], changes: &[i32], rule: FillRule, value: u8) -> Option<[usize; 2]> {
    let mut winding = 0;
    let mut columns: Option<[usize; 2]> = None;
    for (column, (pixel, change)) in pixels.iter_mut().zip(changes).enumerate() {
        winding += change;
        if rule.is_inside(winding) {
            *pixel = value;
            columns = Some([columns.map_or(column, |[from, _]| from), column + 1]);
        }
    }
    columns
}

/// A line between two points that crosses rows of pixel centres.
pub(super) struct PolygonEdge {
    /// The rows whose centres it crosses.
    pub(super) rows: std::ops::Range<usize>,
    upper: [f64; 2],
    /// Columns a row.
    slope: f64,
    /// 1 downwards, -1 upwards.
    winding: i32,
}

impl PolygonEdge {
    /// The edge between two points of a photo of `height`; `None` if it crosses no row's centres.
    pub(super) fn between(from: [f64; 2], to: [f64; 2], height: usize) -> Option<Self> {
        let (upper, lower, winding) = if from[1] < to[1] { (from, to, 1) } else { (to, from, -1) };
        let rows = first_centre(upper[1], height)..first_centre(lower[1], height);
        let slope = (lower[0] - upper[0]) / (lower[1] - upper[1]);
        (!rows.is_empty()).then_some(Self { rows, upper, slope, winding })
    }

    /// Where it crosses the centres of `row`.
    pub(super) fn crossing(&self, row: usize) -> f64 {
        self.upper[0] + (row as f64 + 0.5 - self.upper[1]) * self.slope
    }
}

/// The edges of `ring` that cross rows of a photo of `height`, from top to bottom.
fn edges(ring: &[[f64; 2]], height: usize) -> VecDeque<PolygonEdge> {
    let lines = ring.iter().zip(ring.iter().cycle().skip(1));
    let mut edges: Vec<PolygonEdge> =
        lines.filter_map(|(from, to)| PolygonEdge::between(*from, *to, height)).collect();
    edges.sort_by_key(|edge| edge.rows.start);
    edges.into()
}

/// The first pixel whose centre does not lie before `at`, at most `most`.
pub(super) fn first_centre(at: f64, most: usize) -> usize {
    (at - 0.5).ceil().clamp(0.0, most as f64) as usize
}

/// Area within a ring by the shoelace formula: positive where it runs clockwise as seen (y grows downwards).
#[must_use]
pub fn signed_area(ring: &[[f32; 2]]) -> f64 {
    let following = ring.iter().cycle().skip(1);
    // In f64: a hole of one pixel far from the origin is the small difference of large products.
    let twice =
        |(a, b): (&[f32; 2], &[f32; 2])| f64::from(a[0]) * f64::from(b[1]) - f64::from(b[0]) * f64::from(a[1]);
    ring.iter().zip(following).map(twice).sum::<f64>() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::test_points::{SIZE, centres, scattered};

    fn filled(ring: &[[f64; 2]]) -> Vec<u8> {
        let mut mask = Mask::empty([4, 4]);
        fill(&mut mask, ring, FillRule::EvenOdd, true);
        mask.pixels().to_vec()
    }

    #[test]
    fn centres_decide() {
        let square = filled(&[[0.6, 0.6], [3.4, 0.6], [3.4, 3.4], [0.6, 3.4]]);
        assert_eq!(square, [0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn what_lies_outside_the_photo_is_cut_off() {
        assert_eq!(filled(&[[-1e9, -5.0], [1e9, -5.0], [1e9, 1e9], [-1e9, 1e9]]), [1; 16]);
        assert_eq!(filled(&[[9.0, 9.0], [12.0, 9.0], [9.0, 12.0]]), [0; 16]);
    }

    #[test]
    fn absurd_coordinates_do_no_harm() {
        filled(&[[1e308, -1e308], [-1e308, 1e308], [1e308, 1e308], [0.5, 0.5], [-1e308, 2.0]]);
    }

    #[test]
    fn lines_and_points_hold_nothing() {
        for ring in [&[][..], &[[1.0, 1.0]], &[[1.0, 1.0], [3.0, 3.0]]] {
            assert_eq!(filled(ring), [0; 16]);
        }
    }

    /// By turning around the point: how often the line goes around it.
    fn turns(point: [f64; 2], points: &[[f64; 2]]) -> f64 {
        let angle = |to: [f64; 2]| (to[1] - point[1]).atan2(to[0] - point[0]);
        let next = points.iter().cycle().skip(1);
        let whole: f64 = points
            .iter()
            .zip(next)
            .map(|(&from, &to)| {
                let turn = angle(to) - angle(from);
                turn - (turn / std::f64::consts::TAU).round() * std::f64::consts::TAU
            })
            .sum();
        (whole / std::f64::consts::TAU).round()
    }

    #[test]
    fn a_polygon_holds_exactly_the_centres_that_its_line_goes_around() {
        for seed in 0..150 {
            let mut next = scattered(seed + 500);
            let count = 3 + seed as usize % 9;
            let points: Vec<[f64; 2]> =
                (0..count).map(|_| [next(80.0) - 10.0, next(60.0) - 6.0].map(f64::from)).collect();
            let (mut even_odd, mut non_zero) = (Mask::empty(SIZE), Mask::empty(SIZE));
            fill(&mut even_odd, &points, FillRule::EvenOdd, true);
            fill(&mut non_zero, &points, FillRule::NonZero, true);
            for (x, y, centre) in centres() {
                let around = turns(centre, &points);
                assert_eq!(even_odd.is_set(x, y), around % 2.0 != 0.0, "seed {seed}, pixel {x} {y}, {around}");
                assert_eq!(non_zero.is_set(x, y), around != 0.0, "seed {seed}, pixel {x} {y}, {around}");
            }
        }
    }

    #[test]
    fn a_small_ring_far_away_keeps_its_area_and_direction() {
        let [x, y] = [9000.0, 7000.0];
        let mut diamond = [[x, y - 0.5], [x + 0.5, y], [x, y + 0.5], [x - 0.5, y]];
        assert_eq!(signed_area(&diamond), 0.5);
        diamond.reverse();
        assert_eq!(signed_area(&diamond), -0.5);
    }

    #[test]
    fn what_was_set_is_returned_and_what_is_no_number_sets_nothing() {
        let mut mask = Mask::empty([6, 5]);
        let square = [[1.0, 2.0], [4.0, 2.0], [4.0, 4.0], [1.0, 4.0]];
        let touched = fill(&mut mask, &square, FillRule::NonZero, true);
        assert_eq!(touched, Some(Area { left: 1, top: 2, right: 4, bottom: 4 }));
        assert_eq!(fill(&mut mask, &[[f64::NAN, 0.0], [4.0, 0.0], [0.0, 4.0]], FillRule::NonZero, true), None);
        assert_eq!(mask.area_px(), 6);
    }
}
