//! A plot's shapes, drawn once and written twice: as SVG, whose words stay words, and as PNG. Lengths are points, an SVG's
//! pixels, from the upper left corner; the ground is white.

use super::ink::LineStyle;
use super::style::TextStyle;
use crate::overlay::palette::Rgb;

/// Where words lie beside their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextAnchor {
    Start,
    Middle,
    End,
}

/// A thing that is drawn.
pub(super) enum PlotShape {
    Line { ends: [[f32; 2]; 2], style: LineStyle },
    Dot { centre: [f32; 2], radius: f32, colour: Rgb },
    Text { place: [f32; 2], words: String, style: TextStyle, anchor: TextAnchor },
}

/// Shapes in the order in which they are drawn.
pub(super) struct Drawing {
    pub(super) size: [f32; 2],
    pub(super) shapes: Vec<PlotShape>,
}

impl Drawing {
    pub(super) fn line(&mut self, ends: [[f32; 2]; 2], style: LineStyle) {
        self.shapes.push(PlotShape::Line { ends, style });
    }

    pub(super) fn dot(&mut self, centre: [f32; 2], radius: f32, colour: Rgb) {
        self.shapes.push(PlotShape::Dot { centre, radius, colour });
    }

    /// Words whose baseline and anchor are at `place`.
    pub(super) fn text(&mut self, place: [f32; 2], words: &str, style: TextStyle, anchor: TextAnchor) {
        self.shapes.push(PlotShape::Text { place, words: words.to_owned(), style, anchor });
    }
}
