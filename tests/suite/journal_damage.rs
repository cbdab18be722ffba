//! Damaged journals: nothing of a correction is ever dropped without a word.

use std::path::PathBuf;
use std::sync::Arc;

use crate::common::{Workplace, root};
use crate::correction::{SIZE, Scattered, binding, session};
use crate::report_pdf::text_of;
use dermaloupe::correction::journal::{Binding, Journal, JournalDamage, JournalError, Record, Replay};
use dermaloupe::correction::{
    Act, Edit, History, JournalEnd, JournalOutcome, JournalRequest, JournalWriter, Mode, Step, corrected_mask,
};
use dermaloupe::decode::sha256_hex;
use dermaloupe::geometry::area::Area;
use dermaloupe::geometry::toggles::Toggles;
use dermaloupe::mask::Mask;
use dermaloupe::photo::PhotoSource;
use dermaloupe::provenance::{CorrectionStart, LesionMask};
use dermaloupe::records::Home;
use serde_json::json;

/// A photo's folder with a journal of `strokes` strokes.
struct CorrectedPhoto {
    folder: tempfile::TempDir,
    binding: Binding,
    journal: PathBuf,
    /// Of the whole journal.
    mask: Arc<Mask>,
}

fn dot(number: u32) -> Edit {
    let at = [4.5 + (number % 9) as f32 * 10.0, 4.5 + (number / 9) as f32 * 8.0];
    Edit::Brush { mode: Mode::Paint, radius_px: 3.0, points: vec![at, [at[0] + 2.0, at[1] + 1.0]] }
}

fn step(mask: &Mask, edit: Edit) -> Record {
    let mut after = mask.clone();
    let area = edit.carry_out(&mut after).unwrap_or(Area::whole(mask.size()));
    Record::Step(Arc::new(Step::now(Act::Edit(edit), Toggles::between(mask, &after, area))))
}

impl CorrectedPhoto {
    /// As the window writes it: one stroke after the other.
    fn of(strokes: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let binding = binding();
        let mut writer = JournalWriter::default();
        let (photo, source) = (1, PhotoSource::File(folder.path().join("photo.jpg")));
        writer.handle(JournalRequest::Open { photo, source, data: None, binding: binding.clone() });
        let mut replay = Replay::default();
        let mut keep = |records: Vec<Record>| {
            records.iter().for_each(|record| replay.take(record.clone(), SIZE).unwrap());
            let kept = writer.handle(JournalRequest::Keep { photo, records });
            assert!(matches!(kept[..], [JournalOutcome::Kept { result: Ok(()), .. }]), "{kept:?}");
            replay.history().unwrap().clone()
        };
        let begin = Record::Begin { origin: CorrectionStart::Empty, toggles: Toggles::default() };
        let mut history = keep(vec![begin, Record::Opened]);
        for number in 0..strokes {
            history = keep(vec![step(history.mask(), dot(number))]);
        }
        let mask = Arc::clone(history.mask());
        writer.handle(JournalRequest::End { photo, reviewer: String::new() });
        let journal = Journal::path_in(&folder.path().join(".dermaloupe/masks"), &binding.sha256);
        Self { folder, binding, journal, mask }
    }

    fn corrected(&self) -> Result<Option<LesionMask>, JournalError> {
        corrected_mask(&Home::of_folder(self.folder.path(), None), &self.binding)
    }

    /// What a command says of the journal with these bytes.
    fn told(&self, bytes: &[u8]) -> Told {
        std::fs::write(&self.journal, bytes).unwrap();
        match self.corrected() {
            Err(error) => {
                let words = error.to_string();
                assert!(words.contains("journal") && words.ends_with(".journal"), "{words}");
                Told::Refused
            }
            Ok(Some(lesion)) if lesion.origin.correction().is_some_and(|correction| correction.is_damaged) => {
                Told::Marked
            }
            Ok(Some(lesion)) if lesion.mask == self.mask => Told::Whole,
            Ok(Some(_)) => Told::FewerInSilence,
            Ok(None) => Told::NetworkInSilence,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Refused,
    Marked,
    Whole,
    FewerInSilence,
    NetworkInSilence,
}

impl Told {
    fn is_silent(self) -> bool {
        matches!(self, Self::FewerInSilence | Self::NetworkInSilence)
    }
}

/// Fifty each of what a disk, a stick and a share do to a file: cut, one bit, and random bytes.
fn damaged(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut next = Scattered(2026);
    let mut all = Vec::new();
    for _ in 0..50 {
        let length = next.below(bytes.len() as u32) as usize;
        all.push((format!("cut at {length}"), bytes[..length].to_vec()));
        let (place, bit) = (next.below(bytes.len() as u32) as usize, next.below(8));
        let mut flipped = bytes.to_vec();
        flipped[place] ^= 1 << bit;
        all.push((format!("bit {bit} of byte {place}"), flipped));
        let (place, count) = (next.below(bytes.len() as u32) as usize, 1 + next.below(200) as usize);
        let mut random = bytes.to_vec();
        random.iter_mut().skip(place).take(count).for_each(|byte| *byte = next.below(256) as u8);
        all.push((format!("{count} random bytes at {place}"), random));
    }
    all
}

#[test]
fn of_150_damaged_journals_none_is_used_in_part_without_a_word() {
    let photo = CorrectedPhoto::of(50);
    let bytes = std::fs::read(&photo.journal).unwrap();
    assert_eq!(photo.told(&bytes), Told::Whole);
    let told: Vec<(String, Told)> =
        damaged(&bytes).into_iter().map(|(name, bytes)| (name, photo.told(&bytes))).collect();
    let silent: Vec<_> = told.iter().filter(|(_, told)| told.is_silent()).collect();
    assert_eq!((told.len(), silent), (150, vec![]));
    let refused = told.iter().filter(|(_, told)| *told == Told::Refused).count();
    println!(
        "{refused} refused, {} told in the row",
        told.iter().filter(|(_, told)| *told == Told::Marked).count()
    );
}

/// Also exactly after a record, where what is left is a whole journal of an earlier moment.
#[test]
fn a_journal_that_ends_early_is_told_wherever_it_ends() {
    let photo = CorrectedPhoto::of(9);
    let bytes = std::fs::read(&photo.journal).unwrap();
    for length in 0..bytes.len() {
        assert_eq!(photo.told(&bytes[..length]), Told::Refused, "cut at {length}");
    }
    let mut longer = bytes.clone();
    longer.extend(b"\x2a\0\0\0 the beginning of a record that nobody was told is saved");
    assert_eq!(photo.told(&longer), Told::Marked);
    std::fs::remove_file(&photo.journal).unwrap();
    assert_eq!(photo.corrected().unwrap(), None, "there is none");
}

#[test]
fn a_journal_of_version_1_is_read_and_continued_as_one_of_this_version() {
    let bytes = std::fs::read(root().join("tests/fixtures/correction/version-1.journal")).unwrap();
    assert_eq!(bytes[8..10], [1, 0]);
    let folder = tempfile::tempdir().unwrap();
    // It was written by the program that is killed, of version 1.
    let binding = crate::journal_kill::binding();
    let masks = folder.path().join(".dermaloupe/masks");
    std::fs::create_dir_all(&masks).unwrap();
    let path = Journal::path_in(&masks, &binding.sha256);
    std::fs::write(&path, &bytes).unwrap();
    let home = Home::of_folder(folder.path(), None);
    let lesion = corrected_mask(&home, &binding).unwrap().unwrap();
    let steps = lesion.origin.correction().unwrap().steps;
    assert!(steps > 5 && !lesion.origin.correction().unwrap().is_damaged);
    // What its edits lead to, worked out anew.
    let read = Journal::open(path.clone(), binding.clone()).1.unwrap().unwrap();
    let history = read.replay.history().unwrap();
    let mut mask = history.first_mask();
    for step in history.done() {
        let Act::Edit(edit) = &step.act else { panic!("it has edits only") };
        edit.carry_out(&mut mask);
    }
    assert_eq!(mask, *lesion.mask);

    let mut writer = JournalWriter::default();
    let (photo, source) = (1, PhotoSource::File(folder.path().join("photo.jpg")));
    let open = JournalRequest::Open { photo, source: source.clone(), data: None, binding: binding.clone() };
    let opened = writer.handle(open).remove(0);
    assert!(matches!(opened, JournalOutcome::Opened { end: JournalEnd::Unknown, .. }), "{opened:?}");
    let more = step(&lesion.mask, Edit::Grow { by_px: 2 });
    writer.handle(JournalRequest::Keep { photo, records: vec![more] });
    drop(writer);
    assert_eq!(std::fs::read(&path).unwrap()[8..10], [2, 0]);
    let again = corrected_mask(&home, &binding).unwrap().unwrap();
    assert_eq!(again.origin.correction().unwrap().steps, steps + 1);
    Edit::Grow { by_px: 2 }.carry_out(&mut mask);
    assert_eq!(*again.mask, mask);
    let opened =
        JournalWriter::default().handle(JournalRequest::Open { photo, source, data: None, binding }).remove(0);
    assert!(
        matches!(opened, JournalOutcome::Opened { end: JournalEnd::Whole, .. }),
        "it has a mark now: {opened:?}"
    );
}

#[test]
fn a_damaged_journal_of_version_1_is_told_but_for_an_end_exactly_after_a_record() {
    let bytes = std::fs::read(root().join("tests/fixtures/correction/version-1.journal")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let binding = crate::journal_kill::binding();
    let path = folder.path().join("a.journal");
    let mut ends = vec![10];
    while ends[ends.len() - 1] < bytes.len() {
        let at = ends[ends.len() - 1];
        ends.push(at + 8 + u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize);
    }
    for (name, changed) in damaged(&bytes) {
        std::fs::write(&path, &changed).unwrap();
        let is_told = match Journal::open(path.clone(), binding.clone()).1 {
            Ok(Some(content)) => content.damage.is_some(),
            Ok(None) => false,
            Err(_) => true,
        };
        let is_an_earlier_moment = ends.contains(&changed.len()) && bytes.starts_with(&changed);
        assert_eq!(is_told, !is_an_earlier_moment, "{name}");
    }
}

#[test]
fn a_damaged_middle_is_a_loss_and_an_unacknowledged_end_a_tail() {
    let photo = CorrectedPhoto::of(12);
    let bytes = std::fs::read(&photo.journal).unwrap();
    let damage = |bytes: &[u8]| {
        std::fs::write(&photo.journal, bytes).unwrap();
        Journal::open(photo.journal.clone(), photo.binding.clone()).1.unwrap().unwrap().damage
    };
    assert_eq!(damage(&bytes), None);
    let mut middle = bytes.clone();
    middle[bytes.len() / 2] ^= 1;
    assert_eq!(damage(&middle), Some(JournalDamage::Loss));
    assert_eq!(damage(&bytes[..bytes.len() - 1]), Some(JournalDamage::Loss));
    let tail = [&bytes[..], &[9, 0, 0, 0, 1, 2]].concat();
    assert_eq!(damage(&tail), Some(JournalDamage::Tail));
    let mut unmarked = bytes;
    unmarked[12] ^= 1;
    assert_eq!(damage(&unmarked), Some(JournalDamage::Tail), "the mark by which a loss would be known");
}

#[test]
fn a_record_whose_numbers_mean_nothing_is_a_loss() {
    let start = |threshold| Act::Start(CorrectionStart::Network { model: "malunet".to_owned(), threshold });
    let brush = |radius_px, x| Edit::Brush { mode: Mode::Paint, radius_px, points: vec![[3.0, 4.0], [x, 5.0]] };
    let acts = [
        (start(f32::NAN), Some(JournalDamage::Loss)),
        (start(1.5), Some(JournalDamage::Loss)),
        (Act::Edit(brush(f32::INFINITY, 6.0)), Some(JournalDamage::Loss)),
        (Act::Edit(brush(3.0, f32::NAN)), Some(JournalDamage::Loss)),
        (start(1.0), None),
        (Act::Edit(brush(3.0, 6.0)), None),
    ];
    for (act, damage) in acts {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.journal");
        let begin = Record::Begin { origin: CorrectionStart::Empty, toggles: Toggles::default() };
        let records = [begin, Record::Step(Arc::new(Step::now(act.clone(), Toggles::default())))];
        Journal::open(path.clone(), binding()).0.append(&records).unwrap();
        let content = Journal::open(path, binding()).1.unwrap().unwrap();
        assert_eq!(content.damage, damage, "{act:?}");
        assert_eq!(content.replay.history().unwrap().done().len(), usize::from(damage.is_none()), "{act:?}");
    }
}

#[test]
fn a_journal_that_the_fuzzer_made_is_told_as_damaged() {
    let journal = root().join("tests/fixtures/fuzz/journal/threshold-not-a-number.journal");
    let sha256 = "1ae064e46239b5a5651587b8bafc9dd15eef9daae9eb0dec4b676e29c25b1d0e".to_owned();
    let content = Journal::open(journal, Binding { sha256, size: [160, 120] }).1.unwrap().unwrap();
    assert_eq!((content.damage, content.replay.history().unwrap().done().len()), (Some(JournalDamage::Loss), 3));
}

#[test]
fn what_can_be_saved_is_continued_and_the_damaged_journal_is_kept() {
    let photo = CorrectedPhoto::of(12);
    let mut bytes = std::fs::read(&photo.journal).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&photo.journal, &bytes).unwrap();
    let mut writer = JournalWriter::default();
    let (number, source) = (1, PhotoSource::File(photo.folder.path().join("photo.jpg")));
    let binding = photo.binding.clone();
    let opened = writer.handle(JournalRequest::Open { photo: number, source, data: None, binding }).remove(0);
    let JournalOutcome::Opened { replay: Some(replay), trouble: Some(trouble), .. } = opened else {
        panic!("{opened:?}")
    };
    let steps = replay.history().unwrap().done().len();
    assert!((1..12).contains(&steps) && trouble.to_string().contains(&format!("{steps} steps can be read")));
    let more = step(replay.history().unwrap().mask(), dot(40));
    writer.handle(JournalRequest::Keep { photo: number, records: vec![more] });
    drop(writer);
    assert_eq!(photo.corrected().unwrap().unwrap().origin.correction().unwrap().steps, steps + 1);
    let aside = photo.journal.with_file_name(format!("{}.journal.damaged1", photo.binding.sha256));
    assert_eq!(std::fs::read(aside).unwrap(), bytes);
}

/// A folder whose masks cannot be looked into is none without masks. Root may look anywhere, so a file stands there.
#[test]
fn a_folder_of_masks_that_cannot_be_read_is_an_error() {
    let photo = CorrectedPhoto::of(3);
    let masks = photo.journal.parent().unwrap();
    std::fs::remove_file(&photo.journal).unwrap();
    std::fs::create_dir(&photo.journal).unwrap();
    assert!(matches!(photo.corrected(), Err(JournalError::Read(_))), "a folder under the journal's name");
    std::fs::remove_dir(&photo.journal).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/dev/zero", &photo.journal).unwrap();
        let words = photo.corrected().unwrap_err().to_string();
        assert!(words.contains("link"), "{words}");
        std::fs::remove_file(&photo.journal).unwrap();
        std::fs::remove_dir_all(masks).unwrap();
        std::os::unix::fs::symlink("/nowhere", masks).unwrap();
        assert!(photo.corrected().unwrap_err().to_string().contains("link"));
    }
}

#[test]
fn replaying_keeps_the_historys_bounds_whatever_a_journal_says() {
    let size = [2000, 2000];
    let mut replay = Replay::default();
    let mut take = |record: Record| replay.take(record, size).unwrap();
    take(Record::Begin { origin: CorrectionStart::Empty, toggles: Toggles::default() });
    // Every second pixel of a hundred rows: some 800 kB a step.
    let comb: Vec<u8> = (0..2000 * 2000).map(|place| u8::from(place < 200_000 && place % 2 == 0)).collect();
    let toggles = Toggles::of_mask(&Mask::new(2000, 2000, comb));
    let one = Arc::new(Step::now(Act::Edit(Edit::FillHoles), toggles));
    for _ in 0..200 {
        take(Record::Step(Arc::new((*one).clone())));
    }
    let history = replay.history().unwrap();
    let bytes: usize = history.done().iter().map(|step| step.toggles.bytes()).sum();
    assert!(history.done().len() < 100 && bytes <= History::MOST_BYTES, "{} steps, {bytes}", history.done().len());
    assert_eq!(history.mask().area_px(), 0, "their effect stays: each was undone by the next");
}

/// Records with the limits of the window: what it has dropped is said in the journal, too, and counts once.
#[test]
fn what_a_journal_drops_counts_once() {
    let (records, states) = session(7, 40);
    let mut replay = Replay::default();
    for (record, state) in records.iter().zip(&states) {
        replay.take(record.clone(), SIZE).unwrap();
        assert_eq!(&replay, state);
    }
    let mut replay = Replay::default();
    replay.take(Record::Begin { origin: CorrectionStart::Empty, toggles: Toggles::default() }, SIZE).unwrap();
    let empty = Arc::new(Step::now(Act::Edit(Edit::FillHoles), Toggles::default()));
    for number in 0..History::MOST_STEPS + 7 {
        replay.take(Record::Step(Arc::clone(&empty)), SIZE).unwrap();
        if number >= History::MOST_STEPS {
            replay.take(Record::Forget(1), SIZE).unwrap();
        }
    }
    assert_eq!(replay.history().unwrap().done().len(), History::MOST_STEPS);
}

#[test]
fn report_and_export_tell_a_damaged_journal_and_use_no_part_of_it() {
    let place = Workplace::new();
    let photo = place.phantom("photos/a.jpg");
    crate::corrected::keep(&photo, [1536, 1152], None);
    let sha256 = sha256_hex(&std::fs::read(&photo).unwrap());
    let journal = Journal::path_in(&place.path("photos/.dermaloupe/masks"), &sha256);
    let bytes = std::fs::read(&journal).unwrap();

    let tail = [&bytes[..], b"\x30\0\0\0half a record"].concat();
    std::fs::write(&journal, tail).unwrap();
    let run = place.run("report photos --engine rten --json --csv r.csv --pdf r.pdf").went_well();
    let row = run.json_lines().remove(0);
    assert_eq!((&row["correction_damaged"], &row["correction"]["damaged"]), (&json!(true), &json!(true)));
    assert_eq!(row["mask_source"], "corrected");
    let csv = std::fs::read_to_string(place.path("r.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let column = rows.headers().unwrap().iter().position(|name| name == "correction_damaged").unwrap();
    assert_eq!(&rows.records().next().unwrap().unwrap()[column], "true");
    let text = text_of(&place.path("r.pdf"));
    assert!(text.contains("Journal damaged at its end"), "{text}");
    let run = place.run("export photos --engine rten --format labelme --out l").went_well();
    assert!(run.stdout.contains("the last step may be missing"), "{run:?}");

    let middle = bytes.len() - 40;
    let mut lossy = bytes;
    lossy[middle] ^= 1;
    std::fs::write(&journal, lossy).unwrap();
    let words = ["damaged", "can be read", "--network-only"];
    let run = place.run("report photos --engine rten").failed_on(1).says(&words, ".journal");
    let row = run.stdout.lines().nth(1).unwrap();
    assert!(row.starts_with("a.jpg") && !row.contains(|c: char| c.is_ascii_digit()), "no figure: {row}");
    let run = place.run("export photos --engine rten --format coco --out c.json").failed_on(1);
    assert_eq!(run.says(&words, ".journal").stdout, "");
    place.run("report photos --engine rten --network-only").went_well();
}
