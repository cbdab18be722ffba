//! [`RknnReason`]: what the NPU's refusals and failed runs are likely to come from, and what to do, a variant for each
//! sentence, so that the window can say it in the person's language.

use std::path::PathBuf;

/// Runtime, driver and the model's toolkit as far as they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RknnVersions {
    /// Of librknnrt.so.
    pub runtime: Option<String>,
    /// Of the kernel's driver.
    pub driver: Option<String>,
    /// Of the toolkit that compiled the network.
    pub toolkit: Option<String>,
}

impl std::fmt::Display for RknnVersions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [runtime, driver, toolkit] =
            [&self.runtime, &self.driver, &self.toolkit].map(|version| version.as_deref().unwrap_or("unknown"));
        write!(f, "runtime {runtime}, driver {driver}, the model's toolkit {toolkit}")
    }
}

/// Why the NPU's device is no use. Displays with the path last.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RknnDeviceFault {
    /// No permission; whoever is in this group has it.
    #[error(
        "this user may not open the NPU's device; join the group {group} (sudo usermod -aG {group} NAME) \
         and log in again: {}",
        path.display()
    )]
    Denied {
        /// The group's name or number.
        group: String,
        /// The device.
        path: PathBuf,
    },
    /// It does not open for another reason.
    #[error("the NPU's device cannot be opened ({reason}): {}", path.display())]
    Fails {
        /// The system's words.
        reason: String,
        /// The device.
        path: PathBuf,
    },
}

/// Why the NPU refused a network or failed on it, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RknnReason {
    /// Compiled for another chip.
    #[error("the model is compiled for another chip; take the file for rk3588")]
    OtherChip,
    /// No memory.
    #[error("no memory is left for the NPU; close other programs that use it")]
    NoMemory,
    /// The device cannot be opened.
    #[error(transparent)]
    Device(#[from] RknnDeviceFault),
    /// The runtime is older than the model, which the vendor does not promise to work.
    #[error(
        "the runtime {runtime} is older than the toolkit {toolkit} that made the model; \
         update librknnrt.so to {toolkit} or newer"
    )]
    RuntimeOld {
        /// The runtime's version.
        runtime: String,
        /// The toolkit's.
        toolkit: String,
    },
    /// The driver is older than the vendor recommends.
    #[error("the NPU's driver {driver} is older than {least}; update the board's kernel")]
    DriverOld {
        /// The driver's version.
        driver: String,
        /// The oldest that is recommended.
        least: String,
    },
    /// Runtime and driver do not fit.
    #[error("runtime and driver do not fit each other ({0}); update librknnrt.so")]
    Mismatch(Box<RknnVersions>),
    /// The file is damaged, or too new for the runtime.
    #[error(
        "the file is damaged or of a toolkit that the runtime does not know ({0}); copy the file again, or update \
         librknnrt.so to the toolkit's version"
    )]
    Damaged(Box<RknnVersions>),
    /// The device is there and does not answer.
    #[error("the NPU does not answer; end other programs that use it, or restart the board")]
    NoAnswer,
    /// Nothing is known of the refusal.
    #[error("{0}; set RKNN_LOG_LEVEL=4 and try again to see what the runtime says")]
    Unknown(Box<RknnVersions>),
    /// Nothing is known of the failed run.
    #[error("{0}; if it stays so, restart the board")]
    RunFailed(Box<RknnVersions>),
}
