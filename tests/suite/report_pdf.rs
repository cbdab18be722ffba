//! `report --pdf`, read back by poppler and qpdf: the page has the figures of the JSON row, and is a whole PDF.

use std::path::Path;
use std::process::Command;

use crate::common::Workplace;
use dermaloupe::decode::sha256_hex;
use dermaloupe::inference::Model;
use dermaloupe::measure::shown_figure::grouped;
use dermaloupe::records::{Home, PhotoFile, Review, ReviewState};
use serde_json::Value;

/// What a program of other people says of a file; both are in Debian's packages that check.sh names.
pub(crate) fn asked(program: &str, arguments: &[&str], path: &Path) -> String {
    let run =
        Command::new(program).args(arguments).arg(path).args((program == "pdftotext").then_some("-")).output();
    let run = run.unwrap_or_else(|error| panic!("{program} ({error}); install poppler-utils and qpdf"));
    assert!(run.status.success(), "{program}: {run:?}");
    String::from_utf8(run.stdout).expect("it speaks UTF-8")
}

/// The page as it looks.
pub(crate) fn text_of(path: &Path) -> String {
    asked("pdftotext", &["-layout", "-enc", "UTF-8"], path)
}

/// The line that begins a row, whichever column it stands in.
fn has_row(text: &str, name: &str, value: &str) -> bool {
    let plain = |text: &str| text.replace('\u{2009}', " ");
    let value = plain(value);
    plain(text).lines().any(|line| {
        let rest = line.split_once(name).and_then(|(_, rest)| rest.trim_start().strip_prefix(value.as_str()));
        // No digit of it is left over.
        rest.is_some_and(|rest| rest.trim_start().chars().next().is_none_or(|next| !next.is_ascii_digit()))
    })
}

#[test]
fn the_page_has_the_figures_of_the_json_row() {
    let place = Workplace::new();
    place.phantom("lesion.jpg");
    place.phantom_mask("lesion_segmentation.png");
    for scale in ["", " --mm-per-px 0.01"] {
        let line = format!("report lesion.jpg --engine rten --json --pdf page.pdf{scale}");
        let row = place.run(&line).went_well().json_lines().remove(0);
        let text = text_of(&place.path("page.pdf"));
        // Pixels are whole; millimetres of a stated scale have no digit finer than a pixel, and areas four.
        let (ending, square, places) = if scale.is_empty() { ("px", "area_px", 0) } else { ("mm", "area_mm2", 2) };
        let figure = |group: &str, key: &str| row[group][key].as_f64().unwrap_or_else(|| panic!("no {key}: {row}"));
        let length = |key: &str| {
            let value = figure("measures", &format!("{key}_{ending}"));
            if scale.is_empty() { grouped(value.round() as u64) } else { format!("{value:.places$}") }
        };
        let area = figure("measures", square);
        let area = if scale.is_empty() { grouped(area.round() as u64) } else { format!("{area:.2}") };
        let places = places.max(1);
        let expected = [
            ("Area", area),
            ("Perimeter", length("perimeter")),
            ("Longest diameter", length("longest_diameter")),
            ("Centre, from the left", length("centroid_x")),
            ("Border irregularity", format!("{:.2}", figure("measures", "border_irregularity_ratio"))),
            ("Border contrast, sector 8", format!("{:.1}", figure("measures", "border_sector_8_delta_e"))),
            ("Dark brown", format!("{:.0}", 100.0 * figure("measures", "colour_dark_brown_share"))),
            ("Dice", format!("{:.3}", figure("agreement", "dice"))),
            ("IoU", format!("{:.3}", figure("agreement", "iou"))),
            ("95 % Hausdorff distance", format!("{:.places$}", figure("agreement", &format!("hd95_{ending}")))),
        ];
        for (name, value) in expected {
            assert!(has_row(&text, name, &value), "{name} {value} is not in\n{text}");
        }
        for words in ["lesion.jpg", "Research use only", row["sha256"].as_str().expect("a hash"), Model::BUILT_IN] {
            assert!(text.contains(words), "{words} is not in\n{text}");
        }
    }
}

#[test]
fn the_file_is_whole_small_and_has_its_fonts_inside() {
    let place = Workplace::new();
    place.phantom("a.jpg");
    place.phantom("b.jpg");
    place.run("report a.jpg b.jpg --engine rten --pdf both.pdf").went_well();
    let path = place.path("both.pdf");
    asked("qpdf", &["--check"], &path);
    let info = asked("pdfinfo", &[], &path);
    assert!(info.contains("Pages:           2") && info.contains("A4"), "{info}");
    let fonts = asked("pdffonts", &[], &path);
    let rows: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(
        rows.len() >= 2 && rows.iter().all(|row| row.contains("Inter") && row.contains(" yes yes yes")),
        "{fonts}"
    );
    let bytes = std::fs::metadata(&path).expect("it is there").len();
    assert!(bytes < 2 * 2_000_000, "{bytes} bytes");
}

#[test]
fn a_folder_gets_a_file_a_photo_and_a_second_name_is_refused() {
    let place = Workplace::new();
    for name in ["a.jpg", "b.jpg", "other/a.png"] {
        place.phantom(name);
    }
    place
        .run("report a.jpg b.jpg other/a.png --engine rten --pdf pages")
        .failed_on(1)
        .says(&["same name"], "a.png");
    assert_eq!(place.names("pages"), ["a_report.pdf", "b_report.pdf"]);
}

#[test]
fn a_review_with_a_long_note_and_name_stays_on_its_page() {
    let place = Workplace::new();
    let name = format!("{}.jpg", "left upper arm, second visit ".repeat(8).trim_end());
    let photo = place.phantom(&name);
    let sha256 = sha256_hex(&std::fs::read(&photo).expect("it is there"));
    let mut review = Review::new(&sha256, PhotoFile::at(&photo), jiff::Timestamp::UNIX_EPOCH);
    review.state = ReviewState::Unsure;
    review.reviewer = "Reviewer One".into();
    review.note = format!("Border fades to the left. {}", "Look again under polarised light. ".repeat(200));
    Home::of_folder(photo.parent().expect("a folder"), None)
        .open()
        .expect("a place")
        .keep(vec![review])
        .expect("kept");
    let run = place.run_words(&["report", &name, "--engine", "rten", "--json", "--pdf", "page.pdf"]).went_well();
    let row: Value = run.json_lines().remove(0);
    assert_eq!((&row["review"]["state"], &row["review"]["reviewer"]), (&"unsure".into(), &"Reviewer One".into()));
    let path = place.path("page.pdf");
    let text = text_of(&path);
    for words in [
        "Unsure",
        "Reviewer One",
        "1970-01-01 00:00 UTC",
        "Border fades to the left.",
        "continues in the review list",
    ] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    assert!(asked("pdfinfo", &[], &path).contains("Pages:           1"));
    place.run_words(&["report", &name, "--engine", "rten", "--csv", "r.csv"]).went_well();
    let csv = std::fs::read_to_string(place.path("r.csv")).expect("it was written");
    assert!(
        csv.contains("review_state,review_mask,review_reviewer,review_note")
            && csv.contains("unsure,none,Reviewer One"),
        "{csv}"
    );
}

#[test]
fn no_lesion_is_said_and_a_failed_photo_has_a_page_that_says_why() {
    let place = Workplace::new();
    let empty = place.file("empty.jpg", "");
    let mut review = Review::new(&sha256_hex(b""), PhotoFile::at(&empty), jiff::Timestamp::UNIX_EPOCH);
    review.state = ReviewState::Rejected;
    let home = Home::of_folder(empty.parent().expect("a folder"), None);
    home.open().expect("a place").keep(vec![review]).expect("kept");
    let skin = image::RgbImage::from_pixel(64, 48, image::Rgb([230, 190, 170]));
    skin.save(place.path("skin.png")).expect("it can be written");
    let words = ["report", "empty.jpg", "skin.png", "--engine", "rten", "--threshold", "0.9", "--pdf", "r.pdf"];
    place.run_words(&words).failed_on(1);
    let text = text_of(&place.path("r.pdf"));
    let pages: Vec<&str> = text.split('\u{c}').collect();
    assert!(pages[1].contains("skin.png") && pages[1].contains("No lesion found"), "{text}");
    for words in ["empty.jpg", "No result", "The file is empty", "Rejected", "Research use only"] {
        assert!(pages[0].contains(words), "{words} is not in\n{text}");
    }
    asked("qpdf", &["--check"], &place.path("r.pdf"));
    let line = "report empty.jpg skin.png --engine rten --threshold 0.9 --language zh-CN --pdf pages";
    place.run(line).failed_on(1);
    assert_eq!(place.names("pages"), ["empty_report.pdf", "skin_report.pdf"]);
    let text = text_of(&place.path("pages/empty_report.pdf"));
    assert!(text.contains("无结果") && text.contains("文件为空") && text.contains("已拒绝"), "{text}");
    place.run("report empty.jpg --engine rten --pdf none.pdf").failed_on(1);
    assert!(!place.path("none.pdf").exists());
}

#[test]
fn places_that_cannot_be_are_refused_before_anything_is_done() {
    let place = Workplace::new();
    place.phantom("a.pdf");
    place.file("file", "");
    place.run("report a.pdf --pdf no/such/r.pdf").was_refused().says(&["does not exist"], "r.pdf");
    place.run("report a.pdf --pdf a.pdf").was_refused().says(&["one of the photographs"], "a.pdf");
    place.run("report a.pdf --pdf file").was_refused().says(&["it is a file"], "file");
}

/// A file may not grow beyond 8 blocks of 512 bytes: what a full disk does to a write, without filling one.
#[test]
#[cfg(unix)]
fn a_full_disk_leaves_no_half_report() {
    let place = Workplace::new();
    place.phantom("a.jpg");
    let line = "trap '' XFSZ; ulimit -f 8; exec \"$0\" report a.jpg --engine rten --pdf r.pdf";
    let program = env!("CARGO_BIN_EXE_dermaloupe");
    let mut shell = Command::new("sh");
    let run = shell.current_dir(place.path("")).args(["-c", line, program]).output().expect("a shell");
    assert_eq!(run.status.code(), Some(1), "{run:?}");
    let words = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(words.contains("cannot write") && words.trim_end().ends_with("r.pdf"), "{words}");
    assert_eq!(place.names("."), ["a.jpg"]);
}
