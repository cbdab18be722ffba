//! A drawing as SVG. Its words stay words, which can be searched, changed and translated; a viewer takes its own font where it
//! has not the program's.

use std::fmt::Write as _;

use super::drawing::{Drawing, PlotShape, TextAnchor};
use super::fonts::{FontWeight, printable};
use super::ink::LineStyle;
use super::style::TextStyle;
use crate::overlay::palette::Rgb;

const FAMILIES: &str = "Inter, 'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', Arial, sans-serif";

/// The drawing as a file.
pub(super) fn encoded(drawing: &Drawing) -> String {
    let [width, height] = drawing.size;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"{FAMILIES}\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    for shape in &drawing.shapes {
        svg.push_str(&element(shape));
        svg.push('\n');
    }
    svg.push_str("</svg>\n");
    svg
}

fn element(shape: &PlotShape) -> String {
    match shape {
        PlotShape::Line { ends, style } => line(*ends, *style),
        PlotShape::Dot { centre: [x, y], radius, colour } => {
            format!("<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{radius}\" fill=\"{}\"/>", hex(*colour))
        }
        PlotShape::Text { place, words, style, anchor } => text(*place, words, *style, *anchor),
    }
}

fn line([[x1, y1], [x2, y2]]: [[f32; 2]; 2], LineStyle { colour, width, opacity, dash }: LineStyle) -> String {
    let mut line = format!(
        "<line x1=\"{x1:.2}\" y1=\"{y1:.2}\" x2=\"{x2:.2}\" y2=\"{y2:.2}\" stroke=\"{}\" stroke-width=\"{width}\"",
        hex(colour)
    );
    if opacity < 1.0 {
        let _ = write!(line, " stroke-opacity=\"{opacity}\"");
    }
    if let Some(dash) = dash {
        let _ = write!(line, " stroke-dasharray=\"{dash}\"");
    }
    line + "/>"
}

fn text([x, y]: [f32; 2], words: &str, style: TextStyle, anchor: TextAnchor) -> String {
    let anchor = match anchor {
        TextAnchor::Start => "",
        TextAnchor::Middle => " text-anchor=\"middle\"",
        TextAnchor::End => " text-anchor=\"end\"",
    };
    let weight = match style.weight {
        FontWeight::Regular => "",
        FontWeight::SemiBold => " font-weight=\"600\"",
    };
    let (size, colour) = (style.size, hex(style.colour));
    let words = escaped(&printable(words));
    format!("<text x=\"{x:.2}\" y=\"{y:.2}\" font-size=\"{size}\" fill=\"{colour}\"{weight}{anchor}>{words}</text>")
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::super::style::{BODY, HEADING};
    use super::*;

    #[test]
    fn hostile_words_stay_words() {
        let mut drawing = Drawing { size: [10.0, 20.0], shapes: Vec::new() };
        drawing.text([1.0, 2.0], "</text><script>\"&\u{0}\u{FFFE}", BODY, TextAnchor::End);
        drawing.text([1.0, 2.0], "皮损", HEADING, TextAnchor::Start);
        let svg = encoded(&drawing);
        assert!(svg.contains("text-anchor=\"end\">&lt;/text&gt;&lt;script&gt;\"&amp; \u{FFFD}</text>"), "{svg}");
        assert!(svg.contains("font-weight=\"600\">皮损</text>"), "{svg}");
    }

    #[test]
    fn shapes_are_written_in_their_order() {
        let mut drawing = Drawing { size: [10.0, 20.0], shapes: Vec::new() };
        drawing.line([[0.0, 1.0], [2.0, 1.0]], LineStyle { dash: Some(3.0), ..LineStyle::new([255, 0, 16], 1.5) });
        drawing.dot([4.0, 5.0], 2.0, [0; 3]);
        let svg = encoded(&drawing);
        let [line, dot] =
            ["<line x1=\"0.00\"", "<circle cx=\"4.00\""].map(|part| svg.find(part).expect("it is drawn"));
        assert!(
            line < dot && svg.contains("stroke=\"#ff0010\" stroke-width=\"1.5\" stroke-dasharray=\"3\""),
            "{svg}"
        );
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    }
}
