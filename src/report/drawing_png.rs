//! A drawing as PNG, its words in the report's fonts.

use image::ExtendedColorType;
use skrifa::outline::OutlinePen;
use tiny_skia::{Color, FillRule, LineCap, Paint, Path, PathBuilder, Pixmap, Stroke, StrokeDash, Transform};

use super::drawing::{Drawing, PlotShape, TextAnchor};
use super::error::PdfError;
use super::fonts::Fonts;
use super::ink::LineStyle;
use super::style::TextStyle;
use crate::overlay::palette::Rgb;
use crate::overlay::png;

/// Pixels to a point: for dense screens and for print.
const SCALE: f32 = 2.0;

/// The drawing as a file.
///
/// # Errors
/// [`PdfError`] when it has more pixels than there can be.
pub(super) fn encoded(drawing: &Drawing, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let size = drawing.size.map(|side| (side * SCALE).ceil() as u32);
    let mut canvas = Pixmap::new(size[0], size[1])
        .ok_or_else(|| PdfError(format!("a plot cannot have {} x {} pixels", size[0], size[1])))?;
    canvas.fill(Color::WHITE);
    for shape in &drawing.shapes {
        draw(&mut canvas, fonts, shape);
    }
    let rgb: Vec<u8> =
        canvas.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
    Ok(png::encoded(size, &rgb, ExtendedColorType::Rgb8))
}

fn draw(canvas: &mut Pixmap, fonts: &Fonts, shape: &PlotShape) {
    match shape {
        PlotShape::Line { ends, style } => line(canvas, *ends, *style),
        PlotShape::Dot { centre: [x, y], radius, colour } => {
            if let Some(path) = PathBuilder::from_circle(*x, *y, *radius) {
                fill(canvas, &path, *colour, Transform::identity());
            }
        }
        PlotShape::Text { place, words, style, anchor } => text(canvas, fonts, *place, words, *style, *anchor),
    }
}

fn line(canvas: &mut Pixmap, [from, to]: [[f32; 2]; 2], style: LineStyle) {
    let mut path = PathBuilder::new();
    path.move_to(from[0], from[1]);
    path.line_to(to[0], to[1]);
    let Some(path) = path.finish() else { return };
    let dash = style.dash.and_then(|dash| StrokeDash::new(vec![dash, dash], 0.0));
    let stroke = Stroke { width: style.width, line_cap: LineCap::Butt, dash, ..Stroke::default() };
    let mut paint = paint(style.colour);
    paint.shader.apply_opacity(style.opacity);
    canvas.stroke_path(&path, &paint, &stroke, Transform::from_scale(SCALE, SCALE), None);
}

fn fill(canvas: &mut Pixmap, path: &Path, colour: Rgb, place: Transform) {
    let place = place.post_scale(SCALE, SCALE);
    canvas.fill_path(path, &paint(colour), FillRule::Winding, place, None);
}

fn paint([red, green, blue]: Rgb) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, 255);
    paint
}

fn text(canvas: &mut Pixmap, fonts: &Fonts, [x, y]: [f32; 2], words: &str, style: TextStyle, anchor: TextAnchor) {
    let width = fonts.width(words, style);
    let mut x = match anchor {
        TextAnchor::Start => x,
        TextAnchor::Middle => x - width / 2.0,
        TextAnchor::End => x - width,
    };
    for run in fonts.shape(words, style.weight) {
        for glyph in &run.glyphs {
            let mut pen = SkiaPen(PathBuilder::new());
            fonts.outline(&run, glyph, style.size, &mut pen);
            if let Some(path) = pen.0.finish() {
                let at = [x + glyph.x_offset * style.size, y - glyph.y_offset * style.size];
                fill(canvas, &path, style.colour, Transform::from_translate(at[0], at[1]));
            }
            x += glyph.x_advance * style.size;
        }
    }
}

/// A glyph's outline, whose y points upwards, as a path.
struct SkiaPen(PathBuilder);

impl OutlinePen for SkiaPen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, -y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, -y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.quad_to(cx, -cy, x, -y);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.0.cubic_to(cx0, -cy0, cx1, -cy1, x, -y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use super::super::style::KEY_FIGURE;
    use super::*;

    /// The columns in which something is drawn, at least and at most.
    fn inked(anchor: TextAnchor, words: &str) -> [u32; 2] {
        let fonts = Fonts::new().expect("the fonts are whole");
        let mut drawing = Drawing { size: [100.0, 30.0], shapes: Vec::new() };
        drawing.text([50.0, 20.0], words, KEY_FIGURE, anchor);
        let file = encoded(&drawing, &fonts).expect("it is small");
        let picture = image::load_from_memory(&file).expect("it is a PNG").to_luma8();
        assert_eq!(picture.dimensions(), (200, 60));
        let dark = picture.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[0] < 128).map(|(x, y, _)| (x, y));
        let dark: Vec<(u32, u32)> = dark.collect();
        let below = dark.iter().map(|dark| dark.1).max().expect("something is drawn");
        assert!((39..46).contains(&below), "letters stand on the line, Chinese ones a little below it: {below}");
        [dark.iter().map(|dark| dark.0).min().unwrap(), dark.iter().map(|dark| dark.0).max().unwrap()]
    }

    #[test]
    fn words_lie_beside_their_place_as_they_are_anchored() {
        for words in ["HH", "皮损"] {
            let [left, right] = inked(TextAnchor::Start, words);
            assert!(left >= 98 && right > 110, "{left} to {right}");
            let [left, right] = inked(TextAnchor::End, words);
            assert!(right <= 102 && left < 90, "{left} to {right}");
            let [left, right] = inked(TextAnchor::Middle, words);
            assert!((left + right).abs_diff(200) <= 4, "{left} to {right}");
        }
    }
}
