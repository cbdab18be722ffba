//! The window's English is the command line's.

use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::inference::{EngineKind, Refusal};
use crate::language::Language;

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
        DecodeErrorKind::Unsupported { format: "TIFF", detail: "ZZZ".into() },
        DecodeErrorKind::Panicked,
        DecodeErrorKind::MaskSize { mask: [3, 2], photo: [4, 5] },
    ]
}

fn card_errors() -> Vec<CardError> {
    let path = || PathBuf::from("/皮肤/card.json");
    vec![
        CardError::Unreadable { path: path(), source: io::Error::other("ZZZ") },
        CardError::Invalid { path: path(), detail: "ZZZ".into() },
        CardError::HashMismatch {
            name: "net".into(),
            file: "model.onnx".into(),
            expected: "0123456789abcdef".into(),
            found: "ffff".into(),
            path: path(),
        },
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
        RknnError::Device { complaint: detail() },
        RknnError::Refused { model: model(), code: -6, reason: detail() },
        RknnError::Unusable { model: model(), detail: detail() },
        RknnError::TimedOut { model: model(), seconds: 30.0 },
        RknnError::StillHangs,
        RknnError::Thread { detail: detail() },
    ];
    errors.extend(card_errors().into_iter().map(RknnError::File));
    errors
}

fn engine_errors() -> Vec<EngineError> {
    let (model, detail) = (|| "net".to_owned(), || "ZZZ".to_owned());
    let refused = |kind, error: EngineError| Refusal { kind, error: Arc::new(error) };
    let refusals = vec![
        refused(EngineKind::Rknn, EngineError::Npu(RknnError::StillHangs)),
        refused(EngineKind::Ort, EngineError::NotFound { looked: detail() }),
        refused(EngineKind::Rten, EngineError::Npu(RknnError::NoFile { model: model() })),
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
        InferenceError::TimedOut { engine: "NPU (RK3588)", seconds: 0.5 },
        InferenceError::Panicked { engine: "ONNX Runtime" },
    ]
}

/// Each error as the command line says it, and as the window does.
fn all() -> Vec<(String, Words)> {
    let path = || PathBuf::from("/皮肤/a b.jpg");
    let decoded = decode_errors().into_iter().map(|kind| DecodeError { path: path(), kind });
    let mut all: Vec<(String, Words)> = decoded.map(|error| (error.to_string(), decode(&error))).collect();
    all.extend(engine_errors().iter().map(|error| (error.to_string(), engine(error))));
    all.extend(card_errors().iter().map(|error| (error.to_string(), card(error))));
    all.extend(run_errors().iter().map(|error| (error.to_string(), run(error))));
    let write_error = WriteError { path: path(), source: io::Error::other("ZZZ") };
    all.push((write_error.to_string(), write(&write_error)));
    let records_errors = [
        RecordsError::Newer { found: 9, known: 1, path: path() },
        RecordsError::NoPlace { beside: io::Error::other("ZZZ"), away: io::Error::other("YYY"), path: path() },
        RecordsError::Locked { seconds: 5, path: path() },
        RecordsError::Read { path: path(), source: io::Error::other("ZZZ") },
        RecordsError::Write(write_error),
    ];
    all.extend(records_errors.iter().map(|error| (error.to_string(), records(error))));
    let damaged = Complaint::Damaged { detail: "ZZZ".into(), decided: 2, calibrated: 1, path: path() };
    all.push((damaged.to_string(), complaint(&damaged)));
    let pdf_error = PdfError("ZZZ".into());
    all.push((pdf_error.to_string(), pdf(&pdf_error)));
    for counts in [None, Some("a".to_owned())] {
        let many = ManyRecommended { names: vec!["a".into(), "b".into()], counts, place: "/皮肤".into() };
        all.push((many.to_string(), many_recommended(&many)));
    }
    all
}

#[test]
fn in_english_the_window_says_what_the_command_line_says() {
    for (display, words) in all() {
        assert_eq!(words.said_in(Language::English), display);
    }
}
