//! What a report tells: the figures of a mask, and what stands on its page.

use jiff::Zoned;

use super::picture::PagePicture;
use crate::confidence::Confidence;
use crate::geometry::contour::Outline;
use crate::inference::ModelCard;
use crate::mask::{Mask, ProbabilityMap};
use crate::measure::agreement::Confusion;
use crate::measure::lesion_measures::LesionMeasures;
use crate::measure::surface_distances::{NoSurface, SurfaceDistances};
use crate::measure::vessels::{self, VesselMeasures};
use crate::overlay::band::BandLines;
use crate::photo::Photo;
use crate::provenance::MaskOrigin;
use crate::quality::CaptureQuality;
use crate::records::{Review, Scale};

/// How a mask agrees with the reference.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// Pixel by pixel.
    pub counts: Confusion,
    /// Between the borders, or why there is none.
    pub distances: Result<SurfaceDistances, NoSurface>,
    /// clDice of vessels; none of a lesion.
    pub centre_line_dice: Option<f64>,
}

/// Everything that is calculated of a mask.
#[derive(Clone, Debug)]
pub struct Figures {
    /// All pixels of the mask, with every region and without its holes: no figure of the lesion.
    pub mask_px: u64,
    /// The lesion's measures; none where the mask is empty or means vessels.
    pub measures: Option<LesionMeasures>,
    /// The vessels' measures; none where the mask means a lesion.
    pub vessels: Option<VesselMeasures>,
    /// Against the reference, where there is one.
    pub agreement: Option<Agreement>,
    /// How long a pixel is and where that comes from, where it is known.
    pub scale: Option<Scale>,
    /// Whether the photograph is fit to be judged.
    pub quality: CaptureQuality,
}

impl Figures {
    /// The figures of `mask` in `photo`.
    ///
    /// # Panics
    /// When a mask has not the photo's size.
    #[must_use]
    pub fn of(photo: &Photo, mask: &Mask, reference: Option<&Mask>, scale: Option<Scale>) -> Self {
        Self {
            mask_px: mask.area_px(),
            measures: LesionMeasures::of(photo, mask, scale.map(Scale::pixel)),
            vessels: None,
            agreement: reference.map(|reference| Agreement {
                counts: Confusion::of(mask, reference),
                distances: SurfaceDistances::of(mask, reference),
                centre_line_dice: None,
            }),
            scale,
            quality: CaptureQuality::of_mask(photo, mask),
        }
    }

    /// The figures of the vessels of `mask` within `field_of_view`.
    ///
    /// # Panics
    /// When the masks have different sizes.
    #[must_use]
    pub fn of_vessels(mask: &Mask, field_of_view: &Mask, reference: Option<&Mask>, scale: Option<Scale>) -> Self {
        Self {
            mask_px: mask.area_px(),
            measures: None,
            vessels: Some(VesselMeasures::of(mask, field_of_view, scale.map(Scale::pixel))),
            agreement: reference.map(|reference| Agreement {
                counts: Confusion::within(mask, reference, field_of_view),
                distances: Err(NoSurface::Vessels),
                centre_line_dice: Some(vessels::centre_line_dice(mask, reference, field_of_view)),
            }),
            scale,
            quality: CaptureQuality::unchecked(),
        }
    }

    /// Millimetres per pixel where they are known.
    #[must_use]
    pub fn mm_per_px(&self) -> Option<f64> {
        self.scale.map(|scale| scale.mm_per_px)
    }

    /// How many regions the mask has.
    #[must_use]
    pub fn regions(&self) -> usize {
        let of_vessels = self.vessels.map(|vessels| vessels.regions);
        of_vessels.or(self.measures.as_ref().map(|measures| measures.regions)).unwrap_or_default()
    }
}

/// How sure the network is of its outline, and the lines of the band about it.
#[derive(Clone, Debug)]
pub struct PageConfidence {
    /// The figures.
    pub confidence: Confidence,
    /// The lines, where the card knows a band.
    pub band: Option<BandLines>,
}

impl PageConfidence {
    /// `confidence` with the lines about the outline of `map` at `threshold`, by the network of `card`.
    #[must_use]
    pub fn new(confidence: Confidence, map: &ProbabilityMap, card: &ModelCard, threshold: f32) -> Self {
        let band = card.optional.band.as_ref().map(|facts| BandLines::of(map, facts, threshold));
        Self { confidence, band }
    }
}

/// What a page shows.
#[derive(Clone, Debug)]
pub struct PhotoReport<'a> {
    /// The photo's name.
    pub name: String,
    /// Its pixels.
    pub picture: &'a PagePicture,
    /// Lines around the lesion.
    pub outlines: &'a [Outline],
    /// Whose lines these are.
    pub origin: &'a MaskOrigin,
    /// The name to show of the network that made them or that they were begun from, where it is known.
    pub network_title: Option<&'a str>,
    /// Lines around the reference, and its name.
    pub reference: Option<(&'a [Outline], &'a str)>,
    /// The figures.
    pub figures: &'a Figures,
    /// How sure the network is; none where a person made the outline.
    pub confidence: Option<&'a PageConfidence>,
    /// What was decided.
    pub review: Option<&'a Review>,
    /// What the case is called; empty to be filled in by hand.
    pub case: &'a str,
    /// Whose lesion it is, likewise.
    pub patient: &'a str,
    /// When and in which time zone the report was made; its other times are in the same zone.
    pub made: Zoned,
}
