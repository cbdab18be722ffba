//! Networks for vessels on real fundus photographs (see `DERMALOUPE_DATA` in CONTRIBUTING.md); a drawn one stands in for them
//! in the other tests.

use std::path::{Path, PathBuf};

use crate::common::{Workplace, real_photographs};
use dermaloupe::decode;
use dermaloupe::geometry::field_of_view;
use dermaloupe::inference::MaskMeaning;
use dermaloupe::measure::agreement::Confusion;
use dermaloupe::measure::likely_meaning;

/// Photographs of CHASE_DB1's test with the highest, a middle and the lowest Dice.
const CHASE: [&str; 3] = ["Image_01L", "Image_05R", "Image_09L"];

/// Mean Dice of W-Net over them at least; over all 20 it is 0.821.
const LEAST_DICE: f64 = 0.78;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("it is there").flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
}

/// The real fundus photographs, where they are among the real ones.
fn real_fundus() -> Option<PathBuf> {
    real_photographs().filter(|data| data.join("chasedb1").is_dir() && data.join("drive").is_dir())
}

#[test]
fn vessels_agree_with_a_persons_on_photographs_that_no_network_was_trained_on() {
    let Some(data) = real_fundus() else { return };
    let place = Workplace::new();
    for name in CHASE {
        let read = |file: String| std::fs::read(data.join("chasedb1").join(file)).expect("it is there");
        place.file(&format!("images/{name}.jpg"), read(format!("{name}.jpg")));
        place.file(&format!("masks/{name}.png"), read(format!("{name}_1stHO.png")));
    }
    let line = "evaluate --images images --masks masks --model wnet --engine rten --json";
    let report = place.run(line).went_well().json();
    println!("three photographs of CHASE_DB1: {}, clDice {}", report["mean_dice"], report["mean_cldice"]);
    assert!(report["mean_dice"].as_f64() > Some(LEAST_DICE), "{report}");
}

#[test]
fn the_field_of_view_is_the_one_that_drive_gives() {
    let Some(data) = real_fundus() else { return };
    let (photos, given) = (files(&data.join("drive/images")), files(&data.join("drive/field_of_view")));
    assert_eq!((photos.len(), given.len()), (20, 20));
    let dice = photos.iter().zip(&given).map(|(photo, given)| {
        let photo = decode::photo_file(photo).expect("it decodes");
        let given = decode::mask_file(given, photo.size()).expect("it decodes");
        Confusion::of(&field_of_view::of(&photo), &given).dice()
    });
    let dice: Vec<f64> = dice.collect();
    let mean = dice.iter().sum::<f64>() / dice.len() as f64;
    println!("DRIVE: field of view, mean Dice {mean:.4}, smallest {:.4}", dice.iter().copied().fold(1.0, f64::min));
    assert!(mean > 0.995 && dice.iter().all(|dice| *dice > 0.99), "{dice:?}");
}

#[test]
fn masks_of_vessels_are_told_from_masks_of_lesions() {
    let Some(data) = real_fundus() else { return };
    let size = |mask: &Path| decode::size_in_header(mask).expect("a picture has a size");
    let likely = |mask: &PathBuf| likely_meaning::of(&decode::mask_file(mask, size(mask)).expect("it decodes"));
    let of_vessels = ["chasedb1", "hrf/masks", "drive/masks"].map(|folder| files(&data.join(folder))).concat();
    let of_vessels: Vec<PathBuf> =
        of_vessels.into_iter().filter(|path| path.extension().is_some_and(|e| e == "png")).collect();
    assert_eq!(of_vessels.len(), 2 * 28 + 15 + 20);
    let others: Vec<&PathBuf> =
        of_vessels.iter().filter(|mask| likely(mask) != Some(MaskMeaning::Vessels)).collect();
    assert!(others.is_empty(), "{others:?}");
    let of_lesions: Vec<PathBuf> = files(&data.join("isic2017/masks")).into_iter().step_by(40).collect();
    let taken_for_vessels = of_lesions.iter().filter(|mask| likely(mask) == Some(MaskMeaning::Vessels)).count();
    assert_eq!(taken_for_vessels, 0, "of {}", of_lesions.len());
}
