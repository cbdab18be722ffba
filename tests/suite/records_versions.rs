//! Records as older programs wrote them, byte for byte: decision and mask were one word there, and a mask that was
//! corrected by hand and then accepted was filed as any other.

use std::path::{Path, PathBuf};

use crate::common::root;
use crate::records::review;
use dermaloupe::provenance::{CorrectionStart, CorrectionSummary, MaskSource};
use dermaloupe::records::audit::AuditLog;
use dermaloupe::records::{Event, Home, Review, ReviewState};
use serde_json::{Value, json};

/// A folder with the records that the version before wrote when four photographs were reviewed in its window: one
/// corrected by hand and accepted, one filed as corrected by its button, one unsure with a note, one corrected and not
/// decided on. The photographs are the phantoms.
pub(crate) fn reviewed_by_version_2() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join(".dermaloupe");
    std::fs::create_dir(&kept).unwrap();
    for name in ["records.json", "format.json", "audit.jsonl"] {
        std::fs::copy(root().join("tests/fixtures/records/version-2-reviewed").join(name), kept.join(name))
            .unwrap();
    }
    let sample = |name: &str| std::fs::read(root().join("assets/sample").join(name)).unwrap();
    let mut last = sample("phantom2.jpg");
    last.push(0);
    let photos = [sample("phantom2.jpg"), sample("phantom3.jpg"), sample("phantom.jpg"), last];
    for (name, bytes) in ["a.jpg", "b.jpg", "c.jpg", "d.jpg"].iter().zip(photos) {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    (folder, kept)
}

fn records(folder: &Path) -> Vec<Review> {
    let found = Home::of_folder(folder, None).read();
    assert!(found.faults.is_empty(), "{:?}", found.faults);
    found.list.photos
}

/// Name, decision and mask of each.
fn said(reviews: &[Review]) -> Vec<(&str, ReviewState, MaskSource)> {
    reviews.iter().map(|review| (review.name.as_str(), review.state, review.mask)).collect()
}

const EXPECTED: [(&str, ReviewState, MaskSource); 4] = [
    ("a.jpg", ReviewState::Accepted, MaskSource::Corrected),
    ("b.jpg", ReviewState::Accepted, MaskSource::Corrected),
    ("c.jpg", ReviewState::Unsure, MaskSource::Network),
    ("d.jpg", ReviewState::NotSeen, MaskSource::Corrected),
];

#[test]
fn decision_and_mask_of_version_2_come_apart_and_the_log_tells_which_masks_were_corrected() {
    let (folder, kept) = reviewed_by_version_2();
    let before = std::fs::read(kept.join("records.json")).unwrap();
    let found = records(folder.path());
    assert_eq!(said(&found), EXPECTED);
    let start = CorrectionStart::Network { model: "globalatt".into(), threshold: 0.5 };
    let once = CorrectionSummary { start: start.clone(), steps: 1, unix_seconds: 0, is_damaged: false };
    assert_eq!((found[0].correction.as_ref(), found[0].result.as_ref()), (Some(&once), None));
    assert_eq!(found[1].correction, None, "its button said so, and nothing more is known");
    assert_eq!((found[2].note.as_str(), found[2].reviewer.as_str()), ("hair over the border", "A. Meier"));
    assert_eq!(found[2].result.as_ref().map(|run| run.model.as_str()), Some("globalatt"));
    assert_eq!(found[3].correction, Some(CorrectionSummary { steps: 2, ..once }));
    assert_eq!(std::fs::read(kept.join("records.json")).unwrap(), before, "looking changes nothing");
}

#[test]
fn the_first_write_brings_version_2_up_to_date_and_keeps_its_bytes() {
    let (folder, kept) = reviewed_by_version_2();
    let before = std::fs::read(kept.join("records.json")).unwrap();
    Home::of_folder(folder.path(), None).open().unwrap().keep(vec![review("e", ReviewState::Rejected, 9)]).unwrap();
    assert_eq!(said(&records(folder.path()))[..4], EXPECTED);
    assert_eq!(std::fs::read(kept.join("records.json.version-2")).unwrap(), before);
    let list: Value = serde_json::from_slice(&std::fs::read(kept.join("records.json")).unwrap()).unwrap();
    assert_eq!((&list["version"], &list["photos"][0]["state"]), (&json!(3), &json!("accepted")));
    assert_eq!(list["photos"][0]["mask"], "corrected");
    assert_eq!(list["photos"][0]["correction"]["steps"], 1);
    assert_eq!((&list["photos"][2]["mask"], &list["photos"][4]["mask"]), (&json!("network"), &json!("none")));
    let log = AuditLog::read(&kept.join("audit.jsonl")).unwrap();
    let migrated = log.entries.iter().find(|entry| entry.event == Event::Migrated).unwrap();
    assert_eq!(migrated.detail, json!({ "from": 2, "to": 3 }));
}

#[test]
fn a_damaged_list_of_version_2_comes_back_from_its_log_with_both() {
    let (folder, kept) = reviewed_by_version_2();
    std::fs::write(kept.join("records.json"), "{ half").unwrap();
    let found = Home::of_folder(folder.path(), None).read();
    assert_eq!(said(&found.list.photos), EXPECTED);
}

#[test]
fn an_undone_decision_stands_in_the_log_and_a_list_that_is_lost_comes_back_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::of_folder(folder.path(), None);
    let store = home.open().unwrap();
    store.keep(vec![review("a", ReviewState::Accepted, 1)]).unwrap();
    store.keep(vec![review("a", ReviewState::Rejected, 2)]).unwrap();
    store.undo_decision(review("a", ReviewState::Accepted, 3), "B. C.").unwrap();
    drop(store);
    let kept = folder.path().join(".dermaloupe");
    let log = AuditLog::read(&kept.join("audit.jsonl")).unwrap();
    let last = log.entries.last().unwrap();
    assert_eq!((last.event, last.reviewer.as_str()), (Event::DecisionUndone, "B. C."));
    assert!(home.read().faults.is_empty(), "{:?}", home.read().faults);
    std::fs::remove_file(kept.join("records.json")).unwrap();
    assert_eq!(home.read().list.photos[0].state, ReviewState::Accepted);
}

#[test]
fn a_file_whose_bytes_cannot_be_read_is_known_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::of_folder(folder.path(), None);
    let of_name = |name: &str, second| {
        let known = review(name, ReviewState::Rejected, second);
        Review { sha256: String::new(), ..known }
    };
    let store = home.open().unwrap();
    store.keep(vec![of_name("x", 1), of_name("y", 2), review("z", ReviewState::Accepted, 3)]).unwrap();
    store.keep(vec![of_name("x", 4)]).unwrap();
    drop(store);
    assert_eq!(records(folder.path()).len(), 3, "one for each name, and one for bytes");
    let path = folder.path().join(".dermaloupe/records.json");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(home.read().list.photos.len(), 3, "from the log");
    // Neither hash nor name is no photograph at all.
    let mut list: Value = serde_json::from_slice(&home.read().list.to_json()).unwrap();
    list["photos"][0]["name"] = json!("");
    std::fs::write(&path, list.to_string()).unwrap();
    assert!(home.read().faults.iter().any(|fault| fault.to_string().contains("damaged")));
}
