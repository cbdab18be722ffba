//! Which source: a camera by name or device, or a file or folder by path.

use std::path::{Path, PathBuf};

use super::error::CaptureError;
use super::options::SourceOptions;
use super::playback;
use super::reopening::SourceOpener;
use super::source::{FrameSource, SourceInfo};

/// A source as a person names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceName {
    /// The first camera that there is.
    FirstCamera,
    /// A camera, by its name, a part of it, or its device.
    Camera(String),
    /// A file or folder that is played as a camera.
    Played(PathBuf),
}

impl SourceName {
    /// What `typed` names: a device below `/dev` or a camera's name, and else a path. What looks like a path is one, whether or
    /// not something is there.
    #[must_use]
    pub fn of(typed: &str) -> Self {
        let path = Path::new(typed);
        if path.starts_with("/dev") {
            return Self::Camera(typed.to_owned());
        }
        let looks_like_path =
            path.exists() || typed.contains(std::path::is_separator) || path.extension().is_some();
        if looks_like_path { Self::Played(path.to_owned()) } else { Self::Camera(typed.to_owned()) }
    }
}

impl SourceName {
    /// As a person reads it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::FirstCamera => String::new(),
            Self::Camera(name) => name.clone(),
            Self::Played(path) => path.to_string_lossy().into_owned(),
        }
    }
}

/// The cameras that are plugged in and deliver pictures, by the order of their devices.
///
/// # Errors
/// [`CaptureError::NoCameras`] where this build reads none. A camera that may not be opened is listed by its device, without
/// formats.
pub fn cameras() -> Result<Vec<SourceInfo>, CaptureError> {
    #[cfg(all(feature = "camera", target_os = "linux"))]
    return Ok(super::v4l2::cameras());
    #[cfg(not(all(feature = "camera", target_os = "linux")))]
    Err(CaptureError::NoCameras)
}

/// Opens a source.
///
/// # Errors
/// [`CaptureError`].
pub fn open(name: &SourceName, options: &SourceOptions) -> Result<Box<dyn FrameSource>, CaptureError> {
    match name {
        SourceName::Played(path) => playback::open(path, options),
        #[cfg(all(feature = "camera", target_os = "linux"))]
        SourceName::FirstCamera => super::v4l2::open(None, options),
        #[cfg(all(feature = "camera", target_os = "linux"))]
        SourceName::Camera(wanted) => super::v4l2::open(Some(wanted), options),
        #[cfg(not(all(feature = "camera", target_os = "linux")))]
        SourceName::FirstCamera | SourceName::Camera(_) => Err(CaptureError::NoCameras),
    }
}

/// Opens that source each time that it is called.
#[must_use]
pub fn opener(name: SourceName, options: SourceOptions) -> SourceOpener {
    Box::new(move || open(&name, &options))
}
