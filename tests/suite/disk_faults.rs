//! The disk is full, the person's share of it is used up, or it fails: that is said, nothing is there by half, and what could
//! not be kept is kept when there is room.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use dermaloupe::correction::journal::{Journal, JournalError, Record};
use dermaloupe::correction::{Act, Edit, JournalOutcome, JournalRequest, JournalWriter, Mode, Step};
use dermaloupe::geometry::area::Area;
use dermaloupe::geometry::toggles::Toggles;
use dermaloupe::mask::Mask;
use dermaloupe::photo::PhotoSource;
use dermaloupe::provenance::CorrectionStart;
use dermaloupe::records::{PhotoFile, RecordsLocation, Review, ReviewState};

use crate::common::{Run, Workplace, everything_must_be_there};
use crate::journal_kill::{binding, journal_in};

const FOLDER: &str = "DERMALOUPE_SMALL_DISK";

/// Runs `script` with a disk of `kib` at `disk` in the workplace, which is gone afterwards; `None` where the system lets
/// nobody make one.
fn on_a_small_disk(place: &Workplace, kib: u32, script: &str) -> Option<Run> {
    std::fs::create_dir_all(place.path("disk")).expect("a folder");
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c"]);
    command.arg(format!("mount -t tmpfs -o size={kib}k none disk || exit 77\n{script}"));
    command.current_dir(place.path(".")).env("B", env!("CARGO_BIN_EXE_dermaloupe")).env_remove("RUST_LOG");
    let output = command.output().ok().filter(|output| output.status.code() != Some(77));
    if output.is_none() {
        assert!(!everything_must_be_there(), "no disk can be made");
        eprintln!("not run: the system lets nobody make a disk");
    }
    let output = output?;
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Some(Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) })
}

/// A folder of photographs whose results do not fit on the disk.
fn photographs(place: &Workplace) {
    for name in ["a", "b", "c", "d"] {
        place.phantom(&format!("photos/{name}.jpg"));
    }
}

#[test]
fn a_batch_on_a_full_disk_says_so_and_leaves_whole_files_alone() {
    let place = Workplace::new();
    photographs(&place);
    place.run("segment photos --out whole --overlay --probability --engine rten").went_well();
    let script = "$B segment photos --out disk/out --overlay --probability --engine rten; code=$?
                  cp -r disk/out kept; exit $code";
    let Some(run) = on_a_small_disk(&place, 4096, script) else { return };
    assert_eq!(run.code, Some(1), "{run:?}");
    let said = run.stderr.lines().filter(|line| line.contains("no space is left on the disk")).count();
    assert!(said > 0, "{run:?}");
    let (kept, all) = (place.names("kept"), place.names("whole"));
    assert!(!kept.is_empty() && kept.len() < all.len(), "{kept:?}");
    for name in kept {
        let [kept, whole] =
            ["kept", "whole"].map(|folder| std::fs::read(place.path(folder).join(&name)).expect("read"));
        assert!(kept == whole, "{name} is not whole");
    }
}

#[test]
fn tables_and_annotations_on_a_full_disk_are_whole_or_not_there() {
    let place = Workplace::new();
    photographs(&place);
    for line in [
        "report photos --csv disk/report.csv --engine rten",
        "report photos --csv report.csv --pdf disk/pages --engine rten",
        "export photos --format coco --out disk/coco.json --engine rten",
        "segment photos --out disk/o --engine rten",
    ] {
        let script = format!(
            "head -c 20M /dev/zero >disk/ballast 2>/dev/null; $B {line}; code=$?
                              ls -A disk disk/* >left; exit $code"
        );
        let Some(run) = on_a_small_disk(&place, 64, &script) else { return };
        assert!(matches!(run.code, Some(1 | 2)), "{line}: {run:?}");
        assert!(run.stderr.contains("no space") || run.stderr.contains("disk is full"), "{line}: {run:?}");
        assert!(!run.stderr.contains("os error"), "said twice, {line}: {run:?}");
        let left = std::fs::read_to_string(place.path("left")).expect("it was listed");
        let names: Vec<&str> = left.lines().filter(|name| name.contains('.')).collect();
        assert!(names.is_empty(), "{line} left {names:?}");
    }
}

/// Runs the program with every sync failing so.
fn with_failing_sync(place: &Workplace, error: &str, line: &str) -> Run {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e"]);
    command.arg(format!("inject=fsync,fdatasync:error={error}")).arg(env!("CARGO_BIN_EXE_dermaloupe"));
    let output =
        command.args(line.split_whitespace()).current_dir(place.path(".")).output().expect("strace is there");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

#[test]
fn what_the_disk_refuses_when_it_is_synced_is_said_and_nothing_of_it_stays() {
    if Command::new("strace").arg("--version").output().is_err() {
        assert!(!everything_must_be_there(), "strace is missing");
        return eprintln!("not run: strace is not here");
    }
    for (error, words) in [
        ("EDQUOT", "your share of the disk is used up"),
        ("ENOSPC", "no space is left on the disk"),
        ("EIO", "error"),
        ("EROFS", "read-only"),
    ] {
        let place = Workplace::new();
        place.phantom("a.jpg");
        std::fs::create_dir(place.path("o")).expect("a folder");
        let run = with_failing_sync(&place, error, "segment a.jpg --out o --engine rten");
        assert_eq!(run.code, Some(1), "{run:?}");
        assert!(run.stderr.to_lowercase().contains(words), "{error}: {run:?}");
        assert_eq!(place.names("o"), Vec::<String>::new(), "{error}");
        let run = with_failing_sync(&place, error, "report a.jpg --csv o/r.csv --engine rten");
        assert_ne!(run.code, Some(0), "{run:?}");
        assert!(run.stderr.to_lowercase().contains(words), "{error}: {run:?}");
        assert_eq!(place.names("o"), Vec::<String>::new(), "{error}");
    }
}

/// Makes a file that fills the disk but for `spare` bytes.
fn ballast(folder: &Path, spare: u64) -> PathBuf {
    use std::io::Write as _;
    let path = folder.join("ballast");
    let mut file = std::fs::File::create(&path).expect("a file");
    while file.write_all(&[0; 4096]).is_ok() {}
    let length = file.metadata().expect("it is there").len();
    file.set_len(length.saturating_sub(spare)).expect("it becomes shorter");
    path
}

fn stroke(mask: &mut Mask, number: u32) -> Record {
    let at = |part: u32| [(number * 37 + part * 101) as f32 % 320.0, (number * 53 + part * 67) as f32 % 240.0];
    let edit = Edit::Brush { mode: Mode::Paint, radius_px: 6.0, points: (0..40).map(at).collect() };
    let before = mask.clone();
    let area = edit.carry_out(mask).unwrap_or(Area::whole(mask.size()));
    let toggles = Toggles::between(&before, mask, area);
    Record::Step(Arc::new(Step::now(Act::Edit(edit), toggles)))
}

/// Does nothing in a test run; it is the program on the small disk.
#[test]
fn program_on_a_small_disk() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let folder = Path::new(&folder);
    strokes_wait_for_room(folder);
    decisions_wait_for_room(folder);
}

fn strokes_wait_for_room(folder: &Path) {
    let mut writer = JournalWriter::default();
    let (photo, source) = (1, PhotoSource::File(folder.join("photo.jpg")));
    drop(writer.handle(JournalRequest::Open { photo, source, data: None, binding: binding() }));
    let mut keep = |records: Vec<Record>| match writer.handle(JournalRequest::Keep { photo, records }).pop() {
        Some(JournalOutcome::Kept { result, .. }) => result,
        other => panic!("{other:?}"),
    };
    let begin = Record::Begin { origin: CorrectionStart::Empty, toggles: Toggles::default() };
    keep(vec![begin, Record::Opened]).expect("there is room");
    let mut mask = Mask::empty(binding().size);
    let ballast = ballast(folder, 12 << 10);
    let mut refused = 0;
    for number in 0..60 {
        match keep(vec![stroke(&mut mask, number)]) {
            Ok(()) => assert_eq!(refused, 0, "what waits is written first"),
            Err(error @ JournalError::Write { .. }) => {
                assert!(error.to_string().to_lowercase().contains("no space"), "{error}");
                refused += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert!((1..60).contains(&refused), "{refused} strokes were refused");
    std::fs::remove_file(ballast).expect("it is ours");
    keep(vec![stroke(&mut mask, 60)]).expect("there is room again");
    drop(writer);
    let content = Journal::open(journal_in(folder), binding()).1.expect("it is whole").expect("it is there");
    assert_eq!(content.damage, None);
    assert_eq!(**content.replay.history().expect("it has begun").mask(), mask, "no stroke is lost");
    println!("{refused} strokes waited for room");
}

fn decisions_wait_for_room(folder: &Path) {
    let home = RecordsLocation::of_folder(folder, None);
    let decided = |number: u8| {
        let file = PhotoFile { name: format!("{number}.jpg"), ..PhotoFile::default() };
        let mut review = Review::new(&format!("{number:02x}").repeat(32), file, jiff::Timestamp::now());
        review.state = ReviewState::Accepted;
        review.note = "a note that takes room ".repeat(20);
        review
    };
    let keep = |number: u8| home.open().and_then(|records| records.keep(vec![decided(number)]).map(drop));
    keep(0).expect("there is room");
    let ballast = ballast(folder, 16 << 10);
    let kept = (1..60).take_while(|&number| keep(number).map_err(|error| error.to_string()).is_ok()).count() as u8;
    let words = keep(60).expect_err("the disk is full").to_string();
    assert!(words.contains("no space is left on the disk"), "{words}");
    let found = home.read();
    // The log has a line more than the list where the list did not fit.
    assert!((0..=kept).all(|number| found.list.of(&decided(number).sha256).is_some()), "{kept} were kept");
    std::fs::remove_file(ballast).expect("it is ours");
    for number in kept + 1..60 {
        keep(number).expect("there is room again");
    }
    keep(60).expect("there is room again");
    let found = home.read();
    assert!(found.faults.is_empty(), "{:?}", found.faults);
    assert!((0..=60).all(|number| found.list.of(&decided(number).sha256).is_some()));
    println!("{kept} decisions were kept before the disk was full, the others when there was room");
}

#[test]
fn strokes_and_decisions_that_find_no_room_are_kept_when_there_is_some() {
    let place = Workplace::new();
    let program = std::env::current_exe().expect("this program");
    let script = format!(
        "{FOLDER}=$PWD/disk exec '{}' --exact disk_faults::program_on_a_small_disk --nocapture",
        program.display()
    );
    let Some(run) = on_a_small_disk(&place, 512, &script) else { return };
    println!("{}", run.stdout);
    run.went_well();
}
