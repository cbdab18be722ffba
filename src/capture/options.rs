//! [`SourceOptions`]: what is asked of a source.

use std::time::Duration;

use super::frame::FrameEncoding;

/// How fast frames come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As a camera's: each in its time, and those whose time has passed are left out.
    RealTime,
    /// Each as soon as it is asked for, none left out.
    AsAsked,
}

/// What is asked of a source; what a camera cannot do it does as nearly as it can.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SourceOptions {
    /// Frames a second; without, as many as the camera gives, and 30 of a file that does not say.
    pub rate: Option<f64>,
    /// `[width, height]`; without, the camera's largest up to [`Self::USUAL_SIZE`].
    pub size: Option<[u32; 2]>,
    /// How pixels are written down; without, what costs least at that size.
    pub encoding: Option<FrameEncoding>,
    /// Of what is played: in its own time, or as fast as it is asked for.
    pub pace: Pace,
    /// How long each photograph of a folder is shown.
    pub hold: Duration,
}

impl SourceOptions {
    /// The size that is looked for first: networks see 256 pixels a side, and a person a screen.
    pub const USUAL_SIZE: [u32; 2] = [1280, 960];
}

impl Default for SourceOptions {
    fn default() -> Self {
        Self { rate: None, size: None, encoding: None, pace: Pace::RealTime, hold: Duration::from_secs(2) }
    }
}
