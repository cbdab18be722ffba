//! What the commands write, and what they never write over; who may read it; what is sent to a terminal; and what the
//! exit code tells.

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::common::{Run, Workplace, small_photo};
use serde_json::Value;

fn bytes(place: &Workplace, name: &str) -> Vec<u8> {
    std::fs::read(place.path(name)).expect("it is there")
}

#[test]
fn segment_keeps_a_mask_that_somebody_drew_in_the_folder_it_writes_to() {
    let place = Workplace::new();
    place.phantom("a.jpg");
    place.phantom("b.jpg");
    place.file("a_mask.png", "drawn by hand");
    let line = "segment . --out . --overlay --engine rten";
    let run = place
        .run(line)
        .failed_on(1)
        .says(&["a different file already exists", "was not changed", "--overwrite"], "./a_mask.png");
    assert_eq!(bytes(&place, "a_mask.png"), b"drawn by hand");
    assert_eq!(place.names(""), ["a.jpg", "a_mask.png", "b.jpg", "b_mask.png", "b_overlay.png"], "{run:?}");
    place.run(&format!("{line} --overwrite")).went_well();
    assert_eq!(bytes(&place, "a_mask.png"), bytes(&place, "b_mask.png"));
}

#[test]
fn a_run_that_is_repeated_finds_its_own_results_and_changes_nothing() {
    let place = Workplace::new();
    place.phantom("a.jpg");
    let line = "segment a.jpg --out o --overlay --probability --engine rten";
    place.run(line).went_well();
    let written = || place.path("o/a_mask.png").metadata().and_then(|facts| facts.modified()).expect("a time");
    let before = written();
    place.run(line).went_well();
    assert_eq!(written(), before);
    // Another threshold gives another mask: the first stays.
    place.run(&format!("{line} --threshold 0.9")).failed_on(1).says(&["--overwrite"], "o/a_mask.png");
    assert_eq!(written(), before);
}

#[test]
fn a_link_in_the_place_of_a_result_is_never_written_through() {
    let place = Workplace::new();
    place.phantom("a.jpg");
    std::fs::create_dir(place.path("o")).expect("a folder");
    symlink("../victim", place.path("o/a_mask.png")).expect("a link");
    place.run("segment a.jpg --out o --engine rten").failed_on(1).says(&["was not changed"], "o/a_mask.png");
    assert!(!place.path("victim").exists());
    place.file("victim", "theirs");
    place.run("segment a.jpg --out o --engine rten --overwrite").went_well();
    assert_eq!(bytes(&place, "victim"), b"theirs");
    assert!(place.path("o/a_mask.png").symlink_metadata().expect("it is there").is_file());
}

#[test]
fn exports_do_not_follow_links_either() {
    let place = Workplace::new();
    place.phantom("a.jpg");
    symlink("victim", place.path("all.json")).expect("a link");
    place
        .run("export a.jpg --format coco --out all.json --engine rten")
        .was_refused()
        .says(&["already exists"], "all.json");
    std::fs::create_dir(place.path("l")).expect("a folder");
    symlink("../victim", place.path("l/a.json")).expect("a link");
    place.run("export a.jpg --format labelme --out l --engine rten").failed_on(1).says(&["already"], "l/a.json");
    assert!(!place.path("victim").exists());
}

/// Runs a command line of the shell in the folder, with `$B` as the program.
fn shell(place: &Workplace, line: &str) -> Run {
    let mut command = Command::new("sh");
    command.args(["-c", line]).env("B", env!("CARGO_BIN_EXE_dermaloupe")).current_dir(place.path(""));
    let output = command.env_remove("RUST_LOG").output().expect("the shell starts");
    Run {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn everything_that_is_written_has_the_rights_that_the_umask_leaves() {
    for (umask, expected) in [("077", 0o600), ("022", 0o644), ("002", 0o664)] {
        let place = Workplace::new();
        place.phantom("a.jpg");
        place.file(".dermaloupe/format.json", r#"{"version":2}"#);
        let line = format!(
            "umask {umask}; $B segment a.jpg --out o --overlay --engine rten &&
             $B report a.jpg --csv a.csv --pdf a.pdf --engine rten && $B export a.jpg --format coco --out a.json"
        );
        shell(&place, &line).went_well();
        let records = ["format.json", "audit.jsonl", "lock"].map(|name| format!(".dermaloupe/{name}"));
        let names = ["o/a_mask.png", "o/a_overlay.png", "a.csv", "a.pdf", "a.json"].map(str::to_owned);
        for name in names.into_iter().chain(records) {
            let mode = place.path(&name).metadata().expect(&name).permissions().mode() & 0o777;
            assert_eq!(mode, expected, "umask {umask}: {name}");
        }
    }
}

#[test]
fn a_reader_that_leaves_is_said_and_every_photograph_is_still_done() {
    let place = Workplace::new();
    for number in 0..12 {
        small_photo(&place, &format!("photos/{number}.png"));
    }
    let mut command = place.command();
    command.args(["segment", "photos", "--out", "o", "--engine", "rten"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{said}");
    assert!(said.contains("stdout was closed"), "{said}");
    assert_eq!(place.names("o").len(), 12);
}

#[test]
fn an_audit_line_that_cannot_be_written_counts() {
    let place = Workplace::new();
    place.phantom("a.jpg");
    place.file(".dermaloupe/format.json", r#"{"version":2}"#);
    std::fs::create_dir(place.path(".dermaloupe/audit.jsonl")).expect("a folder in its place");
    // The log is read too, for what the list may lack.
    let run = place.run("report a.jpg --csv a.csv --engine rten").failed_on(2);
    run.says(&["this export could not be added to the audit log"], "audit.jsonl");
    assert!(place.path("a.csv").is_file(), "the export stays");
}

#[test]
fn names_with_escape_codes_and_line_breaks_are_shown_and_not_sent() {
    let name = "esc\u{1b}[31mred\nline\u{202e}gpj.png";
    let place = Workplace::new();
    place.phantom(&format!("p/{name}"));
    place.file("p/bad\u{9b}2J.jpg", "no photograph");
    let is_plain = |text: &str| !text.chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}'));
    let shown = "esc\\u001b[31mred\\nline\\u202egpj.png";
    for line in ["segment p --out o", "report p", "export p --format labelme --out l"] {
        let run = place.run(&format!("{line} --engine rten")).failed_on(1);
        assert!(is_plain(&run.stdout) && is_plain(&run.stderr), "{run:?}");
        assert!(run.stdout.lines().any(|row| row.contains(shown)), "{line}: {run:?}");
        assert!(run.stderr.contains("bad\\u009b2J.jpg"), "{run:?}");
    }
    let run = place.run("segment p --out o --engine rten --json").failed_on(1);
    assert!(is_plain(&run.stdout), "{run:?}");
    let rows: Vec<Value> =
        run.stdout.lines().map(|row| serde_json::from_str(row).expect("a row of JSON")).collect();
    let files: Vec<&str> = rows.iter().filter_map(|row| row["file"].as_str()).collect();
    assert_eq!(files, ["p/bad\u{9b}2J.jpg", &format!("p/{name}")], "JSON keeps the names");
    let run = place.run_words(&["segment", "\u{1b}[2J.jpg", "--out", "o"]);
    assert!(is_plain(&run.stderr) && run.stderr.contains("\\u001b[2J.jpg"), "{run:?}");
}

/// Runs with a library of engines named by the environment, from a folder where a file of that name lies.
fn with_library(place: &Workplace, variable: &str, value: &Path) -> Run {
    let mut command = place.command();
    command.args(["segment", "a.png", "--out", "o", "--engine", "ort"]).env(variable, value);
    let output = command.output().expect("the program starts");
    Run {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn a_library_named_without_a_folder_is_not_taken_from_the_current_folder() {
    let place = Workplace::new();
    small_photo(&place, "a.png");
    place.file("libstranger.so", "no library");
    let run = with_library(&place, "ORT_DYLIB_PATH", Path::new("libstranger.so")).was_refused();
    // Opened, it would be "unusable" with its whole path.
    assert!(!run.stderr.contains(place.path("libstranger.so").to_str().expect("UTF-8")), "{run:?}");
    let run = with_library(&place, "ORT_DYLIB_PATH", &place.path("libstranger.so")).was_refused();
    assert!(run.stderr.contains("cannot be used"), "{run:?}");
}

#[test]
fn a_library_in_the_data_directory_that_others_may_write_to_is_passed_over_and_said() {
    let place = Workplace::new();
    small_photo(&place, "a.png");
    let name = format!("libonnxruntime.{}", if cfg!(target_os = "macos") { "dylib" } else { "so" });
    let path = place.file(&format!("data/dermaloupe/{name}"), "no library");
    let set = |mode| {
        std::fs::set_permissions(path.parent().expect("a folder"), std::fs::Permissions::from_mode(mode))
            .expect("it can be set");
    };
    set(0o777);
    let run = with_library(&place, "XDG_DATA_HOME", &place.path("data"));
    assert!(run.stderr.contains("others may write to it"), "{run:?}");
    set(0o755);
    let run = with_library(&place, "XDG_DATA_HOME", &place.path("data"));
    assert!(!run.stderr.contains("others may write to it"), "{run:?}");
}
