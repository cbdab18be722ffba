//! Marks on the photo: haloed lines, ticks, dashes, and labels that keep clear of the outline and of each other.

use std::f32::consts::PI;
use std::sync::Arc;

use eframe::egui::{Color32, CornerRadius, FontId, Galley, Painter, Pos2, Rect, Shape, Stroke, Vec2, vec2};

use super::outline::colour;
use crate::app::model::geometry::Geometry;
use crate::app::theme;
use crate::overlay::palette;

/// Lines drawn by measuring; white stands off from both outlines.
pub(super) const LINE: Color32 = Color32::from_rgb(0xFF, 0xFF, 0xFF);

/// Half the length of an end tick, in points.
const TICK: f32 = 6.0;

/// Space between a label and what it keeps clear of.
const CLEARANCE: f32 = 4.0;

/// A point of the photo on the screen.
pub(super) fn on_screen(geometry: &Geometry, size: [u32; 2], point: [f64; 2]) -> Pos2 {
    geometry.screen_from_image(point.map(|value| value as f32), size)
}

fn halo(width: f32) -> Stroke {
    Stroke::new(width + 2.0, colour(palette::HALO).gamma_multiply(0.65))
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

/// The line of an outline on the screen, as its sides.
pub(super) fn sides(points: &[Pos2]) -> impl Iterator<Item = [Pos2; 2]> + '_ {
    points.iter().zip(points.iter().cycle().skip(1)).map(|(&from, &to)| [from, to])
}

/// Places labels on the canvas so that none covers a line, another label, or leaves the canvas.
pub(super) struct Labels {
    room: Rect,
    lines: Vec<[Pos2; 2]>,
    taken: Vec<Rect>,
    /// Lines that lead from labels to their anchors.
    leaders: Vec<[Pos2; 2]>,
}

impl Labels {
    /// Labels may lie in `room` and cross none of `lines` and nothing of `taken`.
    pub(super) fn new(room: Rect, lines: Vec<[Pos2; 2]>, taken: Vec<Rect>) -> Self {
        Self { room, lines, taken, leaders: Vec::new() }
    }

    /// One more line to keep clear of.
    pub(super) fn avoid(&mut self, line: [Pos2; 2]) {
        self.lines.push(line);
    }

    /// Writes `words` as near to `anchor` as there is room, first in the direction of `towards`; a thin line leads to
    /// the anchor where the label could not stay near it. Writes nothing where there is no room at all.
    pub(super) fn write(&mut self, painter: &Painter, words: &str, anchor: Pos2, towards: Vec2) {
        let font = FontId::proportional(theme::SIZE_SMALL);
        let galley = painter.layout_no_wrap(words.to_owned(), font, Color32::WHITE);
        let size = galley.size() + vec2(12.0, 6.0);
        let Some(rect) = self.place(size, anchor, towards) else { return };
        if let Some(leader) = self.take(rect, anchor) {
            line(painter, leader, 1.0, LINE.gamma_multiply(0.8));
        }
        paint_label(painter, rect, galley);
    }

    /// Keeps later labels off this one and off the line that leads from it to its anchor, where it has one.
    fn take(&mut self, rect: Rect, anchor: Pos2) -> Option<[Pos2; 2]> {
        let leader = leader(rect, anchor);
        self.taken.push(rect);
        self.leaders.extend(leader);
        leader
    }

    fn place(&self, size: Vec2, anchor: Pos2, towards: Vec2) -> Option<Rect> {
        let from = anchor;
        let anchor = self.room.shrink2(size / 2.0).clamp(anchor);
        let first = if towards.length() > 0.0 { towards.angle() } else { 0.0 };
        let half_turns = [0.0, 0.4, -0.4, 0.8, -0.8, 1.2, -1.2, 1.6, -1.6, 2.1, -2.1, 2.6, -2.6, PI];
        // From beside the anchor outwards; a label's own half size comes on top, in the direction that is tried.
        let distances = (0..28).map(|step| 10.0 + 14.0 * step as f32);
        let places = distances
            .flat_map(|distance| half_turns.map(|turn| (distance, Vec2::angled(first + turn))))
            .map(|(distance, direction)| {
                let own = (size.x / 2.0 * direction.x.abs()).max(size.y / 2.0 * direction.y.abs());
                Rect::from_center_size(anchor + direction * (distance + own), size)
            })
            .filter(|rect| self.is_free(*rect));
        // Better a label over a leading line than none.
        places.clone().find(|rect| self.is_clear(*rect, from)).or_else(|| places.clone().next())
    }

    /// Whether no leading line runs under this label, and its own under no other.
    fn is_clear(&self, rect: Rect, anchor: Pos2) -> bool {
        let own = leader(rect, anchor);
        !self.leaders.iter().any(|&line| crosses(line, rect.expand(CLEARANCE)))
            && own.is_none_or(|line| !self.taken.iter().any(|&taken| crosses(line, taken)))
    }

    fn is_free(&self, rect: Rect) -> bool {
        let wide = rect.expand(CLEARANCE);
        self.room.contains_rect(rect)
            && !self.taken.iter().any(|taken| taken.intersects(wide))
            && !self.lines.iter().any(|&line| crosses(line, wide))
    }
}

/// The line from a label to its anchor, where it lies too far from it to belong to it at sight.
fn leader(rect: Rect, anchor: Pos2) -> Option<[Pos2; 2]> {
    let nearest = rect.clamp(anchor);
    (nearest.distance(anchor) > 24.0).then_some([nearest, anchor])
}

fn paint_label(painter: &Painter, rect: Rect, galley: Arc<Galley>) {
    painter.rect_filled(rect, CornerRadius::same(5), colour(palette::HALO).gamma_multiply(0.82));
    let corner = rect.center() - galley.size() / 2.0;
    painter.galley(corner, galley, Color32::WHITE);
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
mod tests {
    use eframe::egui::pos2;

    use super::*;

    const ROOM: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(600.0, 400.0) };

    fn circle(centre: Pos2, radius: f32) -> Vec<[Pos2; 2]> {
        let points: Vec<Pos2> = (0..64)
            .map(|step| centre + Vec2::angled(step as f32 / 64.0 * std::f32::consts::TAU) * radius)
            .collect();
        sides(&points).collect()
    }

    #[test]
    fn labels_keep_clear_of_the_outline_of_each_other_and_of_the_canvas_edge() {
        let outline = circle(pos2(300.0, 200.0), 180.0);
        let mut labels = Labels::new(ROOM, outline.clone(), vec![Rect::from_min_size(ROOM.min, vec2(120.0, 40.0))]);
        let size = vec2(80.0, 20.0);
        for anchor in
            [pos2(480.0, 200.0), pos2(120.0, 200.0), pos2(300.0, 20.0), pos2(480.0, 200.0), pos2(900.0, -50.0)]
        {
            let rect = labels.place(size, anchor, anchor - pos2(300.0, 200.0)).expect("there is room");
            assert!(ROOM.contains_rect(rect), "{rect:?}");
            assert!(!outline.iter().any(|&side| crosses(side, rect)), "{rect:?} covers the outline");
            assert!(!labels.taken.iter().any(|taken| taken.intersects(rect)), "{rect:?} covers another");
            labels.taken.push(rect);
        }
    }

    #[test]
    fn no_line_that_leads_to_a_label_runs_under_another() {
        let centre = pos2(300.0, 200.0);
        let mut labels = Labels::new(ROOM, circle(centre, 20.0), Vec::new());
        let (mut placed, mut leaders) = (Vec::new(), Vec::new());
        // As the ABCD descriptors crowd around a small lesion.
        for step in 0..11_u8 {
            let way = Vec2::angled(f32::from(step) * 0.571);
            let anchor = centre + way * 20.0;
            let rect = labels.place(vec2(70.0, 20.0), anchor, way).expect("there is room");
            placed.push(rect);
            leaders.extend(labels.take(rect, anchor).map(|line| (rect, line)));
        }
        assert!(leaders.len() >= 2, "so many labels cannot all stay near");
        for (own, line) in leaders {
            assert!(!placed.iter().any(|&rect| rect != own && crosses(line, rect)), "{line:?} runs under a label");
        }
    }

    #[test]
    fn with_every_way_crossed_a_label_is_still_written() {
        let mut labels = Labels::new(ROOM, Vec::new(), Vec::new());
        for _ in 0..40 {
            let rect = labels.place(vec2(80.0, 20.0), pos2(300.0, 200.0), vec2(0.0, -1.0)).expect("there is room");
            labels.take(rect, pos2(300.0, 200.0));
        }
    }

    #[test]
    fn without_room_there_is_no_label() {
        let labels = Labels::new(ROOM, Vec::new(), vec![ROOM]);
        assert!(labels.place(vec2(80.0, 20.0), ROOM.center(), vec2(1.0, 0.0)).is_none());
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
