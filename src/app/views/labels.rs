//! Labels on the photo, placed so that they keep clear of the lesion, of lines and of each other.

use std::f32::consts::PI;
use std::sync::Arc;

use eframe::egui::{Color32, CornerRadius, FontId, Galley, Painter, Pos2, Rect, Vec2, vec2};

use super::marks::{LINE, crosses, line};
use super::outline::colour;
use crate::app::theme;
use crate::overlay::palette;

/// Space between a label and what it keeps clear of.
const CLEARANCE: f32 = 6.0;

/// Space around a label's words on its dark ground.
const PADDING: Vec2 = vec2(7.0, 4.0);

/// Places labels on the canvas so that none covers a line or another label, none leaves the canvas, and none lies on the
/// lesion while there is room beside it.
pub(super) struct Labels {
    room: Rect,
    lines: Vec<[Pos2; 2]>,
    /// The sides of the lesion.
    lesion: Vec<[Pos2; 2]>,
    taken: Vec<Rect>,
    /// Lines that lead from labels to their anchors.
    leaders: Vec<[Pos2; 2]>,
}

impl Labels {
    /// Labels may lie in `room` and cross none of `lines`, no side of `lesion` and nothing of `taken`.
    pub(super) fn new(room: Rect, lines: Vec<[Pos2; 2]>, lesion: Vec<[Pos2; 2]>, taken: Vec<Rect>) -> Self {
        Self { room, lines, lesion, taken, leaders: Vec::new() }
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
        let size = galley.size() + PADDING * 2.0;
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
        let mut best: Option<(u8, Rect)> = None;
        for rect in places {
            // Better a label over a leading line than one on the lesion, and that than none.
            let rank = 2 * u8::from(self.is_on_lesion(rect.center())) + u8::from(!self.is_clear(rect, from));
            if rank == 0 {
                return Some(rect);
            }
            if best.is_none_or(|(least, _)| rank < least) {
                best = Some((rank, rect));
            }
        }
        best.map(|(_, rect)| rect)
    }

    /// Whether a point lies within the lesion, holes left out.
    fn is_on_lesion(&self, point: Pos2) -> bool {
        let is_right_of = |&&[from, to]: &&[Pos2; 2]| {
            (from.y > point.y) != (to.y > point.y)
                && point.x < (to.x - from.x) * (point.y - from.y) / (to.y - from.y) + from.x
        };
        self.lesion.iter().filter(is_right_of).count() % 2 == 1
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
            && !self.lines.iter().chain(&self.lesion).any(|&line| crosses(line, wide))
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

#[cfg(test)]
mod tests {
    use eframe::egui::pos2;

    use super::*;
    use crate::app::views::marks::edges;
    use crate::app::views::marks::tests::circle;

    const ROOM: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(600.0, 400.0) };

    #[test]
    fn labels_keep_clear_of_the_outline_of_each_other_and_of_the_canvas_edge() {
        let outline = circle(pos2(300.0, 200.0), 180.0);
        let mut labels =
            Labels::new(ROOM, Vec::new(), outline.clone(), vec![Rect::from_min_size(ROOM.min, vec2(120.0, 40.0))]);
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
        let mut labels = Labels::new(ROOM, Vec::new(), circle(centre, 20.0), Vec::new());
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
        let mut labels = Labels::new(ROOM, Vec::new(), Vec::new(), Vec::new());
        for _ in 0..40 {
            let rect = labels.place(vec2(80.0, 20.0), pos2(300.0, 200.0), vec2(0.0, -1.0)).expect("there is room");
            labels.take(rect, pos2(300.0, 200.0));
        }
    }

    #[test]
    fn a_label_lies_beside_the_lesion_and_on_it_only_where_all_is_lesion() {
        let (centre, size) = (pos2(300.0, 200.0), vec2(80.0, 20.0));
        let mut labels = Labels::new(ROOM, Vec::new(), circle(centre, 150.0), Vec::new());
        for step in 0..13_u8 {
            // Every way, also inwards from the border.
            let way = Vec2::angled(f32::from(step) * 0.5);
            let rect = labels.place(size, centre + way * 150.0, -way).expect("there is room");
            assert!(rect.center().distance(centre) > 150.0, "{rect:?} lies on the lesion");
            labels.take(rect, centre + way * 150.0);
        }
        let all = Labels::new(ROOM, Vec::new(), circle(centre, 900.0), Vec::new());
        assert!(all.place(size, centre, vec2(1.0, 0.0)).is_some(), "better on it than nowhere");
    }

    #[test]
    fn no_label_runs_over_the_photos_edge() {
        let photo = Rect::from_min_max(pos2(50.0, 50.0), pos2(550.0, 350.0));
        let labels = Labels::new(ROOM, edges(photo).to_vec(), Vec::new(), Vec::new());
        for anchor in [pos2(545.0, 200.0), pos2(300.0, 345.0), pos2(52.0, 52.0)] {
            let rect = labels.place(vec2(60.0, 20.0), anchor, anchor - photo.center()).expect("there is room");
            let is_inside = photo.shrink(CLEARANCE).contains_rect(rect);
            assert!(is_inside || !photo.expand(CLEARANCE - 0.5).intersects(rect), "{rect:?}");
        }
    }

    #[test]
    fn without_room_there_is_no_label() {
        let labels = Labels::new(ROOM, Vec::new(), Vec::new(), vec![ROOM]);
        assert!(labels.place(vec2(80.0, 20.0), ROOM.center(), vec2(1.0, 0.0)).is_none());
    }
}
