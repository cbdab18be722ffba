//! Calibrations by ruler, kept: found again by the next window, bound to the photo's bytes,
//! taken back, and never lost in silence.

use crate::calibrated::change;
use crate::common::json_at;
use crate::common_app::Driven as _;
use crate::common_window::{Bench, folder_of_phantoms, phantom};
use dermaloupe::app::command::Command;
use dermaloupe::app::command::change::MeasureChange;
use dermaloupe::app::command::change::ReviewChange;
use dermaloupe::app::model::scale::{Scale, ScaleSource};
use dermaloupe::language::Language;
use dermaloupe::records::audit::AuditLog;
use dermaloupe::records::{Event, Home, PhotoFile, RecordsFault, Review, ReviewState};
use egui::Key;
use jiff::Timestamp;
use serde_json::json;

/// 10 mm along 200 px.
fn calibrate(bench: &mut Bench, for_folder: bool) {
    bench.press(Key::R);
    for change in [
        MeasureChange::Line([[100.0, 100.0], [300.0, 100.0]]),
        MeasureChange::ForFolder(for_folder),
        MeasureChange::Length("1 cm".into()),
        MeasureChange::UseLength,
    ] {
        bench.send(Command::Measure(change));
    }
}

fn scale(bench: &Bench) -> Option<(f64, ScaleSource)> {
    bench.state().scale().map(|Scale { mm_per_px, source, .. }| (mm_per_px, source))
}

const CALIBRATED: Option<(f64, ScaleSource)> = Some((0.05, ScaleSource::Photo));

fn notices(bench: &Bench) -> Vec<String> {
    bench.app().notices()
}

#[test]
fn a_calibration_is_there_again_at_the_next_start_with_who_and_when() {
    let folder = folder_of_phantoms(1);
    let photo = folder.path().join("photo1.png");
    let mut bench = Bench::open(&[&photo]);
    bench.send(Command::Review(ReviewChange::Reviewer("A. 李".into())));
    calibrate(&mut bench, false);
    assert_eq!(scale(&bench), CALIBRATED);
    let bench = bench.reopen();
    assert_eq!(scale(&bench), CALIBRATED);
    assert!(bench.shows("mm²") && bench.shows_part("Calibrated along a ruler in this photograph, ±\u{a0}"));
    let known = json_at(&folder.path().join(".dermaloupe/records.json"))["calibrations"][0].clone();
    let (day, _) = known["made"].as_str().unwrap().split_once('T').unwrap();
    assert!(bench.shows_part(&format!("Calibrated by A. 李 on {day}")), "{known}");
    assert_eq!(
        (&known["line"], &known["length_mm"], &known["size"]),
        (&json!([[100.0, 100.0], [300.0, 100.0]]), &json!(10.0), &json!([1200, 900]))
    );
    let log = AuditLog::read(&folder.path().join(".dermaloupe/audit.jsonl")).unwrap();
    let entry = &log.entries[0];
    assert_eq!(
        (entry.event, entry.reviewer.as_str(), entry.photo.as_str()),
        (Event::Calibrated, "A. 李", "photo1.png")
    );
    assert_eq!((&entry.detail["mm_per_px"], entry.sha256.len()), (&json!(0.05), 64));
}

#[test]
fn another_photo_under_the_same_name_does_not_take_it_and_a_renamed_one_keeps_it() {
    let folder = folder_of_phantoms(1);
    let [photo, renamed] = ["photo1.png", "arm.jpg"].map(|name| folder.path().join(name));
    let mut bench = Bench::open(&[&photo]);
    calibrate(&mut bench, false);
    drop(bench);
    std::fs::rename(&photo, &renamed).unwrap();
    std::fs::copy(phantom("phantom3.jpg"), &photo).unwrap();
    assert_eq!(scale(&Bench::open(&[&photo])), None);
    assert_eq!(scale(&Bench::open(&[&renamed])), CALIBRATED);
}

#[test]
fn one_for_the_folder_holds_at_the_next_start_and_can_be_taken_back_from_another_photo() {
    let folder = folder_of_phantoms(1);
    let [one, other] = ["photo1.png", "other.jpg"].map(|name| folder.path().join(name));
    std::fs::copy(phantom("phantom3.jpg"), &other).unwrap();
    let mut bench = Bench::open(&[&one]);
    calibrate(&mut bench, true);
    drop(bench);
    let mut bench = Bench::open(&[&other]);
    assert_eq!(scale(&bench), Some((0.05, ScaleSource::Folder)));
    bench.choose("Remove");
    assert_eq!(scale(&bench), None);
    assert_eq!(scale(&bench.reopen()), None);
    assert_eq!(scale(&Bench::open(&[&one])), CALIBRATED, "it was drawn there");
}

#[test]
fn what_was_taken_back_is_gone_at_the_next_start_and_the_log_has_both() {
    let folder = folder_of_phantoms(1);
    let photo = folder.path().join("photo1.png");
    let mut bench = Bench::open(&[&photo]);
    calibrate(&mut bench, false);
    bench.send(Command::Review(ReviewChange::Reviewer("C. D.".into())));
    bench.choose("Remove");
    assert!(
        scale(&bench).is_none() && !bench.shows("mm") && bench.notice().contains("in pixels"),
        "{:?}",
        notices(&bench)
    );
    let mut bench = bench.reopen();
    assert_eq!(scale(&bench), None);
    let log = AuditLog::read(&folder.path().join(".dermaloupe/audit.jsonl")).unwrap();
    let events: Vec<(Event, &str)> =
        log.entries.iter().map(|entry| (entry.event, entry.reviewer.as_str())).collect();
    assert_eq!(events, [(Event::Calibrated, ""), (Event::CalibrationRemoved, "C. D.")]);
    calibrate(&mut bench, false);
    assert_eq!(scale(&bench.reopen()), CALIBRATED, "and can be made anew");
}

#[test]
fn reviews_and_calibrations_leave_each_other_alone() {
    let folder = folder_of_phantoms(1);
    let photo = folder.path().join("photo1.png");
    let mut early = Bench::open(&[&photo]);
    let mut bench = Bench::open(&[&photo]);
    calibrate(&mut bench, false);
    drop(bench);
    // This window read the records before there was a calibration.
    early.press(Key::Num6);
    drop(early);
    let bench = Bench::open(&[&photo]);
    assert_eq!(scale(&bench), CALIBRATED);
    assert_eq!(bench.state().reviewing.state_of(&bench.state().entries[0].source), ReviewState::Accepted);
}

#[test]
fn records_of_the_version_before_are_read_and_brought_to_this_one() {
    let folder = folder_of_phantoms(1);
    let photo = folder.path().join("photo1.png");
    let kept = folder.path().join(".dermaloupe");
    std::fs::create_dir(&kept).unwrap();
    let sha256 = dermaloupe::decode::sha256_hex(&std::fs::read(&photo).unwrap());
    let mut review = Review::new(&sha256, PhotoFile::at(&photo), Timestamp::UNIX_EPOCH);
    review.state = ReviewState::Unsure;
    let old = json!({ "format": "dermaloupe-records", "version": 1, "photos": [review] }).to_string();
    std::fs::write(kept.join("records.json"), &old).unwrap();
    std::fs::write(kept.join("format.json"), r#"{"format":"dermaloupe-records","version":1,"program":"0.1.0"}"#)
        .unwrap();
    let mut bench = Bench::open(&[&photo]);
    assert!(scale(&bench).is_none() && notices(&bench).is_empty(), "{:?}", notices(&bench));
    calibrate(&mut bench, false);
    drop(bench);
    let found = Home::of_folder(folder.path(), None).read();
    assert_eq!((found.list.photos[0].state, found.list.calibrations.list().len()), (ReviewState::Unsure, 1));
    assert_eq!(std::fs::read_to_string(kept.join("records.json.version-1")).unwrap(), old);
    assert_eq!(
        (&json_at(&kept.join("format.json"))["version"], &json_at(&kept.join("records.json"))["version"]),
        (&json!(3), &json!(3))
    );
}

#[test]
fn records_of_a_newer_version_show_what_is_understood_and_say_that_nothing_is_kept() {
    let folder = folder_of_phantoms(1);
    let photo = folder.path().join("photo1.png");
    let home = Home::of_folder(folder.path(), None);
    home.open().unwrap().calibrate(change(&photo, [1200, 900], 0.02)).unwrap();
    let path = folder.path().join(".dermaloupe/records.json");
    let newer = std::fs::read_to_string(&path).unwrap().replace("\"version\": 3", "\"version\": 9");
    std::fs::write(&path, &newer).unwrap();
    let mut bench = Bench::open(&[&photo]);
    assert_eq!(scale(&bench), Some((0.02, ScaleSource::Photo)));
    calibrate(&mut bench, false);
    assert_eq!(scale(&bench), CALIBRATED, "it counts in this window");
    assert!(
        notices(&bench).iter().any(|words| words.contains("not saved") && words.contains("format")),
        "{:?}",
        notices(&bench)
    );
    assert!(bench.shows("This change is not saved"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), newer);
}

#[test]
fn damaged_records_give_the_calibration_back_from_the_log() {
    let folder = folder_of_phantoms(1);
    let photo = folder.path().join("photo1.png");
    let home = Home::of_folder(folder.path(), None);
    home.open().unwrap().calibrate(change(&photo, [1200, 900], 0.02)).unwrap();
    let path = folder.path().join(".dermaloupe/records.json");
    let whole = std::fs::read_to_string(&path).unwrap();
    for damaged in
        [whole[..whole.len() / 2].to_owned(), whole.replace("0.02", "-0.02"), whole.replace("0.02", "\"x\"")]
    {
        std::fs::write(&path, &damaged).unwrap();
        let found = home.read();
        let complaint = found.faults.first();
        assert!(matches!(complaint, Some(RecordsFault::Damaged { calibrated: 1, .. })), "{complaint:?}");
        let bench = Bench::open(&[&photo]);
        assert_eq!(scale(&bench), Some((0.02, ScaleSource::Photo)));
        assert!(bench.notice().contains("1 calibrations were recovered"), "{}", bench.notice());
    }
}

#[test]
fn where_the_folder_cannot_be_written_it_lies_in_the_data_directory() {
    let (folder, data) = (folder_of_phantoms(1), tempfile::tempdir().unwrap());
    let photo = folder.path().join("photo1.png");
    std::fs::write(folder.path().join(".dermaloupe"), "a file in the way").unwrap();
    let mut bench = Bench::open_with(|options| {
        options.paths = vec![photo];
        options.data = Some(data.path().to_owned());
    });
    calibrate(&mut bench, false);
    assert!(notices(&bench).iter().any(|words| words.contains("data directory")), "{:?}", notices(&bench));
    assert_eq!(scale(&bench.reopen()), CALIBRATED);
}

#[test]
fn what_cannot_be_kept_is_said_in_both_languages_and_can_be_tried_again() {
    for (language, notice, unkept, again) in [
        (
            Language::English,
            "The change to the scale of photo1.png is not saved",
            "This change is not saved",
            "Try to save again",
        ),
        (Language::SimplifiedChinese, "photo1.png 的比例更改未能保存", "此更改尚未保存", "重新保存"),
    ] {
        let folder = folder_of_phantoms(1);
        let photo = folder.path().join("photo1.png");
        let in_the_way = folder.path().join(".dermaloupe");
        std::fs::write(&in_the_way, "a file in the way").unwrap();
        let mut bench = Bench::open_with(|options| {
            options.paths = vec![photo.clone()];
            options.language = Some(language);
        });
        calibrate(&mut bench, false);
        assert_eq!(scale(&bench), CALIBRATED, "it counts in this window");
        assert!(notices(&bench).iter().any(|words| words.contains(notice)), "{:?}", notices(&bench));
        assert!(bench.shows(unkept));
        std::fs::remove_file(&in_the_way).unwrap();
        bench.choose(again);
        assert!(!bench.shows(unkept));
        drop(bench);
        assert_eq!(scale(&Bench::open(&[&photo])), CALIBRATED);
    }
}

#[test]
fn a_review_that_cannot_be_kept_says_why_in_chinese() {
    let folder = folder_of_phantoms(1);
    std::fs::write(folder.path().join(".dermaloupe"), "a file in the way").unwrap();
    let mut bench = Bench::open_with(|options| {
        options.paths = vec![folder.path().join("photo1.png")];
        options.language = Some(Language::SimplifiedChinese);
    });
    bench.press(Key::Num6);
    let said = notices(&bench).into_iter().find(|words| words.contains("审阅未能保存")).expect("it is said");
    assert!(said.contains("记录既无法保存在照片旁") && !said.contains("neither"), "{said}");
}
