//! Why there is no frame: a sentence for each cause, which says what to do.

use std::path::PathBuf;

use crate::language::{SystemError, Value, Words};
use crate::{display_as_message, words};

/// Why there is no frame. What is a camera's is said by its name; a path comes last.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CaptureError {
    /// No camera is plugged in.
    NoDevice,
    /// No camera has this name, or there is none at this place.
    NotFound {
        /// As it was asked for.
        wanted: String,
    },
    /// Another program has the camera.
    Busy {
        /// The camera's name or place.
        camera: String,
    },
    /// This user may not open the camera.
    NoPermission {
        /// The group that may.
        group: String,
        /// The device.
        path: PathBuf,
    },
    /// The camera was unplugged while it was running.
    Unplugged {
        /// The camera's name.
        camera: String,
    },
    /// The camera gives no frames although it is there.
    Frozen {
        /// The camera's name.
        camera: String,
        /// How long none came.
        seconds: f32,
    },
    /// The camera gives frames of another format from now on. The source goes on.
    FormatChanged {
        /// The camera's name.
        camera: String,
        /// What it gave.
        from: String,
        /// What it gives.
        to: String,
    },
    /// The camera gives no format that is read.
    UnreadFormat {
        /// The camera's name.
        camera: String,
        /// What it can give.
        formats: String,
    },
    /// A frame that is cut short or damaged. It is left out, and the source goes on.
    DamagedFrame {
        /// What is wrong with it.
        detail: String,
    },
    /// The file or folder that is played cannot be read.
    Unreadable {
        /// Why.
        reason: Words,
        /// Which.
        path: PathBuf,
    },
    /// The file is none that can be played.
    UnknownFile {
        /// Which.
        path: PathBuf,
    },
    /// The file or folder has nothing to play.
    Empty {
        /// Which.
        path: PathBuf,
    },
    /// This build reads no cameras.
    NoCameras,
    /// The camera's driver failed.
    Driver {
        /// The camera's name or place.
        camera: String,
        /// What was to be done, in the driver's words.
        call: &'static str,
        /// What the system says.
        reason: SystemError,
    },
    /// What reads the source panicked; it is opened again.
    Crashed {
        /// The source's name or place.
        camera: String,
    },
}

impl CaptureError {
    /// Whether the source goes on by itself, so that it must not be opened again.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::DamagedFrame { .. } | Self::FormatChanged { .. })
    }

    /// The error in words.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::NoDevice => words!("capture-no-device"),
            Self::NotFound { wanted } => words!("capture-not-found", wanted = wanted.as_str()),
            Self::Busy { camera } => words!("capture-busy", camera = camera.as_str()),
            Self::NoPermission { group, path } => {
                words!("capture-no-permission", group = group.as_str(), path = path.as_path())
            }
            Self::Unplugged { camera } => words!("capture-unplugged", camera = camera.as_str()),
            Self::Frozen { camera, seconds } => {
                words!("capture-frozen", camera = camera.as_str(), seconds = format!("{seconds:.0}"))
            }
            Self::FormatChanged { camera, from, to } => {
                words!("capture-format-changed", camera = camera.as_str(), from = from.as_str(), to = to.as_str())
            }
            Self::UnreadFormat { camera, formats } => {
                words!("capture-unread-format", camera = camera.as_str(), formats = formats.as_str())
            }
            Self::DamagedFrame { detail } => words!("capture-damaged-frame", detail = detail.as_str()),
            Self::Unreadable { reason, path } => {
                words!("capture-unreadable", reason = reason.clone(), path = path.as_path())
            }
            Self::UnknownFile { path } => words!("capture-unknown-file", path = path.as_path()),
            Self::Empty { path } => words!("capture-empty", path = path.as_path()),
            Self::NoCameras => words!("capture-no-cameras"),
            Self::Driver { camera, call, reason } => {
                let reason = Value::System(reason.clone());
                words!("capture-driver", camera = camera.as_str(), call = *call, reason = reason)
            }
            Self::Crashed { camera } => words!("capture-crashed", camera = camera.as_str()),
        }
    }
}

display_as_message!(CaptureError);
