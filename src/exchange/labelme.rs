//! labelme's annotations: one file per photo, beside it.

mod read;
mod shape;

use serde_json::{Value, json};

pub use self::read::read;
use super::{HOLE, NOTE, label};
use crate::geometry::pixel_outline::{PartOutline, Ring};
use crate::inference::MaskMeaning;
use crate::provenance::MaskOrigin;

/// The version that we write: the one whose loader our files were tested with.
const VERSION: &str = "6.3.1";

/// The content of the file for the photo at `photo_path` (as seen from the file), of `size`, with a lesion, or
/// vessels, of `parts`; `origin` says who made the mask.
#[must_use]
pub fn document(
    photo_path: &str,
    size: [u32; 2],
    parts: &[PartOutline],
    origin: Option<&MaskOrigin>,
    meaning: MaskMeaning,
) -> Value {
    let (mut shapes, label) = (Vec::new(), label(meaning));
    let label_of_hole = format!("{label}{HOLE}");
    for (group, part) in parts.iter().enumerate() {
        shapes.push(shape(label, group + 1, &part.outer));
        shapes.extend(part.holes.iter().map(|hole| shape(&label_of_hole, group + 1, hole)));
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
