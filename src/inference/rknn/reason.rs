//! [`RknnReason`]: the likely causes of the NPU's refusals and failed runs, and what to do; one variant per message.

use std::path::PathBuf;

use crate::language::{Value, Words};
use crate::{display_as_message, words};

/// Runtime, driver and the model's toolkit as far as they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RknnVersions {
    /// Version of librknnrt.so.
    pub runtime: Option<String>,
    /// Version of the kernel's driver.
    pub driver: Option<String>,
    /// Version of the toolkit that compiled the network.
    pub toolkit: Option<String>,
}

impl RknnVersions {
    /// The three in words.
    #[must_use]
    pub fn message(&self) -> Words {
        let [runtime, driver, toolkit] = [&self.runtime, &self.driver, &self.toolkit]
            .map(|version| version.as_deref().map_or_else(|| words!("npu-version-unknown").into(), Value::from));
        words!("npu-versions", runtime = runtime, driver = driver, toolkit = toolkit)
    }
}

/// Why the NPU's device cannot be used. Displays with the path last.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RknnDeviceFault {
    /// No permission; members of this group have it.
    Denied {
        /// The group's name or number.
        group: String,
        /// The device.
        path: PathBuf,
    },
    /// It cannot be opened for another reason.
    Fails {
        /// The operating system's error.
        reason: String,
        /// The device.
        path: PathBuf,
    },
}

impl RknnDeviceFault {
    /// The fault in words, with the path last.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::Denied { group, path } => {
                words!("npu-device-denied", group = group.as_str(), path = path.as_path())
            }
            Self::Fails { reason, path } => {
                words!("npu-device-fails", reason = reason.as_str(), path = path.as_path())
            }
        }
    }
}

/// Why the NPU refused a network or failed on it, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RknnReason {
    /// Compiled for another chip.
    OtherChip,
    /// No memory.
    NoMemory,
    /// The device cannot be opened.
    Device(RknnDeviceFault),
    /// The runtime is older than the model, which the vendor does not support.
    RuntimeOld {
        /// The runtime's version.
        runtime: String,
        /// The toolkit's.
        toolkit: String,
    },
    /// The driver is older than the vendor recommends.
    DriverOld {
        /// The driver's version.
        driver: String,
        /// The oldest that is recommended.
        least: String,
    },
    /// Runtime and driver are incompatible.
    Mismatch(Box<RknnVersions>),
    /// The file is damaged, or too new for the runtime.
    Damaged(Box<RknnVersions>),
    /// The device is there and does not respond.
    NoAnswer,
    /// The cause of the refusal is unknown.
    Unknown(Box<RknnVersions>),
    /// The cause of the failed run is unknown.
    RunFailed(Box<RknnVersions>),
}

impl RknnReason {
    /// The reason in words, with what to do.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::OtherChip => words!("npu-other-chip"),
            Self::NoMemory => words!("npu-no-memory"),
            Self::Device(fault) => fault.message(),
            Self::RuntimeOld { runtime, toolkit } => {
                words!("npu-runtime-old", runtime = runtime.as_str(), toolkit = toolkit.as_str())
            }
            Self::DriverOld { driver, least } => {
                words!("npu-driver-old", driver = driver.as_str(), least = least.as_str())
            }
            Self::Mismatch(known) => words!("npu-mismatch", versions = known.message()),
            Self::Damaged(known) => words!("npu-damaged", versions = known.message()),
            Self::NoAnswer => words!("npu-no-answer"),
            Self::Unknown(known) => words!("npu-unknown", versions = known.message()),
            Self::RunFailed(known) => words!("npu-run-failed", versions = known.message()),
        }
    }
}

display_as_message!(RknnDeviceFault, RknnReason);
