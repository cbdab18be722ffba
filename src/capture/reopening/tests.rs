use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::*;
use crate::capture::{ColourCoding, FrameEncoding};

/// What a test double of a camera does next: opens or not, gives a frame of a size or none, fails, or panics.
enum ScriptedStep {
    Opens,
    Frame([u32; 2]),
    Fails(CaptureError),
    Panics,
    Waits,
}

/// A test double: a camera that does what it is told, one act a call.
struct Scripted {
    info: SourceInfo,
    script: Arc<Mutex<VecDeque<ScriptedStep>>>,
    has_one_format: bool,
}

fn next(script: &Mutex<VecDeque<ScriptedStep>>) -> ScriptedStep {
    script.lock().expect("no test panics while it holds it").pop_front().expect("the script goes on")
}

impl FrameSource for Scripted {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn has_one_format(&self) -> bool {
        self.has_one_format
    }

    fn next_frame(&mut self, _longest: Duration) -> Result<Option<Frame>, CaptureError> {
        match next(&self.script) {
            ScriptedStep::Frame(size) => Ok(Some(frame(size))),
            ScriptedStep::Waits => Ok(None),
            ScriptedStep::Fails(error) => Err(error),
            ScriptedStep::Panics => panic!("as a driver's crate may"),
            ScriptedStep::Opens => unreachable!("it is open"),
        }
    }
}

fn frame(size: [u32; 2]) -> Frame {
    let format = FrameFormat { encoding: FrameEncoding::Mjpeg, size, stride: 0, colour: ColourCoding::default() };
    let (time, arrived) = (Duration::ZERO, Instant::now());
    Frame { number: 0, time, arrived, format, bytes: Arc::default() }
}

/// What became of the script, a word a step; each step is half a second after the one before.
fn steps(script: Vec<ScriptedStep>, has_one_format: bool, count: u32) -> Vec<String> {
    let script = Arc::new(Mutex::new(VecDeque::from(script)));
    let open: SourceOpener = Box::new(move || match next(&script) {
        ScriptedStep::Opens => {
            let info = SourceInfo { name: "Scope".to_owned(), ..SourceInfo::default() };
            Ok(Box::new(Scripted { info, script: Arc::clone(&script), has_one_format }))
        }
        ScriptedStep::Fails(error) => Err(error),
        ScriptedStep::Panics => panic!("as a driver's crate may"),
        ScriptedStep::Frame(_) | ScriptedStep::Waits => unreachable!("it is closed"),
    });
    let mut source = Reopening::new("Scope".to_owned(), open);
    let start = Instant::now();
    let said = |step| match step {
        CaptureStep::Opened(info) => format!("opened {}", info.name),
        CaptureStep::Frame(frame) => format!("frame {}", frame.format.size[0]),
        CaptureStep::Failed(error) => error.message().id.to_owned(),
        CaptureStep::Waiting(rest) => format!("waits {}", rest.as_millis()),
    };
    (0..count).map(|step| said(source.step(start + Duration::from_millis(500) * step))).collect()
}

fn camera() -> String {
    "Scope".to_owned()
}

#[test]
fn every_failure_that_ends_a_stream_opens_it_again_after_a_second() {
    let failures = [
        CaptureError::Unplugged { camera: camera() },
        CaptureError::Busy { camera: camera() },
        CaptureError::NoPermission { group: "video".to_owned(), path: PathBuf::from("/dev/video0") },
        CaptureError::NoDevice,
        CaptureError::UnreadFormat { camera: camera(), formats: "H264".to_owned() },
    ];
    for failure in failures {
        let id = failure.message().id;
        let script = vec![
            ScriptedStep::Opens,
            ScriptedStep::Frame([8, 8]),
            ScriptedStep::Fails(failure),
            ScriptedStep::Opens,
            ScriptedStep::Frame([8, 8]),
        ];
        let expected = ["opened Scope", "frame 8", id, "waits 500", "opened Scope", "frame 8"];
        assert_eq!(steps(script, true, 6), expected);
    }
}

#[test]
fn a_source_that_cannot_be_opened_is_tried_again() {
    let gone = || ScriptedStep::Fails(CaptureError::NoDevice);
    let found = steps(vec![gone(), gone(), ScriptedStep::Opens, ScriptedStep::Frame([8, 8])], true, 6);
    let id = CaptureError::NoDevice.message().id;
    assert_eq!(found, [id, "waits 500", id, "waits 500", "opened Scope", "frame 8"]);
}

#[test]
fn a_damaged_frame_is_left_out_and_the_source_stays_open() {
    let damaged = CaptureError::DamagedFrame { detail: "12 of 24 bytes".to_owned() };
    let script = vec![ScriptedStep::Opens, ScriptedStep::Fails(damaged), ScriptedStep::Frame([8, 8])];
    assert_eq!(steps(script, true, 3), ["opened Scope", "capture-damaged-frame", "frame 8"]);
}

#[test]
fn a_new_format_is_told_once_and_its_frame_is_not_lost() {
    let script = || {
        vec![
            ScriptedStep::Opens,
            ScriptedStep::Frame([8, 8]),
            ScriptedStep::Frame([16, 8]),
            ScriptedStep::Frame([16, 8]),
        ]
    };
    let expected = ["opened Scope", "frame 8", "capture-format-changed", "frame 16", "frame 16"];
    assert_eq!(steps(script(), true, 5), expected);
    assert_eq!(steps(script(), false, 4), ["opened Scope", "frame 8", "frame 16", "frame 16"], "a folder");
}

#[test]
fn a_camera_that_comes_back_with_another_format_says_so() {
    let gone = CaptureError::Unplugged { camera: camera() };
    let script = vec![
        ScriptedStep::Opens,
        ScriptedStep::Frame([8, 8]),
        ScriptedStep::Fails(gone),
        ScriptedStep::Opens,
        ScriptedStep::Frame([16, 8]),
    ];
    let expected = [
        "opened Scope",
        "frame 8",
        "capture-unplugged",
        "waits 500",
        "opened Scope",
        "capture-format-changed",
        "frame 16",
    ];
    assert_eq!(steps(script, true, 7), expected);
}

#[test]
fn a_panic_of_what_reads_the_camera_is_an_error_and_it_is_opened_again() {
    let script = vec![
        ScriptedStep::Panics,
        ScriptedStep::Opens,
        ScriptedStep::Panics,
        ScriptedStep::Opens,
        ScriptedStep::Frame([8, 8]),
    ];
    let found = steps(script, true, 7);
    let id = "capture-crashed";
    assert_eq!(found, [id, "waits 500", "opened Scope", id, "waits 500", "opened Scope", "frame 8"]);
}

#[test]
fn a_camera_that_gives_no_frame_for_two_seconds_is_frozen_and_opened_again() {
    let waits = || (0..4).map(|_| ScriptedStep::Waits);
    let script = [ScriptedStep::Opens, ScriptedStep::Frame([8, 8])].into_iter().chain(waits());
    let script = script.chain([ScriptedStep::Opens, ScriptedStep::Frame([8, 8])]).collect();
    let waited = ["waits 0"; 3];
    let expected =
        [&["opened Scope", "frame 8"], &waited[..], &["capture-frozen", "waits 500", "opened Scope", "frame 8"]];
    assert_eq!(steps(script, true, 9), expected.concat());
}

#[test]
fn a_camera_may_take_six_seconds_to_start() {
    let waits = (0..11).map(|_| ScriptedStep::Waits);
    let script = [ScriptedStep::Opens].into_iter().chain(waits).chain([ScriptedStep::Frame([8, 8])]).collect();
    assert_eq!(steps(script, true, 13).last().map(String::as_str), Some("frame 8"));
    let script = [ScriptedStep::Opens].into_iter().chain((0..12).map(|_| ScriptedStep::Waits)).collect();
    assert_eq!(steps(script, true, 13).last().map(String::as_str), Some("capture-frozen"));
}
