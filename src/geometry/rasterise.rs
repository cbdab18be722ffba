//! Brush strokes as pixels. A pixel belongs to a stroke when its centre does; nothing is blurred.
//!
//! A brush is a disc that is drawn along a line: what it covers between two points is a capsule, a row of which is one
//! span. So a stroke is the same however many points it comes in, and painting it as it is made equals painting it whole.

use super::area::{Area, both};
use crate::mask::Mask;

/// Sets what a round brush of `radius_px` covers along `points` (photo coordinates); returns where.
pub fn stroke(mask: &mut Mask, points: &[[f32; 2]], radius_px: f32, is_lesion: bool) -> Option<Area> {
    let single = points.first().filter(|_| points.len() == 1).map(|&point| [point, point]);
    let pairs = points.windows(2).map(|pair| [pair[0], pair[1]]);
    pairs
        .chain(single)
        .fold(None, |touched, [from, to]| both(touched, capsule(mask, from, to, radius_px, is_lesion)))
}

fn capsule(mask: &mut Mask, from: [f32; 2], to: [f32; 2], radius_px: f32, is_lesion: bool) -> Option<Area> {
    let capsule = Capsule::new(from, to, radius_px)?;
    let ends = [capsule.from[1], capsule.to[1]];
    let rows = rows_between(ends.iter().flat_map(|y| [y - capsule.radius, y + capsule.radius]), mask.size()[1])?;
    let mut touched = None;
    for y in rows {
        if let Some([left, right]) = capsule.span(f64::from(y) + 0.5) {
            touched = both(touched, set_span(mask, y, (left - 0.5).ceil(), (right - 0.5).floor(), is_lesion));
        }
    }
    touched
}

/// The rows of a photo of `height` that have centres between the least and the most of `sides`.
fn rows_between(sides: impl Iterator<Item = f64> + Clone, height: u32) -> Option<std::ops::Range<u32>> {
    let least = sides.clone().fold(f64::INFINITY, f64::min);
    let most = sides.fold(f64::NEG_INFINITY, f64::max);
    let from = (least - 0.5).ceil().max(0.0);
    let after = ((most - 0.5).floor() + 1.0).min(f64::from(height));
    (from < after).then_some(from as u32..after as u32)
}

/// Sets columns `from..=to` of row `y`, cut to the mask.
fn set_span(mask: &mut Mask, y: u32, from: f64, to: f64, is_lesion: bool) -> Option<Area> {
    let width = mask.size()[0];
    let (left, right) = (from.max(0.0), (to + 1.0).min(f64::from(width)));
    if left >= right {
        return None;
    }
    let (left, right) = (left as u32, right as u32);
    let start = y as usize * width as usize;
    mask.pixels_mut()[start + left as usize..start + right as usize].fill(u8::from(is_lesion));
    Some(Area { left, top: y, right, bottom: y + 1 })
}

/// All points at most `radius` from the line between two points.
struct Capsule {
    from: [f64; 2],
    to: [f64; 2],
    radius: f64,
    /// Corners of the straight part, in order around it; `None` for a disc.
    straight: Option<[[f64; 2]; 4]>,
}

impl Capsule {
    fn new(from: [f32; 2], to: [f32; 2], radius_px: f32) -> Option<Self> {
        let (from, to, radius) = (from.map(f64::from), to.map(f64::from), f64::from(radius_px));
        if !radius.is_finite() || radius < 0.0 || from.iter().chain(&to).any(|side| !side.is_finite()) {
            return None;
        }
        let along = [to[0] - from[0], to[1] - from[1]];
        let length = along[0].hypot(along[1]);
        let straight = (length > 0.0).then(|| {
            let across = [-along[1] / length * radius, along[0] / length * radius];
            let side = |end: [f64; 2], sign: f64| [end[0] + sign * across[0], end[1] + sign * across[1]];
            [side(from, 1.0), side(to, 1.0), side(to, -1.0), side(from, -1.0)]
        });
        Some(Self { from, to, radius, straight })
    }

    /// The part of the line at height `y` that lies inside: one span, because a capsule is convex.
    fn span(&self, y: f64) -> Option<[f64; 2]> {
        let mut span = [f64::INFINITY, f64::NEG_INFINITY];
        let mut reach = |x: f64| span = [span[0].min(x), span[1].max(x)];
        for end in [self.from, self.to] {
            let squared = self.radius.powi(2) - (y - end[1]).powi(2);
            if squared >= 0.0 {
                reach(end[0] - squared.sqrt());
                reach(end[0] + squared.sqrt());
            }
        }
        for corners in self.straight.iter() {
            for (index, corner) in corners.iter().enumerate() {
                let next = corners[(index + 1) % 4];
                if (corner[1] <= y) != (next[1] <= y) {
                    reach(corner[0] + (y - corner[1]) / (next[1] - corner[1]) * (next[0] - corner[0]));
                }
            }
        }
        (span[0] <= span[1]).then_some(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::test_points::{SIZE, centres, scattered};

    fn distance(point: [f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
        let along = [to[0] - from[0], to[1] - from[1]];
        let squared = along[0].powi(2) + along[1].powi(2);
        let share = ((point[0] - from[0]) * along[0] + (point[1] - from[1]) * along[1]) / squared;
        let share = if squared > 0.0 { share.clamp(0.0, 1.0) } else { 0.0 };
        (point[0] - from[0] - share * along[0]).hypot(point[1] - from[1] - share * along[1])
    }

    #[test]
    fn a_stroke_covers_exactly_the_pixels_whose_centres_are_within_its_radius() {
        for seed in 0..150 {
            let mut next = scattered(seed);
            let count = 1 + seed as usize % 6;
            let points: Vec<[f32; 2]> = (0..count).map(|_| [next(80.0) - 10.0, next(60.0) - 6.0]).collect();
            let radius = 0.3 + next(12.0);
            let mut mask = Mask::empty(SIZE);
            let touched = stroke(&mut mask, &points, radius, true);
            for (x, y, centre) in centres() {
                let ends: Vec<[f64; 2]> = points.iter().map(|point| point.map(f64::from)).collect();
                let lines = ends.windows(2).map(|pair| distance(centre, pair[0], pair[1]));
                let nearest = lines.chain([distance(centre, ends[0], ends[0])]).fold(f64::INFINITY, f64::min);
                let margin = nearest - f64::from(radius);
                if margin.abs() > 1e-9 {
                    assert_eq!(mask.is_set(x, y), margin < 0.0, "seed {seed}, pixel {x} {y}, {margin}");
                }
                let is_touched = touched.is_some_and(|area| area.holds([x as f32 + 0.5, y as f32 + 0.5]));
                assert!(is_touched || !mask.is_set(x, y), "seed {seed}: {x} {y} is beside {touched:?}");
            }
        }
    }

    #[test]
    fn a_stroke_in_parts_is_the_stroke_as_a_whole() {
        let mut next = scattered(7);
        let points: Vec<[f32; 2]> = (0..40).map(|_| [next(61.0), next(47.0)]).collect();
        let (mut whole, mut parts) = (Mask::empty(SIZE), Mask::empty(SIZE));
        stroke(&mut whole, &points, 3.5, true);
        for pair in points.windows(2) {
            stroke(&mut parts, pair, 3.5, true);
        }
        assert_eq!(whole, parts);
    }

    #[test]
    fn shapes_beside_the_photo_and_senseless_ones_change_nothing() {
        let mut mask = Mask::empty(SIZE);
        assert_eq!(stroke(&mut mask, &[[-50.0, -50.0], [-9.0, -9.0]], 8.0, true), None);
        assert_eq!(stroke(&mut mask, &[[f32::NAN, 1.0], [5.0, 5.0]], 8.0, true), None);
        assert_eq!(stroke(&mut mask, &[], 8.0, true), None);
        assert!(mask.is_empty());
    }

    #[test]
    fn erasing_takes_back_what_painting_gave() {
        let mut mask = Mask::empty(SIZE);
        stroke(&mut mask, &[[10.0, 10.0], [40.0, 30.0]], 5.0, true);
        assert!(!mask.is_empty());
        stroke(&mut mask, &[[10.0, 10.0], [40.0, 30.0]], 5.0, false);
        assert!(mask.is_empty());
    }
}
