//! The command line in the millimetres that were calibrated by ruler.

use std::path::Path;

use crate::common::Workplace;
use dermaloupe::records::{Calibration, CalibrationChange, Event, Home, PhotoFile};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// What a window would keep for the photo at `path`.
pub(crate) fn change(path: &Path, size: [u32; 2], mm_per_px: f64) -> CalibrationChange {
    let now = Timestamp::now();
    let calibration = Calibration {
        sha256: dermaloupe::decode::sha256_hex(&std::fs::read(path).unwrap()),
        size,
        name: PhotoFile::at(path).name,
        mm_per_px: Some(mm_per_px),
        line: None,
        length_mm: None,
        for_folder: false,
        reviewer: String::new(),
        made: now,
        changed: now,
        rest: Map::new(),
    };
    CalibrationChange { event: Event::Calibrated, reviewer: String::new(), calibrations: vec![calibration] }
}

#[test]
fn the_command_line_reports_in_the_calibrated_millimetres_unless_a_scale_is_given() {
    let place = Workplace::new();
    let photo = place.phantom("photos/lesion.jpg");
    place.phantom("photos/copy/other.jpg");
    place.phantom_mask("masks/lesion.png");
    let home = Home::of_folder(&place.path("photos"), None);
    home.open().unwrap().calibrate(change(&photo, [1536, 1152], 0.02)).unwrap();
    let row = |line: &str| place.run(line).went_well().json_lines().remove(0);
    let kept = row("report photos/lesion.jpg --engine rten --json --csv rows.csv --pdf page.pdf");
    let given = row("report photos/lesion.jpg --engine rten --json --mm-per-px 0.01");
    let bare = row("report photos/copy/other.jpg --engine rten --json");
    let scale = |row: &Value| (row["mm_per_px"].clone(), row["mm_per_px_source"].clone());
    assert_eq!(scale(&kept), (json!(0.02), json!("ruler")));
    assert_eq!(scale(&given), (json!(0.01), json!("given")));
    assert_eq!(scale(&bare), (Value::Null, Value::Null));
    let longest = |row: &Value, unit: &str| row["measures"][format!("longest_diameter_{unit}")].as_f64();
    let px = longest(&bare, "px").unwrap();
    assert!((longest(&kept, "mm").unwrap() - px * 0.02).abs() < 1e-9 && longest(&kept, "px").is_none(), "{kept}");
    let csv = std::fs::read_to_string(place.path("rows.csv")).unwrap();
    assert!(csv.contains(",0.02,,ruler,"), "{csv}");
    let text = place.run("report photos/lesion.jpg --engine rten").went_well().stdout;
    assert!(text.contains(&format!("{:.2} mm", px * 0.02)) && !text.contains("px"), "{text}");
    std::fs::remove_dir_all(place.path("photos/copy")).unwrap();
    let evaluate = "evaluate --images photos --masks masks --engine rten --json";
    let of = |line: &str| place.run(line).went_well().json()["surface"].clone();
    let (kept, given) = (of(evaluate), of(&format!("{evaluate} --mm-per-px 0.01")));
    let mm = |surface: &Value| surface["mean_hd_mm"].as_f64().unwrap();
    let px = kept["mean_hd_px"].as_f64().unwrap();
    assert!((mm(&kept) - px * 0.02).abs() < 1e-9 && (mm(&given) - px * 0.01).abs() < 1e-9, "{kept} {given}");
    assert_eq!(kept["n_mm"], 1);
}
