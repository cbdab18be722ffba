//! Corrected masks where they count: in either place of the records, in reports and exports, beside another result, and
//! in the audit log.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::common::Workplace;
use crate::common_window::{Bench, folder_of_phantoms};
use dermaloupe::app::command::{Action, Command, Correct};
use dermaloupe::app::compare::Choice;
use dermaloupe::app::correction_state::Keeping;
use dermaloupe::correction::journal::{Binding, Journal, Record};
use dermaloupe::correction::{Act, Edit, Mode, Scribe, Step};
use dermaloupe::decode::{self, sha256_hex};
use dermaloupe::geometry::area::Area;
use dermaloupe::geometry::toggles::Toggles;
use dermaloupe::mask::Mask;
use dermaloupe::provenance::CorrectionStart;
use dermaloupe::records::audit::AuditLog;
use dermaloupe::records::{Event, Home};
use eframe::egui::{Key, Modifiers};
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
    assert_eq!(bench.state().correction.keeping, Keeping::Kept, "{}", bench.notice());
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
    let place = home.masks_folders().into_iter().find(|place| place.starts_with(data));
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
    let sha256 = bench.state().current.photo.as_ref().unwrap().sha256.clone();
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
    let sha256 = bench.state().current.photo.as_ref().unwrap().sha256.clone();
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
    assert_eq!(bench.state().correction.keeping, Keeping::InMemory);
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

/// A corrected mask for the photo at `path`, kept as the window keeps it.
fn keep(path: &Path, size: [u32; 2], data: Option<&Path>) -> Mask {
    let sha256 = sha256_hex(&std::fs::read(path).expect("it is there"));
    let edit = Edit::Polygon { mode: Mode::Paint, points: vec![[20.0, 10.0], [90.0, 20.0], [40.0, 70.0]] };
    let (start, mut mask) = (Mask::empty(size), Mask::empty(size));
    edit.carry_out(&mut mask);
    let toggles = Toggles::between(&start, &mask, Area::whole(size));
    let origin = CorrectionStart::Network { model: "globalatt".into(), threshold: 0.4 };
    let records = vec![
        Record::Begin { origin, toggles: Toggles::default() },
        Record::Opened,
        Record::Step(Arc::new(Step::now(Act::Edit(edit), toggles))),
    ];
    let scribe = Scribe::start(|| {}).expect("a thread");
    let home = Home::of_folder(path.parent().expect("a folder"), data);
    scribe.open(1, home, "photo".into(), Binding { sha256, size });
    scribe.keep(1, records);
    scribe.end(1, "A. Reviewer".into());
    drop(scribe);
    mask
}

const PHANTOM: [u32; 2] = [1536, 1152];

#[test]
fn a_report_measures_the_corrected_mask_and_says_so() {
    let place = Workplace::new();
    let photo = place.phantom("photos/a.jpg");
    std::fs::copy(crate::common::root().join("assets/sample/phantom2.jpg"), place.path("photos/b.jpg")).unwrap();
    let mask = keep(&photo, PHANTOM, None);
    let line = "report photos --engine rten --json --csv r.csv --pdf r.pdf";
    let rows = place.run(line).went_well().json_lines();
    assert_eq!((&rows[0]["mask_source"], &rows[1]["mask_source"]), (&json!("corrected"), &json!("network")));
    assert_eq!(rows[0]["lesion_px"], mask.area_px());
    assert_eq!(
        (&rows[0]["model"], &rows[0]["threshold"], &rows[0]["engine"]),
        (&json!("globalatt"), &json!(0.4_f32), &Value::Null),
        "what it was begun from; no engine made it"
    );
    assert_eq!(rows[0]["correction"]["steps"], 1);
    assert!(rows[1]["engine"].is_string() && rows[1]["correction"].is_null());
    let csv = std::fs::read_to_string(place.path("r.csv")).unwrap();
    assert!(csv.contains(",corrected,") && csv.contains(",network,"), "{csv}");
    let mut pdftotext = std::process::Command::new("pdftotext");
    let run =
        pdftotext.current_dir(place.path("")).args(["-layout", "r.pdf", "-"]).output().expect("poppler-utils");
    let text = String::from_utf8_lossy(&run.stdout).into_owned();
    for words in
        ["Outline corrected by hand", "One step, the last on", "Begun from the outline of", "threshold 0.40"]
    {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    assert!(text.contains("Network's outline"), "the other page is the network's: {text}");
    let plain = place.run("report photos/a.jpg --engine rten").went_well().stdout;
    assert!(plain.contains("corrected by hand"), "{plain}");

    let row =
        place.run("report photos/a.jpg --engine rten --json --network-only").went_well().json_lines().remove(0);
    assert_eq!(row["mask_source"], "network");
    assert!(row["lesion_px"] != mask.area_px() && row["engine"].is_string(), "{row}");
    let line = "evaluate --images photos --masks photos --engine rten --json";
    assert!(!place.run(line).stdout.contains("corrected"), "it is about the network alone");
}

#[test]
fn an_export_has_the_corrected_mask_to_the_pixel() {
    let place = Workplace::new();
    let photo = place.phantom("photos/a.jpg");
    let mask = keep(&photo, PHANTOM, None);
    let masks = |line: &str, file: &str, out: &str| {
        place.run(line).went_well();
        place.run(&format!("import {file} --images photos --out {out}")).went_well();
        decode::mask_file(&place.path(&format!("{out}/a_segmentation.png")), PHANTOM).expect("it is a mask")
    };
    let coco = masks("export photos --engine rten --format coco --out c.json", "c.json", "from_coco");
    let labelme = masks("export photos --engine rten --format labelme --out l", "l/a.json", "from_labelme");
    assert!(coco == mask && labelme == mask);
    let read = |name: &str| -> Value { serde_json::from_slice(&std::fs::read(place.path(name)).unwrap()).unwrap() };
    assert_eq!(read("c.json")["images"][0]["mask_source"], "corrected");
    assert_eq!(read("l/a.json")["mask_source"], "corrected");
    let network =
        masks("export photos --engine rten --network-only --format coco --out n.json", "n.json", "from_network");
    assert!(network != mask);
    assert_eq!(read("n.json")["images"][0]["mask_source"], "network");
    place.run("export photos --network-only --masks photos --format coco --out x.json").was_refused();
}

#[test]
fn a_corrected_mask_belongs_to_the_photos_bytes_and_a_broken_journal_is_no_reason_for_another_mask() {
    let place = Workplace::new();
    let photo = place.phantom("a.jpg");
    keep(&photo, PHANTOM, None);
    let source = |file: &str, more: &str| {
        let run = place.run(&format!("report {file} --engine rten --json {more}")).went_well();
        run.json_lines()[0]["mask_source"].clone()
    };
    std::fs::rename(&photo, place.path("renamed.jpg")).unwrap();
    assert_eq!(source("renamed.jpg", ""), "corrected");
    std::fs::copy(crate::common::root().join("assets/sample/phantom2.jpg"), place.path("renamed.jpg")).unwrap();
    assert_eq!(source("renamed.jpg", ""), "network", "another photograph under the old name");

    let photo = place.phantom("b.jpg");
    let sha256 = sha256_hex(&std::fs::read(&photo).unwrap());
    let journal = Journal::path_in(&place.path(".dermaloupe/masks"), &sha256);
    std::fs::write(&journal, "no journal").unwrap();
    let run = place.run("report b.jpg --engine rten").failed_on(1);
    let run = run.says(&["damaged", "--network-only"], ".journal");
    assert_eq!(run.stdout, "");
    assert_eq!(source("b.jpg", "--network-only"), "network");
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

fn log_of(folder: &Path) -> Vec<(Event, Value)> {
    let log = AuditLog::read(&folder.join(".dermaloupe/audit.jsonl")).expect("it reads");
    assert_eq!(log.broken_lines, 0);
    log.entries.into_iter().map(|entry| (entry.event, serde_json::to_value(entry).unwrap())).collect()
}

#[test]
fn correcting_and_saving_stand_in_the_audit_log_and_looking_does_not() {
    let folder = folder_of_phantoms(1);
    let mut bench = Bench::open(&[&folder.path().join("photo1.png")]);
    assert!(!folder.path().join(".dermaloupe").exists());
    let saved = folder.path().join("out.png");
    bench.send(Command::SaveMaskTo(saved.clone()));
    bench.send(Command::Review(dermaloupe::app::review::ReviewChange::Reviewer("A. Reviewer".into())));
    let mask = correct(&mut bench);
    bench.press(Key::E);
    bench.press(Key::E);
    bench.send(Command::SaveOverlayTo(folder.path().join("overlay.png")));
    bench.send(Command::Correct(Correct::UseEdited(false)));
    bench.send(Command::SaveMaskTo(saved));
    drop(bench);
    let log = log_of(folder.path());
    let events: Vec<Event> = log.iter().map(|(event, _)| *event).collect();
    assert_eq!(events, [Event::Exported, Event::Corrected, Event::Exported, Event::Exported], "{log:#?}");
    let [first, corrected, overlay, last] = [0, 1, 2, 3].map(|place| &log[place].1);
    assert_eq!((&first["detail"]["kind"], &first["detail"]["mask_source"]), (&json!("mask"), &json!("network")));
    assert!(first["model_sha256"].as_str().is_some_and(|hash| hash.len() == 64) && first["photo"] == "photo1.png");
    assert_eq!((&corrected["detail"]["steps"], &corrected["reviewer"]), (&json!(1), &json!("A. Reviewer")));
    assert_eq!(corrected["detail"]["lesion_px"], mask.area_px());
    assert_eq!(corrected["detail"]["begun"]["from"], "network");
    assert_eq!(overlay["detail"]["mask_source"], "corrected");
    assert_eq!(overlay["model"], Value::Null, "the network did not make it");
    assert_eq!(last["detail"]["mask_source"], "network");
}

#[test]
fn a_batch_adds_to_the_log_of_a_folder_with_records_and_makes_none() {
    let place = Workplace::new();
    place.phantom("bare/a.jpg");
    let photo = place.phantom("known/a.jpg");
    keep(&photo, PHANTOM, None);
    place.run("report bare known --engine rten --csv r.csv").went_well();
    place.run("report bare known --engine rten").went_well();
    place.run("export known --engine rten --format labelme --out l").went_well();
    assert!(!place.path("bare/.dermaloupe").exists());
    let log = log_of(&place.path("known"));
    let kinds: Vec<&str> = log.iter().filter_map(|(_, entry)| entry["detail"]["kind"].as_str()).collect();
    assert_eq!(kinds, ["report", "annotations"]);
    assert!(log[1].1["detail"]["files"][0].as_str().is_some_and(|file| file.ends_with("/r.csv")), "{log:#?}");
}

#[test]
fn the_corrected_mask_is_a_side_to_compare() {
    let folder = folder_of_phantoms(4);
    let mut bench = Bench::open(&[folder.path()]);
    let network = bench.state().current.segmentation.as_ref().unwrap().mask.clone();
    let mask = correct(&mut bench);
    bench.send(Action::Compare.into());
    let comparing = &bench.state().comparing;
    assert_eq!(comparing.sides[1], Choice::Corrected, "it is what is compared at first");
    let area = |place: usize| comparing.answers[place].as_ref().unwrap().as_ref().unwrap().area_px;
    assert_eq!((area(0), area(1)), (network.area_px(), mask.area_px()));
    let (a, b) = (network.area_px() as f64, mask.area_px() as f64);
    let expected = 2.0 * a / (a + b);
    assert!((comparing.mutual_dice.unwrap() - expected).abs() < 1e-9, "it grew: one lies within the other");
    assert!(bench.shows_part("Corrected mask"));
    // The last is another photograph, and has no corrected mask.
    bench.press(Key::End);
    assert!(bench.shows_part("This photograph has no corrected mask"));
    assert!(bench.state().comparing.answers[1].is_none());
}
