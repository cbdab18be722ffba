//! Masks corrected in the window: where they are kept, what the log says of them, and that they can be compared.

use std::path::{Path, PathBuf};

use crate::common::Workplace;
use crate::common_window::{Bench, folder_of_phantoms};
use crate::corrected::log_of;
use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::command::change::CorrectionChange;
use dermaloupe::app::model::compare::SideChoice;
use dermaloupe::app::model::correction::SaveState;
use dermaloupe::mask::Mask;
use dermaloupe::measure::lesion_runs::LesionArea;
use dermaloupe::records::{Event, Home};
use egui::{Key, Modifiers};
use serde_json::{Value, json};

/// A window on the photo of `folder`, with records that may go to `data`.
fn window(folder: &Path, data: &Path) -> Bench {
    Bench::open_with(|options| {
        options.paths = vec![folder.join("photo1.png")];
        options.data = Some(data.to_owned());
    })
}

/// Grows the lesion by one step, as a person does, and puts the tools away.
fn correct(bench: &mut Bench) -> Mask {
    bench.press(Key::E);
    bench.press(Key::G);
    assert_eq!(bench.state().correction.save_state, SaveState::Saved, "{}", bench.notice());
    bench.press(Key::E);
    edited(bench)
}

fn edited(bench: &Bench) -> Mask {
    (*bench.state().current.edited.as_ref().expect("it was corrected").mask).clone()
}

fn files(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The folder of masks in the data directory.
fn away(folder: &Path, data: &Path) -> PathBuf {
    let home = Home::of_folder(folder, Some(data));
    let place = home.checked_masks_folders().flatten().find(|place| place.starts_with(data));
    place.expect("something is kept there")
}

#[test]
fn corrections_of_a_read_only_folder_lie_in_the_data_directory_and_follow_when_it_can_be_written() {
    let (folder, data) = (folder_of_phantoms(1), tempfile::tempdir().unwrap());
    let beside = folder.path().join(".dermaloupe");
    // A file where the records' folder would be: nothing can be made there, also not by root.
    std::fs::write(&beside, "in the way").unwrap();
    let mut bench = window(folder.path(), data.path());
    let first = correct(&mut bench);
    assert!(bench.notice().contains("data directory"), "{}", bench.notice());
    let sha256 = bench.state().current.photo.as_ref().unwrap().sha256().to_owned();
    drop(bench);
    let away = away(folder.path(), data.path());
    assert_eq!(files(&away), [format!("{sha256}.journal"), format!("{sha256}.png")]);
    assert_eq!(edited(&window(folder.path(), data.path())), first, "it is found again");

    std::fs::remove_file(&beside).unwrap();
    let mut bench = window(folder.path(), data.path());
    assert_eq!(edited(&bench), first, "the folder can be written now, and what is away is still found");
    assert!(!beside.exists(), "looking makes nothing");
    let second = correct(&mut bench);
    drop(bench);
    assert_eq!(files(&beside.join("masks")), [format!("{sha256}.journal"), format!("{sha256}.png")]);
    let mut bench = Bench::open(&[&folder.path().join("photo1.png")]);
    assert_eq!(edited(&bench), second, "all of it came along: the data directory is not even known here");
    bench.press(Key::E);
    bench.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(edited(&bench), first, "with its undo");
}

#[test]
fn corrections_follow_when_a_folder_becomes_read_only_and_nothing_older_is_written_over() {
    let (folder, data) = (folder_of_phantoms(1), tempfile::tempdir().unwrap());
    let first = correct(&mut window(folder.path(), data.path()));
    let beside = folder.path().join(".dermaloupe");
    // A folder where the lock would be: what lies beside can be read, and nothing can be written.
    std::fs::remove_file(beside.join("lock")).unwrap();
    std::fs::create_dir(beside.join("lock")).unwrap();
    let mut bench = window(folder.path(), data.path());
    assert_eq!(edited(&bench), first);
    let second = correct(&mut bench);
    let sha256 = bench.state().current.photo.as_ref().unwrap().sha256().to_owned();
    drop(bench);
    assert_eq!(files(&away(folder.path(), data.path())).len(), 2);
    let mut bench = window(folder.path(), data.path());
    assert_eq!(edited(&bench), second, "of two journals the later counts");
    std::fs::remove_dir(beside.join("lock")).unwrap();
    let third = correct(&mut bench);
    drop(bench);
    assert_ne!(third, second);
    assert_eq!(edited(&window(folder.path(), data.path())), third);
    let names = files(&beside.join("masks"));
    assert!(names.contains(&format!("{sha256}.journal.older1")), "{names:?}");
}

#[test]
fn no_place_at_all_is_said_and_a_newer_programs_records_are_left_alone() {
    let folder = folder_of_phantoms(1);
    let beside = folder.path().join(".dermaloupe");
    std::fs::create_dir(&beside).unwrap();
    std::fs::write(beside.join("format.json"), r#"{"format":"dermaloupe-records","version":9,"program":"9.0.0"}"#)
        .unwrap();
    let mut bench = Bench::open(&[&folder.path().join("photo1.png")]);
    bench.press(Key::E);
    bench.press(Key::G);
    assert_eq!(bench.state().correction.save_state, SaveState::InMemory);
    let notice = bench.notice();
    assert!(notice.contains("cannot be saved") && notice.contains("newer Dermaloupe"), "{notice}");
    drop(bench);
    assert!(!files(&beside).contains(&"masks".to_owned()));
}

#[test]
fn the_sample_is_corrected_in_the_data_directory() {
    let data = tempfile::tempdir().unwrap();
    let sample = || Bench::open_with(|options| options.data = Some(data.path().to_owned()));
    let mask = correct(&mut sample());
    assert_eq!(edited(&sample()), mask);
    assert!(data.path().join("records/sample/masks").is_dir());
}

#[test]
fn what_was_undone_is_the_networks_again() {
    let folder = folder_of_phantoms(1);
    let path = folder.path().join("photo1.png");
    let mut bench = Bench::open(&[&path]);
    correct(&mut bench);
    bench.press(Key::E);
    bench.press_with(Modifiers::COMMAND, Key::Z);
    drop(bench);
    let place = Workplace::new();
    let run = place.run_words(&["report", &path.to_string_lossy(), "--engine", "rten", "--json"]).went_well();
    assert_eq!(run.json_lines()[0]["mask_source"], "network");
}

#[test]
fn correcting_and_saving_stand_in_the_audit_log_and_looking_does_not() {
    let folder = folder_of_phantoms(1);
    let mut bench = Bench::open(&[&folder.path().join("photo1.png")]);
    assert!(!folder.path().join(".dermaloupe").exists());
    let saved = folder.path().join("out.png");
    bench.send(Command::SaveMaskTo(saved.clone()));
    bench.send(Command::Review(dermaloupe::app::command::change::ReviewChange::Reviewer("A. Reviewer".into())));
    let mask = correct(&mut bench);
    bench.press(Key::E);
    bench.press(Key::E);
    bench.send(Command::SaveOverlayTo(folder.path().join("overlay.png")));
    bench.send(Command::Correct(CorrectionChange::UseEdited(false)));
    bench.send(Command::SaveMaskTo(saved));
    drop(bench);
    let mut log = log_of(folder.path());
    // The records have the mask too; the program's two writers take turns.
    let reviewed: Vec<Value> =
        log.extract_if(.., |(event, _)| *event == Event::Reviewed).map(|line| line.1).collect();
    let [kept] = &reviewed[..] else { panic!("{reviewed:#?}") };
    assert_eq!((&kept["detail"]["state"], &kept["detail"]["mask"]), (&json!("not-seen"), &json!("corrected")));
    let events: Vec<Event> = log.iter().map(|(event, _)| *event).collect();
    assert_eq!(events, [Event::Exported, Event::Corrected, Event::Exported, Event::Exported], "{log:#?}");
    let [first, corrected, overlay, last] = [0, 1, 2, 3].map(|place| &log[place].1);
    assert_eq!((&first["detail"]["kind"], &first["detail"]["mask_source"]), (&json!("mask"), &json!("network")));
    assert!(first["model_sha256"].as_str().is_some_and(|hash| hash.len() == 64) && first["photo"] == "photo1.png");
    assert_eq!((&corrected["detail"]["steps"], &corrected["reviewer"]), (&json!(1), &json!("A. Reviewer")));
    assert_eq!(corrected["detail"]["mask_px"], mask.area_px());
    assert_eq!(corrected["detail"]["begun"]["from"], "network");
    assert_eq!(overlay["detail"]["mask_source"], "corrected");
    assert_eq!(overlay["model"], Value::Null, "the network did not make it");
    assert_eq!(last["detail"]["mask_source"], "network");
}

#[test]
fn the_corrected_mask_is_a_side_to_compare() {
    let folder = folder_of_phantoms(4);
    let mut bench = Bench::open(&[folder.path()]);
    let network = bench.state().current.segmentation.as_ref().unwrap().mask.clone();
    let mask = correct(&mut bench);
    bench.send(Action::Compare.into());
    let comparing = &bench.state().comparing;
    assert_eq!(comparing.sides[1], SideChoice::Corrected, "it is what is compared at first");
    let area = |place: usize| comparing.results[place].as_ref().unwrap().as_ref().unwrap().area_px;
    assert_eq!((area(0), area(1)), (LesionArea::of(&network).area_px, LesionArea::of(&mask).area_px));
    let (a, b) = (network.area_px() as f64, mask.area_px() as f64);
    let expected = 2.0 * a / (a + b);
    assert!((comparing.mutual_dice.unwrap() - expected).abs() < 1e-9, "it grew: one lies within the other");
    assert!(bench.shows_part("Corrected mask"));
    // The last is another photograph, and has no corrected mask.
    bench.press(Key::End);
    assert!(bench.shows_part("This photograph has no corrected mask"));
    assert!(bench.state().comparing.results[1].is_none());
}
