//! Reads COCO's annotations entry by entry: an odd one is named and left out.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::exchange::annotated::{AnnotatedShape, ShapePixels};
use crate::exchange::{Annotated, Annotations, ExchangeError, LeftOut, Polygon, json};
use crate::geometry::run_length;

#[derive(Deserialize)]
struct CocoFile {
    images: Vec<CocoImage>,
    #[serde(default)]
    annotations: Vec<Annotation>,
    #[serde(default)]
    categories: Vec<Value>,
}

/// An image with its id, or why it cannot be used.
struct CocoImage {
    id: Option<String>,
    annotated: Result<Annotated, String>,
}

/// One annotation; ids as [`json::id`] reads them.
struct Annotation {
    id: Option<String>,
    image: Option<String>,
    category: Option<String>,
    /// No shapes: an annotation that says that there is nothing.
    shape: Result<Option<ShapePixels>, String>,
}

/// Each entry by itself, so that a file's entries are never in memory as JSON all at once.
impl<'de> Deserialize<'de> for CocoImage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(|value| Self::of(&value))
    }
}

impl<'de> Deserialize<'de> for Annotation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(|value| Self::of(&value))
    }
}

impl CocoImage {
    fn of(value: &Value) -> Self {
        let id = json::id(&value["id"]);
        let annotated = match (&id, value["file_name"].as_str()) {
            (None, _) => Err("it has no id".to_owned()),
            (_, None) => Err("it has no file_name".to_owned()),
            (_, Some(name)) => {
                size_of(value).map(|size| Annotated { photo: name.to_owned(), size, ..Annotated::default() })
            }
        };
        Self { id, annotated }
    }
}

/// Width and height, where they are stated.
fn size_of(value: &Value) -> Result<Option<[u32; 2]>, String> {
    let [width, height] = [&value["width"], &value["height"]];
    if width.is_null() && height.is_null() {
        return Ok(None);
    }
    match (json::side(width), json::side(height)) {
        (Some(width), Some(height)) => Ok(Some([width, height])),
        _ => Err(format!("its size is {width} by {height}, expected integers")),
    }
}

impl Annotation {
    fn of(value: &Value) -> Self {
        Self {
            id: json::id(&value["id"]),
            image: json::id(&value["image_id"]),
            category: json::id(&value["category_id"]),
            shape: shape(value),
        }
    }
}

/// Reads the annotations of each photo in the category called `label`, ignoring case.
///
/// # Errors
/// [`ExchangeError`] when it is not a COCO file, two images or annotations have one id, or no category has that name.
pub fn read(bytes: &[u8], label: &str) -> Result<Annotations, ExchangeError> {
    let file: CocoFile = serde_json::from_slice(bytes)
        .map_err(|error| ExchangeError::Malformed { format: "COCO", detail: error.to_string() })?;
    check_ids("image", file.images.iter().map(|image| image.id.as_deref()))?;
    check_ids("annotation", file.annotations.iter().map(|annotation| annotation.id.as_deref()))?;
    let categories = Categories::of(&file.categories, label);
    if categories.wanted.is_empty() && !file.annotations.is_empty() {
        return Err(ExchangeError::Label { wanted: label.to_owned(), found: categories.names });
    }
    let mut read = Annotations::default();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (number, CocoImage { id, annotated }) in file.images.into_iter().enumerate() {
        match (id, annotated) {
            (Some(id), Ok(annotated)) => {
                places.insert(id, read.photos.len());
                read.photos.push(annotated);
            }
            (id, Err(reason)) => read.left_out.push(left_out(entry("image", id.as_deref(), number), reason)),
            (None, Ok(_)) => {}
        }
    }
    for (number, annotation) in file.annotations.into_iter().enumerate() {
        let name = entry("annotation", annotation.id.as_deref(), number);
        take(&mut read, &places, &categories, annotation, name);
    }
    Ok(read)
}

/// Adds one annotation to its photo, or names it.
fn take(
    read: &mut Annotations,
    places: &HashMap<String, usize>,
    categories: &Categories,
    annotation: Annotation,
    name: String,
) {
    let Annotation { image, category, shape, .. } = annotation;
    let is_known = category.as_ref().is_some_and(|category| categories.known.contains(category));
    if is_known && category.as_ref().is_some_and(|category| !categories.wanted.contains(category)) {
        return;
    }
    let Some(place) = image.as_ref().and_then(|image| places.get(image)) else {
        let reason = image.map_or("it has no image_id".to_owned(), |image| format!("there is no image {image}"));
        read.left_out.push(left_out(name, reason));
        return;
    };
    let photo = &mut read.photos[*place];
    let category = category.unwrap_or_else(|| "without an id".to_owned());
    let shape = if is_known { shape } else { Err(format!("its category {category} is not in the file's list")) };
    match shape {
        Ok(Some(pixels)) => {
            photo.shapes.push(AnnotatedShape { entry: name, group: None, is_hole: false, pixels });
        }
        Ok(None) => photo.says_empty = true,
        Err(reason) => {
            photo.left_out += 1;
            read.left_out.push(LeftOut { entry: name, photo: photo.photo.clone(), reason });
        }
    }
}

/// The file's categories.
struct Categories {
    known: HashSet<String>,
    wanted: HashSet<String>,
    names: Vec<String>,
}

impl Categories {
    fn of(list: &[Value], label: &str) -> Self {
        let named = || list.iter().filter_map(|one| Some((json::id(&one["id"])?, one["name"].as_str()?)));
        let label = label.to_lowercase();
        Self {
            known: named().map(|(id, _)| id).collect(),
            wanted: named().filter(|(_, name)| name.to_lowercase() == label).map(|(id, _)| id).collect(),
            names: named().map(|(_, name)| name.to_owned()).collect(),
        }
    }
}

fn check_ids<'a>(what: &'static str, ids: impl Iterator<Item = Option<&'a str>>) -> Result<(), ExchangeError> {
    let mut known = HashSet::new();
    match ids.flatten().find(|id| !known.insert(*id)) {
        Some(id) => Err(ExchangeError::Duplicate { what, id: id.to_owned() }),
        None => Ok(()),
    }
}

/// An entry by its id, or by its place in the file.
fn entry(what: &str, id: Option<&str>, number: usize) -> String {
    id.map_or_else(|| format!("{what} number {} (it has no id)", number + 1), |id| format!("{what} {id}"))
}

fn left_out(entry: String, reason: String) -> LeftOut {
    LeftOut { entry, photo: String::new(), reason }
}

/// The pixels of an annotation; `None` if it says that there are none.
fn shape(annotation: &Value) -> Result<Option<ShapePixels>, String> {
    match &annotation["segmentation"] {
        Value::Array(parts) if parts.is_empty() && !has_box(annotation) => Ok(None),
        Value::Null if !has_box(annotation) => Err("it has no segmentation".to_owned()),
        Value::Null => Err("it has only a box; outline it with a polygon".to_owned()),
        Value::Array(parts) if parts.is_empty() => Err("it has only a box; outline it with a polygon".to_owned()),
        // One polygon without the list around it, as some programs write it.
        Value::Array(numbers) if numbers.iter().all(Value::is_number) => {
            Ok(Some(ShapePixels::Polygons(vec![polygon(numbers)?])))
        }
        Value::Array(parts) => {
            let polygons = parts.iter().map(|part| match part {
                Value::Array(numbers) => polygon(numbers),
                _ => Err("a polygon of its segmentation is not a list of numbers".to_owned()),
            });
            Ok(Some(ShapePixels::Polygons(polygons.collect::<Result<_, _>>()?)))
        }
        Value::Object(code) => runs(code).map(Some),
        _ => Err("its segmentation is neither polygons nor a run-length code".to_owned()),
    }
}

/// Whether an annotation marks an area by its box or its figure.
fn has_box(annotation: &Value) -> bool {
    let sides = annotation["bbox"].as_array().and_then(|bounds| bounds.get(2..));
    let is_some = |value: &Value| value.as_f64().is_some_and(|value| value > 0.0);
    sides.is_some_and(|sides| sides.iter().any(is_some)) || is_some(&annotation["area"])
}

fn polygon(numbers: &[Value]) -> Result<Polygon, String> {
    let (pairs, rest) = numbers.as_chunks::<2>();
    if !rest.is_empty() || pairs.len() < 3 {
        return Err(format!("a polygon has {} numbers, expected at least three points", numbers.len()));
    }
    let points = pairs.iter().map(|[x, y]| Some([x.as_f64()?, y.as_f64()?])).collect::<Option<Polygon>>();
    let points = points.ok_or("a coordinate of a polygon is not a number")?;
    if json::has_area(&points) { Ok(points) } else { Err("a polygon has no area".to_owned()) }
}

fn runs(code: &serde_json::Map<String, Value>) -> Result<ShapePixels, String> {
    let size = match code.get("size").and_then(Value::as_array).map(Vec::as_slice) {
        Some([height, width]) => json::side(width).zip(json::side(height)),
        _ => None,
    };
    let (width, height) = size.ok_or("its run-length code has no valid size (expected two integers)")?;
    let runs = match code.get("counts") {
        Some(Value::Array(counts)) => counts.iter().map(json::whole).collect::<Option<Vec<u64>>>(),
        Some(Value::String(text)) => Some(run_length::from_text(text).map_err(|error| error.to_string())?),
        _ => None,
    };
    let runs = runs.ok_or("its run-length code has no valid counts (expected integers)")?;
    run_length::check(&runs, [width, height]).map_err(|error| error.to_string())?;
    Ok(ShapePixels::Runs { runs, size: [width, height] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::LESION;
    use crate::mask::Mask;
    use serde_json::json;

    fn file(annotations: &[Value]) -> Vec<u8> {
        let image = json!({ "id": 7, "file_name": "x/a.jpg", "width": 3, "height": 2 });
        let category = json!({ "id": 4, "name": "Lesion" });
        json!({ "images": [image], "annotations": annotations, "categories": [category] }).to_string().into_bytes()
    }

    fn annotation(segmentation: &Value) -> Value {
        json!({ "id": 1, "image_id": 7, "category_id": 4, "segmentation": segmentation })
    }

    fn mask(read: &Annotations) -> Mask {
        read.photos[0].mask([3, 2]).expect("it fits").mask
    }

    #[test]
    fn polygons_of_one_annotation_are_added_up() {
        let squares = [[0, 0, 2, 0, 2, 1, 0, 1], [1, 0, 3, 0, 3, 2, 1, 2]];
        let found = read(&file(&[annotation(&json!(squares))]), LESION).expect("it is whole");
        assert_eq!(found.photos[0].photo, "x/a.jpg");
        assert_eq!(mask(&found).pixels(), [1, 1, 1, 0, 1, 1]);
    }

    #[test]
    fn another_category_is_named_and_not_taken() {
        let refusal = read(&file(&[annotation(&json!([]))]), "naevus").expect_err("there is none");
        assert!(refusal.to_string().contains("'naevus', found Lesion"), "{refusal}");
    }

    #[test]
    fn a_damaged_annotation_is_named_and_the_others_are_read() {
        let runs = |counts: Value| json!({ "counts": counts, "size": [2, 3] });
        let good =
            json!({ "id": "b", "image_id": 7, "category_id": 4, "segmentation": [[0, 0, 1, 0, 1, 1, 0, 1]] });
        let odd = [
            (json!([[0, 0, 1]]), "3 numbers"),
            (json!([[0, 0, 1, 1, 2, null]]), "not a number"),
            (json!([[0, 0, 1, 1, 2, 2], 5]), "not a list"),
            (json!([[1, 0, 1, 1, 1, 2]]), "no area"),
            (json!([[9, 0, 12, 0, 12, 2]]), "outside"),
            (json!("x"), "neither"),
            (json!({ "counts": [6], "size": [3, 2] }), "2 × 3, but the photo is 3 × 2"),
            (runs(json!("X")), "cut short"),
            (runs(json!([2, 3])), "5 pixels"),
            (runs(json!([2, 3.5])), "integers"),
            (Value::Null, "no segmentation"),
        ];
        for (segmentation, word) in odd {
            let found = read(&file(&[annotation(&segmentation), good.clone()]), LESION).expect("the rest is whole");
            let drawn = found.photos[0].mask([3, 2]).expect("it fits");
            let left: Vec<String> = found.left_out.iter().chain(&drawn.left_out).map(ToString::to_string).collect();
            assert_eq!((drawn.mask.area_px(), drawn.is_usable), (1, true), "{segmentation}");
            assert!(left.len() == 1 && left[0].starts_with("annotation 1 of x/a.jpg was skipped"), "{left:?}");
            assert!(left[0].contains(word), "{left:?}");
        }
        for lost in [json!(8), json!(null)] {
            let mut stray = annotation(&json!([]));
            stray["image_id"] = lost;
            let found = read(&file(&[stray, good.clone()]), LESION).expect("the rest is whole");
            assert!(found.left_out[0].to_string().contains("image"), "{:?}", found.left_out);
        }
        assert!(read(b"{}", LESION).is_err() && read(b"", LESION).is_err());
    }

    #[test]
    fn an_empty_annotation_says_that_there_is_nothing_and_a_box_does_not() {
        let found = read(&file(&[annotation(&json!([]))]), LESION).expect("it is whole");
        assert!(found.photos[0].is_annotated() && mask(&found).is_empty());
        let mut boxed = annotation(&json!([]));
        boxed["bbox"] = json!([0, 0, 2, 2]);
        let found = read(&file(&[boxed]), LESION).expect("it is whole");
        assert!(found.left_out[0].reason.contains("only a box"), "{:?}", found.left_out);
        assert!(!found.photos[0].mask([3, 2]).expect("it fits").is_usable);
        let found = read(&file(&[]), LESION).expect("it is whole");
        assert!(!found.photos[0].is_annotated());
    }

    #[test]
    fn what_two_entries_share_is_refused_with_its_id() {
        let again = [annotation(&json!([])), annotation(&json!([]))];
        let refusal = read(&file(&again), LESION).expect_err("one id twice").to_string();
        assert!(refusal.contains("two annotations have the id 1"), "{refusal}");
    }
}
