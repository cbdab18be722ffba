//! Records that are not believed at sight: versions, hashes, scales, checksums, and what the audit log says otherwise.

use std::path::PathBuf;

use crate::common::{Workplace, json_at, root};
use crate::correction::Scattered;
use crate::records::{review, state};
use dermaloupe::records::{Calibration, CalibrationChange, Event, Home, RecordsError, RecordsFault, ReviewState};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// A folder with records as the version before wrote them, without a checksum.
fn of_the_version_before() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join(".dermaloupe");
    std::fs::create_dir(&kept).unwrap();
    for name in ["records.json", "format.json", "audit.jsonl"] {
        std::fs::copy(root().join("tests/fixtures/records/version-2").join(name), kept.join(name)).unwrap();
    }
    (folder, kept)
}

/// A folder with two reviews and a calibration, as they are written now.
fn written() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let store = Home::of_folder(folder.path(), None).open().unwrap();
    store.keep(vec![review("a", ReviewState::Accepted, 1), review("b", ReviewState::Unsure, 2)]).unwrap();
    let now = Timestamp::from_second(3).unwrap();
    let calibration = Calibration {
        sha256: review("a", ReviewState::Accepted, 1).sha256,
        size: [400, 300],
        name: "a.jpg".into(),
        mm_per_px: Some(0.0187),
        line: Some([[10.0, 20.0], [110.0, 20.0]]),
        length_mm: Some(1.87),
        for_folder: true,
        reviewer: "A. B.".into(),
        made: now,
        changed: now,
        rest: Map::new(),
    };
    let calibrations = vec![calibration];
    store
        .calibrate(CalibrationChange { event: Event::Calibrated, reviewer: "A. B.".into(), calibrations })
        .unwrap();
    let kept = store.folder().to_owned();
    (folder, kept)
}

fn home(folder: &tempfile::TempDir) -> Home {
    Home::of_folder(folder.path(), None)
}

#[test]
fn a_list_without_a_checksum_is_read_and_gets_one_when_it_is_next_written() {
    let (folder, kept) = of_the_version_before();
    let found = home(&folder).read();
    assert!(found.faults.is_empty(), "{:?}", found.faults);
    assert_eq!(found.list.photos[0].state, ReviewState::Accepted);
    assert_eq!(found.list.calibrations.list()[0].mm_per_px, Some(0.05));
    home(&folder).open().unwrap().keep(vec![review("c", ReviewState::Rejected, 9)]).unwrap();
    let list = json_at(&kept.join("records.json"));
    assert_eq!((list["version"].clone(), list["checksum"].as_str().map(str::len)), (json!(3), Some(64)));
    let found = home(&folder).read();
    assert!(found.faults.is_empty() && found.list.photos.len() == 2, "{:?}", found.faults);
    assert!(list["photos"][0].get("checksum").is_none());
}

#[test]
fn what_is_no_version_is_told_leaves_the_file_alone_and_shows_what_the_log_has() {
    let (folder, kept) = written();
    let path = kept.join("records.json");
    let whole = json_at(&path);
    let with = |version: Option<Value>| {
        let mut list = whole.clone();
        match version {
            Some(version) => list["version"] = version,
            None => drop(list.as_object_mut().unwrap().remove("version")),
        }
        list
    };
    let texts = [Some(json!("2")), Some(Value::Null), Some(json!(-1)), Some(json!(1e30)), Some(json!(0)), None]
        .map(|version| with(version).to_string());
    for text in texts.iter().map(String::as_str).chain(["[]", "7", "{}"]) {
        std::fs::write(&path, text).unwrap();
        let found = home(&folder).read();
        let fault = &found.faults[0];
        assert!(matches!(fault, RecordsFault::Records(RecordsError::NoVersion { .. })), "{text}: {fault:?}");
        assert!(fault.to_string().ends_with("records.json"), "{fault}");
        assert_eq!(state(&home(&folder), "b"), Some(ReviewState::Unsure), "{text}");
        assert_eq!(found.list.calibrations.list().len(), 1);
        let refused = home(&folder).open().unwrap_err();
        assert!(matches!(refused, RecordsError::NoVersion { .. }), "{text}: {refused}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn hashes_that_are_none_and_scales_that_cannot_be_are_damage() {
    let (folder, kept) = written();
    let path = kept.join("records.json");
    let whole = json_at(&path);
    let damage = |change: &dyn Fn(&mut Value)| {
        let mut list = whole.clone();
        change(&mut list);
        std::fs::write(&path, list.to_string()).unwrap();
        let found = home(&folder).read();
        let damaged = found.faults.iter().any(|fault| matches!(fault, RecordsFault::Damaged { decided: 2, .. }));
        assert!(damaged, "{:?}", found.faults);
        assert_eq!(found.list.calibrations.list()[0].mm_per_px, Some(0.0187), "from the log");
    };
    damage(&|list| list["photos"][0]["sha256"] = json!("g".repeat(64)));
    damage(&|list| list["photos"][1]["sha256"] = json!("ab"));
    damage(&|list| list["calibrations"][0]["sha256"] = json!("AB".repeat(32)));
    for mm_per_px in [1e308, 1e-300, 0.0183, 0.0] {
        damage(&|list| list["calibrations"][0]["mm_per_px"] = json!(mm_per_px));
    }
}

/// 240 single bits, as a bad memory or an old disk flips them, in a folder whose log is whole.
#[test]
fn a_flipped_bit_never_gives_another_decision_or_scale_in_silence() {
    let (folder, kept) = written();
    let path = kept.join("records.json");
    let whole = std::fs::read(&path).unwrap();
    let expected = home(&folder).read().list;
    let mut next = Scattered(240);
    let mut told = 0;
    for _ in 0..240 {
        let (place, bit) = (next.below(whole.len() as u32) as usize, next.below(8));
        let mut flipped = whole.clone();
        flipped[place] ^= 1 << bit;
        std::fs::write(&path, &flipped).unwrap();
        let found = home(&folder).read();
        told += u32::from(!found.faults.is_empty());
        let is_same = found.list.photos == expected.photos && found.list.calibrations == expected.calibrations;
        assert!(is_same || !found.faults.is_empty(), "bit {bit} of byte {place}: {:?}", found.list);
    }
    assert!(told > 230, "{told}");
}

#[test]
fn a_list_that_something_else_changed_is_told_and_a_copy_is_kept() {
    let (folder, kept) = written();
    let path = kept.join("records.json");
    let changed = std::fs::read_to_string(&path).unwrap().replacen("raised border", "raised borders", 1);
    std::fs::write(&path, &changed).unwrap();
    let found = home(&folder).read();
    assert!(found.faults.iter().any(|fault| matches!(fault, RecordsFault::Changed { .. })), "{:?}", found.faults);
    assert_eq!(found.list.photos.len(), 2, "nothing is lost");
    home(&folder).open().unwrap().keep(vec![review("c", ReviewState::Rejected, 9)]).unwrap();
    assert_eq!(std::fs::read_to_string(kept.join("records.json.changed")).unwrap(), changed);
    let found = home(&folder).read();
    assert!(!found.faults.iter().any(|fault| matches!(fault, RecordsFault::Changed { .. })), "{:?}", found.faults);
    assert_eq!(found.list.photos.len(), 3);
}

#[test]
fn a_decision_that_the_log_has_and_the_list_has_not_is_told() {
    let (folder, kept) = written();
    let path = kept.join("records.json");
    let before = std::fs::read(&path).unwrap();
    home(&folder).open().unwrap().keep(vec![review("c", ReviewState::Rejected, 9)]).unwrap();
    // An older list is put back, from a copy or by a program that synchronises folders.
    std::fs::write(&path, before).unwrap();
    let found = home(&folder).read();
    let [RecordsFault::Disagrees { decided: 1, calibrated: 0, .. }] = found.faults[..] else {
        panic!("{:?}", found.faults)
    };
    std::fs::remove_file(&path).unwrap();
    let found = home(&folder).read();
    let [RecordsFault::Disagrees { decided: 3, calibrated: 1, .. }] = found.faults[..] else {
        panic!("{:?}", found.faults)
    };
    assert_eq!(state(&home(&folder), "c"), Some(ReviewState::Rejected), "the log gives it back");
}

#[test]
fn a_report_tells_what_is_wrong_with_records_and_has_not_gone_well() {
    let place = Workplace::new();
    let photo = place.phantom("photos/a.jpg");
    let change = crate::calibrated::change(&photo, [1536, 1152], 0.02);
    Home::of_folder(&place.path("photos"), None).open().unwrap().calibrate(change).unwrap();
    let line = "report photos --engine rten --json";
    assert_eq!(place.run(line).went_well().json()["mm_per_px"], 0.02);
    let path = place.path("photos/.dermaloupe/records.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"mm_per_px\": 0.02", "\"mm_per_px\": 0.03")).unwrap();
    place.run(line).failed_on(1 + 1).says(&["does not match its checksum"], "records.json");
    std::fs::write(&path, "[]").unwrap();
    let run = place.run(line).failed_on(1).says(&["no valid version"], "records.json");
    assert_eq!(run.json()["mm_per_px"], 0.02, "from the audit log");
    let evaluate = "evaluate --images photos --masks masks --engine rten --json";
    place.phantom_mask("masks/a.png");
    let run = place.run(evaluate).failed_on(1).says(&["no valid version"], "records.json");
    assert_eq!((run.json()["n"].clone(), run.json()["failed"].clone()), (json!(1), json!(0)));
}

#[test]
fn a_log_of_long_lines_is_read_line_by_line_and_no_longer_than_it_may_be() {
    let (folder, kept) = written();
    let log = kept.join("audit.jsonl");
    let mut text = std::fs::read(&log).unwrap();
    text.splice(0..0, std::iter::repeat_n(b'x', 5 << 20).chain([b'\n']));
    std::fs::write(&log, text).unwrap();
    std::fs::write(kept.join("records.json"), "{ half").unwrap();
    let found = home(&folder).read();
    assert!(
        matches!(found.faults[..], [RecordsFault::Damaged { decided: 2, calibrated: 1, .. }]),
        "{:?}",
        found.faults
    );
}
