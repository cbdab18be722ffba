//! Corrections against scipy (`models/recipe/correction_reference.py`), and journals: cut anywhere, they tell the truth.

use std::path::Path;
use std::sync::Arc;

use crate::common::root;
use dermaloupe::correction::journal::{Binding, Journal, JournalError, Record, Replay};
use dermaloupe::correction::{Act, Edit, History, Mode, Step};
use dermaloupe::decode;
use dermaloupe::geometry::area::Area;
use dermaloupe::geometry::toggles::Toggles;
use dermaloupe::mask::Mask;
use dermaloupe::provenance::CorrectionStart;
use serde_json::Value;

pub(crate) const SIZE: [u32; 2] = [97, 71];

/// Magic, version, mark, frame, then hash and size of the photo: below that a file is no journal.
const HEADER_BYTES: usize = 8 + 2 + 12 + 8 + 1 + 64 + 1 + 1;

#[test]
fn edits_of_the_whole_mask_are_scipys() {
    let text = std::fs::read(root().join("tests/fixtures/correction/correction.json")).expect("it is committed");
    let document: Value = serde_json::from_slice(&text).expect("it is JSON");
    let entries = document["edits"].as_array().expect("a list of edits");
    for entry in entries {
        let name = entry["mask"].as_str().expect("a name");
        let path = root().join(format!("tests/fixtures/surface/{name}.png"));
        let mut mask = decode::mask_file(&path, SIZE).expect("it is committed");
        let by_px = entry["by_px"].as_u64().expect("a number") as u32;
        let edit = match entry["edit"].as_str() {
            Some("fill_holes") => Edit::FillHoles,
            Some("keep_largest") => Edit::KeepLargest,
            Some("grow") => Edit::Grow { by_px },
            Some("shrink") => Edit::Shrink { by_px },
            Some("smooth") => Edit::Smooth { radius_px: by_px },
            other => panic!("an edit that this test does not know: {other:?}"),
        };
        edit.carry_out(&mut mask);
        assert_eq!(mask.area_px(), entry["area_px"].as_u64().expect("a number"), "{name}: {edit:?}");
        assert_eq!(decode::sha256_hex(mask.pixels()), entry["sha256"], "{name}: {edit:?}");
    }
    assert_eq!(entries.len(), 28 * 14);
}

/// Numbers that look random, the same in every run.
pub(crate) struct Scattered(pub(crate) u32);

impl Scattered {
    pub(crate) fn below(&mut self, below: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % below
    }

    fn point(&mut self) -> [f32; 2] {
        [self.below(110) as f32 - 6.25, self.below(80) as f32 - 4.5]
    }

    fn edit(&mut self) -> Edit {
        let mode = if self.below(3) == 0 { Mode::Erase } else { Mode::Paint };
        let count = 1 + self.below(7);
        let points = (0..count).map(|_| self.point()).collect();
        match self.below(9) {
            0..4 => Edit::Brush { mode, radius_px: 0.5 + self.below(9) as f32, points },
            4 => Edit::Polygon { mode, points },
            5 => Edit::Lasso { mode, points },
            6 => Edit::FillHoles,
            7 => Edit::Smooth { radius_px: 1 + self.below(3) },
            _ => Edit::Grow { by_px: 1 + self.below(2) },
        }
    }
}

fn step(mask: &Mask, edit: Edit) -> Record {
    let mut after = mask.clone();
    let area = edit.carry_out(&mut after).unwrap_or(Area::whole(mask.size()));
    Record::Step(Arc::new(Step::now(Act::Edit(edit), Toggles::between(mask, &after, area))))
}

/// Records of a person's session, and the state after each.
pub(crate) fn session(seed: u32, count: usize) -> (Vec<Record>, Vec<Replay>) {
    let mut next = Scattered(seed);
    let start =
        decode::mask_file(&root().join("tests/fixtures/surface/blobs_reference.png"), SIZE).expect("a mask");
    let toggles = Toggles::of_mask(&start);
    let mut records = vec![Record::Begin { origin: CorrectionStart::Empty, toggles }, Record::Opened];
    let mut replay = Replay::default();
    let mut states = Vec::new();
    for record in &records {
        replay.take(record.clone(), SIZE).expect("it follows");
        states.push(replay.clone());
    }
    while records.len() < count {
        let history = replay.history().expect("it has begun");
        let record = match next.below(8) {
            0 | 1 if !history.done().is_empty() => Record::Undo,
            2 if !history.undone().is_empty() => Record::Redo,
            3 if next.below(6) == 0 => {
                if replay.is_open() {
                    Record::Closed
                } else {
                    Record::Opened
                }
            }
            4 if next.below(9) == 0 && history.done().len() > 3 => Record::Forget(2),
            _ => step(history.mask(), next.edit()),
        };
        replay.take(record.clone(), SIZE).expect("it follows");
        records.push(record);
        states.push(replay.clone());
    }
    (records, states)
}

pub(crate) fn binding() -> Binding {
    Binding { sha256: "ab".repeat(32), size: SIZE }
}

fn told(path: &Path) -> (Journal, Option<Replay>) {
    let (journal, told) = Journal::open(path.to_owned(), binding());
    (journal, told.expect("it can be read").map(|told| told.replay))
}

#[test]
fn a_journal_read_again_is_the_live_mask_with_its_history() {
    let folder = tempfile::tempdir().expect("a folder");
    for seed in 0..12 {
        let path = folder.path().join(format!("deep/{seed}.journal"));
        let (records, states) = session(seed, 60);
        let (mut journal, nothing) = told(&path);
        assert!(nothing.is_none());
        for chunk in records.chunks(3) {
            journal.append(chunk).expect("it is written");
        }
        drop(journal);
        assert_eq!(told(&path).1.as_ref(), states.last(), "seed {seed}");
    }
}

#[test]
fn replaying_the_edits_themselves_gives_the_same_pixels() {
    let (records, states) = session(3, 80);
    let end = states.last().and_then(Replay::history).expect("it has begun");
    let mut mask = end.first_mask();
    for step in end.done() {
        let Act::Edit(edit) = &step.act else { panic!("the session has edits only") };
        edit.carry_out(&mut mask);
    }
    assert_eq!(&mask, &**end.mask());
    assert!(records.contains(&Record::Undo), "the session undoes something");
}

#[test]
fn a_journal_cut_at_any_byte_loses_at_most_the_record_it_cuts() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("whole.journal");
    let (records, states) = session(5, 24);
    let (mut journal, _) = told(&path);
    let mut ends = Vec::new();
    for record in &records {
        journal.append(std::slice::from_ref(record)).expect("it is written");
        ends.push(journal.bytes() as usize);
    }
    drop(journal);
    let bytes = std::fs::read(&path).expect("it is there");
    let cut = folder.path().join("cut.journal");
    for length in 0..=bytes.len() {
        std::fs::write(&cut, &bytes[..length]).expect("it is written");
        let whole = ends.iter().filter(|&&end| end <= length).count();
        match Journal::open(cut.clone(), binding()).1 {
            Ok(Some(told)) => {
                let expected = whole.checked_sub(1).map(|last| states[last].clone()).unwrap_or_default();
                assert_eq!(told.replay, expected, "cut at {length}");
                assert_eq!(told.broken_bytes + told.whole_bytes, length as u64);
            }
            Ok(None) => panic!("the file is there"),
            Err(JournalError::Damaged { .. }) => assert!(length < HEADER_BYTES, "cut at {length}"),
            Err(error) => panic!("cut at {length}: {error}"),
        }
    }
}

#[test]
fn any_byte_that_changes_is_found_and_what_stands_before_it_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.journal");
    let (records, states) = session(9, 16);
    let (mut journal, _) = told(&path);
    journal.append(&records[..1]).expect("it is written");
    let mut ends = vec![journal.bytes() as usize];
    for record in &records[1..] {
        journal.append(std::slice::from_ref(record)).expect("it is written");
        ends.push(journal.bytes() as usize);
    }
    drop(journal);
    let bytes = std::fs::read(&path).expect("it is there");
    for place in ends[0]..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 0x40;
        std::fs::write(&path, &changed).expect("it is written");
        let whole = ends.iter().filter(|&&end| end <= place).count();
        assert_eq!(told(&path).1.as_ref(), Some(&states[whole - 1]), "byte {place}");
    }
}

#[test]
fn a_broken_tail_is_kept_aside_before_anything_is_written_behind_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.journal");
    let (records, states) = session(11, 12);
    let (mut journal, _) = told(&path);
    journal.append(&records[..9]).expect("it is written");
    let whole = journal.bytes();
    drop(journal);
    let mut bytes = std::fs::read(&path).expect("it is there");
    bytes.extend(b"half a record");
    std::fs::write(&path, &bytes).expect("it is written");

    let (mut journal, replay) = told(&path);
    assert_eq!(replay.as_ref(), Some(&states[8]));
    assert_eq!(std::fs::read(&path).expect("it is there"), bytes, "reading changes nothing");
    journal.append(&records[9..]).expect("it is written");
    drop(journal);
    assert_eq!(told(&path).1.as_ref(), states.last());
    let tail = std::fs::read(folder.path().join("a.journal.tail1")).expect("it is kept");
    assert_eq!(tail, b"half a record");
    assert!(std::fs::metadata(&path).expect("it is there").len() > whole);
}

#[test]
fn a_shorter_journal_takes_the_long_ones_place_and_tells_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    for seed in 20..32 {
        let path = folder.path().join(format!("{seed}.journal"));
        let (records, states) = session(seed, 70);
        let (mut journal, _) = told(&path);
        journal.append(&records).expect("it is written");
        let long = journal.bytes();
        let last = states.last().expect("a state");
        journal.rewrite(last).expect("it is written");
        assert!(journal.bytes() < long, "seed {seed}");
        let (again, replay) = told(&path);
        assert_eq!(replay.as_ref(), Some(last), "seed {seed}");
        drop(again);
        // It goes on as before.
        let more = step(last.history().expect("it has begun").mask(), Edit::FillHoles);
        journal.append(std::slice::from_ref(&more)).expect("it is written");
        drop(journal);
        let mut expected = last.clone();
        expected.take(more, SIZE).expect("it follows");
        assert_eq!(told(&path).1, Some(expected), "seed {seed}");
    }
}

#[test]
fn a_journal_of_another_photo_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.journal");
    let (records, _) = session(1, 8);
    let (mut journal, _) = told(&path);
    journal.append(&records).expect("it is written");
    drop(journal);
    let before = std::fs::read(&path).expect("it is there");
    for other in
        [Binding { sha256: "cd".repeat(32), size: SIZE }, Binding { size: [SIZE[1], SIZE[0]], ..binding() }]
    {
        let (mut journal, told) = Journal::open(path.clone(), other);
        let words = told.expect_err("it is refused").to_string();
        assert!(words.contains("another photograph") && words.ends_with("a.journal"), "{words}");
        assert!(journal.append(&records).is_err());
    }
    let mut newer = before.clone();
    newer[8] = 9;
    std::fs::write(&path, &newer).expect("it is written");
    let (mut journal, told) = Journal::open(path.clone(), binding());
    assert!(told.expect_err("it is refused").to_string().contains("format 9"));
    assert!(journal.append(&records).is_err());
    assert_eq!(std::fs::read(&path).expect("it is there"), newer);
}

#[test]
fn a_file_that_is_no_journal_is_set_aside_and_a_new_one_begun() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.journal");
    std::fs::write(&path, "something else").expect("it is written");
    let (mut journal, told_of) = Journal::open(path.clone(), binding());
    assert!(matches!(told_of, Err(JournalError::Damaged { .. })));
    let (records, states) = session(2, 8);
    journal.append(&records).expect("it is written");
    drop(journal);
    assert_eq!(told(&path).1.as_ref(), states.last());
    let aside = std::fs::read(folder.path().join("a.journal.damaged1")).expect("it is kept");
    assert_eq!(aside, b"something else");
}

#[test]
fn two_windows_never_write_one_journal() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.journal");
    let (records, states) = session(4, 12);
    let (mut first, _) = told(&path);
    let (mut second, _) = told(&path);
    first.append(&records[..6]).expect("it is written");
    let refused = second.append(&records[..3]).expect_err("it was begun by the first");
    assert!(refused.to_string().contains("another window"), "{refused}");
    let (mut third, _) = told(&path);
    let refused = third.append(&records[6..7]).expect_err("the first holds it");
    assert!(refused.to_string().contains("another window"), "{refused}");
    first.append(&records[6..]).expect("it is written");
    drop(first);
    let refused = third.append(&records[6..7]).expect_err("it has grown since it was read");
    assert!(refused.to_string().contains("another window"), "{refused}");
    assert_eq!(told(&path).1.as_ref(), states.last());
}

#[test]
fn what_could_not_be_written_is_written_with_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let masks = folder.path().join("masks");
    let path = masks.join("a.journal");
    // A file where the folder should be: nothing can be made below it.
    std::fs::write(&masks, "in the way").expect("it is written");
    let (records, states) = session(6, 10);
    let (mut journal, _) = told_anyhow(&path);
    let words = journal.append(&records[..4]).expect_err("there is no folder").to_string();
    assert!(words.contains("cannot be saved") && words.ends_with("a.journal"), "{words}");
    std::fs::remove_file(&masks).expect("it is removed");
    journal.append(&records[4..]).expect("it is written");
    drop(journal);
    assert_eq!(told(&path).1.as_ref(), states.last());
}

/// The journal, whatever reading said: here the folder is a file.
fn told_anyhow(path: &Path) -> (Journal, Option<Replay>) {
    let (journal, told) = Journal::open(path.to_owned(), binding());
    (journal, told.ok().flatten().map(|told| told.replay))
}

#[test]
fn an_unended_session_is_known_by_its_steps() {
    let mut replay = Replay::default();
    let start = Mask::empty(SIZE);
    let mut take = |record: Record| {
        replay.take(record, SIZE).expect("it follows");
        replay.unended_steps()
    };
    let dot = |x: f32| step(&start, Edit::Brush { mode: Mode::Paint, radius_px: 2.0, points: vec![[x, 9.0]] });
    take(Record::Begin { origin: CorrectionStart::Empty, toggles: Toggles::default() });
    assert_eq!(take(Record::Opened), 0);
    assert_eq!((take(dot(9.0)), take(dot(20.0)), take(Record::Undo), take(Record::Redo)), (1, 2, 1, 2));
    assert_eq!(take(Record::Closed), 0);
    assert_eq!((take(Record::Opened), take(dot(30.0))), (0, 1));
    // Back beyond where this session began, and forth again: what is done anew counts.
    assert_eq!((take(Record::Undo), take(Record::Undo), take(dot(40.0))), (0, 0, 1));
}

#[test]
fn the_history_is_bounded_in_steps() {
    let mut history = History::begin(CorrectionStart::Empty, Mask::empty([64, 8]));
    let edit = |on: bool| Edit::Brush {
        mode: if on { Mode::Paint } else { Mode::Erase },
        radius_px: 2.0,
        points: vec![[9.0, 4.0]],
    };
    for index in 0..History::MOST_STEPS + 5 {
        let Record::Step(step) = step(history.mask(), edit(index % 2 == 0)) else { panic!("a step") };
        history.push(step);
        let surplus = history.surplus();
        assert_eq!(surplus, usize::from(index >= History::MOST_STEPS));
        history.forget(surplus);
    }
    assert_eq!(history.done().len(), History::MOST_STEPS);
}
