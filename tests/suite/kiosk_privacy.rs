//! What a kiosk leaves alone and forgets: records and masks beside a visitor's photographs, and the photographs.

use std::collections::BTreeMap;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dermaloupe::app::kiosk::Kiosk;
use dermaloupe::decode;

use crate::common::pipe;
use crate::common_camera::FedCamera;
use crate::common_window::phantom;
use crate::kiosk::Bench;
use crate::kiosk::live_picture::is_running;
use egui::Key;

/// `O_NONBLOCK` of Linux: a pipe that nobody reads is then an error at once.
const NON_BLOCKING: i32 = 0o4000;

/// `ENXIO`: nobody has the pipe open for reading.
const NO_READER: i32 = 6;

fn has_reader(pipe: &Path) -> bool {
    match std::fs::OpenOptions::new().write(true).custom_flags(NON_BLOCKING).open(pipe) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.raw_os_error(), Some(NO_READER), "{error}");
            false
        }
    }
}

/// Every file below `folder` with its length.
fn tree(folder: &Path) -> BTreeMap<PathBuf, u64> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let facts = entry.metadata().expect("it is there");
        if facts.is_dir() {
            found.extend(tree(&entry.path()));
        }
        found.insert(entry.path(), if facts.is_file() { facts.len() } else { 0 });
    }
    found
}

#[test]
fn a_kiosk_neither_reads_nor_writes_the_records_beside_a_visitors_photograph() {
    let mut bench = Bench::new("idle_seconds = 300\n");
    let usb = bench.usb();
    let records = usb.join(".dermaloupe");
    std::fs::create_dir_all(records.join("masks")).expect("a folder");
    // Whoever opens one of these waits until somebody writes: a window would.
    let photo = decode::photo_file(&phantom("phantom2.jpg")).expect("a photo");
    let journal = format!("masks/{}.journal", photo.sha256());
    let pipes: Vec<PathBuf> =
        ["records.json", "audit.jsonl", "format.json", &journal].map(|name| records.join(name)).into();
    pipes.iter().for_each(|path| pipe(path));
    std::fs::write(usb.join("visitor_segmentation.png"), "no mask at all").expect("it can be written");
    bench.copy("visitor.jpg", "phantom2.jpg");
    let before = tree(&usb);
    bench.until("it is shown", |kiosk| kiosk.visitors() == 1 && kiosk.is_settled());
    let state = bench.state();
    assert!(state.current.reference.is_none() && state.current.edited.is_none());
    assert!(state.reviewing.of.is_empty() && state.current.measured.is_none());
    for path in &pipes {
        assert!(!has_reader(path), "somebody reads {}", path.display());
    }
    bench.pass(301.0);
    bench.until("the samples stand", Kiosk::is_settled);
    assert_eq!(tree(&usb), before, "nothing is written beside the photographs");
    let beside: Vec<_> = std::fs::read_dir(usb.parent().expect("a folder")).expect("a folder").flatten().collect();
    let names: Vec<_> = beside.iter().map(std::fs::DirEntry::file_name).collect();
    assert_eq!(names.len(), 3, "settings, folder and runtime directory are all there is: {names:?}");
}

#[test]
fn after_forgetting_nothing_holds_the_photograph_or_its_name() {
    let mut bench = Bench::new("idle_seconds = 300\n");
    bench.copy("visitors-own-name.jpg", "phantom2.jpg");
    bench.until("it is shown", |kiosk| kiosk.visitors() == 1 && kiosk.is_settled());
    let state = bench.state();
    let photo = Arc::downgrade(state.current.photo.as_ref().expect("it is shown"));
    let segmentation = Arc::downgrade(state.current.segmentation.as_ref().expect("it is segmented"));
    let derived = Arc::downgrade(state.current.derived.as_ref().expect("it is outlined"));
    assert!(format!("{state:?}").contains("visitors-own-name"), "it is in the state while it is shown");
    bench.pass(301.0);
    bench.until("a sample stands", Kiosk::is_settled);
    assert_eq!(photo.strong_count(), 0, "a thread or a picture still holds the photograph");
    assert_eq!((segmentation.strong_count(), derived.strong_count()), (0, 0));
    assert!(!format!("{:?}", bench.state()).contains("visitors-own-name"));
    assert!(!format!("{:?}", bench.app().screen().banners()).contains("visitors-own-name"));
}

#[test]
fn after_forgetting_no_frame_no_open_camera_and_no_path_of_the_live_picture_remains() {
    let mut bench = Bench::new("idle_seconds = 300\ncamera = ''\n");
    let camera = FedCamera::named(&["Dermatoscope of the visitor"]);
    bench.harness.state_mut().use_cameras(camera.access());
    bench.until("it was looked for", |kiosk| !kiosk.state().live.cameras.is_empty());
    let (usb, run) = (tree(&bench.usb()), bench.usb().with_file_name("run"));
    camera.show("phantom3.jpg");
    bench.press(Key::L);
    bench.until("a frame is shown", is_running);
    bench.press(Key::Space);
    let frame = Arc::downgrade(bench.state().live.shown.as_ref().expect("it stands"));
    bench.pass(301.0);
    bench.until("a sample stands", Kiosk::is_settled);
    bench.until("the camera is let go", |_| camera.open() == 0);
    assert!(!bench.state().live.is_on && bench.state().live.shown.is_none());
    assert_eq!(frame.strong_count(), 0, "a thread or a picture still holds the frame");
    assert_eq!(tree(&bench.usb()), usb, "nothing is written beside the photographs");
    let kept = std::fs::read_to_string(run.join("kiosk.json")).unwrap_or_default();
    assert!(!kept.contains("Dermatoscope") && !kept.contains("/dev/video"), "{kept}");
    let words = format!("{:?}", bench.app().screen().banners());
    assert!(!words.contains("Dermatoscope"), "{words}");
}
