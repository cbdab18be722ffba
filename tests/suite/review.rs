//! Reviewing in the window: decided by key and by label, kept beside the photos, found again, and never lost.

use std::path::Path;

use crate::common_window::{Bench, folder_of_phantoms};
use dermaloupe::app::command::Command;
use dermaloupe::app::command::change::ReviewChange;
use dermaloupe::app::model::review::ReviewFilter;
use dermaloupe::inference::Model;
use dermaloupe::provenance::MaskSource;
use dermaloupe::records::audit::AuditLog;
use dermaloupe::records::{Home, ReviewState};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

/// The states of the open photos, in their order.
pub(crate) fn states(bench: &Bench) -> Vec<ReviewState> {
    let state = bench.state();
    state.entries.iter().map(|entry| state.reviewing.state_of(&entry.source)).collect()
}

/// Three photos that differ: phantoms with some bytes put on that no decoder reads.
pub(crate) fn folder_of_three() -> tempfile::TempDir {
    let folder = folder_of_phantoms(3);
    for (number, path) in photos(folder.path()).into_iter().enumerate() {
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend(vec![0; number]);
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

fn photos(folder: &Path) -> Vec<std::path::PathBuf> {
    (1..=3).map(|number| folder.join(format!("photo{number}.png"))).collect()
}

#[test]
fn keys_decide_and_go_on_and_the_folder_keeps_it() {
    let folder = folder_of_three();
    let mut bench = Bench::open(&[folder.path()]);
    assert!(!folder.path().join(".dermaloupe").exists(), "looking makes nothing");
    for (key, name) in [(Key::Num6, "photo2.png"), (Key::Num7, "photo3.png"), (Key::Num8, "photo3.png")] {
        bench.press(key);
        assert_eq!(bench.name(), name);
    }
    let expected = [ReviewState::Accepted, ReviewState::Rejected, ReviewState::Unsure];
    assert_eq!(states(&bench), expected);
    assert!(bench.shows("3 of 3 reviewed"));
    drop(bench);
    let again = Bench::open(&[folder.path()]);
    assert_eq!(states(&again), expected);
    let log = AuditLog::read(&folder.path().join(".dermaloupe/audit.jsonl")).unwrap();
    let result = log.entries[0].result.clone().unwrap();
    assert_eq!((log.entries.len(), result.model.as_str(), result.threshold), (3, Model::BUILT_IN, 0.5));
    assert_eq!(result.model_sha256.len(), 64);
}

#[test]
fn a_decision_never_lands_on_a_photo_that_is_still_loading() {
    let folder = folder_of_three();
    let mut bench = Bench::open(&[folder.path()]);
    for _ in 0..3 {
        bench.harness.key_press(Key::Num6);
    }
    bench.harness.step();
    bench.settle();
    let state = bench.state();
    let records: Vec<_> =
        state.entries.iter().filter_map(|entry| state.reviewing.record_of(&entry.source)).collect();
    assert!(!records.is_empty() && records.iter().all(|review| review.result.is_some()), "{records:?}");
    assert!(records.iter().all(|review| review.mask == MaskSource::Network), "{records:?}");
}

#[test]
fn a_renamed_photo_keeps_its_review_and_a_replaced_one_does_not_inherit_it() {
    let folder = folder_of_three();
    let [one, _, three] = photos(folder.path()).try_into().unwrap();
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::Num6);
    drop(bench);
    std::fs::rename(&one, folder.path().join("photo9.png")).unwrap();
    std::fs::rename(&three, &one).unwrap();
    let bench = Bench::open(&[folder.path()]);
    assert_eq!(states(&bench), [ReviewState::NotSeen, ReviewState::NotSeen, ReviewState::Accepted]);
}

/// Clicks a decision, with or without Shift.
fn click_decision(bench: &mut Bench, label: &str, modifiers: Modifiers) {
    let choice = bench.harness.get_by_role_and_label(egui::accesskit::Role::RadioButton, label);
    choice.click_modifiers(modifiers);
    bench.harness.step();
    bench.settle();
}

#[test]
fn a_click_decides_and_goes_on_as_the_key_does_and_with_shift_it_stays() {
    let folder = folder_of_three();
    let mut bench = Bench::open(&[folder.path()]);
    click_decision(&mut bench, "Unsure", Modifiers::NONE);
    assert_eq!((states(&bench)[0], bench.name().as_str()), (ReviewState::Unsure, "photo2.png"));
    // A second click on what is chosen takes it back.
    for state in [ReviewState::Rejected, ReviewState::NotSeen] {
        click_decision(&mut bench, "Rejected", Modifiers::SHIFT);
        assert_eq!((states(&bench)[1], bench.name().as_str()), (state, "photo2.png"));
    }
    click_decision(&mut bench, "Accepted", Modifiers::SHIFT);
    click_decision(&mut bench, "Accepted", Modifiers::NONE);
    assert_eq!((states(&bench)[1], bench.name().as_str()), (ReviewState::NotSeen, "photo2.png"));
}

#[test]
fn the_filter_counts_and_is_walked() {
    let folder = folder_of_three();
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::ArrowRight);
    bench.press(Key::Num6);
    bench.press(Key::Home);
    bench.click("Show: All, 3");
    bench.choose("Not reviewed, 2");
    assert_eq!(bench.state().reviewing.filter, ReviewFilter::Only(ReviewState::NotSeen));
    bench.press(Key::Escape);
    bench.press(Key::ArrowRight);
    assert_eq!(bench.name(), "photo3.png", "the accepted one is passed");
    bench.press(Key::Num6);
    bench.press(Key::Num9);
    assert_eq!(bench.name(), "photo1.png");
    bench.press(Key::Num6);
    bench.press(Key::Num9);
    assert!(bench.notice().contains("All reviewed"), "{}", bench.notice());
}

#[test]
fn a_note_and_the_reviewer_are_kept_with_the_photo_they_were_written_on() {
    let folder = folder_of_three();
    let mut bench = Bench::open(&[folder.path()]);
    bench.send(Command::Review(ReviewChange::Reviewer("A. B.".into())));
    bench.press(Key::M);
    bench.harness.event(egui::Event::Text("raised border 边界".into()));
    bench.harness.step();
    bench.settle();
    bench.press(Key::Escape);
    bench.press(Key::ArrowRight);
    assert_eq!(bench.state().reviewing.note, "");
    bench.press(Key::ArrowLeft);
    assert_eq!(bench.state().reviewing.note, "raised border 边界");
    drop(bench);
    let list = Home::of_folder(folder.path(), None).read().list;
    assert_eq!((list.photos.len(), list.photos[0].note.as_str()), (1, "raised border 边界"));
    assert_eq!((list.photos[0].reviewer.as_str(), list.photos[0].state), ("A. B.", ReviewState::NotSeen));
}

#[test]
fn what_cannot_be_kept_is_said_and_can_be_tried_again() {
    let folder = folder_of_three();
    let in_the_way = folder.path().join(".dermaloupe");
    std::fs::write(&in_the_way, "a file in the way").unwrap();
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::Num6);
    assert!(bench.state().notices.list().iter().any(|notice| notice.words.to_string().contains("not saved")));
    assert!(bench.shows("One review is not saved"));
    std::fs::remove_file(&in_the_way).unwrap();
    bench.click("Try to save again");
    assert!(!bench.shows("One review is not saved"));
    assert_eq!(Home::of_folder(folder.path(), None).read().list.photos[0].state, ReviewState::Accepted);
}

#[test]
fn records_of_a_newer_program_are_shown_and_not_changed() {
    let folder = folder_of_three();
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::Num6);
    drop(bench);
    let path = folder.path().join(".dermaloupe/records.json");
    let newer = std::fs::read_to_string(&path).unwrap().replace("\"version\": 3", "\"version\": 9");
    std::fs::write(&path, &newer).unwrap();
    let mut bench = Bench::open(&[folder.path()]);
    assert!(bench.notice().contains("format 9"), "{}", bench.notice());
    assert_eq!(states(&bench)[0], ReviewState::Accepted);
    bench.press(Key::Num7);
    assert_eq!((states(&bench)[0], bench.name().as_str()), (ReviewState::Accepted, "photo1.png"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), newer);
}

#[test]
fn the_next_start_goes_back_to_the_photo_and_says_so() {
    let folder = folder_of_three();
    let settings = folder.path().join("settings/settings.json");
    let photo = photos(folder.path())[1].clone();
    let bench = Bench::with_settings_and(&settings, |options| options.paths = vec![photo.clone()]);
    drop(bench);
    let bench = Bench::with_settings(&settings);
    assert_eq!((bench.name().as_str(), bench.state().entries.len()), ("photo2.png", 3));
    assert!(bench.notice().contains("Resumed at photo2.png"), "{}", bench.notice());
    drop(bench);
    std::fs::remove_file(&photo).unwrap();
    let bench = Bench::with_settings(&settings);
    assert!(bench.name().contains("Sample") && bench.notice().contains("photo2.png"), "{}", bench.notice());
}
