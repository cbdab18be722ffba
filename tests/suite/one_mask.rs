//! One folder gives one mask per photograph, whichever command asks: what a person corrected counts, or with
//! `--network-only` the network's.

use crate::common::Workplace;
use crate::corrected::keep;
use dermaloupe::correction::journal::Journal;
use dermaloupe::decode::{self, sha256_hex};
use dermaloupe::mask::Mask;
use dermaloupe::overlay::png;
use serde_json::{Value, json};

const PHANTOM: [u32; 2] = [1536, 1152];

/// A folder `photos` with the phantom, corrected by hand, whose reference in `masks` is that very mask.
fn corrected_photo() -> (Workplace, Mask) {
    let place = Workplace::new();
    let photo = place.phantom("photos/a.jpg");
    let mask = keep(&photo, PHANTOM, None);
    place.file("masks/a_segmentation.png", png::of_mask(&mask));
    (place, mask)
}

/// What each of the four commands takes for the lesion: segment's file, evaluate's Dice, report's pixels and export's
/// shape.
fn masks_of(place: &Workplace, more: &str) -> (Mask, Value, Value, Mask) {
    let read = |path: &str| decode::mask_file(&place.path(path), PHANTOM).expect("it is a mask");
    let segment = format!("segment photos --engine rten --json --probability --out s{more} {more}");
    let row = place.run(&segment).went_well().json();
    assert!(place.path(&format!("s{more}/a_probability.png")).exists(), "the network's, whoever made the mask");
    let evaluate = format!("evaluate --images photos --masks masks --engine rten --json --csv e{more}.csv {more}");
    let evaluated = place.run(&evaluate).went_well().json();
    let csv = std::fs::read_to_string(place.path(&format!("e{more}.csv"))).unwrap();
    let source = row["mask_source"].as_str().unwrap();
    assert!(csv.lines().next().unwrap().contains(",mask_source,") && csv.contains(&format!(",{source},")), "{csv}");
    let report = place.run(&format!("report photos --engine rten --json {more}")).went_well().json();
    assert_eq!(row["mask_source"], report["mask_source"]);
    assert_eq!(row["mask_px"], report["mask_px"]);
    let export = format!("export photos --engine rten --format coco --out x{more}.json {more}");
    place.run(&export).went_well();
    place.run(&format!("import x{more}.json --images photos --out i{more}")).went_well();
    (read(&format!("s{more}/a_mask.png")), evaluated, report, read(&format!("i{more}/a_segmentation.png")))
}

#[test]
fn all_four_commands_take_the_corrected_mask_or_all_the_networks() {
    let (place, mask) = corrected_photo();
    let (segmented, evaluated, reported, exported) = masks_of(&place, "");
    assert!(segmented == mask && exported == mask);
    assert_eq!(reported["mask_px"], mask.area_px());
    assert_eq!((&evaluated["mean_dice"], &evaluated["masks_by_hand"]), (&json!(1.0), &json!(1)));
    let row = place.run("segment photos --engine rten --json --out again").went_well().json();
    assert_eq!((&row["mask_source"], &row["model"]), (&json!("corrected"), &json!("globalatt")));
    assert_eq!((&row["engine"], &row["millis"]), (&Value::Null, &Value::Null), "no network made it");
    let table = place.run("segment photos --engine rten --out again").went_well().stdout;
    assert!(table.lines().nth(1).is_some_and(|line| line.ends_with("corrected")), "{table}");
    let text = place.run("evaluate --images photos --masks masks --engine rten").went_well().stdout;
    assert!(text.contains("1 with masks corrected or drawn by hand (--network-only"), "{text}");

    let (segmented, evaluated, reported, exported) = masks_of(&place, "--network-only");
    assert!(segmented == exported && segmented != mask);
    assert_eq!(reported["mask_px"], segmented.area_px());
    assert!(evaluated["mean_dice"].as_f64().unwrap() < 0.9, "{evaluated}");
    assert_eq!((&evaluated["masks_by_hand"], &reported["mask_source"]), (&json!(0), &json!("network")));
}

#[test]
fn a_correction_that_cannot_be_read_is_no_reason_for_another_mask_in_any_command() {
    let (place, _) = corrected_photo();
    let sha256 = sha256_hex(&std::fs::read(place.path("photos/a.jpg")).unwrap());
    std::fs::write(Journal::path_in(&place.path("photos/.dermaloupe/masks"), &sha256), "no journal").unwrap();
    for line in [
        "segment photos --engine rten --out s",
        "evaluate --images photos --masks masks --engine rten",
        "report photos --engine rten",
        "export photos --engine rten --format labelme --out l",
    ] {
        place.run(line).failed_on(1).says(&["damaged", "--network-only"], ".journal");
        place.run(&format!("{line} --network-only")).went_well();
    }
    assert_eq!(place.names("s"), ["a_mask.png"], "the network's alone");
}

#[test]
fn all_four_say_it_in_the_same_sentence() {
    let place = Workplace::new();
    let sentence = "--network-only Use the network's mask for every photograph [default: a mask that was corrected or \
                    drawn by hand counts instead]";
    for command in ["segment", "evaluate", "report", "export"] {
        let help = place.run_words(&[command, "--help"]).went_well().stdout;
        let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(sentence), "{command}: {help}");
    }
}
