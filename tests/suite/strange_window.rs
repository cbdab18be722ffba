//! The window before a stranger's folder: what is no photograph is said, and the window closes.

use std::path::Path;

use crate::common::pipe;
use crate::common_window::Bench;
use dermaloupe::app::model::current::Phase;
use egui::Key;

/// A folder with a photograph, and under another name what is none, of which a record says that it was reviewed.
fn folder(strange: impl FnOnce(&Path)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    strange(&folder.path().join("a.jpg"));
    std::fs::write(folder.path().join("b.jpg"), include_bytes!("../../assets/sample/phantom2.jpg")).unwrap();
    let records = serde_json::json!({
        "format": "dermaloupe-records", "version": 2,
        "photos": [{ "sha256": "ab".repeat(32), "name": "a.jpg", "bytes": 0, "state": "accepted", "note": "",
                     "reviewer": "", "changed": "2026-11-23T06:50:12.345Z" }],
    });
    std::fs::create_dir(folder.path().join(".dermaloupe")).unwrap();
    std::fs::write(folder.path().join(".dermaloupe/records.json"), records.to_string()).unwrap();
    std::fs::write(
        folder.path().join(".dermaloupe/format.json"),
        r#"{"format":"dermaloupe-records","version":2,"program":"0.1.0"}"#,
    )
    .unwrap();
    folder
}

/// Opens the folder at the strange file, goes on to the photograph, and closes.
fn is_said_and_closes(folder: &tempfile::TempDir) {
    let mut bench = Bench::open(&[folder.path()]);
    assert!(matches!(bench.state().current.phase, Phase::FileFailed(_)), "{:?}", bench.state().current.phase);
    bench.press(Key::ArrowRight);
    assert_eq!(bench.name(), "b.jpg");
    // What records and journals wait for would hold this up for ever.
    bench.close();
}

#[test]
fn a_pipe_with_a_record_of_its_name_is_said_and_the_window_closes() {
    is_said_and_closes(&folder(pipe));
}

#[test]
fn a_link_to_an_endless_device_is_said_and_the_window_closes() {
    is_said_and_closes(&folder(|path| std::os::unix::fs::symlink("/dev/zero", path).unwrap()));
}

#[test]
fn a_file_of_six_gigabytes_is_said_and_the_window_closes() {
    is_said_and_closes(&folder(|path| {
        std::fs::File::create(path).and_then(|file| file.set_len(6 << 30)).unwrap();
    }));
}
