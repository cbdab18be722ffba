//! Decision and mask in the window: two things, each with its mark, its filter and its place in the records; decisions
//! that are taken back; files that cannot be opened; notes.

use std::path::Path;

use crate::common_window::Bench;
use crate::records_versions::reviewed_by_version_2;
use crate::review::{folder_of_three, states};
use dermaloupe::app::command::Command;
use dermaloupe::app::command::change::ReviewChange;
use dermaloupe::app::model::current::Phase;
use dermaloupe::app::model::review::ReviewFilter;
use dermaloupe::decode::sha256_hex;
use dermaloupe::provenance::MaskSource;
use dermaloupe::records::audit::AuditLog;
use dermaloupe::records::{Event, Home, ReviewState};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use serde_json::{Value, json};

fn masks(bench: &Bench) -> Vec<MaskSource> {
    (0..bench.state().entries.len()).map(|place| bench.state().mask_source(place)).collect()
}

fn json_of(folder: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join(".dermaloupe/records.json")).unwrap()).unwrap()
}

/// Grows the lesion on the canvas by a step, as a person does.
fn grow(bench: &mut Bench) {
    for key in [Key::E, Key::G, Key::E] {
        bench.press(key);
    }
}

#[test]
fn a_corrected_mask_that_is_accepted_is_both() {
    let folder = folder_of_three();
    let mut bench = Bench::open(&[folder.path()]);
    grow(&mut bench);
    bench.press(Key::Num6);
    assert!(bench.notice().contains("outline corrected: photo1.png"), "{}", bench.notice());
    bench.press(Key::Num6);
    // Begun from nothing: that corrects no network's mask.
    bench.press(Key::E);
    bench.press_with(Modifiers::SHIFT, Key::Delete);
    bench.press(Key::E);
    bench.press(Key::Num7);
    let expected = [MaskSource::Corrected, MaskSource::Network, MaskSource::Drawn];
    assert_eq!(masks(&bench), expected);
    assert_eq!(states(&bench), [ReviewState::Accepted, ReviewState::Accepted, ReviewState::Rejected]);
    let count = |filter| bench.state().count(filter);
    assert_eq!(count(ReviewFilter::Only(ReviewState::Accepted)), 2);
    assert_eq!(expected.map(|mask| count(ReviewFilter::Mask(mask))), [1, 1, 1]);
    drop(bench);
    let list = json_of(folder.path());
    let photo = |place: usize| (list["photos"][place]["state"].clone(), list["photos"][place]["mask"].clone());
    assert_eq!(photo(0), (json!("accepted"), json!("corrected")));
    assert_eq!(photo(1), (json!("accepted"), json!("network")));
    assert_eq!(photo(2), (json!("rejected"), json!("drawn")));
    let first = &list["photos"][0];
    assert_eq!(
        (&first["correction"]["steps"], &first["correction"]["begun"]["from"]),
        (&json!(1), &json!("network"))
    );
    assert_eq!(first["result"], Value::Null, "no network made it");
    let again = Bench::open(&[folder.path()]);
    assert_eq!(masks(&again), expected);
}

#[test]
fn filters_go_by_decision_and_by_mask_apart() {
    let folder = folder_of_three();
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::Num6);
    bench.press(Key::ArrowRight);
    grow(&mut bench);
    bench.click("Show: All, 3");
    bench.choose("Corrected, 1");
    assert_eq!(bench.state().reviewing.filter, ReviewFilter::Mask(MaskSource::Corrected));
    assert_eq!(bench.state().listed(), [2], "not decided on, and corrected");
    bench.press(Key::Escape);
    bench.click("Show: Corrected, 1");
    bench.choose("Accepted, 1");
    assert_eq!(bench.state().listed(), [0, 2], "the one on the canvas stays");
}

#[test]
fn a_correction_after_the_decision_changes_the_mask_and_not_the_decision() {
    let folder = folder_of_three();
    let mut bench = Bench::open(&[folder.path()]);
    bench.send(Command::Review(ReviewChange::Reviewer("A. B.".into())));
    bench.press(Key::Num6);
    bench.press(Key::ArrowLeft);
    bench.send(Command::Review(ReviewChange::Reviewer("C. D.".into())));
    grow(&mut bench);
    drop(bench);
    let record = &Home::of_folder(folder.path(), None).read().list.photos[0];
    assert_eq!((record.state, record.mask), (ReviewState::Accepted, MaskSource::Corrected));
    assert_eq!(record.reviewer, "A. B.", "who decided");
    // All undone: the network's mask counts again.
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::E);
    bench.press_with(Modifiers::COMMAND, Key::Z);
    bench.press(Key::E);
    assert_eq!(masks(&bench)[0], MaskSource::Network);
    drop(bench);
    assert_eq!(json_of(folder.path())["photos"][0]["mask"], "network");
}

#[test]
fn records_of_the_version_before_are_shown_with_their_masks() {
    let (folder, _) = reviewed_by_version_2();
    let bench = Bench::open(&[folder.path()]);
    assert_eq!(masks(&bench)[..3], [MaskSource::Corrected, MaskSource::Corrected, MaskSource::Network]);
    assert_eq!(bench.state().count(ReviewFilter::Mask(MaskSource::Corrected)), 3);
    assert!(bench.shows("3 of 4 reviewed"));
}

#[test]
fn undo_takes_the_last_decision_back_and_goes_to_its_photo() {
    let folder = folder_of_three();
    let mut bench = Bench::open(&[folder.path()]);
    for key in [Key::Num6, Key::Num7] {
        bench.press(key);
    }
    assert_eq!(bench.notice(), "Rejected: photo2.png");
    bench.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!((states(&bench)[1], bench.name().as_str()), (ReviewState::NotSeen, "photo2.png"));
    bench.press(Key::Num8);
    bench.click_role_button("Undo");
    assert_eq!((states(&bench)[1], bench.name().as_str()), (ReviewState::NotSeen, "photo2.png"));
    assert!(bench.state().notices.list().is_empty(), "{}", bench.notice());
    bench.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!((states(&bench)[0], bench.name().as_str()), (ReviewState::NotSeen, "photo1.png"));
    bench.press_with(Modifiers::COMMAND, Key::Z);
    assert!(bench.notice().contains("no decision to undo"), "{}", bench.notice());
    // What was decided before comes back, with who decided it.
    bench.send(Command::Review(ReviewChange::Reviewer("A. B.".into())));
    bench.send(Command::Review(ReviewChange::Decide(ReviewState::Unsure)));
    bench.send(Command::Review(ReviewChange::Reviewer("C. D.".into())));
    bench.send(Command::Review(ReviewChange::Decide(ReviewState::Accepted)));
    bench.press_with(Modifiers::COMMAND, Key::Z);
    drop(bench);
    let record = &Home::of_folder(folder.path(), None).read().list.photos[0];
    assert_eq!((record.state, record.reviewer.as_str()), (ReviewState::Unsure, "A. B."));
    let log = AuditLog::read(&folder.path().join(".dermaloupe/audit.jsonl")).unwrap();
    let undone: Vec<_> = log.entries.iter().filter(|entry| entry.event == Event::DecisionUndone).collect();
    assert_eq!(undone.len(), 4);
    assert_eq!((undone[3].reviewer.as_str(), &undone[3].detail["state"]), ("C. D.", &json!("unsure")));
}

#[test]
fn undo_while_a_note_is_written_or_a_mask_corrected_is_theirs() {
    let folder = folder_of_three();
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::Num6);
    bench.press(Key::M);
    bench.harness.event(egui::Event::Text("border".into()));
    bench.harness.step();
    bench.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!((states(&bench)[0], bench.name().as_str()), (ReviewState::Accepted, "photo2.png"));
    bench.press(Key::Escape);
    bench.press(Key::E);
    bench.press(Key::G);
    bench.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!((states(&bench)[0], bench.name().as_str()), (ReviewState::Accepted, "photo2.png"));
    assert_eq!(bench.state().correction.done, 0, "the step of the correction is undone");
}

#[test]
fn the_offer_to_undo_leaves_after_five_seconds() {
    let folder = folder_of_three();
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::Num6);
    let offers = |bench: &Bench| bench.state().notices.list().iter().filter(|one| one.offer.is_some()).count();
    assert_eq!(offers(&bench), 1);
    bench.pass(5.5);
    assert_eq!(offers(&bench), 0);
    bench.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(states(&bench)[0], ReviewState::NotSeen, "the key still does it");
}

#[test]
fn a_file_that_cannot_be_opened_is_rejected_and_noted_and_all_are_reviewed() {
    let folder = folder_of_three();
    let broken = folder.path().join("photo2.png");
    let bytes = std::fs::read(&broken).unwrap()[..700].to_vec();
    std::fs::write(&broken, &bytes).unwrap();
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::Num6);
    assert!(matches!(bench.state().current.phase, Phase::FileFailed(_)), "{:?}", bench.state().current.phase);
    bench.press(Key::Num6);
    assert_eq!(
        (states(&bench)[1], bench.state().selected),
        (ReviewState::NotSeen, 1),
        "it has no outline to accept"
    );
    bench.press(Key::M);
    bench.harness.event(egui::Event::Text("copy again".into()));
    bench.harness.step();
    bench.press(Key::Escape);
    bench.press(Key::Num7);
    assert_eq!((states(&bench)[1], bench.name().as_str()), (ReviewState::Rejected, "photo3.png"));
    bench.press(Key::Num6);
    assert!(bench.notice().contains("All reviewed"), "{}", bench.notice());
    assert!(bench.shows("3 of 3 reviewed"));
    drop(bench);
    let list = Home::of_folder(folder.path(), None).read().list;
    let record = list.of(&sha256_hex(&bytes)).expect("its bytes tell which file it is");
    assert_eq!(
        (record.state, record.note.as_str(), record.mask),
        (ReviewState::Rejected, "copy again", MaskSource::None)
    );
    assert_eq!((record.name.as_str(), record.bytes), ("photo2.png", 700));
    let mut again = Bench::open(&[folder.path()]);
    assert_eq!(states(&again)[1], ReviewState::Rejected);
    again.press(Key::ArrowRight);
    assert_eq!(again.state().reviewing.note, "copy again");
    // Renamed it is still the same file; copied again from the original it is another.
    std::fs::copy(&broken, folder.path().join("photo9.png")).unwrap();
    std::fs::copy(folder.path().join("photo3.png"), &broken).unwrap();
    again.press(Key::F5);
    assert_eq!((again.name().as_str(), states(&again)[1]), ("photo2.png", ReviewState::NotSeen));
    assert_eq!(again.state().reviewing.note, "");
    drop(again);
    let again = Bench::open(&[folder.path()]);
    assert_eq!(states(&again)[3], ReviewState::Rejected);
}

#[test]
fn a_note_is_told_on_its_thumbnail() {
    let folder = folder_of_three();
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::M);
    bench.harness.event(egui::Event::Text("hair over the border".into()));
    bench.harness.step();
    bench.press(Key::Escape);
    grow(&mut bench);
    bench.press(Key::Num8);
    bench.harness.get_by_role_and_label(egui::accesskit::Role::Button, "photo1.png").hover();
    bench.pass(1.5);
    for words in ["Unsure · Corrected", "Note: hair over the border"] {
        assert!(bench.shows_part(words), "{words}");
    }
}
