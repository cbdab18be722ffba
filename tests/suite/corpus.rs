//! The drawn corpus of `tests/corpus` in the window: its loader on every photograph, a stranger's folders of records,
//! and files under the settings' name. The command line goes through the corpus in `tests/corpus/run.py`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use crate::common::{Workplace, everything_must_be_there, root};
use crate::common_window::Bench;
use dermaloupe::app::background::{Newest, Precedence, Report};
use dermaloupe::app::settings::Settings;
use dermaloupe::app::tasks::analysis::{Analysis, AnalysisOutcome, AnalysisRequest, OpenRequest};
use dermaloupe::inference::{EngineOptions, LoadedNetworks};
use dermaloupe::photo::{Photo, PhotoSource};
use egui::Key;
use serde_json::Value;

/// Longest that one file or folder may take on a busy machine; what hangs takes longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// The folder that `tests/corpus/check.sh` drew, when it is here.
fn corpus() -> Option<PathBuf> {
    let folder = root().join("target/corpus");
    let is_there = folder.join("manifest.json").exists();
    println!("the drawn corpus: {}", if is_there { "yes" } else { "no" });
    assert!(is_there || !everything_must_be_there(), "with CI=true it must be drawn: tests/corpus/check.sh --draw");
    is_there.then_some(folder)
}

/// Runs `work` on a thread of its own, so that what hangs fails by its name.
fn guarded(name: &str, work: impl FnOnce() + Send + 'static) {
    let (done, waiting) = mpsc::sync_channel(1);
    let thread = std::thread::spawn(move || {
        work();
        done.send(()).expect("the test waits");
    });
    let ended = waiting.recv_timeout(PATIENCE);
    assert!(!matches!(ended, Err(mpsc::RecvTimeoutError::Timeout)), "it hangs: {name}");
    thread.join().unwrap_or_else(|_| panic!("it failed: {name}"));
}

/// What the window's loader makes of a file: the photograph, or the words.
struct Loader {
    analysis: Newest<Analysis>,
    woken: mpsc::Receiver<()>,
}

impl Loader {
    fn start() -> Self {
        let (wake, woken) = mpsc::sync_channel(64);
        let networks = LoadedNetworks::new(EngineOptions::default(), 1);
        let make = move || Analysis::new(networks);
        let wake = move || {
            // It is awake already where one waits.
            let _ = wake.try_send(());
        };
        let analysis = Newest::start("corpus", Precedence::SmallestKey, make, wake).expect("a thread");
        Self { analysis, woken }
    }

    fn load(&self, path: &Path) -> Result<std::sync::Arc<Photo>, String> {
        let source = PhotoSource::File(path.to_owned());
        self.analysis.send(AnalysisRequest::Open(OpenRequest { source, finds_reference: true, known: None }));
        loop {
            match self.analysis.poll() {
                Some(Report::Outcome(AnalysisOutcome::PhotoReady { read, .. })) => return Ok(read.photo),
                Some(Report::Outcome(AnalysisOutcome::PhotoFailed(words))) => return Err(words.to_string()),
                Some(Report::Outcome(_)) => panic!("another outcome: {}", path.display()),
                Some(Report::Panicked) => panic!("the loader panicked: {}", path.display()),
                None => {
                    self.woken.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no outcome: {}", path.display()));
                }
            }
        }
    }
}

/// Why `photo` is not the picture at `expected`.
fn difference(photo: &Photo, expected: &Path, tolerance: u64) -> Option<String> {
    let right = image::open(expected).expect("the corpus is whole").into_rgb8();
    if photo.size() != [right.width(), right.height()] {
        return Some(format!("size {:?}", photo.size()));
    }
    let worst = photo.rgb().iter().zip(right.as_raw()).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
    (u64::from(worst) > tolerance).then(|| format!("{worst} levels off"))
}

/// Whether `text` has every one of `words`; `one|other` is either.
fn says(text: &str, words: &Value) -> bool {
    let text = text.to_lowercase();
    let mut words = words.as_array().into_iter().flatten().filter_map(Value::as_str);
    words.all(|word| word.split('|').any(|other| text.contains(other)))
}

/// What is wrong with the loader's outcome for one photograph of the manifest.
fn complaint(loader: &Loader, corpus: &Path, case: &Value) -> Option<String> {
    let text = |key: &str| case[key].as_str().unwrap_or_default();
    let expected = corpus.join("expected").join(text("expected"));
    let tolerance = case["tolerance"].as_u64().unwrap_or(0);
    match (text("outcome"), loader.load(&corpus.join("photos").join(text("name")))) {
        ("survives" | "told", _) => None,
        ("pixels" | "pixels or refused", Ok(photo)) => difference(&photo, &expected, tolerance),
        ("refused" | "pixels or refused", Err(words)) => (!says(&words, &case["words"])).then_some(words),
        (outcome, Ok(photo)) => Some(format!("{outcome}, got {:?}", photo.size())),
        (outcome, Err(words)) => Some(format!("{outcome}, got: {words}")),
    }
}

#[test]
fn the_windows_loader_reads_the_right_pixels_or_refuses_in_words() {
    let Some(corpus) = corpus() else { return };
    let read = |path: PathBuf| -> Value {
        serde_json::from_slice(&std::fs::read(path).expect("the corpus is whole")).expect("it is JSON")
    };
    let manifest = read(corpus.join("manifest.json"));
    let known = read(root().join("tests/corpus/known.json"));
    let loader = Loader::start();
    let cases = manifest["photos"].as_array().expect("a list");
    let wrong: Vec<String> = cases
        .iter()
        .filter(|case| known[case["name"].as_str().unwrap_or_default()].is_null())
        .filter_map(|case| complaint(&loader, &corpus, case).map(|words| format!("{}: {words}", case["name"])))
        .collect();
    assert!(cases.len() >= 300, "{} photographs", cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A copy with its links, pipes and holes as they are.
fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp").args(["--archive", "--sparse=always"]).arg(from).arg(to).status();
    assert!(status.expect("cp is there").success(), "{}", from.display());
}

/// Every name below a folder, with what stands in regular files.
fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("it is readable").flatten() {
        let (path, kind) = (entry.path(), entry.file_type().expect("it has a kind"));
        if kind.is_dir() {
            found.extend(content(&path));
        }
        let bytes = if kind.is_file() { std::fs::read(&path).expect("it is readable") } else { Vec::new() };
        found.push((path, bytes));
    }
    found.sort();
    found
}

#[test]
fn a_strangers_records_neither_hold_the_window_nor_lead_it_outside() {
    let Some(corpus) = corpus() else { return };
    let mut opened = 0;
    for entry in std::fs::read_dir(corpus.join("cases")).expect("the corpus is whole").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_hostile = ["link_", "pipe_", "device_", "itself_", "folder_", "6_gib_"]
            .iter()
            .any(|kind| name.strip_prefix("records_").is_some_and(|rest| rest.starts_with(kind)));
        if !is_hostile {
            continue;
        }
        opened += 1;
        let place = Workplace::new();
        copy(&entry.path(), &place.path("case"));
        let before = content(&place.path("case/victim"));
        let photos = place.path("case/photos");
        guarded(&name, move || {
            let mut bench = Bench::open(&[&photos]);
            // A decision is written, and the correction's journal is opened and written.
            bench.press(Key::Num6);
            bench.press(Key::E);
            drop(bench.close());
        });
        assert_eq!(content(&place.path("case/victim")), before, "{name}");
    }
    assert!(opened >= 30, "{opened} folders");
}

#[test]
fn whatever_lies_under_the_settings_name_the_window_opens() {
    let Some(corpus) = corpus() else { return };
    for entry in std::fs::read_dir(corpus.join("settings")).expect("the corpus is whole").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let place = Workplace::new();
        let path = place.path("settings.json");
        std::fs::copy(entry.path(), &path).expect("it can be copied");
        let (_, complaint) = Settings::read(&path);
        let is_garbage = name.starts_with("garbage_");
        assert_eq!(complaint.is_some(), is_garbage, "{name}: {complaint:?}");
        assert_eq!(path.exists(), !is_garbage, "{name} is set aside");
        std::fs::copy(entry.path(), &path).expect("it can be copied");
        guarded(&name, move || drop(Bench::with_settings(&path).close()));
        // What was set aside before stays beside what is set aside now.
        let found = std::fs::read(entry.path()).expect("it is readable");
        let kept = content(&place.path("")).into_iter().filter(|(_, bytes)| *bytes == found).count();
        assert!(kept == 2 || !is_garbage, "{name}: {kept} kept");
    }
}
