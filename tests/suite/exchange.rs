//! `export` and `import` as a person uses them. Other programs' readers are in `tests/external/check_exports.py`.

use crate::common::{Workplace, root};
use dermaloupe::decode;
use dermaloupe::mask::Mask;
use serde_json::{Value, json};

const SIZE: [u32; 2] = [40, 30];

/// A photo `photos/NAME.png` and its mask `masks/NAME_segmentation.png`: a ring, and a part of its own.
fn drawn(place: &Workplace, name: &str) {
    let lesion = |x: u32, y: u32| {
        let apart = f64::from(x.abs_diff(15)).hypot(f64::from(y.abs_diff(14)));
        (4.0..11.0).contains(&apart) || (x > 32 && y > 20)
    };
    for folder in ["photos", "masks"] {
        std::fs::create_dir_all(place.path(folder)).expect("it can be made");
    }
    let photo = image::RgbImage::from_fn(SIZE[0], SIZE[1], |x, y| image::Rgb([200, x as u8, y as u8]));
    photo.save(place.path(&format!("photos/{name}.png"))).expect("it can be written");
    let mask =
        image::GrayImage::from_fn(SIZE[0], SIZE[1], |x, y| image::Luma([if lesion(x, y) { 255 } else { 0 }]));
    mask.save(place.path(&format!("masks/{name}_segmentation.png"))).expect("it can be written");
}

fn mask(place: &Workplace, path: &str) -> Mask {
    decode::mask_file(&place.path(path), SIZE).expect("it is a mask of that size")
}

fn json_of(place: &Workplace, path: &str) -> Value {
    let text = std::fs::read(place.path(path)).expect("it was written");
    serde_json::from_slice(&text).expect("it is JSON")
}

#[test]
fn coco_holds_every_photo_in_one_file_and_gives_its_masks_back() {
    let place = Workplace::new();
    drawn(&place, "a");
    drawn(&place, "b");
    let run = place.run("export photos --masks masks --format coco --out all.json").went_well();
    assert!(run.stdout.contains("a.png: 2 regions, 1 hole, "), "{run:?}");
    let document = json_of(&place, "all.json");
    assert_eq!(document["images"].as_array().map(Vec::len), Some(2));
    let annotations = document["annotations"].as_array().expect("a list");
    assert_eq!(annotations.len(), 4);
    let area: u64 = annotations[..2].iter().filter_map(|annotation| annotation["area"].as_u64()).sum();
    assert_eq!(area, mask(&place, "masks/a_segmentation.png").area_px());
    assert!(annotations[0]["segmentation"]["counts"].is_array(), "a ring is a run-length code");
    assert_eq!(annotations[1]["segmentation"], json!([[33, 21, 40, 21, 40, 30, 33, 30]]));

    place.run("import all.json --images photos --out back").went_well();
    assert_eq!(place.names("back"), ["a_segmentation.png", "b_segmentation.png"]);
    assert_eq!(mask(&place, "back/a_segmentation.png"), mask(&place, "masks/a_segmentation.png"));
}

#[test]
fn labelme_has_a_file_a_photo_and_finds_it_from_there() {
    let place = Workplace::new();
    drawn(&place, "a");
    place.run("export photos/a.png --masks masks --format labelme --out deep/er").went_well();
    let document = json_of(&place, "deep/er/a.json");
    assert_eq!(document["imagePath"], "../../photos/a.png");
    let labels: Vec<&str> =
        document["shapes"].as_array().expect("a list").iter().filter_map(|shape| shape["label"].as_str()).collect();
    assert_eq!(labels, ["lesion", "lesion hole", "lesion"]);

    // No --images: the file says where its photo is.
    place.run("import deep/er --out back").went_well();
    assert_eq!(mask(&place, "back/a_segmentation.png"), mask(&place, "masks/a_segmentation.png"));
}

#[test]
fn the_networks_own_lesion_is_exported_without_masks() {
    let place = Workplace::new();
    place.phantom("photos/lesion.jpg");
    place.run("export photos --format labelme --out photos --engine rten").went_well();
    place.run("segment photos --out masks --engine rten").went_well();
    place.run("import photos --out back").went_well();
    let [back, own] = ["back/lesion_segmentation.png", "masks/lesion_mask.png"]
        .map(|path| decode::mask_file(&place.path(path), [1536, 1152]).expect("it is a mask"));
    assert_eq!(back, own);
}

#[test]
fn what_is_there_is_never_written_over() {
    let place = Workplace::new();
    drawn(&place, "a");
    place.file("out/a.json", "hours of work");
    place.file("all.json", "hours of work");
    place
        .run("export photos --masks masks --format labelme --out out")
        .failed_on(1)
        .says(&["already exist"], "out/a.json");
    place
        .run("export photos --masks masks --format coco --out all.json")
        .was_refused()
        .says(&["already exist"], "all.json");
    assert_eq!(std::fs::read(place.path("out/a.json")).expect("it is there"), b"hours of work");

    place.run("export photos --masks masks --format coco --out new.json").went_well();
    place
        .run("import new.json --images photos --out masks")
        .failed_on(1)
        .says(&["already exists"], "masks/a_segmentation.png");
}

#[test]
fn a_bad_input_is_named_and_the_rest_goes_on() {
    let place = Workplace::new();
    for name in ["a", "b", "c"] {
        drawn(&place, name);
    }
    place.file("photos/a.png", "no picture");
    std::fs::remove_file(place.path("masks/b_segmentation.png")).expect("it is there");
    let run = place.run("export photos --masks masks --format labelme --out out").failed_on(2);
    run.says(&["not a photograph"], "photos/a.png").says(&["no mask for photos/b.png"], "masks");
    assert_eq!(place.names("out"), ["c.json"]);

    place.file("out/bad.json", "{");
    place.file("out/other.json", "{}");
    let run = place.run("import out --images photos --out back").failed_on(2);
    run.says(&["not JSON"], "out/bad.json").says(&["neither COCO"], "out/other.json");
    assert_eq!(place.names("back"), ["c_segmentation.png"]);
}

#[test]
fn annotations_of_another_size_are_refused() {
    let place = Workplace::new();
    drawn(&place, "a");
    place.run("export photos --masks masks --format labelme --out out").went_well();
    let mut document = json_of(&place, "out/a.json");
    document["imageWidth"] = json!(41);
    place.file("out/a.json", document.to_string());
    place.run("import out --out back").failed_on(1).says(&["41 × 30", "40 × 30"], "a.png");
    assert!(place.names("back").is_empty());

    document["imageWidth"] = json!(40);
    document["imagePath"] = json!("gone.png");
    place.file("out/a.json", document.to_string());
    place.run("import out --out back").failed_on(1).says(&["'gone.png'", "--images"], "out/a.json");
}

#[test]
fn another_label_is_lesion_when_it_is_named() {
    let place = Workplace::new();
    drawn(&place, "a");
    place.run("export photos --masks masks --format coco --out all.json").went_well();
    let text = std::fs::read_to_string(place.path("all.json")).expect("it was written");
    place.file("all.json", text.replace("\"lesion\"", "\"naevus\""));
    place.run("import all.json --images photos --out back").failed_on(1).says(&["found naevus"], "all.json");
    place.run("import all.json --images photos --out back --label Naevus").went_well();
    assert_eq!(mask(&place, "back/a_segmentation.png"), mask(&place, "masks/a_segmentation.png"));
}

#[test]
fn wrong_usage_is_refused_before_anything_is_done() {
    let place = Workplace::new();
    drawn(&place, "a");
    place.run("export photos --masks masks --out o").was_refused();
    place.run("export photos --masks gone --format coco --out o.json").was_refused().says(&["--masks"], "gone");
    place.run("export photos --masks masks --format coco --out o").was_refused().says(&[".json"], "o");
    place.run("export gone --masks masks --format coco --out o.json").failed_on(1);
    assert!(!place.path("o.json").exists(), "nothing was done");
    place.run("import masks --out o").was_refused().says(&["no annotation file"], "masks");
    place.run("import gone.json --out o --images gone").was_refused().says(&["--images"], "gone");
    assert!(!place.path("o").exists());
}

/// The script stays what it says it is, where its readers are not installed.
#[test]
fn the_check_by_other_readers_is_there_with_its_pins() {
    for (file, word) in [("check_exports.py", "LabelFile"), ("requirements.txt", "pycocotools==")] {
        let text = std::fs::read_to_string(root().join("tests/external").join(file)).expect("it is committed");
        assert!(text.contains(word), "{file}");
    }
}
