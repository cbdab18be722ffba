//! [`RgaError`]: why RGA, the board's unit for pictures, does not convert a frame.

use std::path::{Path, PathBuf};

use crate::files;
use crate::language::{SystemError, Value, Words};
use crate::{display_as_message, words};

/// Why the processor converts, and RGA does not.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RgaError {
    /// Nobody has switched it on.
    Off,
    /// This computer has no RGA, as most have none.
    NoDevice,
    /// This user may not open RGA's device, or the memory that it reaches.
    Denied {
        /// Whose members may.
        group: String,
        /// Which.
        path: PathBuf,
    },
    /// Its library is not there, or cannot be used.
    Library {
        /// Why.
        detail: String,
    },
    /// There is no memory that all of RGA reaches.
    Memory {
        /// What the system says.
        reason: SystemError,
        /// Where it was asked for.
        path: PathBuf,
    },
    /// A call of the library failed.
    Call {
        /// The function.
        call: &'static str,
        /// In the library's words.
        detail: String,
    },
    /// It gave another picture than the processor does.
    OtherPixels {
        /// The mean difference in levels of 0 to 255: between pixels, and of the whole picture's colour where it differs most.
        found: [f64; 2],
    },
    /// It does not take such frames. Those of another format it may take.
    Frames {
        /// What they are.
        format: String,
    },
}

impl RgaError {
    /// That `path`, of the system below `root`, may not be opened.
    pub(super) fn denied(path: &Path, root: &Path) -> Self {
        Self::Denied { group: files::group_of(path, root), path: path.to_owned() }
    }

    /// The error in words.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::Off => words!("rga-off"),
            Self::NoDevice => words!("rga-no-device"),
            Self::Denied { group, path } => words!("rga-denied", group = group.as_str(), path = path.as_path()),
            Self::Library { detail } => words!("rga-library", detail = detail.as_str()),
            Self::Memory { reason, path } => {
                words!("rga-memory", reason = Value::System(reason.clone()), path = path.as_path())
            }
            Self::Call { call, detail } => words!("rga-call", call = *call, detail = detail.as_str()),
            Self::OtherPixels { found: [pixels, colour] } => {
                words!("rga-other-pixels", pixels = format!("{pixels:.1}"), colour = format!("{colour:.1}"))
            }
            Self::Frames { format } => words!("rga-frames", format = format.as_str()),
        }
    }
}

display_as_message!(RgaError);
