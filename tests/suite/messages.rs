//! Errors say themselves once: on the command line and in logs in English, in the window in its language.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use dermaloupe::capture::CaptureError;
use dermaloupe::correction::journal::JournalError;
use dermaloupe::decode::{DecodeError, DecodeErrorKind};
use dermaloupe::files::{ReadError, WriteError};
use dermaloupe::inference::{
    CardError, CardFault, EngineError, EngineKind, InferenceError, ManyRecommended, PassedOver, RknnDeviceFault,
    RknnError, RknnHeaderError, RknnReason, RknnVersions,
};
use dermaloupe::language::{Language, Words};
use dermaloupe::live::{LiveError, RgaError};
use dermaloupe::records::{RecordsError, RecordsFault};
use dermaloupe::report::PdfError;
use dermaloupe::steps::StepsError;

fn decode_errors() -> Vec<DecodeErrorKind> {
    vec![
        DecodeErrorKind::Unreadable(io::ErrorKind::NotFound.into()),
        DecodeErrorKind::Unreadable(io::ErrorKind::PermissionDenied.into()),
        DecodeErrorKind::Unreadable(io::Error::other("ZZZ")),
        DecodeErrorKind::Folder,
        DecodeErrorKind::NotAFile,
        DecodeErrorKind::Empty,
        DecodeErrorKind::UnknownFormat,
        DecodeErrorKind::TooManyPixels { width: 20_000, height: 10_001 },
        DecodeErrorKind::TooManyBytes { bytes: 5_000_000_000 },
        DecodeErrorKind::Damaged { format: "JPEG", detail: "ZZZ".into() },
        DecodeErrorKind::CutShort { format: "JPEG" },
        DecodeErrorKind::Unsupported { format: "TIFF", detail: "ZZZ".into() },
        DecodeErrorKind::Panicked,
        DecodeErrorKind::MaskSize { mask: [3, 2], photo: [4, 5] },
    ]
}

fn card_errors() -> Vec<CardError> {
    let path = || PathBuf::from("/皮肤/card.json");
    let mut errors = vec![
        CardError::Unreadable { path: path(), source: io::Error::other("ZZZ") },
        CardError::HashMismatch {
            name: "net".into(),
            file: "model.onnx".into(),
            expected: "0123456789abcdef".into(),
            found: "ffff".into(),
            path: path(),
        },
    ];
    errors.extend(card_faults().into_iter().map(|fault| CardError::Invalid { path: path(), fault }));
    errors
}

fn card_faults() -> Vec<CardFault> {
    vec![
        CardFault::Json("ZZZ".into()),
        CardFault::Within { block: "test", fault: Box::new(CardFault::NoSentence) },
        CardFault::Newer,
        CardFault::Name,
        CardFault::InputLayout,
        CardFault::InputColour,
        CardFault::OutputMeaning,
        CardFault::Sizes,
        CardFault::Mean,
        CardFault::Std,
        CardFault::Threshold,
        CardFault::NoOnnx,
        CardFault::ArtefactPlace,
        CardFault::ArtefactHash,
        CardFault::Outside { key: "mean_iou", least: 0.0, most: 1.0, found: 1.25 },
        CardFault::Negative { key: "ort_millis", found: -1.0 },
        CardFault::NotPositive { key: "temperature", found: 0.0 },
        CardFault::Unknown { key: "method", expected: "temperature", found: "ZZZ".into() },
        CardFault::BandLevels { outer: 0.75, inner: 0.25 },
        CardFault::CorrectionTable { key: "iou" },
        CardFault::Order { first: 2.5, second: 1.5 },
        CardFault::CpuLayers { found: 3, layers: 2 },
        CardFault::Overlap { overlap: 64, tile: 64 },
        CardFault::TileScale,
        CardFault::TileSize,
        CardFault::SecondLook,
        CardFault::MaskOfSubject,
    ]
}

fn npu_reasons() -> Vec<RknnReason> {
    let known =
        || Box::new(RknnVersions { runtime: Some("2.3.2".into()), driver: None, toolkit: Some("2.5.0".into()) });
    let path = || PathBuf::from("/dev/dri/renderD129");
    vec![
        RknnReason::OtherChip,
        RknnReason::NoMemory,
        RknnReason::Device(RknnDeviceFault::Denied { group: "render".into(), path: path() }),
        RknnReason::Device(RknnDeviceFault::Fails { reason: "ZZZ".into(), path: path() }),
        RknnReason::RuntimeOld { runtime: "1.5.0".into(), toolkit: "2.5.0".into() },
        RknnReason::DriverOld { driver: "0.7.2".into(), least: "0.9.2".into() },
        RknnReason::Mismatch(known()),
        RknnReason::Damaged(known()),
        RknnReason::NoAnswer,
        RknnReason::Unknown(known()),
        RknnReason::RunFailed(Box::default()),
    ]
}

fn npu_errors() -> Vec<RknnError> {
    let (model, path, detail) = (|| "net".to_owned(), || PathBuf::from("/皮肤/a.rknn"), || "ZZZ".to_owned());
    let header = |reason| RknnError::Header { model: model(), reason, path: path() };
    let mut errors = vec![
        RknnError::OtherMachine { found: Some(detail()) },
        RknnError::OtherMachine { found: None },
        RknnError::NoFile { model: model() },
        header(RknnHeaderError::Foreign(detail())),
        header(RknnHeaderError::Truncated { found: 7, expected: 64 }),
        header(RknnHeaderError::Damaged("ZZZ")),
        header(RknnHeaderError::OtherPlatform(detail())),
        RknnError::RuntimeNotFound { looked: detail() },
        RknnError::RuntimeUnusable { detail: detail(), path: path() },
        RknnError::NotTheRuntime { symbol: "rknn_init", path: path() },
        RknnError::Device(RknnDeviceFault::Fails { reason: detail(), path: path() }),
        RknnError::WarmUp { model: model(), call: detail(), reason: RknnReason::NoAnswer },
        RknnError::Unusable { model: model(), detail: detail() },
        RknnError::TimedOut { model: model(), seconds: 30.0 },
        RknnError::StillHangs,
        RknnError::Thread { detail: detail() },
    ];
    let refused = |reason| RknnError::Refused { model: model(), code: -6, reason };
    errors.extend(npu_reasons().into_iter().map(refused));
    errors.extend(card_errors().into_iter().map(RknnError::File));
    errors
}

fn engine_errors() -> Vec<EngineError> {
    let (model, detail) = (|| "net".to_owned(), || "ZZZ".to_owned());
    let refused = |kind, error: EngineError| PassedOver { kind, error: Arc::new(error) };
    let refusals = vec![
        refused(EngineKind::Rknn, EngineError::Npu(RknnError::StillHangs)),
        refused(EngineKind::Ort, EngineError::NotFound { looked: detail() }),
        refused(EngineKind::Rten, EngineError::Npu(RknnError::NoFile { model: model() })),
        // What was said before is not said again.
        refused(EngineKind::Rten, EngineError::NotFound { looked: detail() }),
    ];
    let mut errors = vec![
        EngineError::NotFound { looked: detail() },
        EngineError::Unusable { detail: detail(), path: "/皮肤/libonnxruntime.so".into() },
        EngineError::Load { engine: "ONNX Runtime", model: model(), detail: detail() },
        EngineError::Shape { model: model(), what: "input", found: "1x3".into(), expected: "1x4".into() },
        EngineError::None { model: model(), refusals },
    ];
    errors.extend(npu_errors().into_iter().map(EngineError::Npu));
    errors
}

fn run_errors() -> Vec<InferenceError> {
    vec![
        InferenceError::Failed { engine: "ONNX Runtime", detail: "ZZZ".into() },
        InferenceError::NpuFailed { call: "ZZZ".into(), reason: RknnReason::NoAnswer },
        InferenceError::TimedOut { engine: "NPU (RK3588)", seconds: 0.5 },
        InferenceError::Panicked { engine: "ONNX Runtime" },
        InferenceError::ScaledTooLarge { width: 40_000, height: 30_000 },
        InferenceError::NoFieldOfView,
        InferenceError::NotCalibrated { model: "net".into() },
        InferenceError::NoSecondLook { model: "net".into(), is_tiled: false },
        InferenceError::NoSecondLook { model: "net".into(), is_tiled: true },
        InferenceError::Steps(StepsError::InTiles { step: "nlm" }),
        InferenceError::Cancelled,
    ]
}

fn records_errors() -> Vec<RecordsError> {
    let path = || PathBuf::from("/皮肤/a b.jpg");
    vec![
        RecordsError::Newer { found: 9, known: 1, path: path() },
        RecordsError::NoPlace { beside: io::Error::other("ZZZ"), away: io::Error::other("YYY"), path: path() },
        RecordsError::Locked { seconds: 5, path: path() },
        RecordsError::NoVersion { found: "ZZZ".into(), known: 2, path: path() },
        RecordsError::Read(ReadError { path: path(), fault: io::Error::other("ZZZ").into() }),
        RecordsError::Write(WriteError { path: path(), source: io::Error::other("ZZZ") }),
    ]
}

fn journal_errors() -> Vec<JournalError> {
    let path = || PathBuf::from("/皮肤/.dermaloupe/masks/a.journal");
    let source = || io::Error::other("ZZZ");
    let mut errors = vec![
        JournalError::Read(ReadError { path: path(), fault: source().into() }),
        JournalError::Damaged { path: path() },
        JournalError::Lossy { steps: 3, bytes: 99, path: path() },
        JournalError::Version { found: 9, expected: 1, path: path() },
        JournalError::OtherPhoto { found: "ZZZ".into(), expected: "YYY".into(), path: path() },
        JournalError::InUse { path: path() },
        JournalError::Write { path: path(), source: source() },
    ];
    errors.extend(records_errors().into_iter().map(JournalError::NoPlace));
    errors
}

fn capture_errors() -> Vec<CaptureError> {
    let camera = || "ZZZ".to_owned();
    vec![
        CaptureError::NoDevice,
        CaptureError::NotFound { wanted: camera() },
        CaptureError::Busy { camera: camera() },
        CaptureError::NoPermission { group: "video".into(), path: "/dev/video0".into() },
        CaptureError::Unplugged { camera: camera() },
        CaptureError::Frozen { camera: camera(), seconds: 2.0 },
        CaptureError::FormatChanged {
            camera: camera(),
            from: "640 × 480 YUYV".into(),
            to: "1280 × 720 MJPEG".into(),
        },
        CaptureError::UnreadFormat { camera: camera(), formats: "H264".into() },
        CaptureError::DamagedFrame { detail: camera() },
        CaptureError::Unreadable { reason: DecodeErrorKind::Empty.message(), path: "/皮肤".into() },
        CaptureError::UnknownFile { path: "/皮肤".into() },
        CaptureError::Empty { path: "/皮肤".into() },
        CaptureError::NoCameras,
        CaptureError::Driver { camera: camera(), call: "VIDIOC_S_FMT", reason: (&io::Error::other("YYY")).into() },
        CaptureError::Crashed { camera: camera() },
    ]
}

/// Each error as it displays, and as its message.
fn rga_errors() -> Vec<RgaError> {
    vec![
        RgaError::Off,
        RgaError::NoDevice,
        RgaError::Denied { group: "video".into(), path: "/dev/rga".into() },
        RgaError::Library { detail: "ZZZ".into() },
        RgaError::Memory { reason: (&io::Error::other("ZZZ")).into(), path: "/dev/dma_heap/system-dma32".into() },
        RgaError::Call { call: "improcess", detail: "ZZZ".into() },
        RgaError::OtherPixels { found: [5.25, 3.5] },
        RgaError::Frames { format: "1280 × 720 MJPEG".into() },
    ]
}

fn all() -> Vec<(String, Words)> {
    let path = || PathBuf::from("/皮肤/a b.jpg");
    let decoded = decode_errors().into_iter().map(|kind| DecodeError { path: path(), kind });
    let mut all: Vec<(String, Words)> = decoded.map(|error| (error.to_string(), error.message())).collect();
    all.extend(engine_errors().iter().map(|error| (error.to_string(), error.message())));
    all.extend(card_errors().iter().map(|error| (error.to_string(), error.message())));
    all.extend(run_errors().iter().map(|error| (error.to_string(), error.message())));
    let write_error = WriteError { path: path(), source: io::Error::other("ZZZ") };
    all.push((write_error.to_string(), write_error.message()));
    all.extend(records_errors().iter().map(|error| (error.to_string(), error.message())));
    let damaged = RecordsFault::Damaged { detail: "ZZZ".into(), decided: 2, calibrated: 1, path: path() };
    let changed = RecordsFault::Changed { path: path() };
    let disagrees = RecordsFault::Disagrees { decided: 2, calibrated: 1, path: path() };
    for fault in [damaged, changed, disagrees] {
        all.push((fault.to_string(), fault.message()));
    }
    let pdf_error = PdfError("ZZZ".into());
    all.push((pdf_error.to_string(), pdf_error.message()));
    for counts in [None, Some("a".to_owned())] {
        let many = ManyRecommended { names: vec!["a".into(), "b".into()], counts, place: "/皮肤".into() };
        all.push((many.to_string(), many.message()));
    }
    all.extend(journal_errors().iter().map(|error| (error.to_string(), error.message())));
    all.extend(capture_errors().iter().map(|error| (error.to_string(), error.message())));
    all.extend(rga_errors().iter().map(|error| (error.to_string(), error.message())));
    let no_second_look = InferenceError::NoSecondLook { model: "ZZZ".into(), is_tiled: false };
    let live_errors = [
        LiveError::NoSecondLook(no_second_look),
        LiveError::NotForLive { model: "ZZZ".into() },
        LiveError::Thread(io::Error::other("ZZZ")),
    ];
    all.extend(live_errors.iter().map(|error| (error.to_string(), error.message())));
    all
}

#[test]
fn in_english_the_window_says_what_the_command_line_says() {
    for (display, words) in all() {
        assert_eq!(words.said_in(Language::English), display);
    }
}

#[test]
fn the_english_sentences_are_those_of_the_list() {
    let said: Vec<String> = all().into_iter().map(|(display, _)| display).collect();
    let expected: Vec<&str> = include_str!("../fixtures/errors.txt").lines().collect();
    assert_eq!(said, expected);
}

/// The window has plain words for what goes wrong most; what is searched for in a log is what the system said.
#[test]
fn the_systems_words_are_plain_in_the_window_and_its_own_in_logs() {
    let source = || io::Error::from(io::ErrorKind::PermissionDenied);
    let error = WriteError { path: "/a.png".into(), source: source() };
    assert!(error.to_string().starts_with(&format!("cannot write ({})", source())), "{error}");
    assert!(error.message().said_in(Language::English).starts_with("cannot write (permission denied)"));
    assert!(error.message().said_in(Language::SimplifiedChinese).contains("没有权限"));
    let nested = JournalError::NoPlace(RecordsError::Write(error));
    assert!(nested.to_string().contains(&source().to_string()), "{nested}");
    assert!(nested.message().said_in(Language::SimplifiedChinese).contains("没有权限"));
}

/// No word of ours stays English: of what is left once the other programs' words are taken out, none is lower-case Latin.
#[test]
fn reasons_and_faults_of_ours_are_chinese_in_chinese() {
    let reasons = npu_reasons().iter().map(RknnReason::message).collect::<Vec<_>>();
    for words in reasons.into_iter().chain(all().into_iter().map(|(_, words)| words)) {
        let said = words.said_in(Language::SimplifiedChinese);
        assert!(!said.contains(" the ") && !said.contains(" must ") && !said.contains(" is "), "{said}");
        assert!(said.chars().any(|letter| ('\u{4E00}'..='\u{9FFF}').contains(&letter)), "{said}");
    }
}
