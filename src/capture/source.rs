//! [`FrameSource`]: the one interface of all cameras, real and played.

use std::time::Duration;

use serde::Serialize;

use super::error::CaptureError;
use super::frame::Frame;

/// What gives frames, one after the other. Dropping it lets the camera go.
pub trait FrameSource: Send {
    /// Who it is, and what it can do.
    fn info(&self) -> &SourceInfo;

    /// Whether all of its frames have one format, so that another one is a change to be told.
    fn has_one_format(&self) -> bool {
        true
    }

    /// The next frame, for which it waits no longer than `longest`; `None` where none came.
    ///
    /// # Errors
    /// [`CaptureError`]. After [`CaptureError::DamagedFrame`] and [`CaptureError::FormatChanged`] the source goes on; after any other
    /// it has to be opened again.
    fn next_frame(&mut self, longest: Duration) -> Result<Option<Frame>, CaptureError>;
}

/// A source, as lists and metadata have it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SourceInfo {
    /// The camera's own name, or that of the file or folder.
    pub name: String,
    /// What `--source` takes: a device such as `/dev/video0`, or a path.
    pub place: String,
    /// Where it is plugged in, as the system says; empty for a file.
    pub bus: String,
    /// What it can deliver and this program can read.
    pub modes: Vec<FrameMode>,
    /// Formats that it can deliver and that are not read, by their four letters.
    pub unread: Vec<String>,
}

/// One of a source's formats, with its sizes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FrameMode {
    /// As [`super::FrameEncoding::name`].
    pub encoding: &'static str,
    /// `[width, height]` each, the largest first.
    pub sizes: Vec<[u32; 2]>,
}
