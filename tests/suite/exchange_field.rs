//! Annotation files as other programs write them, and as they break: what each gives is known on paper.

use crate::common::{Run, Workplace, root};
use dermaloupe::decode;
use serde_json::{Value, json};

/// The photo of the files in `tests/fixtures/exchange`.
const SIZE: [u32; 2] = [80, 60];

/// A folder with the photo as `a.jpg` and `b.jpg`, and the annotation files of a folder of fixtures.
fn with_files(folder: &str) -> Workplace {
    let place = Workplace::new();
    let fixtures = root().join("tests/fixtures/exchange");
    for name in ["a.jpg", "b.jpg"] {
        place.file(name, std::fs::read(fixtures.join("a.jpg")).unwrap());
    }
    for entry in std::fs::read_dir(fixtures.join(folder)).unwrap().flatten() {
        place.file(&entry.file_name().to_string_lossy(), std::fs::read(entry.path()).unwrap());
    }
    place
}

/// Imports a file into a folder of its name.
fn import(place: &Workplace, file: &str) -> Run {
    place.run(&format!("import {file} --out {file}.out"))
}

fn area(place: &Workplace, file: &str) -> u64 {
    decode::mask_file(&place.path(&format!("{file}.out/a_segmentation.png")), SIZE).unwrap().area_px()
}

#[test]
fn an_odd_annotation_is_named_and_the_good_one_is_read() {
    let place = with_files("coco_one_bad_annotation");
    for file in ["ok.json", "flat_polygon.json", "size_as_float.json", "utf8_bom.json"] {
        assert!(import(&place, file).went_well().stderr.is_empty(), "{file}");
        assert_eq!(area(&place, file), 100, "{file}");
    }
    for file in ["box_without_segmentation.json", "segmentation_null.json"] {
        let run = import(&place, file).failed_on(1).says(&["annotation 1 of a.jpg", "only a box"], file);
        assert!(run.stdout.contains("mask 100 px, 80 × 60, 1 skipped"), "{run:?}");
        assert_eq!(area(&place, file), 100, "{file}");
    }
}

#[test]
fn one_id_for_two_images_is_refused_and_named() {
    let place = with_files("coco_image_ids");
    import(&place, "duplicate_image_id.json")
        .failed_on(1)
        .says(&["two images have the id 1"], "duplicate_image_id.json");
    assert!(place.names("duplicate_image_id.json.out").is_empty());
}

#[test]
fn a_photo_without_annotation_gets_no_mask_and_one_that_is_said_to_be_empty_gets_one() {
    let place = with_files("coco_image_ids");
    let run = import(&place, "unannotated_image.json").went_well();
    assert!(run.stdout.contains("b.jpg: not annotated as 'lesion', no mask"), "{run:?}");
    assert_eq!(place.names("unannotated_image.json.out"), ["a_segmentation.png"]);
    assert_eq!(area(&place, "unannotated_image.json"), 100);

    let mut document: Value =
        serde_json::from_slice(&std::fs::read(place.path("unannotated_image.json")).unwrap()).unwrap();
    let empty =
        json!({ "id": 2, "image_id": 2, "category_id": 1, "segmentation": [], "area": 0, "bbox": [0, 0, 0, 0] });
    document["annotations"].as_array_mut().unwrap().push(empty);
    place.file("empty.json", document.to_string());
    let run = import(&place, "empty.json").went_well();
    assert!(run.stdout.contains("b_segmentation.png: mask 0 px"), "{run:?}");
}

#[test]
fn what_labelme_and_its_kin_write_is_read() {
    let place = with_files("labelme");
    let rectangle = |size: &str, shape: &str| format!("{{\"shapes\": [{shape}], \"imagePath\": \"a.jpg\"{size}}}");
    let shape = r#"{"label": "lesion", "points": [[10, 10], [30, 40]], "shape_type": "rectangle"}"#;
    place.file("old_without_size.json", rectangle("", shape));
    place.file("size_as_float.json", rectangle(r#", "imageWidth": 80.0, "imageHeight": 60.0"#, shape));
    let circle = r#"{"label": "lesion", "points": [[40, 30], [40, 40]], "shape_type": "circle"}"#;
    place.file("circle.json", rectangle("", circle));
    for (file, expected) in [
        ("ok_rectangle_2_points.json", 600),
        ("rectangle_4_points_xanylabeling.json", 600),
        ("group_id_text.json", 600),
        ("utf8_bom.json", 600),
        ("old_without_size.json", 600),
        ("size_as_float.json", 600),
        ("mask_shape.json", 651),
        // The centres within ten pixels of a corner; the circle itself has an area of 314.2 px.
        ("circle.json", 316),
    ] {
        assert!(import(&place, file).went_well().stderr.is_empty(), "{file}");
        assert_eq!(area(&place, file), expected, "{file}");
    }
    let names = [
        ("polygon_and_point.json", "shape 2 (lesion, point) of a.jpg"),
        ("polygon_and_empty_polygon.json", "shape 1 (lesion, polygon) of a.jpg"),
    ];
    for (file, entry) in names {
        import(&place, file).failed_on(1).says(&[entry, "was skipped"], file);
        assert_eq!(area(&place, file), 600, "{file}");
    }
}

#[test]
fn a_photo_of_which_nothing_can_be_used_gets_no_empty_mask() {
    let place = with_files("labelme");
    let point = r#"{"label": "lesion", "points": [[10, 10]], "shape_type": "point"}"#;
    place.file("point.json", format!("{{\"shapes\": [{point}], \"imagePath\": \"a.jpg\"}}"));
    import(&place, "point.json").failed_on(2).says(&["no annotation of a.jpg can be used"], "point.json");
    assert!(place.names("point.json.out").is_empty());
}

#[test]
fn a_picture_in_a_file_cannot_be_larger_than_its_box_nor_break_the_program() {
    let place = with_files("labelme");
    let text = std::fs::read_to_string(place.path("mask_shape.json")).unwrap();
    place.file("wide.json", text.replace("30,", "31,"));
    import(&place, "wide.json")
        .failed_on(2)
        .says(&["its mask image is 21 × 31, but its box is 22 × 31"], "wide.json");
    place.file("cut.json", text.replace("EklEQVR4nGP8z", "EklEQVR4nGP!!"));
    import(&place, "cut.json").failed_on(2).says(&["shape 1 (lesion, mask)", "was skipped"], "cut.json");
}

#[test]
fn paths_that_lead_outside_tell_nothing_of_what_is_there() {
    let place = with_files("labelme");
    let text = std::fs::read_to_string(place.path("ok_rectangle_2_points.json")).unwrap();
    let told = |path: &str| {
        let text = text.replace("a.jpg", path);
        std::fs::remove_file(place.path("deep/a.json")).ok();
        place.file("deep/a.json", text);
        place.run("import deep/a.json --out out")
    };
    place.file("secret.txt", "no photograph");
    std::fs::create_dir(place.path("drawer")).unwrap();
    let messages: Vec<String> = ["secret.txt", "not_there.txt", "drawer"]
        .into_iter()
        .map(|name| told(&format!("../{name}")).failed_on(1).stderr.replace(name, "NAME"))
        .collect();
    assert!(messages.iter().all(|message| *message == messages[0]), "{messages:?}");
    let absolute = place.path("a.jpg").display().to_string();
    for path in [absolute.as_str(), "C:\\\\photos\\\\a.jpg"] {
        told(path).failed_on(1).says(&["absolute path, which is not followed", "--images"], "deep/a.json");
    }
    assert!(place.names("out").is_empty());
    // As labelme writes it where annotations have a folder of their own.
    told("..\\\\a.jpg").went_well();
    assert_eq!(place.names("out"), ["a_segmentation.png"]);
    // The bare name in a named folder.
    std::fs::remove_file(place.path("out/a_segmentation.png")).unwrap();
    told(&absolute);
    place.run("import deep/a.json --images . --out out").went_well();
}

#[test]
fn one_name_for_two_photos_is_told() {
    let place = with_files("labelme");
    let text = std::fs::read_to_string(place.path("ok_rectangle_2_points.json")).unwrap();
    place.file("one/a.json", text.replace("a.jpg", "../a.jpg"));
    place.file("one/b.json", text.replace("a.jpg", "../a.jpg"));
    place.run("import one --out out").failed_on(1).says(&["another photo of this import"], "one/b.json");
}

/// A hundred thousand outlines around the whole photo, each as a polygon or as runs: what would be painted one by one
/// are 1.2e10 pixels.
#[test]
fn a_hundred_thousand_full_size_outlines_are_painted_once() {
    let place = with_files("coco_image_ids");
    let image = image::RgbImage::from_pixel(400, 300, image::Rgb([180; 3]));
    image.save(place.path("a.png")).unwrap();
    let mut annotations = String::new();
    for id in 0..100_000 {
        let segmentation = if id % 2 == 0 {
            "[[0,0,399,0,399,300,0,300]]"
        } else {
            r#"{"counts":[0,119700,300],"size":[300,400]}"#
        };
        let comma = if id == 0 { "" } else { "," };
        annotations +=
            &format!(r#"{comma}{{"id":{id},"image_id":1,"category_id":1,"segmentation":{segmentation}}}"#);
    }
    let text = format!(
        r#"{{"images":[{{"id":1,"file_name":"a.png","width":400,"height":300}}],
            "annotations":[{annotations}],"categories":[{{"id":1,"name":"lesion"}}]}}"#
    );
    place.file("all.json", text);
    let run = place.run("import all.json --out out").went_well();
    assert!(run.stdout.contains("mask 119700 px"), "{run:?}");
}

/// Every annotation finds its image by its id, not by a search through all of them.
#[test]
fn sixty_thousand_images_with_an_annotation_each_are_read() {
    let images =
        (0..60_000).map(|id| json!({ "id": id, "file_name": format!("{id}.jpg"), "width": 80, "height": 60 }));
    let square = json!([[5, 5, 15, 5, 15, 15, 5, 15]]);
    let annotations = (0..60_000)
        .map(|id| json!({ "id": id, "image_id": 59_999 - id, "category_id": 1, "segmentation": square }));
    let document = json!({
        "images": images.collect::<Vec<_>>(),
        "annotations": annotations.collect::<Vec<_>>(),
        "categories": [{ "id": 1, "name": "lesion" }],
    });
    let read = dermaloupe::exchange::coco::read(document.to_string().as_bytes(), "lesion").unwrap();
    assert_eq!((read.photos.len(), read.left_out.len()), (60_000, 0));
    assert!(read.photos.iter().all(dermaloupe::exchange::Annotated::is_annotated));
}
