//! Networks for the vessels of a retina by the command line, on the drawn fundus whose vessels are known; and their centre
//! lines against scikit-image's.

use std::path::Path;

use crate::common::{Workplace, keys, root};
use dermaloupe::decode;
use dermaloupe::geometry::{centre_line, components, field_of_view};
use dermaloupe::mask::Mask;
use dermaloupe::measure::vessels;
use dermaloupe::photo::{Photo, PhotoSource};
use dermaloupe::sample;
use serde_json::Value;

/// Dice of W-Net with the drawn vessels: 0.95 by ONNX Runtime.
const LEAST_DICE: f64 = 0.92;

/// The drawn fundus, under a name.
fn fundus(place: &Workplace, name: &str) {
    place.file(name, std::fs::read(root().join("assets/sample/fundus.jpg")).expect("it is committed"));
}

fn fundus_mask(place: &Workplace, name: &str) {
    place.file(name, std::fs::read(root().join("assets/sample/fundus_segmentation.png")).expect("it is committed"));
}

fn figures() -> Value {
    let text = std::fs::read(root().join("assets/sample/fundus.json")).expect("it is committed");
    serde_json::from_slice(&text).expect("it is JSON")
}

fn fixture(name: &str) -> Mask {
    let path = root().join(format!("tests/fixtures/centre_line/{name}.png"));
    decode::mask_file(&path, [160, 160]).expect("it is committed")
}

/// The distance from each pixel of `from` to the nearest of `to`: mean and largest.
fn apart(from: &Mask, to: &Mask) -> [f64; 2] {
    let to: Vec<[u32; 2]> = centre_line::pixels(to).collect();
    let nearest = |[x, y]: [u32; 2]| {
        let gaps = to.iter().map(|at| (f64::from(at[0]) - f64::from(x)).hypot(f64::from(at[1]) - f64::from(y)));
        gaps.fold(f64::MAX, f64::min)
    };
    let gaps: Vec<f64> = centre_line::pixels(from).map(nearest).collect();
    [gaps.iter().sum::<f64>() / gaps.len() as f64, gaps.iter().copied().fold(0.0, f64::max)]
}

/// scikit-image's lines fork towards the corners of a vessel's end, ours do not: every pixel of ours is one of theirs or
/// beside it, and theirs are a little longer.
#[test]
fn centre_lines_lie_where_scikit_image_finds_them() {
    for name in ["star", "waves", "tree", "rings"] {
        let (mask, expected) = (fixture(name), fixture(&format!("{name}_line")));
        let found = centre_line::of(&mask);
        let ([_, far], [mean, _]) = (apart(&found, &expected), apart(&expected, &found));
        assert!(far <= 1.0 && mean < 0.3, "{name}: {far}, {mean}");
        let ratio = centre_line::length_px(&found) / centre_line::length_px(&expected);
        assert!((0.92..=1.001).contains(&ratio), "{name}: {ratio}");
        assert_eq!(vessels::within(&found, &mask), found, "{name}: it lies in the mask");
        let holes = |mask: &Mask| {
            let mut filled = mask.clone();
            components::fill_holes(&mut filled);
            filled.area_px() > mask.area_px()
        };
        assert_eq!(holes(&found), holes(&expected), "{name}: what is closed stays so");
    }
}

#[test]
fn a_fundus_gets_its_vessels_and_nothing_outside_its_field_of_view() {
    let place = Workplace::new();
    fundus(&place, "eye.jpg");
    let line = "segment eye.jpg --out out --model wnet --engine rten --overlay --probability --json";
    let row = place.run(line).went_well().json_lines().remove(0);
    let known = figures()["vessel_density_share"].as_f64().expect("it is known");
    let density = row["vessel_density"].as_f64().expect("it is measured");
    assert!((density / known - 1.0).abs() < 0.1, "{density} of {known}");
    assert!(row.get("lesion_share").is_none(), "{row}");
    assert_eq!(row["area_px"], row["mask_px"], "no region is left out, and no hole filled");
    assert!(row["regions"].as_u64() > Some(1), "{row}");
    let photo = sample::named(sample::FUNDUS_NAME).expect("it is built in");
    let field = field_of_view::of(&photo);
    let mask = decode::mask_file(&place.path("out/eye_mask.png"), photo.size()).expect("it was written");
    assert_eq!(vessels::within(&mask, &field), mask);
    let text = place.run("segment eye.jpg --out other --model wnet --engine rten").went_well().stdout;
    assert!(text.contains("vessels, share of the field of view") && !text.contains("lesion"), "{text}");
}

#[test]
fn a_report_on_a_fundus_has_vessels_and_no_lesion() {
    let place = Workplace::new();
    fundus(&place, "eye.jpg");
    fundus_mask(&place, "eye_segmentation.png");
    let line = "report eye.jpg --model wnet --engine rten --csv all.csv --pdf page.pdf --mm-per-px 0.01 --json";
    let row = place.run(line).went_well().json_lines().remove(0);
    assert!(row["measures"].is_null() && row["colours"].is_null(), "{row}");
    assert_eq!(row["mask_meaning"], "vessels");
    assert_eq!(
        keys(&row["vessels"]),
        [
            "centre_line_length_mm",
            "field_of_view_area_mm2",
            "mean_calibre_by_distance_mm",
            "mean_calibre_mm",
            "vessel_area_mm2",
            "vessel_density_share"
        ]
    );
    assert_eq!(keys(&row["explanations"]), keys(&row["vessels"]));
    let (agreement, known) = (&row["agreement"], figures());
    assert!(
        agreement["dice"].as_f64() > Some(LEAST_DICE) && agreement["cldice"].as_f64() > Some(LEAST_DICE),
        "{row}"
    );
    assert!(agreement.get("hd_mm").is_none(), "borders of vessels run side by side: {agreement}");
    for (key, factor, tolerance) in [("centre_line_length", 0.01, 0.1), ("mean_calibre", 0.01, 0.12)] {
        let found = row["vessels"][format!("{key}_mm")].as_f64().expect("it is measured");
        let known = known[format!("{key}_px")].as_f64().expect("it is known") * factor;
        assert!((found / known - 1.0).abs() < tolerance, "{key}: {found} of {known}");
    }
    let table = std::fs::read_to_string(place.path("all.csv")).expect("it was written");
    let [heading, cells] =
        [0, 1].map(|line| table.lines().nth(line).expect("two lines").split(',').collect::<Vec<_>>());
    let cell = |name: &str| cells[heading.iter().position(|column| *column == name).expect(name)];
    assert!(cell("area_mm2").is_empty() && cell("mean_calibre_px").is_empty());
    assert!(cell("cldice").parse::<f64>().is_ok_and(|dice| dice > LEAST_DICE));
    assert!(cell("mean_calibre_mm").parse::<f64>().is_ok() && cell("vessel_density_share").parse::<f64>().is_ok());
    assert!(place.path("page.pdf").exists());
    let text = place.run("report eye.jpg --model wnet --engine rten").went_well().stdout;
    for word in ["density", "centre lines", "mean calibre", " %"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert!(!text.contains("lesion") && !text.contains("largest of"), "{text}");
}

#[test]
fn evaluation_of_vessels_counts_the_field_of_view_and_compares_centre_lines() {
    let place = Workplace::new();
    fundus(&place, "images/eye.jpg");
    fundus_mask(&place, "masks/eye.png");
    let line = "evaluate --images images --masks masks --model wnet --engine rten --csv all.csv";
    let report = place.run(&format!("{line} --json")).went_well().json();
    assert!(report["mean_dice"].as_f64() > Some(LEAST_DICE) && report["mean_cldice"].as_f64() > Some(LEAST_DICE));
    assert!(report.get("surface").is_none(), "{report}");
    let counted = std::fs::read_to_string(place.path("all.csv")).expect("it was written");
    let [heading, cells] =
        [0, 1].map(|row| counted.lines().nth(row).expect("two lines").split(',').collect::<Vec<_>>());
    assert_eq!(heading.last(), Some(&"cldice"));
    let pixels: u64 = ["tp", "fp", "fn", "tn"]
        .iter()
        .map(|name| {
            cells[heading.iter().position(|column| column == name).expect("a column")]
                .parse::<u64>()
                .expect("a count")
        })
        .sum();
    let known = figures()["field_of_view_area_px"].as_f64().expect("it is known");
    assert!((pixels as f64 / known - 1.0).abs() < 0.02, "{pixels} of {known}");
    let text = place.run(line).went_well().stdout;
    assert!(text.contains("mean_cldice") && !text.contains("mean_hd"), "{text}");
}

#[test]
fn vessels_are_exported_under_their_own_name() {
    let place = Workplace::new();
    fundus(&place, "eye.jpg");
    let run = place.run("export eye.jpg --format coco --out all.json --model wnet --engine rten").went_well();
    assert!(!run.stdout.contains("largest region"), "{run:?}");
    let coco: Value =
        serde_json::from_slice(&std::fs::read(place.path("all.json")).expect("it was written")).unwrap();
    assert_eq!(coco["categories"][0]["name"], "vessels");
    assert!(coco["annotations"].as_array().map(Vec::len) > Some(1), "every region is one");
    place.run("export eye.jpg --format labelme --out shapes --model wnet --engine rten").went_well();
    let shapes = std::fs::read_to_string(place.path("shapes/eye.json")).expect("it was written");
    assert!(shapes.contains("\"vessels\"") && !shapes.contains("lesion"));
    place.run("import all.json --images . --out back --label vessels").went_well();
    assert_eq!(place.names("back").len(), 1);
}

/// A photograph of the fundus' middle, smaller than a tile.
fn small(place: &Workplace, name: &str) {
    let photo = sample::named(sample::FUNDUS_NAME).expect("it is built in");
    let picture = image::RgbImage::from_raw(photo.width(), photo.height(), photo.rgb().to_vec()).expect("it fits");
    let part = image::imageops::crop_imm(&picture, 300, 100, 320, 200).to_image();
    part.save(place.path(name)).expect("it can be written");
}

#[test]
fn a_photograph_smaller_than_a_tile_is_one_tile() {
    let place = Workplace::new();
    small(&place, "part.png");
    let row = place
        .run("segment part.png --out out --model wnet --engine rten --json")
        .went_well()
        .json_lines()
        .remove(0);
    assert_eq!((&row["width"], &row["height"]), (&320.into(), &200.into()));
    assert!(row["vessel_density"].as_f64() > Some(0.01), "{row}");
}

#[test]
fn a_black_photograph_has_no_field_of_view_and_says_so() {
    let place = Workplace::new();
    image::RgbImage::new(640, 480).save(place.path("black.png")).expect("it can be written");
    fundus(&place, "eye.jpg");
    let run = place.run("segment black.png eye.jpg --out out --model wnet --engine rten").failed_on(1);
    run.says(&["no field of view was found", "open a fundus photograph or choose another network"], "black.png");
    assert_eq!(place.names("out"), ["eye_mask.png"], "the other one is done");
    let field = field_of_view::of(&Photo::from_rgb(64, 48, vec![0; 64 * 48 * 3], PhotoSource::BuiltIn("black")));
    assert!(field.is_empty());
}

#[test]
fn a_card_of_unknown_purpose_is_refused_with_its_key() {
    let place = Workplace::new();
    place.network("knee", |card, _| card["subject"] = "knee".into());
    place.network("bones", |card, _| card["mask"] = "bones".into());
    place.network("wrong", |card, _| card["subject"] = "fundus".into());
    let run = place.run("models --models models");
    assert_eq!(run.code, Some(1), "{run:?}");
    for words in [
        "subject: unknown variant `knee`, expected `dermoscopy` or `fundus`",
        "mask: unknown variant `bones`, expected `lesion` or `vessels`",
        "mask must be lesion for dermoscopy and vessels for fundus",
    ] {
        assert!(run.stdout.contains(words), "{words}: {run:?}");
    }
}

#[test]
fn a_reference_of_another_kind_than_the_network_marks_is_said() {
    let place = Workplace::new();
    let reads = |line: &str, words: &str| {
        let run = place.run(line).went_well();
        assert!(run.stderr.contains(words), "{words}: {run:?}");
    };
    fundus(&place, "images/eye.jpg");
    fundus_mask(&place, "masks/eye.png");
    reads(
        "evaluate --images images --masks masks --engine rten",
        "the reference looks like a mask of vessels, but this network marks lesions",
    );
    place.phantom("skin/a.jpg");
    place.phantom_mask("skin/a_segmentation.png");
    reads(
        "report skin/a.jpg --model wnet --engine rten",
        "the reference looks like a mask of a lesion, but this network marks vessels",
    );
    let run = place.run("report skin/a.jpg --engine rten").went_well();
    assert!(!run.stderr.contains("looks like"), "{run:?}");
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("models/vessels/wnet/card.json").exists());
}
