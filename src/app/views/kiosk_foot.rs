//! The foot of the kiosk's screen: large buttons from the right, and beside them one large sentence with a line below it.

use std::sync::Arc;

use eframe::egui::{Color32, CornerRadius, Galley, Painter, Rect, Ui, pos2, vec2};

use super::kiosk_button::elided;
use super::kiosk_sizes::Sizes;
use crate::app::theme;

/// Narrowest that a button becomes where there are four on a small screen.
const LEAST_BUTTON: f32 = 88.0;

/// Least size of the sentence's letters.
const LEAST_SENTENCE: f32 = 15.0;

/// Between the parts of the small line.
const DOT: &str = "  ·  ";

/// The foot, with room for its buttons.
pub(super) struct KioskFoot {
    inside: Rect,
    gap: f32,
    pub(super) button_width: f32,
    count: u8,
    sizes: Sizes,
}

impl KioskFoot {
    /// What is above the foot of `area`, and the foot.
    pub(super) fn split(area: Rect, sizes: Sizes) -> (Rect, Rect) {
        area.split_top_bottom_at_y(area.max.y - sizes.button_size.y - 2.0 * sizes.margin)
    }

    /// Paints the ground of `foot`, for so many buttons. The sentence has a third of it.
    pub(super) fn begin(ui: &Ui, foot: Rect, sizes: Sizes, count: u8) -> Self {
        ui.painter().rect_filled(foot, CornerRadius::ZERO, theme::colours(ui).panel);
        let (inside, gap) = (foot.shrink(sizes.margin), sizes.margin * 0.6);
        let room = 0.66 * inside.width() - f32::from(count - 1) * gap;
        let button_width = sizes.button_size.x.min(room / f32::from(count)).max(LEAST_BUTTON);
        Self { inside, gap, button_width, count, sizes }
    }

    /// The place of a button: 1 is the one on the right.
    pub(super) fn button(&self, from_right: u8) -> Rect {
        let from_right = f32::from(from_right);
        let left = self.inside.max.x - from_right * self.button_width - (from_right - 1.0) * self.gap;
        Rect::from_min_size(pos2(left, self.inside.min.y), vec2(self.button_width, self.sizes.button_size.y))
    }

    /// Says the sentence on at most `most_rows` lines, which takes smaller letters rather than one more, and `below` it.
    pub(super) fn say(&self, ui: &Ui, (words, colour): (&str, Color32), below: &[&str], most_rows: usize) {
        let sizes = self.sizes;
        let place = self.inside.with_max_x(self.button(self.count).min.x - sizes.margin);
        let painter = ui.painter().with_clip_rect(place.expand2(vec2(0.0, sizes.margin)));
        let mut size = sizes.sentence;
        let large = loop {
            let galley = painter.layout(words.to_owned(), theme::strong_font(size), colour, place.width());
            let is_low = galley.size().y + sizes.small * 1.5 <= place.height() + sizes.margin;
            if galley.rows.len() <= most_rows && is_low || size < LEAST_SENTENCE {
                break galley;
            }
            size *= 0.9;
        };
        let dim = theme::colours(ui).dim;
        let small = small_lines(&painter, below, sizes.small, dim, place.width());
        let top = place.center().y - (large.size().y + small.size().y + 4.0) / 2.0;
        let below = pos2(place.min.x, top + large.size().y + 4.0);
        painter.galley(pos2(place.min.x, top), large, colour);
        painter.galley(below, small, dim);
    }
}

/// One line, or two, of which the second is the last part where the others are one: no line ends or begins with a dot.
fn small_lines(painter: &Painter, parts: &[&str], size: f32, colour: Color32, width: f32) -> Arc<Galley> {
    let laid = |words: String| elided(painter, words, size, colour, width);
    let in_line = laid(parts.join(DOT));
    let [others @ .., last] = parts else { return in_line };
    if in_line.rows.len() < 2 || others.is_empty() || laid(others.join(DOT)).rows.len() > 1 {
        return in_line;
    }
    laid(format!("{}\n{last}", others.join(DOT)))
}
