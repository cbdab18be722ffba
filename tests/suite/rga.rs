//! A board's RGA against a functional double of its library: pixels, order of calls, handles, and every way back to the
//! processor. No RGA has run any of it.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dermaloupe::capture::pixels::FramePixels;
use dermaloupe::capture::{ColourCoding, ColourMatrix, Frame, FrameEncoding, FrameFormat};
use dermaloupe::live::rga::RgaPlace;
use dermaloupe::live::{Conversion, Converter, RgaError};
use serde_json::Value;

use crate::common::Workplace;
use crate::common_rga::{NoMemory, RgaBoard, misuser};

const TO: [u32; 2] = [256, 256];

const BT709: ColourCoding = ColourCoding { matrix: ColourMatrix::Bt709, is_full_range: false };

/// Something like skin with a dark round spot, its rows `padding` bytes apart.
fn drawn(
    encoding: FrameEncoding,
    size: [u32; 2],
    padding: u32,
    colour: ColourCoding,
) -> (FramePixels, FrameFormat) {
    let stride = FrameFormat { encoding, size, stride: 0, colour }.least_stride() + padding;
    let format = FrameFormat { encoding, size, stride, colour };
    let [width, rows] = size.map(|side| side as usize);
    let darkness = |x: usize, y: usize, width: usize, rows: usize| {
        let [x, y] = [x as f32 / width as f32 - 0.5, y as f32 / rows as f32 - 0.45];
        1.0 / (1.0 + (40.0 * (x.hypot(y) - 0.22)).exp())
    };
    let mut bytes = vec![0xAA; stride as usize * rows * 2];
    for (y, row) in bytes.chunks_exact_mut(stride as usize).enumerate() {
        for (x, byte) in row.iter_mut().take(width).enumerate() {
            *byte = match y.checked_sub(rows) {
                None => (180.0 - 110.0 * darkness(x, y, width, rows)) as u8,
                Some(y) if x % 2 == 0 => (112.0 + 12.0 * darkness(x, y, width, rows / 2)) as u8,
                Some(y) => (158.0 - 20.0 * darkness(x, y, width, rows / 2)) as u8,
            };
        }
    }
    if encoding == FrameEncoding::Yuyv {
        bytes.truncate(stride as usize * rows);
    }
    let frame = Frame { number: 0, time: Duration::ZERO, arrived: Instant::now(), format, bytes: Arc::new(bytes) };
    (FramePixels::of(&frame).expect("it is whole"), format)
}

fn nv12(size: [u32; 2]) -> (FramePixels, FrameFormat) {
    drawn(FrameEncoding::Nv12, size, 0, ColourCoding::default())
}

fn most_different(one: &[u8], other: &[u8]) -> u8 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(one, other)| one.abs_diff(*other)).max().expect("it has pixels")
}

#[test]
fn its_picture_is_the_processors_within_three_levels() {
    let full_601 = ColourCoding { matrix: ColourMatrix::Bt601, is_full_range: true };
    for (size, padding, colour, to) in [
        ([640, 480], 0, ColourCoding::default(), TO),
        ([1280, 720], 32, full_601, TO),
        ([1920, 1080], 8, BT709, TO),
        // Rows of neither are a multiple of what RGA asks for.
        ([648, 486], 2, ColourCoding::default(), [250, 200]),
    ] {
        let board = RgaBoard::new("");
        let (pixels, format) = drawn(FrameEncoding::Nv12, size, padding, colour);
        let mut converter = Converter::new(board.place());
        for _ in 0..2 {
            let input = converter.reduced(&pixels, &format, to);
            let most = most_different(&input, &pixels.reduced(to));
            assert!(most <= 3, "{format}: {most}");
        }
        let Some(Conversion::Rga { version, difference }) = converter.conversion() else {
            panic!("{:?}", converter.conversion())
        };
        assert_eq!(version, "1.10.3_[1], RGA_2_Enhance RGA_3");
        assert!(*difference < 1.0, "{difference}");
    }
}

#[test]
fn memory_is_imported_once_for_a_format_and_each_has_its_turn() {
    let board = RgaBoard::new("");
    let mut converter = Converter::new(board.place());
    let (pixels, format) = nv12([640, 480]);
    for _ in 0..20 {
        converter.reduced(&pixels, &format, TO);
    }
    let frame = ["BeginWrite", "EndWrite", "process 1 to 2, colours 1", "BeginRead", "EndRead"];
    let expected = [["import 1 640x480", "import 2 256x256"].to_vec(), frame.repeat(20)].concat();
    assert_eq!(board.log(), expected);
    let (other, format) = nv12([1280, 720]);
    converter.reduced(&other, &format, TO);
    // The old memory goes before the new one is asked for.
    let after: Vec<String> = board.log()[expected.len()..].to_vec();
    assert_eq!(after[..4], ["release 1", "release 2", "import 3 1280x720", "import 4 256x256"]);
    drop(converter);
    assert_eq!(board.log().last().map(String::as_str), Some("release 4"));
}

#[test]
fn every_failure_leads_to_the_processor_for_good_and_no_frame_is_lost() {
    for (plan, words, frames_before, imports) in [
        ("fail querystring", "querystring: get info failed", 0, 0),
        ("version v1.8.1_[4]", "version 1.8.1_[4], expected 1.9 or newer", 0, 0),
        ("version unknown", "querystring: RGA_api version", 0, 0),
        ("fail importbuffer_fd", "importbuffer_fd: 0, Fatal error: planned", 0, 0),
        ("fail importbuffer_fd 1", "importbuffer_fd: 0, Fatal error: planned", 0, 1),
        ("fail improcess", "improcess: 0, Fatal error: planned", 0, 2),
        ("fail improcess 2", "improcess: 0, Fatal error: planned", 2, 2),
        ("red 12", "RGA's picture differs too much from the processor's", 0, 2),
        // A driver that knows one kind of colours alone.
        ("colours 2", "in its colour, expected at most 2.0", 0, 2),
    ] {
        let board = RgaBoard::new(plan);
        let (pixels, format) = drawn(FrameEncoding::Nv12, [640, 480], 0, BT709);
        let mut converter = Converter::new(board.place());
        let mut by_rga = 0;
        for _ in 0..5 {
            let input = converter.reduced(&pixels, &format, TO);
            match converter.conversion().expect("a frame was converted") {
                Conversion::Rga { .. } => by_rga += 1,
                Conversion::Processor(reason) => {
                    assert!(reason.to_string().contains(words), "{plan}: {reason}");
                    assert_eq!(input, pixels.reduced(TO), "{plan}");
                }
            }
        }
        assert_eq!((by_rga, board.count("import")), (frames_before, imports), "{plan}");
        // Given back at once, not when the run ends.
        assert_eq!(board.count("release"), imports, "{plan}");
    }
}

#[test]
fn where_it_cannot_be_had_the_reason_is_said_and_nothing_is_loaded() {
    let (pixels, format) = nv12([640, 480]);
    let reason = |place: RgaPlace| {
        let mut converter = Converter::new(place);
        assert_eq!(converter.reduced(&pixels, &format, TO), pixels.reduced(TO));
        let Some(Conversion::Processor(reason)) = converter.conversion() else { panic!("there is none") };
        reason.clone()
    };
    let board = RgaBoard::new("");
    assert_eq!(reason(RgaPlace { is_off: true, ..board.place() }), RgaError::Off);
    assert_eq!(reason(RgaPlace { system_root: board.path("dev"), ..board.place() }), RgaError::NoDevice);
    std::fs::write(board.path("text.so"), "no library").unwrap();
    for name in ["gone.so", "text.so"] {
        let found = reason(RgaPlace { library: Some(board.path(name)), ..board.place() });
        assert!(matches!(&found, RgaError::Library { .. }) && found.to_string().contains(name), "{found}");
    }
    let other = crate::common_npu::Board::new(&[]);
    let found = reason(RgaPlace { library: Some(other.library()), ..board.place() });
    assert!(found.to_string().contains("it has no querystring"), "{found}");
    let found = reason(RgaPlace { memory: Arc::new(NoMemory), ..board.place() });
    assert!(matches!(found, RgaError::Memory { .. }), "{found}");
    assert_eq!(board.log(), Vec::<String>::new());
}

#[test]
fn frames_that_it_does_not_take_are_the_processors_and_others_still_its_own() {
    let board = RgaBoard::new("");
    let mut converter = Converter::new(board.place());
    let usual = ColourCoding::default();
    let full_709 = ColourCoding { is_full_range: true, ..BT709 };
    for (encoding, size, colour) in [
        (FrameEncoding::Rgb, [640, 480], usual),
        (FrameEncoding::Yuyv, [640, 480], usual),
        (FrameEncoding::I420, [640, 480], usual),
        (FrameEncoding::Nv12, [641, 480], usual),
        (FrameEncoding::Nv12, [640, 479], usual),
        (FrameEncoding::Nv12, [640, 480], full_709),
        (FrameEncoding::Nv12, [2560, 1440], usual),
        (FrameEncoding::Nv12, [320, 240], usual),
    ] {
        let (pixels, format) = drawn(encoding, size, 0, colour);
        assert_eq!(converter.reduced(&pixels, &format, TO), pixels.reduced(TO), "{format}");
        let expected = Conversion::Processor(RgaError::Frames { format: format.to_string() });
        assert_eq!(converter.conversion(), Some(&expected));
    }
    assert_eq!(board.log(), Vec::<String>::new(), "nothing was loaded");
    let (pixels, format) = nv12([640, 480]);
    converter.reduced(&pixels, &format, TO);
    assert_eq!(converter.conversion().map(Conversion::key), Some("rga"));
}

#[test]
fn the_command_line_says_what_converts_and_keeps_its_stdout() {
    let board = RgaBoard::new("");
    let place = Workplace::new();
    place.file("a.y4m", [&b"YUV4MPEG2 W32 H16 F25:1 Ip A1:1 C420jpeg\nFRAME\n"[..], &[128; 32 * 24]].concat());
    let json = |line: &str, variable: &Path| {
        let mut command = place.command();
        command
            .args(line.split_whitespace())
            .arg("--system-root")
            .arg(board.path(""))
            .env("DERMALOUPE_RGA", variable);
        let output = command.output().expect("the program starts");
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice::<Value>(&output.stdout).expect("stdout is JSON alone")
    };
    let library = board.library();
    for (variable, words) in [
        (library.as_path(), "there is no memory below 4 GB for RGA"),
        (Path::new("off"), "RGA is not switched on (DERMALOUPE_RGA=on)"),
        (Path::new(""), "RGA is not switched on (DERMALOUPE_RGA=on)"),
    ] {
        let found = json("doctor --json", variable);
        assert_eq!(found["rga"]["available"], false, "{found}");
        assert!(found["rga"]["detail"].as_str().is_some_and(|detail| detail.starts_with(words)), "{found}");
    }
    let found = json("live --source a.y4m --seconds 0.3 --engine rten --json", &library);
    assert_eq!(found["conversion"], "cpu", "{found}");
    assert!(found["conversion_detail"].as_str().is_some_and(|detail| detail.contains("32 × 16 I420")), "{found}");
    assert!(found["convert_millis"].as_f64().is_some_and(|millis| millis > 0.0), "{found}");
}

#[test]
fn the_double_notes_every_misuse() {
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    let program = place.path().join("misuse");
    std::fs::copy(misuser(), &program).expect("it can be copied");
    let log = place.path().join("misuse.log");
    for misuse in 0..=13 {
        let _ = std::fs::remove_file(&log);
        let run = std::process::Command::new(&program).arg(misuse.to_string()).status();
        let noted = std::fs::read_to_string(&log).unwrap_or_default();
        assert!(run.is_ok_and(|status| status.success()), "{misuse} was not refused: {noted}");
        assert_eq!(noted.lines().filter(|line| line.starts_with("VIOLATION")).count(), 1, "{misuse}: {noted}");
    }
}
