//! The library's errors in the window's language: each kind has a message in `failures.ftl`. What an operating system,
//! a decoder or an engine said itself stays in its own words, inside ours.

mod card;
mod npu;

use std::io;
use std::path::Path;

pub(super) use self::card::card;
use crate::decode::{DecodeError, DecodeErrorKind, MAX_FILE_BYTES, MAX_PIXELS};
use crate::inference::{EngineError, EngineKind, InferenceError, ManyRecommended};
use crate::language::{Value, Words};
use crate::records::{Complaint, Obstacle, RecordsError};
use crate::report::PdfError;
use crate::words;
use crate::write::WriteError;

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn size([width, height]: [u32; 2]) -> String {
    format!("{width}x{height}")
}

/// What the operating system says of a file.
pub(super) fn system(error: &io::Error) -> Value {
    obstacle(&error.into())
}

/// The same, of what it said before.
pub(super) fn obstacle(obstacle: &Obstacle) -> Value {
    match obstacle.kind {
        io::ErrorKind::NotFound => words!("not-there").into(),
        io::ErrorKind::PermissionDenied => words!("no-permission").into(),
        io::ErrorKind::ReadOnlyFilesystem => words!("disk-read-only").into(),
        io::ErrorKind::StorageFull => words!("disk-full").into(),
        _ => obstacle.detail.as_str().into(),
    }
}

/// Why a file did not become a photo or a mask.
pub(super) fn decode(error: &DecodeError) -> Words {
    words!("with-path", reason = decode_kind(&error.kind), path = shown(&error.path))
}

fn decode_kind(kind: &DecodeErrorKind) -> Words {
    match kind {
        DecodeErrorKind::Unreadable(error) => words!("decode-unreadable", reason = reading(error)),
        DecodeErrorKind::Folder => words!("decode-folder"),
        DecodeErrorKind::NotAFile => words!("decode-not-a-file"),
        DecodeErrorKind::Empty => words!("decode-empty"),
        DecodeErrorKind::UnknownFormat => words!("decode-unknown-format"),
        DecodeErrorKind::TooManyPixels { width, height } => {
            let megapixels = f64::from(*width) * f64::from(*height) / 1e6;
            let limit = MAX_PIXELS as f64 / 1e6;
            words!(
                "decode-too-many-pixels",
                size = size([*width, *height]),
                megapixels = format!("{megapixels:.0}"),
                limit = format!("{limit:.0}")
            )
        }
        DecodeErrorKind::TooManyBytes { bytes } => {
            words!("decode-too-many-bytes", bytes = bytes.to_string(), limit = MAX_FILE_BYTES.to_string())
        }
        DecodeErrorKind::Damaged { format, detail } => {
            words!("decode-damaged", format = *format, detail = detail.clone())
        }
        DecodeErrorKind::CutShort { format } => words!("decode-cut-short", format = *format),
        DecodeErrorKind::Unsupported { format, detail } => {
            words!("decode-unsupported", format = *format, detail = detail.clone())
        }
        DecodeErrorKind::Panicked => words!("decode-panicked"),
        DecodeErrorKind::MaskSize { mask, photo } => {
            words!("decode-mask-size", mask = size(*mask), photo = size(*photo))
        }
    }
}

/// The system's words of a file that was to be read.
fn reading(error: &io::Error) -> Value {
    match error.kind() {
        io::ErrorKind::NotFound => words!("file-not-there").into(),
        io::ErrorKind::PermissionDenied => words!("file-no-right").into(),
        _ => error.to_string().into(),
    }
}

/// Why a file was not written.
pub(super) fn write(error: &WriteError) -> Words {
    words!("write-failed", reason = system(&error.source), path = shown(&error.path))
}

/// Why records of photographs were not kept.
pub(super) fn records(error: &RecordsError) -> Words {
    match error {
        RecordsError::Newer { found, known, path } => {
            words!("records-newer", found = found.to_string(), known = known.to_string(), path = shown(path))
        }
        RecordsError::NoPlace { beside, away, path } => {
            words!("records-no-place", beside = system(beside), away = system(away), path = shown(path))
        }
        RecordsError::Locked { seconds, path } => {
            words!("records-locked", seconds = seconds.to_string(), path = shown(path))
        }
        RecordsError::Read { path, source } => {
            words!("records-unreadable", reason = system(source), path = shown(path))
        }
        RecordsError::Write(error) => write(error),
    }
}

/// What is wrong with records that were read.
pub(super) fn complaint(complaint: &Complaint) -> Words {
    match complaint {
        Complaint::Damaged { detail, decided, calibrated, path } => words!(
            "records-damaged",
            detail = detail.as_str(),
            decided = *decided,
            calibrated = *calibrated,
            path = shown(path)
        ),
        Complaint::Records(error) => records(error),
    }
}

/// Why there is no report.
pub(super) fn pdf(error: &PdfError) -> Words {
    words!("pdf-failed", reason = error.0.as_str())
}

/// More than one network is marked as recommended.
pub(super) fn many_recommended(many: &ManyRecommended) -> Words {
    let (names, place) = (many.names.join(", "), many.place.clone());
    match &many.counts {
        Some(counts) => words!("many-recommended", names = names, counts = counts.clone(), place = place),
        None => words!("many-recommended-none-counts", names = names, place = place),
    }
}

/// Why a run of the network gave no answer.
pub(super) fn run(error: &InferenceError) -> Words {
    match error {
        InferenceError::Failed { engine, detail } => {
            words!("run-failed", engine = *engine, detail = detail.clone())
        }
        InferenceError::NpuFailed { call, reason } => {
            let detail = words!("npu-call", call = call.clone(), reason = npu::reason(reason));
            words!("run-failed", engine = EngineKind::Rknn.title(), detail = detail)
        }
        InferenceError::TimedOut { engine, seconds } => {
            words!("run-timed-out", engine = *engine, seconds = seconds.to_string())
        }
        InferenceError::Panicked { engine } => words!("run-panicked", engine = *engine),
    }
}

/// Why an engine did not take a network.
pub(super) fn engine(error: &EngineError) -> Words {
    match error {
        EngineError::NotFound { looked } => words!("engine-not-found", looked = looked.clone()),
        EngineError::Unusable { detail, path } => {
            words!("engine-unusable", detail = detail.clone(), path = shown(path))
        }
        EngineError::Load { engine, model, detail } => {
            words!("engine-load", engine = *engine, model = model.clone(), detail = detail.clone())
        }
        EngineError::Shape { model, what, found, expected } => words!(
            "engine-shape",
            model = model.clone(),
            what = *what,
            found = found.clone(),
            expected = expected.clone()
        ),
        EngineError::Npu(error) => npu::npu(error),
        EngineError::None { model, refusals } => {
            let joined = refusals
                .iter()
                .map(|refusal| engine(&refusal.error))
                .reduce(|before, next| words!("reasons-joined", before = before, next = next));
            let reasons: Value = joined.map_or_else(|| String::new().into(), Value::Words);
            words!("engine-none", model = model.clone(), reasons = reasons)
        }
    }
}

#[cfg(test)]
mod tests;
