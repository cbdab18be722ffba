//! A file or a folder played as a camera, in a loop: for tests, demonstrations and machines without a camera.

mod mjpeg;
mod photographs;
mod recording;
mod y4m;

use std::path::Path;
use std::time::{Duration, Instant};

use self::mjpeg::MjpegFile;
use self::photographs::Photographs;
use self::recording::{Recording, failed};
use self::y4m::Y4mFile;
use super::error::CaptureError;
use super::frame::Frame;
use super::options::{Pace, SourceOptions};
use super::source::{FrameMode, FrameSource, SourceInfo};
use crate::mask_names;

/// Frames a second of what does not say.
const USUAL_RATE: f64 = 30.0;

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
    } else {
        path.symlink_metadata().map_err(|error| failed(path, error))?;
        return Err(CaptureError::UnknownFile { path: path.to_owned() });
    };
    Ok(Box::new(Playback::of(path, recording, options)))
}

fn frames_of(hold: Duration, rate: f64) -> u64 {
    ((hold.as_secs_f64() * rate).round() as u64).max(1)
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

    /// Waits until the next frame is due, no longer than `longest`, and passes over those that are too late; whether it is due.
    fn is_due(&mut self, longest: Duration) -> bool {
        let began = *self.began.get_or_insert_with(Instant::now);
        let due_in = self.time_of(self.next).saturating_sub(began.elapsed());
        std::thread::sleep(due_in.min(longest));
        let now = (began.elapsed().as_secs_f64() * self.rate) as u64;
        self.next = self.next.max(now);
        due_in <= longest
    }

    fn time_of(&self, number: u64) -> Duration {
        Duration::from_secs_f64(number as f64 / self.rate)
    }
}

impl FrameSource for Playback {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn has_one_format(&self) -> bool {
        self.recording.has_one_format()
    }

    fn next_frame(&mut self, longest: Duration) -> Result<Option<Frame>, CaptureError> {
        if self.pace == Pace::RealTime && !self.is_due(longest) {
            return Ok(None);
        }
        let number = self.next;
        self.next += 1;
        let (format, bytes) = self.recording.read(number % self.recording.count())?;
        Ok(Some(Frame { number, time: self.time_of(number), arrived: Instant::now(), format, bytes }))
    }
}
