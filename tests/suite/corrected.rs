//! Corrected masks where the command line counts them: in reports and exports, and in the audit log.

use std::path::Path;
use std::sync::Arc;

use crate::common::Workplace;
use dermaloupe::correction::journal::{Binding, Journal, Record};
use dermaloupe::correction::{Act, Edit, JournalRequest, JournalWriter, Mode, Step};
use dermaloupe::decode::{self, sha256_hex};
use dermaloupe::geometry::area::Area;
use dermaloupe::geometry::toggles::Toggles;
use dermaloupe::mask::Mask;
use dermaloupe::photo::PhotoSource;
use dermaloupe::provenance::CorrectionStart;
use dermaloupe::records::Event;
use dermaloupe::records::audit::AuditLog;
use serde_json::{Value, json};

/// A corrected mask for the photo at `path`, kept as the window keeps it.
pub(crate) fn keep(path: &Path, size: [u32; 2], data: Option<&Path>) -> Mask {
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
    let (photo, data) = (1, data.map(Path::to_owned));
    let (source, binding) = (PhotoSource::File(path.to_owned()), Binding { sha256, size });
    let mut writer = JournalWriter::default();
    writer.handle(JournalRequest::Open { photo, source, data, binding });
    writer.handle(JournalRequest::Keep { photo, records });
    writer.handle(JournalRequest::End { photo, reviewer: "A. Reviewer".into() });
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
    assert_eq!(rows[0]["mask_px"], mask.area_px());
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
    for words in ["Corrected outline", "One step, the last on", "Started from the outline of", "threshold 0.40"] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    assert!(text.contains("Network's outline"), "the other page is the network's: {text}");
    let plain = place.run("report photos/a.jpg --engine rten").went_well().stdout;
    assert!(plain.lines().any(|line| line.starts_with("a.jpg ") && line.contains("corrected")), "{plain}");

    let row =
        place.run("report photos/a.jpg --engine rten --json --network-only").went_well().json_lines().remove(0);
    assert_eq!(row["mask_source"], "network");
    assert!(row["mask_px"] != mask.area_px() && row["engine"].is_string(), "{row}");
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

pub(crate) fn log_of(folder: &Path) -> Vec<(Event, Value)> {
    let log = AuditLog::read(&folder.join(".dermaloupe/audit.jsonl")).expect("it reads");
    assert_eq!(log.broken_lines, 0);
    log.entries.into_iter().map(|entry| (entry.event, serde_json::to_value(entry).unwrap())).collect()
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
