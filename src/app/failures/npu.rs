//! What the NPU does not take and why, in the window's language.

use super::{card, shown};
use crate::inference::{RknnDeviceFault, RknnError, RknnHeaderError, RknnReason, RknnVersions};
use crate::language::{Value, Words};
use crate::words;

/// Why the NPU does not take a network.
pub(super) fn npu(error: &RknnError) -> Words {
    match error {
        RknnError::OtherMachine { found: Some(name) } => words!("npu-other-machine", found = name.clone()),
        RknnError::OtherMachine { found: None } => words!("npu-unknown-machine"),
        RknnError::NoFile { model } => words!("npu-no-file", model = model.clone()),
        RknnError::File(error) => card(error),
        RknnError::Header { model, reason, path } => {
            words!("npu-header", model = model.clone(), reason = npu_file(reason), path = shown(path))
        }
        RknnError::RuntimeNotFound { looked } => words!("npu-runtime-not-found", looked = looked.clone()),
        RknnError::RuntimeUnusable { detail, path } => {
            words!("npu-runtime-unusable", detail = detail.clone(), path = shown(path))
        }
        RknnError::NotTheRuntime { symbol, path } => {
            words!("npu-not-the-runtime", symbol = *symbol, path = shown(path))
        }
        RknnError::Device(fault) => device(fault),
        RknnError::Refused { model, code, reason: why } => {
            words!("npu-refused", model = model.clone(), code = code.to_string(), reason = reason(why))
        }
        RknnError::WarmUp { model, call, reason: why } => {
            let detail = words!("npu-call", call = call.clone(), reason = reason(why));
            words!("npu-unusable", model = model.clone(), detail = detail)
        }
        RknnError::Unusable { model, detail } => {
            words!("npu-unusable", model = model.clone(), detail = detail.clone())
        }
        RknnError::TimedOut { model, seconds } => {
            words!("npu-timed-out", model = model.clone(), seconds = seconds.to_string())
        }
        RknnError::StillHangs => words!("npu-still-hangs"),
        RknnError::Thread { detail } => words!("npu-thread", detail = detail.clone()),
    }
}

fn npu_file(error: &RknnHeaderError) -> Words {
    match error {
        RknnHeaderError::Foreign(head) => words!("npu-file-foreign", head = head.clone()),
        RknnHeaderError::Truncated { found, expected } => {
            words!("npu-file-truncated", found = found.to_string(), expected = expected.to_string())
        }
        RknnHeaderError::Damaged(what) => words!("npu-file-damaged", what = *what),
        RknnHeaderError::OtherPlatform(platform) => words!("npu-file-other-platform", platform = platform.clone()),
    }
}

fn device(fault: &RknnDeviceFault) -> Words {
    match fault {
        RknnDeviceFault::Denied { group, path } => {
            words!("npu-device-denied", group = group.as_str(), path = shown(path))
        }
        RknnDeviceFault::Fails { reason, path } => {
            words!("npu-device-fails", reason = reason.as_str(), path = shown(path))
        }
    }
}

/// What a refusal or a failed run is likely to come from.
pub(super) fn reason(reason: &RknnReason) -> Words {
    match reason {
        RknnReason::OtherChip => words!("npu-other-chip"),
        RknnReason::NoMemory => words!("npu-no-memory"),
        RknnReason::Device(fault) => device(fault),
        RknnReason::RuntimeOld { runtime, toolkit } => {
            words!("npu-runtime-old", runtime = runtime.as_str(), toolkit = toolkit.as_str())
        }
        RknnReason::DriverOld { driver, least } => {
            words!("npu-driver-old", driver = driver.as_str(), least = least.as_str())
        }
        RknnReason::Mismatch(known) => words!("npu-mismatch", versions = versions(known)),
        RknnReason::Damaged(known) => words!("npu-damaged", versions = versions(known)),
        RknnReason::NoAnswer => words!("npu-no-answer"),
        RknnReason::Unknown(known) => words!("npu-unknown", versions = versions(known)),
        RknnReason::RunFailed(known) => words!("npu-run-failed", versions = versions(known)),
    }
}

fn versions(known: &RknnVersions) -> Words {
    let [runtime, driver, toolkit] = [&known.runtime, &known.driver, &known.toolkit]
        .map(|version| version.as_deref().map_or_else(|| words!("npu-version-unknown").into(), Value::from));
    words!("npu-versions", runtime = runtime, driver = driver, toolkit = toolkit)
}
