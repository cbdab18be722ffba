//! COCO's instance annotations: one file for many photos.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Annotated, AnnotatedShape, ExchangeError, LESION, NOTE, fill, points};
use crate::geometry::pixel_outline::PartOutline;
use crate::geometry::run_length;
use crate::mask::Mask;
use crate::provenance::MaskOrigin;

/// A file being built.
#[derive(Clone, Debug, Default)]
pub struct CocoDocument {
    images: Vec<Value>,
    annotations: Vec<Value>,
}

impl CocoDocument {
    /// Adds a photo of `size` by its file name, and the parts of its lesion; a photo without parts has no annotation.
    /// `origin` says who made the mask.
    pub fn add(&mut self, file_name: &str, size: [u32; 2], parts: &[PartOutline], origin: Option<&MaskOrigin>) {
        let image_id = self.images.len() + 1;
        let [width, height] = size;
        let mut image = json!({ "id": image_id, "file_name": file_name, "width": width, "height": height });
        if let Some(source) = origin.and_then(MaskOrigin::key) {
            image["mask_source"] = source.into();
        }
        self.images.push(image);
        for part in parts {
            self.annotations.push(json!({
                "id": self.annotations.len() + 1,
                "image_id": image_id,
                "category_id": 1,
                "iscrowd": 0,
                "area": part.area_px,
                "bbox": part.bounds,
                "segmentation": segmentation(part, size),
            }));
        }
    }

    /// Whether no photo was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.images.is_empty()
    }

    /// The file's content.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "info": { "description": NOTE, "version": env!("CARGO_PKG_VERSION") },
            "licenses": [],
            "images": self.images,
            "annotations": self.annotations,
            "categories": [{ "id": 1, "name": LESION, "supercategory": "skin" }],
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

#[derive(Deserialize)]
struct CocoFile {
    images: Vec<CocoImage>,
    annotations: Vec<CocoAnnotation>,
    #[serde(default)]
    categories: Vec<CocoCategory>,
}

#[derive(Deserialize)]
struct CocoImage {
    id: i64,
    file_name: String,
    width: u32,
    height: u32,
}

#[derive(Deserialize)]
struct CocoAnnotation {
    image_id: i64,
    category_id: i64,
    segmentation: CocoSegmentation,
}

#[derive(Deserialize)]
struct CocoCategory {
    id: i64,
    name: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum CocoSegmentation {
    Polygons(Vec<Vec<f64>>),
    Runs { counts: CocoCounts, size: [u32; 2] },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum CocoCounts {
    Plain(Vec<u64>),
    Compressed(String),
}

/// Reads the annotations of each photo in the category called `label`, ignoring case.
///
/// # Errors
/// [`ExchangeError`] when it is not a COCO file, or no category has that name.
pub fn read(bytes: &[u8], label: &str) -> Result<Vec<Annotated>, ExchangeError> {
    let file: CocoFile = serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))?;
    let is_wanted = |category: &&CocoCategory| category.name.to_lowercase() == label.to_lowercase();
    let wanted: BTreeSet<i64> = file.categories.iter().filter(is_wanted).map(|category| category.id).collect();
    if wanted.is_empty() && !file.annotations.is_empty() {
        let found = file.categories.iter().map(|category| category.name.clone()).collect();
        return Err(ExchangeError::Label { wanted: label.to_owned(), found });
    }
    let mut photos: Vec<Annotated> = file.images.iter().map(CocoImage::annotated).collect();
    for annotation in file.annotations {
        let place = file.images.iter().position(|image| image.id == annotation.image_id);
        let place = place.ok_or_else(|| malformed(format!("there is no image {}", annotation.image_id)))?;
        if wanted.contains(&annotation.category_id) {
            let areas = annotation.segmentation.areas(photos[place].size)?;
            photos[place].shapes.extend(areas);
        }
    }
    Ok(photos)
}

impl CocoImage {
    fn annotated(&self) -> Annotated {
        Annotated { photo: self.file_name.clone(), size: [self.width, self.height], shapes: Vec::new() }
    }
}

impl CocoSegmentation {
    fn areas(self, photo_size: [u32; 2]) -> Result<Vec<AnnotatedShape>, ExchangeError> {
        match self {
            Self::Polygons(polygons) => polygons.iter().map(|polygon| ring(polygon)).collect(),
            Self::Runs { size: [height, width], .. } if [width, height] != photo_size => {
                Err(malformed(format!("a run-length code is for {width}x{height}, its image another size")))
            }
            Self::Runs { counts: CocoCounts::Plain(runs), .. } => Ok(vec![AnnotatedShape::Runs(runs)]),
            Self::Runs { counts: CocoCounts::Compressed(text), .. } => {
                Ok(vec![AnnotatedShape::Runs(run_length::from_text(&text)?)])
            }
        }
    }
}

fn ring(polygon: &[f64]) -> Result<AnnotatedShape, ExchangeError> {
    let (pairs, left) = polygon.as_chunks::<2>();
    if !left.is_empty() || pairs.len() < 3 {
        return Err(malformed(format!("a polygon has {} numbers, expected three points or more", polygon.len())));
    }
    Ok(AnnotatedShape::Polygons { lesion: vec![pairs.to_vec()], holes: Vec::new() })
}

fn malformed(detail: String) -> ExchangeError {
    ExchangeError::Malformed { format: "COCO", detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(annotation: &Value) -> Vec<u8> {
        let image = json!({ "id": 7, "file_name": "x/a.jpg", "width": 3, "height": 2 });
        let category = json!({ "id": 4, "name": "Lesion" });
        json!({ "images": [image], "annotations": [annotation], "categories": [category] }).to_string().into_bytes()
    }

    fn annotation(segmentation: &Value) -> Value {
        json!({ "id": 1, "image_id": 7, "category_id": 4, "segmentation": segmentation })
    }

    #[test]
    fn polygons_of_one_annotation_are_added_up() {
        let squares = [[0, 0, 2, 0, 2, 1, 0, 1], [1, 0, 3, 0, 3, 2, 1, 2]];
        let found = read(&file(&annotation(&json!(squares))), LESION).expect("it is whole");
        assert_eq!(found[0].photo, "x/a.jpg");
        assert_eq!(found[0].mask([3, 2]).expect("it fits").pixels(), [1, 1, 1, 0, 1, 1]);
    }

    #[test]
    fn another_category_is_named_and_not_taken() {
        let refusal = read(&file(&annotation(&json!([]))), "naevus").expect_err("there is none");
        assert!(refusal.to_string().contains("'naevus', found Lesion"), "{refusal}");
    }

    #[test]
    fn damaged_annotations_are_refused() {
        let runs = |counts: Value| json!({ "counts": counts, "size": [2, 3] });
        for segmentation in
            [json!([[0, 0, 1]]), json!("x"), json!({ "counts": [6], "size": [3, 2] }), runs(json!("X"))]
        {
            assert!(read(&file(&annotation(&segmentation)), LESION).is_err(), "{segmentation}");
        }
        let too_few = read(&file(&annotation(&runs(json!([2, 3])))), LESION).expect("only the photo tells");
        assert!(too_few[0].mask([3, 2]).is_err());
        let mut lost = annotation(&json!([]));
        lost["image_id"] = json!(8);
        assert!(read(&file(&lost), LESION).is_err());
        assert!(read(b"{}", LESION).is_err() && read(b"", LESION).is_err());
    }
}
