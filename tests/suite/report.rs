//! `report`: rows of measurements, and of agreement where there is a reference.

use crate::common::{Workplace, keys, phantom_jpeg};
use dermaloupe::decode::sha256_hex;
use dermaloupe::records::{Home, PhotoFile, Review, ReviewState};
use serde_json::{Value, json};

#[test]
fn a_report_measures_in_pixels_until_a_scale_is_known() {
    let place = Workplace::new();
    place.phantom("lesion.jpg");
    let row = |more: &str| -> Value {
        let run = place.run(&format!("report lesion.jpg --engine rten --json {more}")).went_well();
        run.json_lines().remove(0)
    };
    let (bare, scaled) = (row(""), row("--mm-per-px 0.01"));
    assert_eq!((&bare["mm_per_px"], &bare["agreement"]), (&Value::Null, &Value::Null));
    assert_eq!(scaled["mm_per_px"], 0.01);
    let figure = |row: &Value, key: &str| row["measures"][key].as_f64().unwrap_or_else(|| panic!("{key}: {row}"));
    for length in ["perimeter", "longest_diameter", "across_diameter"] {
        let [px, mm] = [figure(&bare, &format!("{length}_px")), figure(&scaled, &format!("{length}_mm"))];
        assert!(px > 100.0 && (px * 0.01 - mm).abs() < 1e-9, "{length}: {px} px, {mm} mm");
    }
    let area = figure(&bare, "area_px");
    assert!((area * 1e-4 - figure(&scaled, "area_mm2")).abs() < 1e-9);
    assert!(bare["explanations"]["area_px"].as_str().is_some_and(|words| words.contains("largest region")));
    assert!(bare["colours"].as_array().is_some_and(|colours| !colours.is_empty()), "{bare}");
    assert!(bare["note"].as_str().is_some_and(|note| note.contains("not a medical device")));
}

#[test]
fn a_reference_beside_the_photo_or_in_a_folder_counts() {
    let place = Workplace::new();
    place.phantom("a/lesion.jpg");
    place.phantom_mask("a/lesion_segmentation.png");
    place.phantom("b/other.jpg");
    place.phantom_mask("masks/other.png");
    for line in ["report a --engine rten --json", "report b --masks masks --engine rten --json"] {
        let row = place.run(line).went_well().json_lines().remove(0);
        assert!(row["agreement"]["dice"].as_f64() > Some(0.5), "{row}");
        assert!(row["agreement"]["hd95_px"].as_f64() > Some(0.0), "{row}");
    }
    place.run("report a --masks masks --engine rten").failed_on(1).says(&["no mask for a/lesion.jpg"], "masks");
}

#[test]
fn a_csv_has_one_row_a_photo_and_one_unit_a_row() {
    let place = Workplace::new();
    place.phantom("a, b.jpg");
    place.file("empty.jpg", "");
    let skin = image::RgbImage::from_pixel(64, 48, image::Rgb([230, 190, 170]));
    skin.save(place.path("skin.png")).expect("it can be written");
    let words =
        ["report", "a, b.jpg", "empty.jpg", "skin.png", "--engine", "rten", "--threshold", "0.9", "--csv", "r.csv"];
    let run = place.run_words(&words).failed_on(1);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines[0].starts_with("photo ") && lines[0].contains("perpendicular"), "{run:?}");
    assert!(lines[1].starts_with("a, b.jpg ") && lines[1].contains(" px²") && lines.len() == 3, "{run:?}");
    assert!(lines[2].starts_with("skin.png ") && lines[2].contains("no lesion"), "{run:?}");
    let mut reader = csv::Reader::from_path(place.path("r.csv")).expect("it was written");
    let headers = reader.headers().expect("a heading").clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a whole row")).collect();
    assert_eq!(rows.len(), 3, "a file that fails has a row, too");
    let cell = |row: usize, name: &str| {
        let column = headers.iter().position(|header| header == name).unwrap_or_else(|| panic!("no {name}"));
        rows[row][column].to_owned()
    };
    assert_eq!(cell(0, "file"), "a, b.jpg");
    assert!(cell(1, "file") == "empty.jpg" && cell(1, "area_px").is_empty() && !cell(1, "error").is_empty());
    assert!(cell(0, "area_px").parse::<f64>().is_ok_and(|area| area > 0.0));
    assert_eq!((cell(0, "area_mm2"), cell(0, "dice")), (String::new(), String::new()));
    assert_eq!(
        (cell(2, "mask_px"), cell(2, "area_px"), cell(2, "width")),
        ("0".into(), String::new(), "64".into())
    );
}

#[test]
fn a_photo_that_fails_is_a_row_with_its_reason() {
    let place = Workplace::new();
    place.file("empty.jpg", "");
    place.phantom("lesion.jpg");
    let rows = place.run("report empty.jpg lesion.jpg --engine rten --json").failed_on(1).json_lines();
    assert_eq!((&rows[0]["file"], &rows[1]["file"]), (&json!("empty.jpg"), &json!("lesion.jpg")));
    assert!(rows[0]["error"].is_string());
    place.run("report lesion.jpg --csv rows.txt").was_refused().says(&[".csv"], "rows.txt");
    place.run("report lesion.jpg --mm-per-px -1").was_refused();
}

#[test]
fn what_was_decided_on_a_file_that_cannot_be_opened_has_a_row_with_the_reason() {
    let place = Workplace::new();
    place.phantom("photos/a.jpg");
    let broken = place.file("photos/b.jpg", &phantom_jpeg()[..9000]);
    let mut review = Review::new(
        &sha256_hex(&std::fs::read(&broken).unwrap()),
        PhotoFile::at(&broken),
        jiff::Timestamp::UNIX_EPOCH,
    );
    (review.state, review.note) = (ReviewState::Rejected, "copy again".into());
    Home::of_folder(&place.path("photos"), None).open().unwrap().keep(vec![review]).unwrap();
    place.file("photos/c.jpg", "not a picture at all");
    let run = place.run("report photos --engine rten --json --csv r.csv").failed_on(2);
    let rows = run.json_lines();
    assert!(rows[1]["error"].as_str().is_some_and(|reason| reason.contains("b.jpg")), "{}", rows[1]);
    assert_eq!((&rows[1]["review"]["state"], &rows[1]["review"]["mask"]), (&json!("rejected"), &json!("none")));
    assert_eq!(keys(&rows[2]), ["error", "file"]);
    let table = place.run("report photos --engine rten").failed_on(2).stdout;
    assert!(
        table.lines().nth(2).is_some_and(|row| row.starts_with("b.jpg") && row.ends_with("rejected")),
        "{table}"
    );
    let mut csv = csv::Reader::from_path(place.path("r.csv")).unwrap();
    let names = csv.headers().unwrap().clone();
    let lines: Vec<csv::StringRecord> = csv.records().map(|line| line.unwrap()).collect();
    let cell = |line: usize, name: &str| {
        let column = names.iter().position(|known| known == name).unwrap_or_else(|| panic!("no {name}"));
        lines[line][column].to_owned()
    };
    assert_eq!(lines.len(), 3, "every photograph has a row");
    assert!(cell(2, "review_state").is_empty() && cell(2, "error").contains("c.jpg"));
    assert!(cell(0, "error").is_empty() && !cell(0, "area_px").is_empty());
    assert_eq!((cell(1, "review_state"), cell(1, "review_note")), ("rejected".to_owned(), "copy again".to_owned()));
    assert_eq!((cell(1, "review_mask"), cell(1, "area_px")), ("none".to_owned(), String::new()));
    assert!(cell(1, "file").ends_with("b.jpg") && cell(1, "error").contains("b.jpg"));
}
