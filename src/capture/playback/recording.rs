//! [`Recording`]: what can be played, frame by frame.

use std::path::Path;
use std::sync::Arc;

use super::super::error::CaptureError;
use super::super::frame::FrameFormat;
use crate::files::ReadError;

/// A file or folder of which each frame can be read.
pub(super) trait Recording: Send {
    /// How many frames it has; at least one.
    fn count(&self) -> u64;

    /// Frames a second, where it says so.
    fn rate(&self) -> Option<f64> {
        None
    }

    /// The format of the first frame.
    fn format(&self) -> FrameFormat;

    /// As [`FrameSource::has_one_format`].
    fn has_one_format(&self) -> bool {
        true
    }

    /// A frame's format and bytes.
    fn read(&mut self, index: u64) -> Result<(FrameFormat, Arc<Vec<u8>>), CaptureError>;
}

/// The system's error of the file at `path`.
pub(super) fn failed(path: &Path, error: std::io::Error) -> CaptureError {
    unreadable(ReadError { path: path.to_owned(), fault: error.into() })
}

/// A file that cannot be read.
pub(super) fn unreadable(error: ReadError) -> CaptureError {
    CaptureError::Unreadable { reason: error.fault.message(), path: error.path }
}
