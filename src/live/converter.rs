//! [`Converter`]: makes the network's input of a frame, by RGA where a board has it, and else by the processor.
//!
//! RGA is tried with the first frame that it takes. Of that frame, and of one in some hundred later ones, the processor makes
//! its picture too: RGA reduces in its own way, and what it does with colours and caches differs from driver to driver. After
//! any failure the processor converts until the run ends.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::rga::{self, Rga, RgaPlace};
use super::rga_error::RgaError;
use crate::capture::pixels::FramePixels;
use crate::capture::{ColourCoding, Frame, FrameEncoding, FrameFormat};
use crate::inference::EngineOptions;

/// A picture of so many is held to the processor's: once in ten seconds.
const CHECK_EVERY: u32 = 300;

/// The mean difference between pixels, and of the whole picture's colour, in levels, above which a picture is another one. On 152
/// photographs averaging, as RGA reduces, differs by 0.6 and at most 2.1 between pixels, and by at most 0.4 in colour.
const MOST_DIFFERENT: [f64; 2] = [3.0, 2.0];

/// What makes a network's input of frames.
#[derive(Clone, Debug, PartialEq)]
pub enum Conversion {
    /// The processor, and why not RGA.
    Processor(RgaError),
    /// RGA.
    Rga {
        /// The library's version, and the kinds of RGA that it found.
        version: String,
        /// The mean difference from the processor's picture, in levels of 0 to 255, when it was last looked at.
        difference: f64,
    },
}

impl Conversion {
    /// Its name in rows.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Processor(_) => "cpu",
            Self::Rga { .. } => "rga",
        }
    }
}

impl fmt::Display for Conversion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Processor(reason) => reason.fmt(out),
            Self::Rga { version, difference } => {
                write!(out, "RGA {version}; {difference:.2} levels from the processor's")
            }
        }
    }
}

enum RgaState {
    /// No frame came that it takes.
    Untried(RgaPlace),
    Used {
        rga: Box<Rga>,
        difference: f64,
        /// Frames until its picture is held to the processor's again.
        until_check: u32,
    },
    /// It is not there, or failed, and is not tried again.
    Failed(RgaError),
}

/// Makes networks' inputs, one after the other.
pub struct Converter {
    state: RgaState,
    conversion: Option<Conversion>,
}

impl Converter {
    /// With RGA where it is found at `place`.
    #[must_use]
    pub fn new(place: RgaPlace) -> Self {
        let state = match place.is_wanted() {
            Ok(()) => RgaState::Untried(place),
            Err(reason) => RgaState::Failed(reason),
        };
        Self { state, conversion: None }
    }

    /// By the processor alone.
    #[must_use]
    pub fn of_processor() -> Self {
        Self { state: RgaState::Failed(RgaError::Off), conversion: None }
    }

    /// What made the last one.
    #[must_use]
    pub fn conversion(&self) -> Option<&Conversion> {
        self.conversion.as_ref()
    }

    /// The frame, which `came_as` a camera sent it, at another `[width, height]`, three bytes a pixel.
    pub fn reduced(&mut self, pixels: &FramePixels, came_as: &FrameFormat, to: [u32; 2]) -> Vec<u8> {
        let (input, conversion) = match self.by_rga(pixels, came_as, to) {
            Ok(done) => done,
            Err(reason) => {
                if !matches!(reason, RgaError::Frames { .. }) {
                    self.fail(&reason);
                }
                (pixels.reduced(to), Conversion::Processor(reason))
            }
        };
        if self.conversion.as_ref() != Some(&conversion) {
            self.conversion = Some(conversion);
        }
        input
    }

    fn fail(&mut self, reason: &RgaError) {
        if !matches!(self.state, RgaState::Failed(_)) {
            log::warn!("the processor converts the frames: {reason}");
            self.state = RgaState::Failed(reason.clone());
        }
    }

    fn by_rga(
        &mut self,
        pixels: &FramePixels,
        came_as: &FrameFormat,
        to: [u32; 2],
    ) -> Result<(Vec<u8>, Conversion), RgaError> {
        if let RgaState::Failed(reason) = &self.state {
            return Err(reason.clone());
        }
        if !rga::takes(pixels, to) {
            return Err(RgaError::Frames { format: came_as.to_string() });
        }
        if let RgaState::Untried(place) = &self.state {
            let rga = Box::new(Rga::open(place)?);
            self.state = RgaState::Used { rga, difference: 0.0, until_check: 0 };
        }
        let RgaState::Used { rga, difference, until_check } = &mut self.state else { return Err(RgaError::Off) };
        let input = rga.convert(pixels, to)?;
        if *until_check == 0 {
            let found = differences(&input, &pixels.reduced(to));
            if found.iter().zip(MOST_DIFFERENT).any(|(found, most)| found.is_nan() || *found > most) {
                return Err(RgaError::OtherPixels { found });
            }
            *difference = found[0];
            *until_check = CHECK_EVERY;
        }
        *until_check -= 1;
        Ok((input, Conversion::Rga { version: rga.version().to_owned(), difference: *difference }))
    }
}

/// Whether RGA can be used here: tried with a drawn frame, in the size that cameras usually have.
#[must_use]
pub fn examine_rga(options: &EngineOptions) -> Conversion {
    let size = [1280, 720];
    let format =
        FrameFormat { encoding: FrameEncoding::Nv12, size, stride: size[0], colour: ColourCoding::default() };
    let [width, rows] = size.map(|side| side as usize);
    // A slope of brightness over one of colour.
    let bytes = (0..width * rows * 3 / 2).map(|place| (60 + (place % width + place / width) / 16) as u8).collect();
    let (time, arrived) = (Duration::ZERO, Instant::now());
    let frame = Frame { number: 0, time, arrived, format, bytes: Arc::new(bytes) };
    let mut converter = Converter::new(RgaPlace::of(options));
    if let Ok(pixels) = FramePixels::of(&frame) {
        converter.reduced(&pixels, &format, [256, 256]);
    }
    converter.conversion().cloned().unwrap_or(Conversion::Processor(RgaError::NoDevice))
}

/// The mean difference of two pictures between their pixels, and of the mean of the colour where that differs most.
fn differences(one: &[u8], other: &[u8]) -> [f64; 2] {
    let mut sums = [[0_i64; 2]; 3];
    for (place, (one, other)) in one.iter().zip(other).enumerate() {
        let [signed, unsigned] = &mut sums[place % 3];
        *signed += i64::from(*one) - i64::from(*other);
        *unsigned += i64::from(one.abs_diff(*other));
    }
    let pixels = (other.len() / 3).max(1) as f64;
    let between = sums.iter().map(|[_, unsigned]| *unsigned as f64).sum::<f64>() / (3.0 * pixels);
    let of_colour = sums.iter().map(|[signed, _]| (*signed as f64 / pixels).abs()).fold(0.0, f64::max);
    if one.len() == other.len() { [between, of_colour] } else { [f64::INFINITY; 2] }
}
