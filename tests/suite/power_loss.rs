//! The power fails after any call that a program makes on its files: at most one stroke is lost, no decision that was kept,
//! and no file is there by half.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use dermaloupe::correction::journal::{Journal, JournalDamage};
use dermaloupe::records::{
    AuditEntry, AuditEvent, PhotoFile, Product, RecordsFault, RecordsLocation, Review, ReviewState,
};
use jiff::Timestamp;

use crate::common::{Workplace, small_photo};
use crate::common_disk::{Disk, Unsynced, put, watched};
use crate::journal_kill::{Life, binding, carried_out, is_same, journal_in, program_of_strokes};

const STROKES: u32 = 60;

/// Decisions of the program that decides, and as many exports.
const DECISIONS: u8 = 12;
const FOLDER: &str = "DERMALOUPE_POWER_LOSS_FOLDER";

/// Every state that a power loss may leave, each once in a row.
fn states<'a>(
    disk: &'a Disk,
    before: &'a mut BTreeMap<usize, BTreeMap<PathBuf, Vec<u8>>>,
) -> impl Iterator<Item = (Unsynced, tempfile::TempDir)> + 'a {
    Unsynced::ALL.into_iter().enumerate().filter_map(|(number, unsynced)| {
        let left = disk.left(unsynced);
        let is_new = before.get(&number) != Some(&left);
        let folder = is_new.then(|| put(&left));
        before.insert(number, left);
        folder.map(|folder| (unsynced, folder))
    })
}

#[test]
fn a_power_loss_at_any_call_loses_at_most_one_stroke_and_none_that_was_kept() {
    let place = Workplace::new();
    let (mut looked, mut lost, mut before) = (0, 0, BTreeMap::new());
    let command = program_of_strokes(&place.path("."), 7, STROKES);
    let said = watched(&command, &place.path("."), |disk| {
        let life = Life::of(&disk.said);
        for (unsynced, folder) in states(disk, &mut before) {
            let when = format!("{unsynced:?}, {} begun, {} done", life.begun.len(), life.done);
            let content = Journal::open(journal_in(folder.path()), binding()).1;
            let content = content.unwrap_or_else(|error| panic!("{when}: {error}"));
            let damage = content.as_ref().and_then(|content| content.damage);
            assert_ne!(damage, Some(JournalDamage::Loss), "{when}: an alarm for nothing");
            let found = content.as_ref().and_then(|content| content.replay.history());
            let fits = |kept: usize| match found {
                Some(found) => is_same(found, &carried_out(&None, &life.begun[..kept])),
                None => kept == 0,
            };
            let kept = (life.done..=life.begun.len()).rev().find(|&kept| fits(kept));
            let kept = kept.unwrap_or_else(|| panic!("{when}: the journal has none of the masks it may have"));
            assert!(life.begun.len() - kept <= 1, "{when}");
            lost += life.begun.len() - kept;
            looked += 1;
        }
    });
    let Some(said) = said else { return };
    assert_eq!(Life::of(&said).done, STROKES as usize, "all were made");
    println!("{looked} states of the disk after {STROKES} strokes; a stroke under way was lost in {lost}");
    assert!(looked > 4 * STROKES as usize, "{looked} states");
}

fn decided(number: u8) -> Review {
    let file = PhotoFile { name: format!("{number}.jpg"), ..PhotoFile::default() };
    let time = Timestamp::from_second(1_790_000_000 + i64::from(number)).expect("in range");
    let mut review = Review::new(&format!("{number:02x}").repeat(32), file, time);
    review.state = ReviewState::Accepted;
    review
}

fn exported() -> AuditEntry {
    AuditEntry::exported(Product::Mask, &[PathBuf::from("/a_mask.png")], None)
}

/// Does nothing in a test run; it is the program whose calls are looked at.
#[test]
fn program_that_decides() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let home = RecordsLocation::of_folder(Path::new(&folder), None);
    for number in 0..DECISIONS {
        home.open().expect("it opens").log(&[exported()]).expect("it is kept");
        println!("\n@exported");
        home.open().expect("it opens").keep(vec![decided(number)]).expect("it is kept");
        println!("\n@decided");
    }
}

#[test]
fn a_power_loss_at_any_call_keeps_every_decision_and_every_line_of_the_log_that_was_kept() {
    let place = Workplace::new();
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "power_loss::program_that_decides", "--nocapture"]).env(FOLDER, place.path("."));
    let (mut looked, mut before) = (0, BTreeMap::new());
    let said = watched(&command, &place.path("."), |disk| {
        let said = String::from_utf8_lossy(&disk.said).into_owned();
        let count = |word: &str| said.lines().filter(|line| *line == word).count();
        let (decisions, exports) = (count("@decided"), count("@exported"));
        for (unsynced, folder) in states(disk, &mut before) {
            let when = format!("{unsynced:?}, {decisions} decided, {exports} exported");
            let found = RecordsLocation::of_folder(folder.path(), None).read();
            for number in 0..decisions as u8 {
                let expected = decided(number);
                assert_eq!(found.list.of(&expected.sha256), Some(&expected), "{when}");
            }
            let is_harmless = |fault: &RecordsFault| matches!(fault, RecordsFault::Disagrees { decided: 1, .. });
            assert!(found.faults.iter().all(is_harmless), "{when}: {:?}", found.faults);
            let log = dermaloupe::records::audit::AuditLog::read(&folder.path().join(".dermaloupe/audit.jsonl"));
            let log = log.expect("it is readable");
            let logged = |event| log.entries.iter().filter(|entry| entry.event == event).count();
            assert!(logged(AuditEvent::Reviewed) >= decisions, "{when}: {log:?}");
            assert!(logged(AuditEvent::Exported) >= exports, "{when}: {log:?}");
            assert!(log.broken_lines <= 1, "{when}");
            looked += 1;
        }
    });
    if said.is_some() {
        println!("{looked} states of the disk after {DECISIONS} decisions and as many exports");
        assert!(looked > 4 * usize::from(DECISIONS), "{looked} states");
    }
}

#[test]
fn a_power_loss_at_any_call_leaves_no_result_by_half() {
    let place = Workplace::new();
    std::fs::create_dir(place.path("photos")).expect("a folder");
    for name in ["photos/a.png", "photos/b.png"] {
        small_photo(&place, name);
    }
    for line in [
        "segment photos --out out --overlay --engine rten",
        "report photos --csv report.csv --pdf pages --engine rten",
        "export photos --format coco --out out/coco.json --engine rten",
    ] {
        let mut command = place.command();
        command.args(line.split_whitespace());
        let mut seen: BTreeMap<PathBuf, Vec<Vec<u8>>> = BTreeMap::new();
        let said = watched(&command, &place.path("."), |disk| {
            for unsynced in Unsynced::ALL {
                for (name, bytes) in disk.left(unsynced) {
                    let contents = seen.entry(name).or_default();
                    if !contents.contains(&bytes) {
                        contents.push(bytes);
                    }
                }
            }
        });
        if said.is_none() {
            return;
        }
        let is_temp =
            |name: &Path| name.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".dermaloupe-"));
        let mut results = 0;
        for (name, contents) in seen.iter().filter(|(name, _)| !is_temp(name)) {
            let whole = std::fs::read(place.path(".").join(name)).expect("it is there in the end");
            assert_eq!(contents, &[whole], "{line}: {}", name.display());
            results += usize::from(!name.starts_with("photos"));
        }
        assert!(results > 0, "{line}: {seen:?}");
    }
}
