//! The clock is set back between two decisions and two strokes: the later one counts, whatever the clock says.

use std::path::{Path, PathBuf};
use std::process::Command;

use dermaloupe::correction::journal::Journal;
use dermaloupe::records::{PhotoFile, RecordsLocation, Review, ReviewState};
use jiff::Timestamp;

use crate::common::{Workplace, root};
use crate::journal_kill::{Life, binding, carried_out, is_same, journal_in, program_of_strokes};

const FOLDER: &str = "DERMALOUPE_CLOCK_FOLDER";
const STATE: &str = "DERMALOUPE_CLOCK_STATE";
const SHA256: &str = "5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b";

/// A day, and nearly to the beginning of the clock.
const BACK: [i64; 2] = [86_400, 1_700_000_000];

/// The library that sets the clock back, built by the compiler that links Rust's programs.
fn library(place: &Workplace) -> PathBuf {
    let path = place.path("back.so");
    let source = root().join("tests/fixtures/clock/back.c");
    let status =
        Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&path).arg(source).arg("-ldl").status();
    assert!(status.expect("cc is there").success());
    path
}

fn set_back<'a>(command: &'a mut Command, library: &Path, seconds: i64) -> &'a mut Command {
    command.env("LD_PRELOAD", library).env("CLOCK_BACK", seconds.to_string())
}

/// Does nothing in a test run; it is the program that decides by the clock that it finds.
#[test]
fn program_that_decides_by_the_clock() {
    let (Ok(folder), Ok(state)) = (std::env::var(FOLDER), std::env::var(STATE)) else { return };
    let file = PhotoFile { name: "a.jpg".into(), ..PhotoFile::default() };
    let mut review = Review::new(SHA256, file, Timestamp::now());
    review.state = serde_json::from_value(state.into()).expect("a state");
    let home = RecordsLocation::of_folder(Path::new(&folder), None);
    home.open().expect("it opens").keep(vec![review]).expect("it is kept");
}

fn decide(folder: &Path, state: ReviewState) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "clock_back::program_that_decides_by_the_clock"]);
    command.env(FOLDER, folder).env(STATE, state.key());
    command
}

#[test]
fn the_later_decision_counts_and_comes_back_from_the_log() {
    let place = Workplace::new();
    let library = library(&place);
    for seconds in BACK {
        let folder = place.path(&seconds.to_string());
        std::fs::create_dir(&folder).expect("a folder");
        assert!(decide(&folder, ReviewState::Accepted).status().expect("it starts").success());
        let mut later = decide(&folder, ReviewState::Rejected);
        assert!(set_back(&mut later, &library, seconds).status().expect("it starts").success());
        let home = RecordsLocation::of_folder(&folder, None);
        let found = home.read();
        let review = found.list.of(SHA256).expect("it is kept");
        assert!(review.changed < Timestamp::now() - jiff::SignedDuration::from_hours(20), "the clock was set back");
        assert_eq!(review.state, ReviewState::Rejected);
        assert!(found.faults.is_empty(), "{:?}", found.faults);
        std::fs::remove_file(folder.join(".dermaloupe/records.json")).expect("it is there");
        assert_eq!(
            home.read().list.of(SHA256).map(|review| review.state),
            Some(ReviewState::Rejected),
            "from the log"
        );
    }
}

#[test]
fn strokes_after_it_follow_those_before() {
    let place = Workplace::new();
    let library = library(&place);
    let mut before = None;
    for (seed, seconds) in [0, BACK[0], BACK[1]].into_iter().enumerate() {
        let mut command = program_of_strokes(&place.path("."), seed as u32, 20);
        let output = set_back(&mut command, &library, seconds).output().expect("it starts");
        assert!(output.status.success(), "{output:?}");
        let expected = carried_out(&before, &Life::of(&output.stdout).begun);
        let content =
            Journal::open(journal_in(&place.path(".")), binding()).1.expect("it is whole").expect("it is there");
        let found = content.replay.history().cloned().expect("it has begun");
        assert!(is_same(&found, &expected), "{seconds} seconds back");
        before = Some(found);
    }
}

#[test]
fn commands_give_what_they_gave() {
    let place = Workplace::new();
    let library = library(&place);
    place.phantom("photos/a.jpg");
    place.run("segment photos --out now --engine rten").went_well();
    for line in
        ["segment photos --out then --engine rten", "report photos --csv r.csv --pdf pages --engine rten", "doctor"]
    {
        let mut command = place.command();
        let output = set_back(&mut command, &library, BACK[1]).args(line.split_whitespace()).output();
        let output = output.expect("it starts");
        assert!(output.status.success(), "{line}: {output:?}");
    }
    let [now, then] =
        ["now/a_mask.png", "then/a_mask.png"].map(|name| std::fs::read(place.path(name)).expect("read"));
    assert!(now == then);
}
