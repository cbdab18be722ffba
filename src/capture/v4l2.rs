//! Cameras by Video4Linux.

use super::choice::SourceOptions;
use super::error::CaptureError;
use super::source::{FrameSource, SourceInfo};

pub(super) fn cameras() -> Vec<SourceInfo> {
    Vec::new()
}

pub(super) fn open(
    wanted: Option<&String>,
    _options: &SourceOptions,
) -> Result<Box<dyn FrameSource>, CaptureError> {
    Err(wanted.map_or(CaptureError::NoDevice, |wanted| CaptureError::NotFound { wanted: wanted.clone() }))
}
