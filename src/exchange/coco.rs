//! COCO's instance annotations: one file for many photos.

mod read;

use serde_json::{Value, json};

pub use self::read::read;
use super::{NOTE, fill, label, points};
use crate::geometry::pixel_outline::PartOutline;
use crate::geometry::run_length;
use crate::inference::MaskMeaning;
use crate::mask::Mask;
use crate::provenance::MaskOrigin;

/// A file being built.
#[derive(Clone, Debug, Default)]
pub struct CocoDocument {
    meaning: MaskMeaning,
    images: Vec<Value>,
    annotations: Vec<Value>,
}

impl CocoDocument {
    /// An empty one for masks of this meaning.
    #[must_use]
    pub fn of(meaning: MaskMeaning) -> Self {
        Self { meaning, ..Self::default() }
    }

    /// Adds a photo of `size` by its file name, and the parts of its lesion. A photo without parts gets one annotation
    /// that is empty: without any it would count as not annotated. `origin` says who made the mask.
    pub fn add(&mut self, file_name: &str, size: [u32; 2], parts: &[PartOutline], origin: Option<&MaskOrigin>) {
        let image_id = self.images.len() + 1;
        let [width, height] = size;
        let mut image = json!({ "id": image_id, "file_name": file_name, "width": width, "height": height });
        if let Some(source) = origin.and_then(MaskOrigin::key) {
            image["mask_source"] = source.into();
        }
        self.images.push(image);
        for part in parts {
            self.annotate(image_id, part.area_px, part.bounds, &segmentation(part, size));
        }
        if parts.is_empty() {
            let nothing = json!({ "counts": run_length::encode(&Mask::empty(size)), "size": [height, width] });
            self.annotate(image_id, 0, [0; 4], &nothing);
        }
    }

    fn annotate(&mut self, image_id: usize, area_px: u64, bounds: [u32; 4], segmentation: &Value) {
        self.annotations.push(json!({
            "id": self.annotations.len() + 1,
            "image_id": image_id,
            "category_id": 1,
            "iscrowd": 0,
            "area": area_px,
            "bbox": bounds,
            "segmentation": segmentation,
        }));
    }

    /// Whether no photo was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.images.is_empty()
    }

    /// The file's content.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let supercategory = if self.meaning.is_vessels() { "retina" } else { "skin" };
        json!({
            "info": { "description": NOTE, "version": env!("CARGO_PKG_VERSION") },
            "licenses": [],
            "images": self.images,
            "annotations": self.annotations,
            "categories": [{ "id": 1, "name": label(self.meaning), "supercategory": supercategory }],
        })
    }
}

/// A polygon, or runs if there are holes: COCO takes the union of several polygons, so none can be a hole.
fn segmentation(part: &PartOutline, size: [u32; 2]) -> Value {
    if part.holes.is_empty() {
        return json!([part.outer.as_flattened()]);
    }
    let [width, height] = size;
    let mut mask = Mask::empty(size);
    fill(&mut mask, &points(&part.outer), true);
    for hole in &part.holes {
        fill(&mut mask, &points(hole), false);
    }
    json!({ "counts": run_length::encode(&mask), "size": [height, width] })
}
