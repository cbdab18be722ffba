//! How paths and words are put on a krilla surface: colours, strokes, glyphs.

use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, Paint, Stroke, StrokeDash};
use krilla::surface::Surface;

use super::fonts::Fonts;
use super::style::TextStyle;
use crate::overlay::palette::Rgb;

/// A line's look.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineStyle {
    pub(super) colour: Rgb,
    /// Points.
    pub(super) width: f32,
    pub(super) opacity: f32,
    /// Lengths of dashes and of the gaps between them.
    pub(super) dash: Option<f32>,
}

impl LineStyle {
    pub(super) const fn new(colour: Rgb, width: f32) -> Self {
        Self { colour, width, opacity: 1.0, dash: None }
    }

    fn stroke(self) -> Stroke {
        Stroke {
            paint: paint(self.colour),
            width: self.width,
            // A round cap would close the gaps.
            line_cap: if self.dash.is_some() { LineCap::Butt } else { LineCap::Round },
            line_join: LineJoin::Round,
            opacity: normalized(self.opacity),
            dash: self.dash.map(|dash| StrokeDash { array: vec![dash, dash], offset: 0.0 }),
            ..Stroke::default()
        }
    }
}

/// Words with their baseline at `y`; returns where they end.
pub(super) fn text(
    surface: &mut Surface<'_>,
    fonts: &Fonts,
    words: &str,
    [x, y]: [f32; 2],
    style: TextStyle,
) -> f32 {
    surface.set_fill(Some(filling(style.colour, 1.0)));
    surface.set_stroke(None);
    let mut end = x;
    for run in fonts.shape(words, style.weight) {
        let start = Point::from_xy(end, y);
        surface.draw_glyphs(start, &run.glyphs, fonts.font_of(&run), &run.text, style.size, false);
        end += run.width(style.size);
    }
    end
}

pub(super) fn fill(surface: &mut Surface<'_>, path: &Path, colour: Rgb, opacity: f32) {
    surface.set_fill(Some(filling(colour, opacity)));
    surface.set_stroke(None);
    surface.draw_path(path);
}

/// What lies within an odd number of the path's lines: between an outer and an inner one.
pub(super) fn shade(surface: &mut Surface<'_>, path: &Path, colour: Rgb, opacity: f32) {
    surface.set_fill(Some(Fill { rule: FillRule::EvenOdd, ..filling(colour, opacity) }));
    surface.set_stroke(None);
    surface.draw_path(path);
}

pub(super) fn line(surface: &mut Surface<'_>, path: &Path, style: LineStyle) {
    surface.set_fill(None);
    surface.set_stroke(Some(style.stroke()));
    surface.draw_path(path);
}

/// Left, top, width, height.
pub(super) fn rectangle([left, top, width, height]: [f32; 4]) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(left, top, width, height)?);
    path.finish()
}

/// Straight lines, each through its points; closed where they go around something.
pub(super) fn polylines<'p>(lines: impl IntoIterator<Item = &'p [[f32; 2]]>, is_closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for line in lines {
        let Some((first, rest)) = line.split_first() else { continue };
        path.move_to(first[0], first[1]);
        rest.iter().for_each(|point| path.line_to(point[0], point[1]));
        if is_closed {
            path.close();
        }
    }
    path.finish()
}

fn paint([red, green, blue]: Rgb) -> Paint {
    rgb::Color::new(red, green, blue).into()
}

fn filling(colour: Rgb, opacity: f32) -> Fill {
    Fill { paint: paint(colour), opacity: normalized(opacity), ..Fill::default() }
}

fn normalized(share: f32) -> NormalizedF32 {
    NormalizedF32::new(share).unwrap_or(NormalizedF32::ONE)
}
