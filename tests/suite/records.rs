//! What is kept of a folder: its two places, its formats, and what damages, renames and other programs do to it.

use std::path::Path;

use crate::common::json_at;
use dermaloupe::decode::sha256_hex;
use dermaloupe::records::audit::AuditLog;
use dermaloupe::records::{Event, Home, Place, RecordsError, Review, ReviewState};
use jiff::Timestamp;
use serde_json::json;

/// A review of a photo whose bytes are its name.
pub(crate) fn review(photo: &str, state: ReviewState, second: i64) -> Review {
    let time = Timestamp::from_second(second).unwrap();
    let file = dermaloupe::records::PhotoFile { name: format!("{photo}.jpg"), ..Default::default() };
    Review { state, note: "raised border".into(), ..Review::new(&sha256_hex(photo.as_bytes()), file, time) }
}

pub(crate) fn state(home: &Home, photo: &str) -> Option<ReviewState> {
    home.read().list.of(&sha256_hex(photo.as_bytes())).map(|review| review.state)
}

#[test]
fn looking_makes_nothing_and_keeping_makes_one_folder_beside_the_photos() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::of_folder(folder.path(), None);
    assert!(home.read().list.photos.is_empty() && !folder.path().join(".dermaloupe").exists());
    let store = home.open().unwrap();
    assert_eq!(store.place(), &Place::Beside);
    store.keep(vec![review("a", ReviewState::Accepted, 1)]).unwrap();
    drop(store);
    assert_eq!(state(&home, "a"), Some(ReviewState::Accepted));
    let kept = folder.path().join(".dermaloupe");
    assert_eq!(json_at(&kept.join("format.json"))["version"], 3);
    assert_eq!(home.checked_folders().flatten().collect::<Vec<_>>(), [kept]);
}

#[test]
fn where_the_folder_cannot_be_made_the_data_directory_serves_and_says_why() {
    let [folder, data] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let photos = folder.path().join("皮肤 photos");
    std::fs::create_dir(&photos).unwrap();
    let home = Home::of_folder(&photos, Some(data.path()));
    std::fs::write(photos.join(".dermaloupe"), "a file in the way").unwrap();
    let store = home.open().unwrap();
    assert!(matches!(store.place(), Place::Away { reason: Some(reason) } if !reason.detail.is_empty()));
    store.keep(vec![review("a", ReviewState::Unsure, 1), review("b", ReviewState::Rejected, 9)]).unwrap();
    let away = store.folder().to_owned();
    drop(store);
    assert!(away.starts_with(data.path().join("records")) && away.display().to_string().contains("皮肤-photos-"));
    assert_eq!(
        json_at(&away.join("format.json"))["photos"],
        photos.canonicalize().unwrap().to_string_lossy().as_ref()
    );
    assert_eq!(state(&home, "a"), Some(ReviewState::Unsure));
    // The folder becomes writable: both places are read, and the later decision counts.
    std::fs::remove_file(photos.join(".dermaloupe")).unwrap();
    home.open().unwrap().keep(vec![review("a", ReviewState::Accepted, 5)]).unwrap();
    assert_eq!(state(&home, "a"), Some(ReviewState::Accepted));
    assert_eq!(state(&home, "b"), Some(ReviewState::Rejected));
}

#[test]
#[cfg(target_os = "linux")]
fn a_read_only_file_system_is_no_place_and_no_place_at_all_is_said() {
    let home = Home::of_folder(Path::new("/proc/self"), Some(Path::new("/proc/self/none")));
    let error = home.open().unwrap_err();
    assert!(matches!(error, RecordsError::NoPlace { .. }), "{error}");
    assert!(error.to_string().contains("data directory"), "{error}");
    let data = tempfile::tempdir().unwrap();
    let store = Home::of_folder(Path::new("/proc/self"), Some(data.path())).open().unwrap();
    assert!(matches!(store.place(), Place::Away { .. }));
}

#[test]
fn photos_that_are_gone_are_not_made_up() {
    let folder = tempfile::tempdir().unwrap();
    let gone = folder.path().join("stick/photos");
    assert!(Home::of_folder(&gone, None).open().is_err());
    assert!(!gone.exists());
}

#[test]
fn an_older_format_is_brought_up_to_date_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join(".dermaloupe");
    std::fs::create_dir(&kept).unwrap();
    let old = include_str!("../../src/records/fixtures/version-0.json");
    std::fs::write(kept.join("records.json"), old).unwrap();
    let home = Home::of_folder(folder.path(), None);
    assert_eq!(home.read().list.photos.len(), 2, "it is understood before anything is written");
    assert_eq!(std::fs::read_to_string(kept.join("records.json")).unwrap(), old);
    home.open().unwrap().keep(vec![review("new", ReviewState::Accepted, 1)]).unwrap();
    let list = home.read().list;
    assert_eq!((list.photos.len(), list.photos[1].note.as_str()), (3, "hair over the border"));
    assert_eq!(json_at(&kept.join("records.json"))["version"], 3);
    assert_eq!(std::fs::read_to_string(kept.join("records.json.version-0")).unwrap(), old);
    let log = AuditLog::read(&kept.join("audit.jsonl")).unwrap();
    assert_eq!(log.entries[0].event, Event::Migrated);
}

#[test]
fn a_newer_format_is_shown_and_never_changed() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::of_folder(folder.path(), None);
    home.open().unwrap().keep(vec![review("a", ReviewState::Accepted, 1)]).unwrap();
    let kept = folder.path().join(".dermaloupe");
    let mut newer = json_at(&kept.join("records.json"));
    newer["version"] = json!(7);
    newer["photos"][0]["what nobody knows yet"] = json!(true);
    std::fs::write(kept.join("records.json"), newer.to_string()).unwrap();
    let found = home.read();
    assert!(found.is_newer && found.faults[0].to_string().contains("format 7"), "{:?}", found.faults);
    assert_eq!(found.list.photos[0].state, ReviewState::Accepted);
    let error = home.open().unwrap_err().to_string();
    assert!(error.contains("newer Dermaloupe") && error.ends_with(".dermaloupe"), "{error}");
    assert_eq!(json_at(&kept.join("records.json")), newer);
}

#[test]
fn a_damaged_list_is_set_aside_and_found_again_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::of_folder(folder.path(), None);
    let first = [review("a", ReviewState::Accepted, 1), review("b", ReviewState::Unsure, 2)];
    home.open().unwrap().keep(first.to_vec()).unwrap();
    let kept = folder.path().join(".dermaloupe");
    std::fs::write(kept.join("records.json"), "{ half").unwrap();
    let found = home.read();
    let complaint = found.faults[0].to_string();
    assert!(complaint.contains("damaged") && complaint.contains("2 decisions"), "{complaint}");
    assert_eq!(found.list.photos, first);
    home.open().unwrap().keep(vec![review("c", ReviewState::Rejected, 3)]).unwrap();
    assert_eq!(std::fs::read_to_string(kept.join("records.json.broken")).unwrap(), "{ half");
    let found = home.read();
    assert!(found.faults.is_empty() && found.list.photos.len() == 3);
    assert!(AuditLog::read(&kept.join("audit.jsonl")).unwrap().entries.iter().any(|e| e.event == Event::Rebuilt));
}

#[test]
fn programs_that_write_at_once_lose_nothing_of_each_other() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let home = Home::of_folder(folder.path(), None);
            scope.spawn(move || {
                for number in 0..10 {
                    let one = review(&format!("{writer}-{number}"), ReviewState::Accepted, 1);
                    home.open().unwrap().keep(vec![one]).unwrap();
                }
            });
        }
    });
    let home = Home::of_folder(folder.path(), None);
    assert_eq!(home.read().list.photos.len(), 40);
    let log = AuditLog::read(&folder.path().join(".dermaloupe/audit.jsonl")).unwrap();
    assert_eq!((log.entries.len(), log.broken_lines), (40, 0));
}

#[test]
fn the_sample_and_corrected_masks_have_their_place() {
    let data = tempfile::tempdir().unwrap();
    let home = Home::of_photo(&dermaloupe::sample::SOURCE, Some(data.path()));
    assert!(home.checked_masks_folders().next().is_none());
    let masks = home.open().unwrap().masks_folder().unwrap();
    assert_eq!(masks, data.path().join("records/sample/masks"));
    assert_eq!(home.checked_masks_folders().flatten().collect::<Vec<_>>(), [masks]);
}
