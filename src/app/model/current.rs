//! The photo on the canvas and what is known of it.

use std::path::PathBuf;
use std::sync::Arc;

use super::correction::Edited;
use super::measure::Measured;
use crate::display::Profile;
use crate::geometry::contour::Outline;
use crate::inference::{MaskMeaning, Model};
use crate::language::Words;
use crate::mask::Mask;
use crate::measure::agreement::Confusion;
use crate::measure::below_threshold::BelowThreshold;
use crate::overlay::band::BandLines;
use crate::overlay::palette::{self, Rgb};
use crate::overlay::view::OverlayView;
use crate::photo::Photo;
use crate::pipeline::{Segmentation, TileProgress};

/// A reference mask over the current photo.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The mask, at the photo's size.
    pub mask: Mask,
    pub outlines: Vec<Outline>,
    /// Its file's name; `None` is the sample's own mask.
    pub name: Option<String>,
    /// What it marks, where its form says so.
    pub likely: Option<MaskMeaning>,
}

/// Where a reference mask is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReferenceFile {
    /// That of the built-in sample of this name.
    BuiltIn(&'static str),
    File(PathBuf),
}

/// What follows from a segmentation at one threshold.
#[derive(Clone, Debug)]
pub struct Derived {
    /// The threshold it was made at.
    pub threshold: f32,
    /// Lines around the lesion.
    pub outlines: Vec<Outline>,
    /// Lesion pixels at the photo's size.
    pub area_px: u64,
    /// Separate regions of lesion.
    pub regions: usize,
    /// Mean of the network's probabilities within its outline; none of a corrected mask.
    pub mean_probability: Option<f32>,
    /// Against the reference, where there is one.
    pub agreement: Option<Confusion>,
    /// The corrected mask that this describes; `None` where it is the network's.
    pub edited: Option<Arc<Mask>>,
    /// Lines around the network's lesion, where this describes a corrected mask.
    pub network_outlines: Vec<Outline>,
    /// What the network is surest of, where nothing reaches the threshold.
    pub below_threshold: Option<BelowThreshold>,
    /// The lines of the band, where it is shown.
    pub band: Option<BandLines>,
    /// The colour of the skin around the lesion, as the photo stores it.
    pub surroundings: Rgb,
}

impl Derived {
    /// Lines around the network's lesion at the threshold.
    #[must_use]
    pub fn network_outlines(&self) -> &[Outline] {
        if self.edited.is_some() { &self.network_outlines } else { &self.outlines }
    }

    /// The colour of the lesion that this describes.
    #[must_use]
    pub fn colour(&self) -> Rgb {
        palette::of_lesion(self.edited.is_some())
    }
}

/// What an outline is drawn of, and with it the layer of a view.
#[derive(Clone, Debug)]
pub struct OutlineParts {
    pub photo: Arc<Photo>,
    /// The network's result, where there is one.
    pub segmentation: Option<Arc<Segmentation>>,
    /// The network that it is of.
    pub model: Option<Arc<Model>>,
    /// The reference, where there is one.
    pub reference: Option<Arc<Reference>>,
    /// The corrected mask, where it takes the network's place.
    pub edited: Option<Arc<Mask>>,
    /// Probability from which a pixel counts as lesion.
    pub threshold: f32,
    /// Which layer is drawn.
    pub view: OverlayView,
}

impl OutlineParts {
    /// Whether both are drawn of the very same things.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        fn is_one<T>(one: &Option<Arc<T>>, other: &Option<Arc<T>>) -> bool {
            one.as_ref().map(Arc::as_ptr) == other.as_ref().map(Arc::as_ptr)
        }
        is_one(&self.segmentation, &other.segmentation)
            && is_one(&self.model, &other.model)
            && is_one(&self.reference, &other.reference)
            && is_one(&self.edited, &other.edited)
            && (self.threshold, self.view) == (other.threshold, other.view)
    }
}

/// Where the current photo stands.
#[derive(Clone, Debug, Default)]
pub enum Phase {
    /// No photo was asked for.
    #[default]
    Nothing,
    /// The file is being read; whatever was shown before still is.
    Loading,
    /// The network is running.
    Segmenting,
    /// The result is there.
    Done,
    /// The file could not be opened.
    FileFailed(Words),
    /// The photo is there, but the network failed on it.
    NetworkFailed(Words),
}

/// The photo on the canvas and what is known of it.
#[derive(Clone, Debug, Default)]
pub struct Current {
    /// Counts photos that came onto the canvas.
    pub number: u64,
    /// Its pixels.
    pub photo: Option<Arc<Photo>>,
    /// How its colours are meant.
    pub profile: Profile,
    /// What the network says.
    pub segmentation: Option<Arc<Segmentation>>,
    /// Counts of the probabilities, for the threshold slider.
    pub histogram: Vec<u32>,
    pub reference: Option<Arc<Reference>>,
    /// The reference that is to be read, and how often one was asked for on this photo.
    pub wanted_reference: Option<(u32, ReferenceFile)>,
    /// The mask that a person has corrected.
    pub edited: Option<Edited>,
    /// Outlines and figures at the threshold.
    pub derived: Option<Arc<Derived>>,
    /// What the outline is drawn of, where it was drawn before the photo was shown; it is not drawn again.
    pub known_outline: Option<OutlineParts>,
    /// Measures of the lesion, of this outline or the one before.
    pub measured: Option<Arc<Measured>>,
    pub phase: Phase,
    /// The person closed the message that the network failed.
    pub is_failure_closed: bool,
    /// While the network is to run: its map is known, and only the steps after it have changed.
    pub keeps_map: bool,
    /// How far a network that runs in tiles has come, while it runs.
    pub tiles: Option<TileProgress>,
}

impl Current {
    /// The corrected mask, where it is the lesion that counts.
    #[must_use]
    pub fn edited_mask(&self) -> Option<&Arc<Mask>> {
        self.edited.as_ref().filter(|edited| edited.is_used).map(|edited| &edited.mask)
    }

    /// The figures of the very outline that is shown.
    #[must_use]
    pub fn fresh_measures(&self) -> Option<&Arc<Measured>> {
        let (Some(measured), Some(derived)) = (&self.measured, &self.derived) else { return None };
        Arc::ptr_eq(&measured.of, derived).then_some(measured)
    }
}
