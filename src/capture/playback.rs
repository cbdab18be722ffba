//! A file or a folder played as a camera, in a loop: for tests, demonstrations and machines without a camera.

mod mjpeg;
mod photographs;
mod y4m;

use std::path::Path;
use std::time::{Duration, Instant};

use self::mjpeg::MjpegFile;
use self::photographs::Photographs;
use self::y4m::Y4mFile;
use super::choice::SourceOptions;
use super::error::CaptureError;
use super::frame::{Frame, FrameFormat};
use super::source::{FrameMode, FrameSource, SourceInfo};
use crate::files::ReadError;
use crate::mask_names;

/// Frames a second of what does not say.
const USUAL_RATE: f64 = 30.0;

/// How fast frames come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As a camera's: each in its time, and those whose time has passed are left out.
    RealTime,
    /// Each as soon as it is asked for, none left out.
    AsAsked,
}

/// A file or folder of which each frame can be read.
trait Recording: Send {
    /// How many frames it has; at least one.
    fn count(&self) -> u64;

    /// Frames a second, where it says so.
    fn rate(&self) -> Option<f64> {
        None
    }

    /// The format of the first frame.
    fn format(&self) -> FrameFormat;

    /// A frame's format and bytes.
    fn read(&mut self, index: u64) -> Result<(FrameFormat, std::sync::Arc<Vec<u8>>), CaptureError>;
}

/// Opens what is at `path`: a folder of photographs, one photograph, or a file of moving pictures.
pub(super) fn open(path: &Path, options: &SourceOptions) -> Result<Box<dyn FrameSource>, CaptureError> {
    let is_mjpeg = ["mjpeg", "mjpg"].iter().any(|ending| mask_names::has_ending(path, ending));
    let rate = options.rate.unwrap_or(USUAL_RATE);
    let recording: Box<dyn Recording> = if path.is_dir() || mask_names::is_picture_name(path) {
        Box::new(Photographs::open(path, frames_of(options.hold, rate))?)
    } else if is_mjpeg {
        Box::new(MjpegFile::open(path)?)
    } else if mask_names::has_ending(path, "y4m") {
        Box::new(Y4mFile::open(path)?)
    } else if path.symlink_metadata().is_ok() {
        return Err(CaptureError::UnknownFile { path: path.to_owned() });
    } else {
        return Err(failed(path, std::io::ErrorKind::NotFound.into()));
    };
    Ok(Box::new(Playback::of(path, recording, options)))
}

fn frames_of(hold: Duration, rate: f64) -> u64 {
    ((hold.as_secs_f64() * rate).round() as u64).max(1)
}

fn failed(path: &Path, error: std::io::Error) -> CaptureError {
    unreadable(ReadError { path: path.to_owned(), fault: error.into() })
}

fn unreadable(error: ReadError) -> CaptureError {
    CaptureError::Unreadable { reason: error.fault.message(), path: error.path }
}

/// What is played.
struct Playback {
    info: SourceInfo,
    recording: Box<dyn Recording>,
    pace: Pace,
    rate: f64,
    next: u64,
    /// When the first frame was due.
    began: Option<Instant>,
}

impl Playback {
    fn of(path: &Path, recording: Box<dyn Recording>, options: &SourceOptions) -> Self {
        let rate = options.rate.or_else(|| recording.rate()).unwrap_or(USUAL_RATE);
        let format = recording.format();
        let mode = FrameMode { encoding: format.encoding.name(), sizes: vec![format.size] };
        let info = SourceInfo {
            name: path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
            place: path.to_string_lossy().into_owned(),
            modes: vec![mode],
            ..SourceInfo::default()
        };
        Self { info, recording, pace: options.pace, rate, next: 0, began: None }
    }

    /// Waits until the next frame is due, and passes over those that are too late. How long it has still to be waited for,
    /// where that is longer than `longest`.
    fn wait(&mut self, longest: Duration) -> Option<Duration> {
        let began = *self.began.get_or_insert_with(Instant::now);
        let due_in = self.time_of(self.next).saturating_sub(began.elapsed());
        std::thread::sleep(due_in.min(longest));
        let now = (began.elapsed().as_secs_f64() * self.rate) as u64;
        self.next = self.next.max(now);
        due_in.checked_sub(longest).filter(|left| !left.is_zero())
    }

    fn time_of(&self, number: u64) -> Duration {
        Duration::from_secs_f64(number as f64 / self.rate)
    }
}

impl FrameSource for Playback {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn next_frame(&mut self, longest: Duration) -> Result<Frame, CaptureError> {
        if self.pace == Pace::RealTime && self.wait(longest).is_some() {
            return Err(CaptureError::Frozen { camera: self.info.name.clone(), seconds: longest.as_secs_f32() });
        }
        let number = self.next;
        self.next += 1;
        let (format, bytes) = self.recording.read(number % self.recording.count())?;
        Ok(Frame { number, time: self.time_of(number), arrived: Instant::now(), format, bytes })
    }
}
