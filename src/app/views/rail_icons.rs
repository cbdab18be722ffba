//! The icons of the rail of tools: from the font, or drawn where it has none that says what a tool does.

use eframe::egui::{Align2, Color32, FontId, Painter, Pos2, Shape, Stroke, vec2};

use crate::app::theme;

/// An icon of the rail.
#[derive(Clone, Copy)]
pub(super) enum RailIcon {
    Font(&'static str),
    /// A part that stays, and two small ones that go.
    KeepLargest,
    /// A jagged border, and the smooth one that it becomes.
    Smooth,
}

impl RailIcon {
    pub(super) fn paint(self, painter: &Painter, middle: Pos2, colour: Color32) {
        match self {
            Self::Font(icon) => {
                painter.text(middle, Align2::CENTER_CENTER, icon, FontId::proportional(theme::ICON), colour);
            }
            Self::KeepLargest => {
                painter.circle_filled(middle + vec2(-2.5, 1.5), 6.0, colour);
                for (x, y, radius) in [(6.5, -5.5, 2.4), (7.0, 4.5, 1.8)] {
                    painter.circle_stroke(middle + vec2(x, y), radius, Stroke::new(1.2, colour));
                }
            }
            Self::Smooth => {
                let jagged =
                    [(-9.0, -2.0), (-6.0, -7.0), (-3.0, -3.0), (0.0, -8.0), (3.0, -3.0), (6.0, -7.0), (9.0, -2.0)];
                let points = jagged.into_iter().map(|(x, y)| middle + vec2(x, y)).collect();
                painter.add(Shape::line(points, Stroke::new(1.2, colour)));
                let arc = (-9..=9).map(|x| {
                    let x = x as f32;
                    middle + vec2(x, 7.0 - 6.0 * (1.0 - (x / 9.0).powi(2)))
                });
                painter.add(Shape::line(arc.collect(), Stroke::new(1.8, colour)));
            }
        }
    }
}
