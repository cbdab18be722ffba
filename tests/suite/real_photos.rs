//! The program on real dermoscopy photographs (see `DERMALOUPE_DATA` in CONTRIBUTING.md); drawn phantoms stand in
//! for them in the other tests.

use crate::common::{Workplace, real_photographs};
use dermaloupe::decode;
use dermaloupe::inference::Model;

/// Far below what the network reaches, far above what a swapped channel or a wrong squash leaves.
const MEAN_DICE_FLOOR: f64 = 0.75;
/// By how much our pooled IoU may differ from the recipe's own for the same weights.
const POOLED_IOU: f64 = 0.003;
/// The same, of the correlation between expected and found IoU.
const CORRELATION: f64 = 0.01;
/// The same, of the share of failures in the most doubtful fifth: two or three photographs of about seventy.
const FAILURES: f64 = 0.04;

#[test]
fn originals_get_masks_of_their_full_size() {
    let Some(data) = real_photographs() else { return };
    let place = Workplace::new();
    let originals = data.join("originals");
    let words =
        ["segment", originals.to_str().expect("a plain name"), "--out", "out", "--engine", "rten", "--json"];
    let rows = place.run_words(&words).went_well().json_lines();
    assert_eq!(rows.len(), 12);
    for row in &rows {
        let size = [row["width"].as_u64(), row["height"].as_u64()].map(|side| side.unwrap_or_default() as u32);
        let mask = row["outputs"]["mask"].as_str().expect("a mask was written");
        let mask = decode::mask_file(&place.path(mask), size).expect("the mask has the photo's size");
        assert_eq!(Some(mask.area_px()), row["mask_px"].as_u64());
    }
}

#[test]
fn originals_agree_with_the_masks_beside_them() {
    let Some(data) = real_photographs() else { return };
    let folder = data.join("originals");
    let folder = folder.to_str().expect("a plain name");
    let words = ["evaluate", "--images", folder, "--masks", folder, "--engine", "rten", "--json"];
    let report = Workplace::new().run_words(&words).went_well().json();
    println!("originals: mean Dice {}", report["mean_dice"]);
    assert_eq!(report["n"], 12);
    assert!(report["mean_dice"].as_f64() > Some(MEAN_DICE_FLOOR), "{report}");
}

#[test]
fn test_photographs_agree_with_their_masks() {
    let Some(data) = real_photographs() else { return };
    let place = Workplace::new();
    let list = std::fs::read_to_string(data.join("isic2017/splits.csv")).expect("the list is there");
    let few: Vec<&str> = list.lines().filter(|line| line.contains(",test,")).step_by(27).take(24).collect();
    place.file("few.csv", format!("image_id,split,width,height\n{}\n", few.join("\n")));
    let report = evaluate(&place, &data, "few.csv", "test");
    println!("24 test photographs: mean Dice {}", report["mean_dice"]);
    assert_eq!(report["n"], 24);
    assert!(report["mean_dice"].as_f64() > Some(MEAN_DICE_FLOOR), "{report}");
}

#[test]
fn the_cards_figures_are_found_again() {
    let Some(data) = real_photographs() else { return };
    let card = Model::built_in().expect("it is whole").card;
    let expected = &card.facts.of_lesion().expect("it is for lesions").test;
    let list = data.join("isic2017/splits.csv");
    let report = evaluate(&Workplace::new(), &data, list.to_str().expect("a plain name"), &expected.split);
    assert_eq!(report["n"], expected.n);
    let found = report["pooled_iou"].as_f64().expect("there are figures");
    println!("pooled IoU: {found:.4}, by the card {:.4}", expected.pooled_iou);
    assert!((found - expected.pooled_iou).abs() < POOLED_IOU, "{report}");
    let expected = card.optional.expected_agreement.and_then(|facts| facts.test).expect("the card has it");
    let found = &report["expected_agreement"];
    println!("expected agreement: {found}, by the card {expected:?}");
    let figure = |name: &str| found[name].as_f64().unwrap_or_else(|| panic!("no {name}"));
    assert!((figure("correlation") - expected.pearson).abs() < CORRELATION, "{found}");
    assert!((figure("mean_error_iou") - expected.mean_error_iou).abs() < POOLED_IOU, "{found}");
    let in_worst_fifth =
        found["failures_found"][2]["failures"].as_f64().expect("it is counted") / figure("failures");
    let wanted = expected.failures_in_worst_fifth.expect("some failed");
    assert!((in_worst_fifth - wanted).abs() < FAILURES, "{in_worst_fifth} is not {wanted}: {found}");
}

fn evaluate(place: &Workplace, data: &std::path::Path, list: &str, split: &str) -> serde_json::Value {
    let [images, masks] = ["images", "masks"].map(|name| data.join("isic2017").join(name));
    let [images, masks] = [&images, &masks].map(|folder| folder.to_str().expect("a plain name"));
    let words = ["evaluate", "--images", images, "--masks", masks, "--list", list, "--split", split];
    place.run_words(&[&words[..], &["--engine", "rten", "--json"]].concat()).went_well().json()
}
