//! [`OutlinedFrame`]: a frame with what was found in it.

use std::sync::Arc;

use super::advice::LiveAdvice;
use crate::capture::{Frame, SourceInfo};
use crate::geometry::area::Area;
use crate::geometry::contour::Outline;
use crate::inference::EngineInfo;
use crate::mask::ProbabilityMap;
use crate::quality::CaptureQuality;

/// All pixels of a frame, for a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FramePicture {
    /// `[width, height]` in pixels.
    pub size: [u32; 2],
    /// Red, green and blue of each pixel, row by row.
    pub rgb: Arc<Vec<u8>>,
}

/// How long each stage took, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LiveMillis {
    /// Decoding, the network's input, and the picture for the screen.
    pub convert: f64,
    /// The network.
    pub infer: f64,
    /// Smoothing, outline and quality.
    pub outline: f64,
    /// From the frame's arrival to its outline, waiting included.
    pub latency: f64,
}

/// How the camera is held, and what it sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LiveQuality {
    /// How much the picture moved within the last fifth of a second, as [`super::Motion`] measures it; `None` at the start.
    pub motion: Option<f64>,
    /// Sharpness, light, and how the lesion lies in the picture; measured some ten times a second.
    pub capture: CaptureQuality,
    /// What to do next.
    pub advice: LiveAdvice,
    /// How much of the automatic shutter's half second has passed, 0 to 1.
    pub progress: f32,
}

/// A frame with the outline that belongs to it.
#[derive(Clone, Debug)]
pub struct OutlinedFrame {
    /// As the camera gave it.
    pub frame: Frame,
    /// Whose frame it is.
    pub source: Arc<SourceInfo>,
    /// Its pixels, where they were asked for.
    pub picture: Option<FramePicture>,
    /// What of the frame the network saw, in its pixels, where that was a part alone.
    pub second_look: Option<Area>,
    /// How sure the network is at each pixel; smoothed over time where that is switched on.
    pub map: ProbabilityMap,
    /// The probability from which a pixel is lesion.
    pub threshold: f32,
    /// Lines around the lesion, in pixels of the frame.
    pub outlines: Vec<Outline>,
    /// Part of the frame that the largest lesion covers, 0 to 1.
    pub lesion_share: f64,
    /// How the camera is held, and what it sees.
    pub quality: LiveQuality,
    /// Whether the automatic shutter chose this frame, as the sharpest of its half second.
    pub is_released: bool,
    /// How long it took.
    pub millis: LiveMillis,
    /// The network's name.
    pub model: String,
    /// The engine that ran it.
    pub engine: EngineInfo,
}
