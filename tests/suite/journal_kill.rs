//! A program that corrects a mask is killed a hundred times, at any instant: of what it had begun at most one stroke
//! is lost, and what was said to be done never is.
//!
//! The program is this test's own binary, run again: it makes strokes by the same writer that the window's journal
//! has, and prints what it begins and what is done. The test kills it, reads the journal, and compares it with the
//! printed edits, carried out anew.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dermaloupe::correction::journal::{Binding, Journal, Record, Replay};
use dermaloupe::correction::{Act, Edit, History, JournalOutcome, JournalRequest, JournalWriter, Mode, Step};
use dermaloupe::geometry::area::Area;
use dermaloupe::geometry::toggles::Toggles;
use dermaloupe::mask::Mask;
use dermaloupe::photo::PhotoSource;
use dermaloupe::provenance::CorrectionStart;
use serde_json::{Value, json};

/// How often CI kills; `DERMALOUPE_KILLS=1000` is for a person with ten minutes.
const KILLS: u32 = 100;
const MORE_KILLS: &str = "DERMALOUPE_KILLS";

/// Of the kills at least as many meet a stroke that is being written: one of these.
const KILLS_A_WRITE: usize = 5;

const SIZE: [u32; 2] = [320, 240];
const FOLDER: &str = "DERMALOUPE_KILL_TEST_FOLDER";
const SEED: &str = "DERMALOUPE_KILL_TEST_SEED";
const STROKES: &str = "DERMALOUPE_KILL_TEST_STROKES";

/// Longest life of one program; most are killed long before.
const LONGEST_LIFE_MICROS: u64 = 400_000;

/// Journals longer than this are written anew, so that kills meet that too.
const COMPACT_BYTES: u64 = 20_000;

pub(crate) fn binding() -> Binding {
    Binding { sha256: "5a".repeat(32), size: SIZE }
}

struct Scattered(u64);

impl Scattered {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    fn edit(&mut self) -> Edit {
        let mode = if self.below(3) == 0 { Mode::Erase } else { Mode::Paint };
        let points = (0..2 + self.below(30)).map(|_| [self.below(320) as f32, self.below(240) as f32]).collect();
        match self.below(10) {
            0 => Edit::Polygon { mode, points },
            1 => Edit::Lasso { mode, points },
            2 => Edit::FillHoles,
            3 => Edit::KeepLargest,
            _ => Edit::Brush { mode, radius_px: 1.0 + self.below(40) as f32, points },
        }
    }
}

/// What the program prints, a line each, as JSON.
fn said(edit: &Value) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n@{edit}").and_then(|()| out.flush()).expect("the test reads");
}

/// Does nothing in a test run; it is the program that is killed when the test runs this binary again.
#[test]
fn program_that_is_killed() {
    let (Ok(folder), Ok(seed)) = (std::env::var(FOLDER), std::env::var(SEED)) else { return };
    let mut next = Scattered(seed.parse().expect("a number"));
    let mut writer = JournalWriter::compacting_at(COMPACT_BYTES);
    let (photo, source) = (1, PhotoSource::File(Path::new(&folder).join("photo.jpg")));
    let opened = writer.handle(JournalRequest::Open { photo, source, data: None, binding: binding() }).pop();
    let Some(JournalOutcome::Opened { has_journal: true, replay, trouble: None, .. }) = opened else {
        panic!("the journal is whole")
    };
    let mut replay = replay.unwrap_or_default();
    let has_begun = replay.history().is_some();
    let mut keep = |records: Vec<Record>| {
        for record in &records {
            replay.take(record.clone(), SIZE).expect("it follows");
        }
        let kept = writer.handle(JournalRequest::Keep { photo, records });
        assert!(matches!(kept[..], [JournalOutcome::Kept { result: Ok(()), .. }]), "{kept:?}");
        replay.history().cloned().expect("it has begun")
    };
    said(&json!("begin"));
    // A life that ended before anything was kept leaves no history, though the file may be there.
    let mut history = keep(match has_begun {
        true => vec![Record::Opened],
        false => {
            vec![Record::Begin { origin: CorrectionStart::Empty, toggles: Toggles::default() }, Record::Opened]
        }
    });
    said(&json!("open"));
    let strokes = std::env::var(STROKES).map_or(u64::MAX, |strokes| strokes.parse().expect("a number"));
    for number in 0..strokes {
        let (words, record) = match next.below(7) {
            0 if !history.done().is_empty() => (json!("undo"), Record::Undo),
            1 if !history.undone().is_empty() => (json!("redo"), Record::Redo),
            _ => {
                let edit = next.edit();
                let mut after = (**history.mask()).clone();
                let area = edit.carry_out(&mut after).unwrap_or(Area::whole(SIZE));
                let toggles = Toggles::between(history.mask(), &after, area);
                let words = serde_json::to_value(&edit).expect("plain data");
                (words, Record::Step(Arc::new(Step::now(Act::Edit(edit), toggles))))
            }
        };
        said(&json!({ "begun": number, "edit": words }));
        history = keep(vec![record]);
        said(&json!({ "done": number }));
    }
}

/// Where a journal lies beside photographs.
pub(crate) fn journal_in(folder: &Path) -> PathBuf {
    Journal::path_in(&folder.join(".dermaloupe/masks"), &binding().sha256)
}

fn program(folder: &Path, seed: u32) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "journal_kill::program_that_is_killed", "--nocapture"]);
    command.env(FOLDER, folder).env(SEED, seed.to_string());
    command
}

/// The program, which ends by itself after so many strokes.
pub(crate) fn program_of_strokes(folder: &Path, seed: u32, strokes: u32) -> Command {
    let mut command = program(folder, seed);
    command.env(STROKES, strokes.to_string());
    command
}

/// What a killed program had printed: edits begun, and how many were said to be done.
#[derive(Default)]
pub(crate) struct Life {
    pub(crate) begun: Vec<Value>,
    pub(crate) done: usize,
}

/// What a line of the program says; the test harness prints others.
fn told(line: &str) -> Option<Value> {
    serde_json::from_str(line.strip_prefix('@')?).ok()
}

/// Runs the program, kills it `micros` after its first stroke could begin, and tells what it had printed.
fn life(folder: &Path, seed: u32, micros: u64) -> Life {
    let mut child: Child = program(folder, seed).stdout(Stdio::piped()).spawn().expect("it starts");
    let output = child.stdout.take().expect("a pipe");
    let (sender, lines) = crossbeam_channel::bounded(64);
    let reader = std::thread::spawn(move || {
        // The last line may be cut: what was not printed whole was not said.
        for value in BufReader::new(output).lines().map_while(Result::ok).filter_map(|line| told(&line)) {
            let _ = sender.send(value);
        }
    });
    let mut life = Life::default();
    let patience = Duration::from_secs(120);
    let first = lines.recv_timeout(patience).expect("the program starts");
    assert_eq!(first, "begin");
    let end = Instant::now() + Duration::from_micros(micros);
    while let Ok(value) = lines.recv_deadline(end) {
        life.take(&value);
    }
    assert_eq!(child.try_wait().expect("its state"), None, "the program ended before it was killed");
    child.kill().expect("it can be killed");
    child.wait().expect("it has ended");
    lines.iter().for_each(|value| life.take(&value));
    reader.join().expect("the pipe is read to its end");
    life
}

impl Life {
    /// Of all that the program had printed.
    pub(crate) fn of(said: &[u8]) -> Self {
        let mut life = Self::default();
        String::from_utf8_lossy(said).split('\n').filter_map(told).for_each(|value| life.take(&value));
        life
    }

    fn take(&mut self, value: &Value) {
        if value.get("begun").is_some() {
            self.begun.push(value["edit"].clone());
        } else if value.get("done").is_some() {
            self.done += 1;
        }
    }
}

/// The printed edits, carried out anew from the history before: no journal, no toggles of the program.
pub(crate) fn carried_out(before: &Option<History>, edits: &[Value]) -> History {
    let empty = || History::begin(CorrectionStart::Empty, Mask::empty(SIZE));
    let mut history = before.clone().unwrap_or_else(empty);
    for edit in edits {
        match edit.as_str() {
            Some("undo") => assert!(history.undo().is_some()),
            Some("redo") => assert!(history.redo().is_some()),
            _ => {
                let edit: Edit = serde_json::from_value(edit.clone()).expect("an edit");
                let mut after = (**history.mask()).clone();
                edit.carry_out(&mut after);
                let toggles = Toggles::between(history.mask(), &after, Area::whole(SIZE));
                history.push(Arc::new(Step::now(Act::Edit(edit), toggles)));
                // Whoever reads a journal keeps as many steps as can be undone.
                let surplus = history.surplus();
                history.forget(surplus);
            }
        }
    }
    history
}

/// Masks, and what can be undone and redone, are the same; the second at which a step was made may differ.
pub(crate) fn is_same(one: &History, other: &History) -> bool {
    let acts = |steps: &[Arc<Step>]| -> Vec<(Act, Toggles)> {
        steps.iter().map(|step| (step.act.clone(), step.toggles.clone())).collect()
    };
    one.mask() == other.mask()
        && acts(one.done()) == acts(other.done())
        && acts(one.undone()) == acts(other.undone())
}

#[test]
fn a_hundred_kills_lose_at_most_one_stroke_each() {
    let kills = std::env::var(MORE_KILLS).map_or(KILLS, |kills| kills.parse().expect("a number"));
    let folder = tempfile::tempdir().expect("a folder");
    let mut next = Scattered(20_261_123);
    let mut before: Option<History> = None;
    let (mut strokes, mut lost_in_all, mut lives_that_lost, mut kills_within) = (0, 0, 0, 0);
    for kill in 0..kills {
        let life = life(folder.path(), kill + 1, next.below(LONGEST_LIFE_MICROS));
        let path = journal_in(folder.path());
        let replay: Option<Replay> = Journal::open(path, binding()).1.expect("it is whole").map(|told| told.replay);
        let found = replay.as_ref().and_then(Replay::history).cloned();
        let fits = |kept: usize| {
            let expected = carried_out(&before, &life.begun[..kept]);
            match &found {
                Some(found) => is_same(found, &expected),
                None => kept == 0 && before.is_none(),
            }
        };
        let kept = (life.done..=life.begun.len()).rev().find(|&kept| fits(kept));
        let kept = kept.unwrap_or_else(|| panic!("kill {kill}: the journal has none of the masks it may have"));
        let lost = life.begun.len() - kept;
        assert!(lost <= 1, "kill {kill}: {lost} strokes lost of {}, {} were done", life.begun.len(), life.done);
        strokes += life.begun.len();
        lost_in_all += lost;
        lives_that_lost += usize::from(lost > 0);
        kills_within += usize::from(life.begun.len() > life.done);
        before = found.or(before);
    }
    println!(
        "{kills} kills, {strokes} strokes begun, {kills_within} kills while a stroke was being kept; \
         strokes lost: {lost_in_all}, in {lives_that_lost} lives; acknowledged strokes lost: 0"
    );
    assert!(strokes > kills as usize, "too few strokes were made for the kills to meet any");
    assert!(
        kills_within * KILLS_A_WRITE >= kills as usize,
        "{kills_within} kills met a stroke that was being written"
    );
}
