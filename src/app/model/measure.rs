//! Measuring in the window: the ruler's line, what is drawn of the lesion, and its figures.

use std::sync::Arc;

use super::current::Derived;
use super::scale::{self, Scales};
use crate::confidence::Confidence;
use crate::language::Words;
use crate::measure::colours::ColourShares;
use crate::measure::shape::Shape;
use crate::measure::surface_distances::{NoSurface, SurfaceDistances};
use crate::measure::vessels::VesselMeasures;
use crate::photo::{Photo, PhotoSource};
use crate::quality::CaptureQuality;
use crate::records::CalibrationChange;

/// What is measured of a lesion, in pixels.
#[derive(Clone, Debug)]
pub struct Measured {
    /// What was measured; older than what is shown while the threshold moves.
    pub of: Arc<Derived>,
    /// Regions of the mask, of which the largest is measured.
    pub regions: usize,
    /// Its shape; none where nothing is lesion.
    pub shape: Option<Shape>,
    /// Whether colours were measured too.
    pub has_colours: bool,
    pub colours: Option<ColourShares>,
    /// The figures of vessels, in pixels; none of a lesion.
    pub vessels: Option<MeasuredVessels>,
    /// How sure the network is of its outline; none where a person made it.
    pub confidence: Option<Confidence>,
    /// What a second network makes of the photo, once it was asked.
    pub second: Option<SecondNetwork>,
    /// How far its border lies from the reference's, where there is a reference.
    pub distances: Option<Result<SurfaceDistances, NoSurface>>,
    /// Of the photo, with this lesion in it.
    pub quality: CaptureQuality,
}

/// What a second network makes of the photo.
#[derive(Clone, Debug)]
pub struct SecondNetwork {
    /// The network's title.
    pub title: String,
    /// IoU of its outline with the one that is shown, or why there is none.
    pub agreement: Result<f64, Words>,
}

/// What is measured of vessels.
#[derive(Clone, Copy, Debug)]
pub struct MeasuredVessels {
    pub measures: VesselMeasures,
    /// clDice with the reference, where there is one.
    pub centre_line_dice: Option<f64>,
}

/// The line that a person draws along a ruler in the photo.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ruler {
    /// Where it begins, in the photo's coordinates, while it is being drawn.
    pub start: Option<[f64; 2]>,
    /// Its ends in the photo's coordinates, once it is drawn.
    pub ends: Option<[[f64; 2]; 2]>,
    /// Its length as typed.
    pub length: String,
    /// For all photos of this folder with the same size.
    pub for_folder: bool,
    /// Why the length was not taken.
    pub complaint: Option<scale::LengthError>,
}

impl Ruler {
    /// The line's length in pixels.
    #[must_use]
    pub fn length_px(&self) -> f64 {
        self.ends.map_or(0.0, |[from, to]| (to[0] - from[0]).hypot(to[1] - from[1]))
    }

    /// Millimetres a pixel by what is drawn and typed.
    ///
    /// # Errors
    /// [`scale::LengthError`] when either is no length.
    pub fn mm_per_px(&self) -> Result<f64, scale::LengthError> {
        scale::mm_per_px(self.length_px(), scale::typed_millimetres(&self.length)?)
    }
}

/// Everything about measuring that lasts beyond a photo.
#[derive(Clone, Debug, Default)]
pub struct Measuring {
    /// Both diameters are drawn on the photo.
    pub shows_diameters: bool,
    /// Axes, sectors and figures of the ABCD descriptors are drawn on the photo.
    pub shows_abcd: bool,
    /// The section of the ABCD descriptors has just appeared: the side panel scrolls to it.
    pub scrolls_to_abcd: bool,
    /// The ruler's line while it is drawn.
    pub ruler: Option<Ruler>,
    pub scales: Scales,
    /// Changes of scales that could not be saved, oldest first.
    pub unsaved: Vec<UnsavedCalibration>,
}

/// A change that is not in the records.
#[derive(Clone, Debug)]
pub struct UnsavedCalibration {
    /// The photo that it was made on.
    pub source: PhotoSource,
    pub change: CalibrationChange,
    /// Why it was not saved.
    pub reason: Words,
}

impl UnsavedCalibration {
    /// Whether it is about `photo`.
    #[must_use]
    pub fn is_about(&self, photo: &Photo) -> bool {
        self.change.calibrations.iter().any(|calibration| calibration.sha256 == photo.sha256())
    }
}
