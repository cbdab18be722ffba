//! Surface distances against scipy's (`models/recipe/surface_reference.py`), on drawn masks and on real ones.

use crate::common::{Workplace, real_photographs, root};
use dermaloupe::decode;
use dermaloupe::geometry::boundary::surface;
use dermaloupe::inference::{self, EngineChoice, EngineKind, EngineOptions, Model};
use dermaloupe::mask::Mask;
use dermaloupe::measure::surface_distances::SurfaceDistances;
use dermaloupe::pipeline::{self, SegmentOptions};
use serde_json::{Value, json};

/// Largest difference from scipy, in pixels.
const TOLERANCE_PX: f64 = 1e-6;

fn fixture(name: &str) -> Value {
    let text = std::fs::read(root().join("tests/fixtures/surface").join(name)).expect("it is committed");
    serde_json::from_slice(&text).expect("it is JSON")
}

fn drawn(name: &str, kind: &str) -> Mask {
    let path = root().join(format!("tests/fixtures/surface/{name}_{kind}.png"));
    decode::mask_file(&path, [97, 71]).expect("it is committed")
}

fn entries(document: &Value) -> &[Value] {
    document["pairs"].as_array().map(Vec::as_slice).expect("a list of pairs")
}

fn check(found: &SurfaceDistances, expected: &Value, name: &str) {
    let found = [("hd_px", found.hd_px), ("hd95_px", found.hd95_px), ("assd_px", found.assd_px)];
    for (figure, found) in found {
        let expected = expected[figure].as_f64().expect("a figure");
        assert!((found - expected).abs() < TOLERANCE_PX, "{name}: {figure} is {found}, by scipy {expected}");
    }
}

#[test]
fn drawn_masks_have_scipys_distances() {
    let document = fixture("surface.json");
    for expected in entries(&document) {
        let name = expected["name"].as_str().expect("a name");
        match SurfaceDistances::of(&drawn(name, "prediction"), &drawn(name, "reference")) {
            Ok(found) => check(&found, expected, name),
            Err(reason) => assert_eq!(expected["hd_px"], Value::Null, "{name}: {reason}"),
        }
    }
    assert_eq!(entries(&document).len(), 14);
}

/// The definition itself, every pair of surface pixels tried.
fn tried(one: &Mask, other: &Mask) -> SurfaceDistances {
    let (one, other) = (surface(one), surface(other));
    let nearest = |[x, y]: &[u32; 2], to: &[[u32; 2]]| {
        let distance = |[a, b]: &[u32; 2]| (f64::from(*x) - f64::from(*a)).hypot(f64::from(*y) - f64::from(*b));
        to.iter().map(distance).fold(f64::INFINITY, f64::min)
    };
    let there: Vec<f64> = one.iter().map(|pixel| nearest(pixel, &other)).collect();
    let back: Vec<f64> = other.iter().map(|pixel| nearest(pixel, &one)).collect();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let mut all = [there.as_slice(), back.as_slice()].concat();
    all.sort_by(f64::total_cmp);
    let position = 0.95 * (all.len() - 1) as f64;
    let (below, above) = (all[position as usize], all[position.ceil() as usize]);
    SurfaceDistances {
        hd_px: all[all.len() - 1],
        hd95_px: below + (above - below) * position.fract(),
        assd_px: f64::midpoint(mean(&there), mean(&back)),
    }
}

fn digest(mask: &Mask) -> String {
    decode::sha256_hex(mask.pixels())
}

/// `real.json` belongs to the network it was made with: a pair counts where both masks are its very masks.
#[test]
fn real_predictions_have_scipys_distances() {
    let Some(data) = real_photographs() else { return };
    let model = Model::built_in().expect("it is whole");
    let only_rten = EngineChoice::Only(EngineKind::Rten);
    let mut opened = inference::open(only_rten, &model, &EngineOptions::default()).expect("it is built in");
    let document = fixture("real.json");
    let mut same_masks = 0;
    for expected in entries(&document) {
        let id = expected["image_id"].as_str().expect("an id");
        let photo = decode::photo_file(&data.join(format!("isic2017/images/{id}.jpg"))).expect("it is there");
        let reference = data.join(format!("isic2017/masks/{id}.png"));
        let reference = decode::mask_file(&reference, photo.size()).expect("it is there");
        let result = pipeline::segment(&photo, &model.card, opened.engine.as_mut(), SegmentOptions::default())
            .expect("it runs");
        let found = SurfaceDistances::of(&result.mask, &reference).expect("both have lesion");
        let every_pair = tried(&result.mask, &reference);
        check(&found, &serde_json::to_value(every_pair).expect("plain figures"), id);
        assert_eq!(expected["reference_sha256"], digest(&reference), "{id}: another reference mask");
        if expected["prediction_sha256"] == digest(&result.mask) {
            check(&found, expected, id);
            same_masks += 1;
        }
    }
    println!("of {} pairs {same_masks} are those that scipy measured", entries(&document).len());
    // Another processor may round a pixel over the threshold; another network changes every mask.
    assert!(same_masks > 0, "the network has changed; remake real.json with models/recipe/surface_reference.py");
}

#[test]
fn evaluate_names_photographs_without_a_distance() {
    let place = Workplace::new();
    for name in ["a", "b"] {
        place.phantom(&format!("images/{name}.jpg"));
    }
    place.phantom_mask("masks/a.png");
    let empty = image::GrayImage::new(1536, 1152);
    empty.save(place.path("masks/b.png")).expect("it can be written");
    let line = "evaluate --images images --masks masks --mm-per-px 0.01 --engine rten";
    let report = place.run(&format!("{line} --json --csv rows.csv")).went_well().json();
    let surface = &report["surface"];
    assert_eq!((&surface["n"], &surface["n_mm"]), (&json!(1), &json!(1)));
    assert_eq!(surface["left_out"][0]["image_id"], "b");
    let [px, mm] = ["mean_hd_px", "mean_hd_mm"].map(|key| surface[key].as_f64().expect("a figure"));
    assert!(px > 0.0 && (px * 0.01 - mm).abs() < 1e-9, "{surface}");
    let rows = std::fs::read_to_string(place.path("rows.csv")).expect("it was written");
    assert!(rows.lines().last().is_some_and(|row| row.starts_with("b,") && row.contains(",,,,,,,")), "{rows}");

    let run = place.run(line).went_well();
    for words in ["not included in the mean distances: 1", "b: the reference mask has no lesion", "mean_hd_mm"] {
        assert!(run.stdout.contains(words), "{words}: {run:?}");
    }
    place.run("evaluate --images images --masks masks --mm-per-px 0").was_refused();
}
