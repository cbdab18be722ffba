//! [`Camera`]: the running stream of one.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use linuxvideo::stream::ReadStream;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::super::error::CaptureError;
use super::super::frame::{Frame, FrameEncoding, FrameFormat};
use super::super::jpeg_frame;
use super::super::source::{FrameSource, SourceInfo};
use super::{VideoNode, colour, fault};

/// Errors of the driver one after the other from which the camera is closed and opened again; single ones come from a cable
/// that is touched.
const MOST_ERRORS: u32 = 30;

pub(super) struct Camera {
    node: VideoNode,
    info: SourceInfo,
    stream: ReadStream,
    format: FrameFormat,
    number: u64,
    began: Option<Instant>,
    errors: u32,
}

impl Camera {
    pub(super) fn new(node: VideoNode, info: SourceInfo, stream: ReadStream, format: FrameFormat) -> Self {
        let format = FrameFormat { colour: colour::of(&stream), ..format };
        Self { node, info, stream, format, number: 0, began: None, errors: 0 }
    }

    /// Waits until a frame is there, no longer than `longest`; whether one is.
    fn is_ready(&self, longest: Duration) -> Result<bool, CaptureError> {
        let limit = Timespec::try_from(longest).ok();
        let mut ready = [PollFd::new(&self.stream, PollFlags::IN)];
        match poll(&mut ready, limit.as_ref()) {
            Ok(0) if !is_there(&self.node.path) => Err(self.unplugged()),
            Ok(count) => Ok(count > 0),
            Err(Errno::INTR) => Ok(false),
            Err(error) => Err(fault(&self.node, "poll", &error.into())),
        }
    }

    fn unplugged(&self) -> CaptureError {
        CaptureError::Unplugged { camera: self.node.name.clone() }
    }

    /// What an error of the driver means while frames come.
    fn broken(&mut self, error: &io::Error) -> CaptureError {
        let is_passing = Errno::from_io_error(error) == Some(Errno::IO) && self.errors < MOST_ERRORS;
        if !is_there(&self.node.path) {
            return self.unplugged();
        }
        if is_passing {
            self.errors += 1;
            return CaptureError::DamagedFrame { detail: error.to_string() };
        }
        fault(&self.node, "VIDIOC_DQBUF", error)
    }
}

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

impl FrameSource for Camera {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn next_frame(&mut self, longest: Duration) -> Result<Option<Frame>, CaptureError> {
        if !self.is_ready(longest)? {
            return Ok(None);
        }
        // The driver's buffer is copied and given back at once: it has few.
        let read = self.stream.dequeue(|view| Ok((view.is_error(), view.to_vec())));
        let arrived = Instant::now();
        let (is_damaged, bytes) = read.map_err(|error| self.broken(&error))?;
        self.errors = 0;
        self.number += 1;
        if is_damaged || bytes.is_empty() {
            return Err(CaptureError::DamagedFrame { detail: "marked by the camera's driver".to_owned() });
        }
        let mut format = self.format;
        if format.encoding == FrameEncoding::Mjpeg {
            format.size = jpeg_frame::size_of(&bytes).unwrap_or(format.size);
        }
        let time = arrived - *self.began.get_or_insert(arrived);
        Ok(Some(Frame { number: self.number - 1, time, arrived, format, bytes: Arc::new(bytes) }))
    }
}
