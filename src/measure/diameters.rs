//! Diameters: the longest one of a lesion and the widest one across it, between the outer corners of its pixels.

use super::lesion::Lesion;
use crate::geometry::hull::convex_hull;

/// A straight line on the photo, in its coordinates (the origin is the outer corner of the first pixel).
pub type LineSegment = [[f64; 2]; 2];

/// The two diameters of a lesion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diameters {
    /// The longest line between two points of the lesion (Feret's largest diameter).
    pub longest: LineSegment,
    /// The longest line at a right angle to it within the lesion's convex hull.
    pub across: LineSegment,
}

/// Length of a line.
#[must_use]
pub fn length(segment: &LineSegment) -> f64 {
    let [from, to] = segment;
    (to[0] - from[0]).hypot(to[1] - from[1])
}

impl Diameters {
    /// Measures between the outer corners of `lesion`'s pixels, so that a single pixel is as long as its diagonal.
    #[must_use]
    pub fn of(lesion: &Lesion) -> Self {
        Self::of_spans(lesion.spans())
    }

    /// The same of rows `(y, first, last)` of a lesion's pixels, of which there is at least one.
    pub(super) fn of_spans(spans: impl Iterator<Item = (i64, i64, i64)>) -> Self {
        let corners = spans
            .flat_map(|(y, first, last)| [[first, y], [first, y + 1], [last + 1, y], [last + 1, y + 1]])
            .collect();
        let hull: Vec<[f64; 2]> =
            convex_hull(corners).into_iter().map(|point| point.map(|value| value as f64)).collect();
        let longest = longest(&hull);
        Self { longest, across: across(&hull, &longest) }
    }
}

/// Every pair is tried: the hull of a lesion of ten thousand rows has a few hundred corners.
fn longest(hull: &[[f64; 2]]) -> LineSegment {
    let mut found = [hull[0]; 2];
    for (index, &from) in hull.iter().enumerate() {
        for &to in &hull[index + 1..] {
            if length(&[from, to]) > length(&found) {
                found = [from, to];
            }
        }
    }
    found
}

/// A hull is as wide as anywhere at one of its corners, so the lines through these are tried.
fn across(hull: &[[f64; 2]], longest: &LineSegment) -> LineSegment {
    let full = length(longest);
    let along = [0, 1].map(|axis| (longest[1][axis] - longest[0][axis]) / full);
    let turned: Vec<[f64; 2]> = hull
        .iter()
        .map(|[x, y]| {
            let (dx, dy) = (x - longest[0][0], y - longest[0][1]);
            [dx * along[0] + dy * along[1], dy * along[0] - dx * along[1]]
        })
        .collect();
    let mut found = (0.0, [0.0; 2]);
    for [at, _] in &turned {
        let sides = crossings(&turned, *at);
        if sides[1] - sides[0] > found.1[1] - found.1[0] {
            found = (*at, sides);
        }
    }
    let back = |side: f64| {
        let at = found.0;
        [longest[0][0] + at * along[0] - side * along[1], longest[0][1] + at * along[1] + side * along[0]]
    };
    found.1.map(back)
}

/// Lowest and highest point of a closed line at `at` along its first axis.
fn crossings(line: &[[f64; 2]], at: f64) -> [f64; 2] {
    let mut sides = [f64::INFINITY, f64::NEG_INFINITY];
    for (from, to) in line.iter().zip(line.iter().cycle().skip(1)) {
        if (from[0] - at) * (to[0] - at) > 0.0 {
            continue;
        }
        let run = to[0] - from[0];
        let side = if run == 0.0 { from[1] } else { from[1] + (to[1] - from[1]) * (at - from[0]) / run };
        sides = [sides[0].min(side), sides[1].max(side)];
    }
    sides
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::Mask;

    fn box_of(width: i64, height: i64) -> Lesion {
        let inside = |index: i64| (3..3 + width).contains(&(index % 40)) && (5..5 + height).contains(&(index / 40));
        let mask = Mask::new(40, 40, (0..1600).map(|index| u8::from(inside(index))).collect());
        Lesion::largest_of(&mask).expect("it is drawn")
    }

    fn close(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-9, "{left} is not {right}");
    }

    #[test]
    fn a_boxs_longest_diameter_is_its_diagonal() {
        let found = Diameters::of(&box_of(12, 5));
        close(length(&found.longest), 13.0);
        // At a right angle to the diagonal of 12 x 5 the lines that meet both long sides are 5 / (12 / 13) long.
        close(length(&found.across), 5.0 * 13.0 / 12.0);
    }

    #[test]
    fn a_squares_diameters_are_both_diagonals() {
        let found = Diameters::of(&box_of(10, 10));
        close(length(&found.longest), 200_f64.sqrt());
        close(length(&found.across), 200_f64.sqrt());
    }

    #[test]
    fn the_lines_meet_at_a_right_angle() {
        let Diameters { longest: [a, b], across: [c, d] } = Diameters::of(&box_of(9, 4));
        close((b[0] - a[0]) * (d[0] - c[0]) + (b[1] - a[1]) * (d[1] - c[1]), 0.0);
    }

    #[test]
    fn a_pixel_is_as_long_as_its_diagonal() {
        close(length(&Diameters::of(&box_of(1, 1)).longest), 2_f64.sqrt());
    }
}
