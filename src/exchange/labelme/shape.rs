//! The pixels of one of labelme's shapes: polygons, rectangles, circles and masks. Points and lines have none.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use crate::exchange::annotated::ShapePixels;
use crate::exchange::{Polygon, json};

/// With or without padding, and whatever the last letter's spare bits are.
const BASE_64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// How far a circle's polygon may lie within the circle, in pixels.
const CIRCLE_ERROR_PX: f64 = 0.001;

/// The most corners of a circle's polygon.
const MOST_CORNERS: f64 = 65_536.0;

/// The pixels of a shape of `kind`, or why it has none.
pub(super) fn pixels_of(kind: &str, shape: &Value) -> Result<ShapePixels, String> {
    let listed = shape["points"].as_array().ok_or("it has no points")?;
    let points = listed.iter().map(json::point).collect::<Option<Polygon>>();
    let points = points.ok_or("one of its points is not two numbers")?;
    let count = |expected: &str| {
        let s = if points.len() == 1 { "" } else { "s" };
        format!("it has {} point{s}, expected {expected}", points.len())
    };
    let polygon = match (kind, points.as_slice()) {
        ("polygon", [_, _, _, ..]) => points,
        ("polygon", _) => return Err(count("three or more")),
        // Other programs write all four corners.
        ("rectangle" | "rotation" | "oriented_rectangle" | "quadrilateral", [_, _, _, _]) => points,
        ("rectangle", &[[x, y], [to_x, to_y]]) => vec![[x, y], [to_x, y], [to_x, to_y], [x, to_y]],
        ("rectangle", _) => return Err(count("two or four")),
        ("rotation" | "oriented_rectangle" | "quadrilateral", _) => return Err(count("four")),
        ("circle", &[centre, rim]) => circle(centre, rim),
        ("circle", _) => return Err(count("the centre and one on the rim")),
        ("mask", &[from, to]) => return picture(&shape["mask"], from, to),
        ("mask", _) => return Err(count("two corners of its mask")),
        ("point" | "points" | "line" | "linestrip", _) => {
            return Err("it has no area; outline the lesion with a polygon".to_owned());
        }
        _ => return Err("shapes of this type are not supported; outline the lesion with a polygon".to_owned()),
    };
    if json::has_area(&polygon) {
        Ok(ShapePixels::Polygons(vec![polygon]))
    } else {
        Err("it has no area".to_owned())
    }
}

/// A circle as a polygon so fine that no pixel's centre is on the wrong side.
fn circle(centre: [f64; 2], rim: [f64; 2]) -> Polygon {
    let radius = (rim[0] - centre[0]).hypot(rim[1] - centre[1]);
    // A corner every 2 acos(1 - error / radius).
    let corners = std::f64::consts::PI * (radius / (2.0 * CIRCLE_ERROR_PX)).sqrt();
    let corners = corners.ceil().clamp(8.0, MOST_CORNERS) as u32;
    let turn = std::f64::consts::TAU / f64::from(corners);
    (0..corners)
        .map(|corner| {
            let (sin, cos) = (f64::from(corner) * turn).sin_cos();
            [centre[0] + radius * cos, centre[1] + radius * sin]
        })
        .collect()
}

/// A PNG in base 64, from one corner to the other, both within it.
fn picture(text: &Value, from: [f64; 2], to: [f64; 2]) -> Result<ShapePixels, String> {
    let png = text.as_str().and_then(from_base_64).ok_or("its mask is missing or not base64")?;
    let side = |axis: usize| {
        let side = to[axis].round() - from[axis].round() + 1.0;
        (side >= 1.0 && side <= f64::from(u32::MAX)).then_some(side as u32)
    };
    let sides = side(0).zip(side(1)).ok_or("the corners of its mask are in the wrong order")?;
    Ok(ShapePixels::Picture { png, at: from.map(|side| side.round() as i64), size: sides.into() })
}

/// Bytes of a text in base 64 (RFC 4648); line breaks are passed over.
fn from_base_64(text: &str) -> Option<Vec<u8>> {
    let letters: Vec<u8> = text.trim_end().bytes().filter(|letter| !matches!(letter, b'\r' | b'\n')).collect();
    BASE_64.decode(letters).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_64_is_read_as_the_rfc_writes_it() {
        // RFC 4648, chapter 10.
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy\n", "foobar")] {
            assert_eq!(from_base_64(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        assert_eq!(from_base_64("Zm9v!"), None);
    }

    #[test]
    fn corners_out_of_order_are_no_picture() {
        assert!(picture(&Value::from("Zg=="), [3.0, 3.0], [1.0, 5.0]).is_err());
        assert!(picture(&Value::Null, [3.0, 3.0], [4.0, 5.0]).is_err());
    }
}
