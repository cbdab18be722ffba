//! Reads labelme's annotations of one photo shape by shape: an odd one is named and left out.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::shape::pixels_of;
use crate::exchange::annotated::{AnnotatedShape, ShapePixels};
use crate::exchange::{Annotated, Annotations, ExchangeError, LeftOut, json};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LabelmeFile {
    shapes: Vec<LabelmeShape>,
    image_path: String,
    /// Programs before 2018 stated no size.
    #[serde(default)]
    image_height: Value,
    #[serde(default)]
    image_width: Value,
}

struct LabelmeShape {
    label: Option<String>,
    kind: String,
    /// A number or a text.
    group: Option<String>,
    pixels: Result<ShapePixels, String>,
}

impl<'de> Deserialize<'de> for LabelmeShape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let kind = value["shape_type"].as_str().unwrap_or("polygon").to_owned();
        let pixels = pixels_of(&kind, &value);
        Ok(Self { label: json::id(&value["label"]), group: json::id(&value["group_id"]), kind, pixels })
    }
}

/// Reads the annotations of a photo: shapes called `label`, minus the shapes called `LABEL hole` of the same group (or
/// of none). Ignores case. A file without shapes says that there is no lesion.
///
/// # Errors
/// [`ExchangeError`] when it is not a labelme file, or has shapes but none with that label.
pub fn read(bytes: &[u8], label: &str) -> Result<Annotations, ExchangeError> {
    let malformed = |detail: String| ExchangeError::Malformed { format: "labelme", detail };
    let file: LabelmeFile = serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))?;
    let size = size_of(&file).map_err(malformed)?;
    let label = label.to_lowercase();
    let mut photo =
        Annotated { photo: file.image_path, size, says_empty: file.shapes.is_empty(), ..Annotated::default() };
    let mut reader =
        ShapeReader { hole: format!("{label} hole"), label, groups: BTreeMap::new(), others: BTreeSet::new() };
    let mut left_out = Vec::new();
    for (number, shape) in file.shapes.into_iter().enumerate() {
        let named = shape.label.as_deref().unwrap_or("no label");
        let entry = format!("shape {} ({named}, {})", number + 1, shape.kind);
        match reader.take(shape, entry.clone()) {
            Ok(Some(shape)) => photo.shapes.push(shape),
            Ok(None) => {}
            Err(reason) => left_out.push(LeftOut { entry, photo: photo.photo.clone(), reason }),
        }
    }
    leave_pictures_out(&mut photo, &mut left_out);
    photo.left_out = left_out.len();
    if !photo.is_annotated() {
        return Err(ExchangeError::Label { wanted: reader.label, found: reader.others.into_iter().collect() });
    }
    Ok(Annotations { photos: vec![photo], left_out })
}

fn size_of(file: &LabelmeFile) -> Result<Option<[u32; 2]>, String> {
    let [width, height] = [&file.image_width, &file.image_height];
    if width.is_null() && height.is_null() {
        return Ok(None);
    }
    let sides = json::side(width).zip(json::side(height));
    let sides =
        sides.ok_or_else(|| format!("imageWidth is {width} and imageHeight {height}, expected integers"))?;
    Ok(Some(sides.into()))
}

struct ShapeReader {
    /// In small letters.
    label: String,
    hole: String,
    /// Numbers of the file's groups; that of shapes without a group too.
    groups: BTreeMap<Option<String>, usize>,
    /// Labels that are not wanted.
    others: BTreeSet<String>,
}

impl ShapeReader {
    /// The shape if its label is wanted, or why it cannot be used.
    fn take(&mut self, shape: LabelmeShape, entry: String) -> Result<Option<AnnotatedShape>, String> {
        let label = shape.label.ok_or("it has no label")?;
        let name = label.to_lowercase();
        let is_hole = name == self.hole;
        if name != self.label && !is_hole {
            self.others.insert(label);
            return Ok(None);
        }
        let pixels = shape.pixels?;
        if is_hole && matches!(pixels, ShapePixels::Picture { .. }) {
            return Err("holes must be polygons, not masks".to_owned());
        }
        let next = self.groups.len();
        let group = Some(*self.groups.entry(shape.group).or_insert(next));
        Ok(Some(AnnotatedShape { entry, group, is_hole, pixels }))
    }
}

/// A mask has its holes itself; polygons that shall cut others out of it are not understood.
fn leave_pictures_out(photo: &mut Annotated, left_out: &mut Vec<LeftOut>) {
    let with_holes: BTreeSet<_> =
        photo.shapes.iter().filter(|shape| shape.is_hole).map(|shape| shape.group).collect();
    photo.shapes.retain(|shape| {
        let is_cut = matches!(shape.pixels, ShapePixels::Picture { .. }) && with_holes.contains(&shape.group);
        if is_cut {
            let reason = "a mask in a group with holes is not supported; draw the holes into the mask".to_owned();
            left_out.push(LeftOut { entry: shape.entry.clone(), photo: photo.photo.clone(), reason });
        }
        !is_cut
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::LESION;
    use crate::mask::Mask;
    use serde_json::json;

    fn file(shapes: &Value) -> Vec<u8> {
        json!({ "shapes": shapes, "imagePath": "a.jpg", "imageHeight": 3, "imageWidth": 4 })
            .to_string()
            .into_bytes()
    }

    fn mask(read: &Annotations) -> Mask {
        read.photos[0].mask([4, 3]).expect("it fits").mask
    }

    #[test]
    fn drawn_polygons_and_rectangles_are_read_and_holes_cut_out() {
        let outer = json!({ "label": "Lesion", "points": [[0.2, 0.1], [3.9, 2.8]], "shape_type": "rectangle" });
        let hole = json!({ "label": "lesion hole", "points": [[1, 1], [2, 1], [2, 2], [1, 2]] });
        let found = read(&file(&json!([hole, outer])), LESION).expect("it is whole");
        assert_eq!(mask(&found).pixels(), [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]);
    }

    #[test]
    fn other_labels_are_named_when_nothing_else_is_there() {
        let shape = json!([{ "label": "naevus", "points": [[0, 0], [1, 0], [1, 1]], "shape_type": "polygon" }]);
        let refusal = read(&file(&shape), LESION).expect_err("there is no lesion");
        assert!(refusal.to_string().contains("found naevus"), "{refusal}");
        assert!(read(&file(&shape), "naevus").is_ok());
        assert!(read(&file(&json!([])), LESION).is_ok(), "nothing annotated is an empty mask");
    }

    #[test]
    fn shapes_that_cannot_be_used_are_named_and_the_others_are_read() {
        let good = json!({ "label": "lesion", "points": [[0, 0], [2, 0], [2, 2], [0, 2]], "group_id": "one" });
        let odd = [
            ("line", json!([[0, 0], [1, 1]]), "no area"),
            ("linestrip", json!([[0, 0], [1, 1], [2, 1]]), "no area"),
            ("point", json!([[0, 0]]), "no area"),
            ("polygon", json!([[0, 0]]), "1 point"),
            ("polygon", json!([]), "0 points"),
            ("polygon", json!([[0, 0], [1, 1], [2, 2, 2]]), "two numbers"),
            ("polygon", json!("x"), "no points"),
            ("polygon", json!([[9, 9], [12, 9], [9, 12]]), "outside"),
            ("rectangle", json!([[0, 0], [1, 1], [1, 0]]), "3 points"),
            ("rectangle", json!([[1, 1], [1, 1]]), "no area"),
            ("circle", json!([[1, 1]]), "1 point"),
            ("circle", json!([[1, 1], [1, 1]]), "no area"),
            ("mask", json!([]), "0 points"),
            ("mask", json!([[0, 0], [1, 1]]), "mask is missing"),
            ("cuboid", json!([[0, 0], [1, 1]]), "not supported"),
        ];
        for (kind, points, word) in odd {
            let shape = json!({ "label": "lesion", "points": points, "shape_type": kind });
            let found = read(&file(&json!([shape, good])), LESION).expect(kind);
            let drawn = found.photos[0].mask([4, 3]).expect("it fits");
            let left: Vec<String> = found.left_out.iter().chain(&drawn.left_out).map(ToString::to_string).collect();
            assert_eq!((drawn.mask.area_px(), drawn.is_usable), (4, true), "{kind}");
            assert!(
                left.len() == 1 && left[0].starts_with(&format!("shape 1 (lesion, {kind}) of a.jpg")),
                "{left:?}"
            );
            assert!(left[0].contains(word), "{left:?}");
            let alone = read(&file(&json!([shape])), LESION).expect(kind);
            assert!(!alone.photos[0].mask([4, 3]).expect("it fits").is_usable, "{kind}: no mask, not an empty one");
        }
    }

    #[test]
    fn a_circle_holds_the_centres_within_its_radius() {
        let circle = json!([{ "label": "lesion", "points": [[40, 30], [40, 40]], "shape_type": "circle" }]);
        let text = json!({ "shapes": circle, "imagePath": "a.jpg", "imageHeight": 60.0, "imageWidth": 80.0 });
        let found = read(text.to_string().as_bytes(), LESION).expect("it is whole");
        let mask = found.photos[0].mask([80, 60]).expect("it fits").mask;
        for (x, y) in (0..80).flat_map(|x| (0..60).map(move |y| (x, y))) {
            let distance = (f64::from(x) + 0.5 - 40.0).hypot(f64::from(y) + 0.5 - 30.0);
            assert_eq!(mask.is_set(x, y), distance < 10.0, "{x} {y}");
        }
    }
}
