//! labelme's annotations: one file per photo, beside it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Annotated, AnnotatedShape, ExchangeError, HOLE, LESION, NOTE, Polygon};
use crate::geometry::pixel_outline::{PartOutline, Ring};
use crate::provenance::MaskOrigin;

/// The version that we write: the one whose loader our files were tested with.
const VERSION: &str = "6.3.1";

/// The content of the file for the photo at `photo_path` (as seen from the file), of `size`, with a lesion of `parts`;
/// `origin` says who made the mask.
#[must_use]
pub fn document(photo_path: &str, size: [u32; 2], parts: &[PartOutline], origin: Option<&MaskOrigin>) -> Value {
    let mut shapes = Vec::new();
    for (group, part) in parts.iter().enumerate() {
        shapes.push(shape(LESION, group + 1, &part.outer));
        shapes.extend(part.holes.iter().map(|hole| shape(HOLE, group + 1, hole)));
    }
    let [width, height] = size;
    let mut document = json!({
        "version": VERSION,
        "flags": {},
        "shapes": shapes,
        "imagePath": photo_path,
        "imageData": null,
        "imageHeight": height,
        "imageWidth": width,
        "note": NOTE,
    });
    if let Some(source) = origin.and_then(MaskOrigin::key) {
        document["mask_source"] = source.into();
    }
    document
}

/// A part and its holes are one group.
fn shape(label: &str, group: usize, ring: &Ring) -> Value {
    json!({
        "label": label,
        "points": ring,
        "group_id": group,
        "description": "",
        "shape_type": "polygon",
        "flags": {},
        "mask": null,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LabelmeFile {
    shapes: Vec<LabelmeShape>,
    image_path: String,
    image_height: u32,
    image_width: u32,
}

#[derive(Deserialize)]
struct LabelmeShape {
    label: String,
    points: Vec<[f64; 2]>,
    #[serde(default)]
    group_id: Option<i64>,
    #[serde(default = "polygon")]
    shape_type: String,
}

fn polygon() -> String {
    "polygon".to_owned()
}

/// Reads the annotations of a photo: shapes called `label`, minus the shapes called `LABEL hole` of the same group (or
/// of none). Ignores case.
///
/// # Errors
/// [`ExchangeError`] when it is not a labelme file, has shapes but none with that label, or one without area.
pub fn read(bytes: &[u8], label: &str) -> Result<Annotated, ExchangeError> {
    let file: LabelmeFile = serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))?;
    let label = label.to_lowercase();
    let hole = format!("{label} hole");
    let mut groups: BTreeMap<Option<i64>, [Vec<Polygon>; 2]> = BTreeMap::new();
    let mut others = BTreeSet::new();
    for shape in file.shapes {
        let name = shape.label.to_lowercase();
        if name == label || name == hole {
            groups.entry(shape.group_id).or_default()[usize::from(name == hole)].push(ring(&shape)?);
        } else {
            others.insert(shape.label);
        }
    }
    if groups.is_empty() && !others.is_empty() {
        return Err(ExchangeError::Label { wanted: label, found: others.into_iter().collect() });
    }
    let shapes = groups.into_values().map(|[lesion, holes]| AnnotatedShape::Polygons { lesion, holes }).collect();
    Ok(Annotated { photo: file.image_path, size: [file.image_width, file.image_height], shapes })
}

fn ring(shape: &LabelmeShape) -> Result<Polygon, ExchangeError> {
    match (shape.shape_type.as_str(), &shape.points[..]) {
        ("polygon", [_, _, _, ..]) => Ok(shape.points.clone()),
        ("rectangle", &[[x, y], [to_x, to_y]]) => Ok(vec![[x, y], [to_x, y], [to_x, to_y], [x, to_y]]),
        (kind, points) => Err(malformed(format!(
            "a shape of kind '{kind}' with {} points; polygons and rectangles are read",
            points.len()
        ))),
    }
}

fn malformed(detail: String) -> ExchangeError {
    ExchangeError::Malformed { format: "labelme", detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(shapes: &Value) -> Vec<u8> {
        json!({ "shapes": shapes, "imagePath": "a.jpg", "imageHeight": 3, "imageWidth": 4 })
            .to_string()
            .into_bytes()
    }

    #[test]
    fn drawn_polygons_and_rectangles_are_read_and_holes_cut_out() {
        let outer = json!({ "label": "Lesion", "points": [[0.2, 0.1], [3.9, 2.8]], "shape_type": "rectangle" });
        let hole = json!({ "label": "lesion hole", "points": [[1, 1], [2, 1], [2, 2], [1, 2]] });
        let found = read(&file(&json!([hole, outer])), LESION).expect("it is whole");
        assert_eq!(found.mask([4, 3]).expect("it fits").pixels(), [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]);
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
    fn shapes_without_area_are_refused() {
        for (kind, points) in [("line", json!([[0, 0], [1, 1]])), ("polygon", json!([[0, 0]])), ("mask", json!([]))]
        {
            let shape = json!([{ "label": "lesion", "points": points, "shape_type": kind }]);
            let refusal = read(&file(&shape), LESION).expect_err(kind);
            assert!(refusal.to_string().contains(kind), "{refusal}");
        }
    }
}
