//! Marks on the photo: haloed lines, ticks and dashes, and where lines meet.

use eframe::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2};

use super::outline::halo_colour;
use crate::app::model::geometry::Geometry;

/// Lines drawn by measuring; white stands off from both outlines.
pub(super) const LINE: Color32 = Color32::from_rgb(0xFF, 0xFF, 0xFF);

/// Half the length of an end tick, in points.
const TICK: f32 = 6.0;

/// A point of the photo on the screen.
pub(super) fn on_screen(geometry: &Geometry, size: [u32; 2], point: [f64; 2]) -> Pos2 {
    geometry.screen_from_image(point.map(|value| value as f32), size)
}

/// The dark ground of a line of that width.
pub(super) fn halo(width: f32) -> Stroke {
    Stroke::new(width + 2.0, halo_colour())
}

/// A straight line over a dark halo.
pub(super) fn line(painter: &Painter, ends: [Pos2; 2], width: f32, line_colour: Color32) {
    painter.line_segment(ends, halo(width));
    painter.line_segment(ends, Stroke::new(width, line_colour));
}

/// A dashed line over a dark halo.
pub(super) fn dashes(painter: &Painter, ends: [Pos2; 2], width: f32, line_colour: Color32) {
    painter.line_segment(ends, halo(width));
    painter.extend(Shape::dashed_line(&ends, Stroke::new(width, line_colour), 6.0, 4.0));
}

/// A line with a tick across each end, as on a drawing.
pub(super) fn dimension(painter: &Painter, ends: [Pos2; 2], width: f32, line_colour: Color32) {
    line(painter, ends, width, line_colour);
    let across = (ends[1] - ends[0]).normalized().rot90() * TICK;
    for end in ends {
        line(painter, [end - across, end + across], width, line_colour);
    }
}

/// The four edges of a rectangle.
pub(super) fn edges(rect: Rect) -> [[Pos2; 2]; 4] {
    let [a, b, c, d] = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom()];
    [[a, b], [b, c], [c, d], [d, a]]
}

/// The line of an outline on the screen, as its sides.
pub(super) fn sides(points: &[Pos2]) -> impl Iterator<Item = [Pos2; 2]> + '_ {
    points.iter().zip(points.iter().cycle().skip(1)).map(|(&from, &to)| [from, to])
}

/// Whether a straight line meets a rectangle (Liang and Barsky's clipping).
pub(super) fn crosses([from, to]: [Pos2; 2], rect: Rect) -> bool {
    let way = to - from;
    let (mut enters, mut leaves) = (0.0_f32, 1.0_f32);
    let edges = [
        (-way.x, from.x - rect.left()),
        (way.x, rect.right() - from.x),
        (-way.y, from.y - rect.top()),
        (way.y, rect.bottom() - from.y),
    ];
    for (along, room) in edges {
        if along == 0.0 {
            if room < 0.0 {
                return false;
            }
        } else if along < 0.0 {
            enters = enters.max(room / along);
        } else {
            leaves = leaves.min(room / along);
        }
    }
    enters <= leaves
}

/// How far from `centre` in `direction` the last of `lines` is met, or none.
pub(super) fn reach(lines: &[[Pos2; 2]], centre: Pos2, direction: Vec2) -> Option<f32> {
    let hits = lines.iter().filter_map(|&[from, to]| {
        let (side, start) = (to - from, from - centre);
        let turn = direction.x * side.y - direction.y * side.x;
        let along = (start.x * side.y - start.y * side.x) / turn;
        let place = (start.x * direction.y - start.y * direction.x) / turn;
        (turn != 0.0 && along > 0.0 && (0.0..=1.0).contains(&place)).then_some(along)
    });
    hits.fold(None, |furthest: Option<f32>, hit| Some(furthest.map_or(hit, |so_far| so_far.max(hit))))
}

/// The outline that runs around the largest area, on the screen.
pub(super) fn largest(
    geometry: &Geometry,
    size: [u32; 2],
    outlines: &[crate::geometry::contour::Outline],
) -> Vec<Pos2> {
    let area = |outline: &&crate::geometry::contour::Outline| {
        let next = outline.iter().cycle().skip(1);
        outline.iter().zip(next).map(|(a, b)| f64::from(a[0] * b[1] - b[0] * a[1])).sum::<f64>().abs()
    };
    let found = outlines.iter().max_by(|one, other| area(one).total_cmp(&area(other)));
    found.map_or_else(Vec::new, |outline| {
        outline.iter().map(|&point| geometry.screen_from_image(point, size)).collect()
    })
}

/// Points of a line closer than this to the one before are left out when labels are placed.
const COARSE: f32 = 4.0;

/// All outlines' sides on the screen, coarsely: what labels keep clear of.
pub(super) fn obstacles(
    geometry: &Geometry,
    size: [u32; 2],
    outlines: &[crate::geometry::contour::Outline],
) -> Vec<[Pos2; 2]> {
    let mut found = Vec::new();
    for outline in outlines {
        let mut points: Vec<Pos2> = Vec::new();
        for &point in outline {
            let point = geometry.screen_from_image(point, size);
            if points.last().is_none_or(|last| last.distance(point) >= COARSE) {
                points.push(point);
            }
        }
        found.extend(sides(&points));
    }
    found
}

#[cfg(test)]
pub mod tests {
    use eframe::egui::{pos2, vec2};

    use super::*;

    pub fn circle(centre: Pos2, radius: f32) -> Vec<[Pos2; 2]> {
        let points: Vec<Pos2> = (0..64)
            .map(|step| centre + Vec2::angled(step as f32 / 64.0 * std::f32::consts::TAU) * radius)
            .collect();
        sides(&points).collect()
    }

    #[test]
    fn a_line_crosses_a_rectangle_or_not() {
        let rect = Rect::from_min_max(pos2(10.0, 10.0), pos2(20.0, 20.0));
        assert!(crosses([pos2(0.0, 15.0), pos2(30.0, 15.0)], rect));
        assert!(crosses([pos2(12.0, 12.0), pos2(13.0, 13.0)], rect), "inside it");
        assert!(!crosses([pos2(0.0, 0.0), pos2(30.0, 5.0)], rect));
        assert!(!crosses([pos2(0.0, 15.0), pos2(5.0, 15.0)], rect), "it ends before");
    }

    #[test]
    fn the_reach_of_a_ray_is_the_outlines_last_crossing() {
        let found = reach(&circle(pos2(300.0, 200.0), 100.0), pos2(300.0, 200.0), vec2(0.6, 0.8));
        assert!((found.expect("it is met") - 100.0).abs() < 0.5);
        assert_eq!(reach(&[], pos2(0.0, 0.0), vec2(1.0, 0.0)), None);
    }
}
