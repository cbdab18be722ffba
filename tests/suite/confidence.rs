//! How sure the network is: the agreement to be expected, held to the recipe's; the columns that commands write; which
//! photographs to look at first; the level that is found for each photograph; eight views instead of one.

use std::sync::atomic::{AtomicUsize, Ordering};

use dermaloupe::confidence::{ExpectedAgreement, SortedMap};
use dermaloupe::inference::{
    CalibrationFacts, Engine, EngineInfo, EngineKind, ExpectedAgreementFacts, InferenceError, InputTensor, Model,
    NetworkOutput,
};
use dermaloupe::mask::ProbabilityMap;
use dermaloupe::photo::{Photo, PhotoSource};
use dermaloupe::pipeline::{self, SegmentOptions, ThresholdChoice};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::common::Workplace;

/// Made by `tests/fixtures/confidence/make.py`.
#[derive(Deserialize)]
struct Vectors {
    table: Value,
    maps: Vec<VectorMap>,
}

#[derive(Deserialize)]
struct VectorMap {
    size: [usize; 2],
    values: Vec<f32>,
    temperature: f64,
    outlines: Vec<VectorOutline>,
    best_iou: f64,
    best_pixels: usize,
}

#[derive(Deserialize)]
struct VectorOutline {
    threshold: f32,
    iou: f64,
    dice: f64,
    corrected: [f64; 2],
}

#[test]
fn the_expectation_is_the_recipes() {
    let vectors: Vectors = serde_json::from_str(include_str!("../fixtures/confidence/vectors.json")).unwrap();
    let facts = json!({"model": "nested", "fitted_on": "val", "threshold": 0.5, "iou": vectors.table,
                       "dice": vectors.table});
    let facts: ExpectedAgreementFacts = serde_json::from_value(facts).unwrap();
    for VectorMap { size, values, temperature, outlines, best_iou, best_pixels } in vectors.maps {
        let calibration = json!({"method": "temperature", "temperature": temperature, "fitted_on": "val"});
        let calibration: CalibrationFacts = serde_json::from_value(calibration).unwrap();
        let map = ProbabilityMap::new(size, values.clone(), size.map(|side| side as u32));
        let sorted = SortedMap::of(&map, &calibration);
        for outline in outlines {
            let found = sorted.agreement_at(outline.threshold);
            close(found, [outline.iou, outline.dice]);
            close(found.corrected(&facts), outline.corrected);
        }
        let best = sorted.best_level();
        assert_eq!(values.iter().filter(|&&p| p >= best).count(), best_pixels, "{size:?}");
        assert!((sorted.agreement_at(best).iou - best_iou).abs() < 1e-6);
    }
}

fn close(found: ExpectedAgreement, [iou, dice]: [f64; 2]) {
    assert!((found.iou - iou).abs() < 1e-6 && (found.dice - dice).abs() < 1e-6, "{found:?} is not {iou}, {dice}");
}

/// A network whose card says nothing of how sure it is.
fn without_blocks(place: &Workplace) {
    place.network("bare", |card, _| {
        let blocks = ["calibration", "band", "expected_agreement"];
        card.as_object_mut().unwrap().retain(|key, _| !blocks.contains(&key.as_str()));
    });
}

#[test]
fn rows_say_what_is_to_be_expected() {
    let place = Workplace::new();
    place.phantom("a.jpg");
    place.phantom_mask("a_segmentation.png");
    let row = &place.run("segment a.jpg --out o --engine rten --json").went_well().json_lines()[0];
    let figure = |name: &str| row[name].as_f64().unwrap_or_else(|| panic!("no {name}: {row}"));
    assert!(figure("band_area_low_px") <= figure("area_px") && figure("area_px") <= figure("band_area_high_px"));
    assert!((figure("doubt") - (1.0 - figure("expected_iou"))).abs() < 1e-5);
    assert_eq!((&row["careful"], &row["threshold_choice"]), (&json!(false), &json!("card")));
    assert!(row["doubt_reasons"].is_array());

    let reported = &place.run("report a.jpg --engine rten --json --csv r.csv --mm-per-px 0.1").went_well().json();
    for name in ["expected_iou", "expected_dice", "band_area_low_px", "doubt"] {
        assert_eq!(reported[name], row[name], "{name}");
    }
    let low = reported["band_area_low_mm2"].as_f64().unwrap();
    assert!((low - figure("band_area_low_px") * 0.01).abs() < 1e-6);
    place.run("evaluate --images . --masks . --engine rten --csv e.csv --mm-per-px 0.1").went_well();
    for file in ["r.csv", "e.csv"] {
        let mut reader = csv::Reader::from_path(place.path(file)).unwrap();
        let names = reader.headers().unwrap().clone();
        let cells = reader.records().next().unwrap().unwrap();
        let cell = |name: &str| cells[names.iter().position(|known| known == name).unwrap()].to_owned();
        assert_eq!(cell("expected_iou").parse(), Ok(figure("expected_iou")), "{file}");
        assert_eq!(cell("band_area_low_mm2").parse(), Ok(low), "{file}");
    }
}

#[test]
fn a_card_without_the_blocks_leaves_the_figures_empty() {
    let place = Workplace::new();
    without_blocks(&place);
    place.phantom("a.jpg");
    let line = "segment a.jpg --out o --models models --model bare --engine rten";
    let row = &place.run(&format!("{line} --json")).went_well().json_lines()[0];
    for name in ["expected_iou", "expected_dice", "band_area_low_px", "band_area_high_px", "doubt"] {
        assert!(row[name].is_null(), "{name}: {row}");
    }
    place
        .run(&format!("{line} --review-first 20%"))
        .was_refused()
        .says(&["--review-first needs the agreement to be expected", "'bare'"], "leave --review-first out");
    place
        .run(&format!("{line} --threshold auto"))
        .was_refused()
        .says(&["--threshold auto: the card of model 'bare' has no calibration"], "choose another model");
}

#[test]
fn a_card_with_a_broken_block_is_refused_in_words() {
    let place = Workplace::new();
    place.network("spoilt", |card, _| card["calibration"]["temperature"] = json!(0));
    place.phantom("a.jpg");
    let run = place.run("segment a.jpg --out o --models models --model spoilt --engine rten").was_refused();
    assert!(run.stderr.contains("calibration: temperature must be above 0, found 0"), "{run:?}");
    assert!(place.names("o").is_empty(), "nothing is half written");
}

/// A photograph of one colour, on which no network finds anything, and the phantom.
fn clear_and_doubtful(place: &Workplace) {
    let mut grey = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(300, 200, image::Rgb([200, 170, 150]))
        .write_to(&mut grey, image::ImageFormat::Png)
        .unwrap();
    place.file("photos/grey.png", grey.into_inner());
    for name in ["a.jpg", "b.jpg", "c.jpg"] {
        place.phantom(&format!("photos/{name}"));
    }
}

#[test]
fn the_most_doubtful_photographs_are_listed_first() {
    let place = Workplace::new();
    clear_and_doubtful(&place);
    let rows = place.run("segment photos --out o --engine rten --json --review-first 50%").went_well().json_lines();
    let [.., list] = &rows[..] else { panic!("no rows") };
    assert_eq!(list["of"], 4);
    let listed = list["review_first"].as_array().unwrap();
    let doubt = |row: &Value| row["doubt"].as_f64().unwrap();
    let mut doubts: Vec<f64> = rows[..4].iter().map(doubt).collect();
    doubts.sort_by(|one, other| other.total_cmp(one));
    assert_eq!(listed.iter().map(doubt).collect::<Vec<_>>(), doubts[..2]);
    let text = place.run("report photos --engine rten --review-first 1").went_well().stdout;
    assert!(text.contains("review first: 1 of 4, the most doubtful first"), "{text}");
    let last = text.lines().last().unwrap();
    assert!(last.contains(listed[0]["file"].as_str().unwrap().trim_start_matches("photos/")), "{text}");
}

#[test]
fn what_is_no_share_and_no_number_is_refused() {
    let place = Workplace::new();
    place.phantom("a.jpg");
    for wrong in ["0%", "120%", "some", "0", "-1", "2.5"] {
        let run = place.run(&format!("segment a.jpg --out o --review-first {wrong}")).was_refused();
        assert!(run.stderr.contains("expected a share such as 20%"), "{run:?}");
    }
    assert!(place.names("o").is_empty());
}

#[test]
fn the_level_that_was_found_stands_in_the_row() {
    let place = Workplace::new();
    place.phantom("a.jpg");
    place.phantom_mask("a_segmentation.png");
    let row = &place.run("segment a.jpg --out o --engine rten --json --threshold auto").went_well().json_lines()[0];
    let level = row["threshold"].as_f64().unwrap();
    assert!(level > 0.0 && level < 1.0);
    assert_eq!(row["threshold_choice"], "auto");
    let again = format!("segment a.jpg --out o --engine rten --json --threshold {level}");
    assert_eq!(place.run(&again).went_well().json_lines()[0]["mask_px"], row["mask_px"]);
    let report =
        place.run("evaluate --images . --masks . --engine rten --json --threshold auto").went_well().json();
    assert_eq!((&report["threshold"], &report["threshold_choice"]), (&Value::Null, &json!("auto")));
}

#[test]
fn eight_views_are_said_in_rows_and_reports() {
    let place = Workplace::new();
    place.phantom("a.jpg");
    place.phantom_mask("a_segmentation.png");
    let line = "segment a.jpg --out o --engine rten --json --overwrite";
    let [one, eight] =
        ["", "--careful"].map(|option| place.run(&format!("{line} {option}")).went_well().json_lines());
    assert_eq!((&one[0]["careful"], &eight[0]["careful"]), (&json!(false), &json!(true)));
    let area = |rows: &[Value]| rows[0]["area_px"].as_f64().unwrap();
    assert!(
        (area(&eight) / area(&one) - 1.0).abs() < 0.1,
        "the lesion is the same: {} {}",
        area(&one),
        area(&eight)
    );
    let report = place.run("evaluate --images . --masks . --engine rten --careful --json").went_well().json();
    assert_eq!(report["careful"], true);
}

/// Looks at the upper left corner alone: what it says of a view depends on how the photograph was turned.
struct CornerEngine {
    info: EngineInfo,
    runs: AtomicUsize,
}

impl Engine for CornerEngine {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    /// The red of each 2 x 2 block's first pixel, and more in the corner of the view.
    fn infer(&mut self, input: &InputTensor) -> Result<NetworkOutput, InferenceError> {
        self.runs.fetch_add(1, Ordering::Relaxed);
        let rgb = input.rgb();
        let red = |x: usize, y: usize| f32::from(rgb[(2 * y * 256 + 2 * x) * 3]) / 255.0 * 0.5;
        let corner = |x: usize, y: usize| if x < 8 && y < 8 { 0.25 } else { 0.0 };
        let values = (0..128 * 128).map(|index| red(index % 128, index / 128) + corner(index % 128, index / 128));
        NetworkOutput::new("fake", 128, 128, values.collect())
    }
}

#[test]
fn eight_views_are_turned_back_before_their_mean_is_taken() {
    let card = Model::built_in().unwrap().card;
    // Red on the left, black on the right, in blocks that the input's size divides.
    let row: Vec<u8> = (0..256).flat_map(|x| if x < 128 { [255, 0, 0] } else { [0, 0, 0] }).collect();
    let photo = Photo::from_rgb(256, 256, row.repeat(256), PhotoSource::BuiltIn("halves"));
    let info = EngineInfo { kind: EngineKind::Rten, version: "fake".into() };
    let mut engine = CornerEngine { info, runs: AtomicUsize::new(0) };
    let options =
        SegmentOptions { threshold: ThresholdChoice::Given(0.4), is_careful: true, ..SegmentOptions::default() };
    let found = pipeline::segment(&photo, &card, &mut engine, options).unwrap();
    assert_eq!(engine.runs.load(Ordering::Relaxed), 8);
    assert!(found.is_careful);
    let at = |x: u32, y: u32| found.probability.at(x, y).unwrap();
    // Each corner was the upper left one in two of eight views.
    for (x, y, expected) in [(64, 128, 0.5), (192, 128, 0.0), (4, 4, 0.5625), (251, 4, 0.0625), (4, 251, 0.5625)] {
        assert!((at(x, y) - expected).abs() < 1e-6, "{x}, {y}: {} is not {expected}", at(x, y));
    }
}
