//! A report on one photo for a person to keep or print: photo, overlay, figures, network and review on one A4 page.
//! The figures are those of the CSV and JSON rows, calculated once for all of them.

mod document;
mod figures;
mod fonts;
mod lines;
mod page;
mod picture;
mod sheet;
mod style;
mod tables;

use jiff::Timestamp;

pub use self::document::ReportDocument;
pub use self::picture::PagePicture;
use crate::geometry::contour::Outline;
use crate::language::{Language, Words};
use crate::mask::Mask;
use crate::measure::agreement::Confusion;
use crate::measure::lesion_measures::LesionMeasures;
use crate::measure::surface_distances::{NoSurface, SurfaceDistances};
use crate::photo::Photo;
use crate::provenance::MaskOrigin;
use crate::records::{Review, Scale};
use crate::{display_as_message, words};

/// How a mask agrees with the reference.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// Pixel by pixel.
    pub counts: Confusion,
    /// Between the borders, or why there is none.
    pub distances: Result<SurfaceDistances, NoSurface>,
}

/// Everything that is calculated of a mask.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Lesion pixels of the whole mask.
    pub lesion_px: u64,
    /// The lesion's measures; none where the mask is empty.
    pub measures: Option<LesionMeasures>,
    /// Against the reference, where there is one.
    pub agreement: Option<Agreement>,
    /// How long a pixel is and where that comes from, where it is known.
    pub scale: Option<Scale>,
}

impl Figures {
    /// The figures of `mask` in `photo`.
    ///
    /// # Panics
    /// When a mask has not the photo's size.
    #[must_use]
    pub fn of(photo: &Photo, mask: &Mask, reference: Option<&Mask>, scale: Option<Scale>) -> Self {
        let mm_per_px = scale.map(|scale| scale.mm_per_px);
        Self {
            lesion_px: mask.area_px(),
            measures: LesionMeasures::of(photo, mask, mm_per_px),
            agreement: reference.map(|reference| Agreement {
                counts: Confusion::of(mask, reference),
                distances: SurfaceDistances::of(mask, reference),
            }),
            scale,
        }
    }

    /// Millimetres per pixel where they are known.
    #[must_use]
    pub fn mm_per_px(&self) -> Option<f64> {
        self.scale.map(|scale| scale.mm_per_px)
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
    /// What was decided.
    pub review: Option<&'a Review>,
    /// When the report was made.
    pub made: Timestamp,
}

/// Why no PDF could be made.
#[derive(Debug, thiserror::Error)]
pub struct PdfError(pub String);

impl PdfError {
    /// The error in words.
    #[must_use]
    pub fn message(&self) -> Words {
        words!("pdf-failed", reason = self.0.as_str())
    }
}

display_as_message!(PdfError);

/// Reports as one PDF in `language`, a page each: PDF/A-2a and PDF/UA-1. The same reports give the same bytes.
///
/// # Errors
/// [`PdfError`], for a fault of our own.
pub fn pdf(language: Language, reports: &[PhotoReport<'_>]) -> Result<Vec<u8>, PdfError> {
    let mut document = ReportDocument::new(language)?;
    reports.iter().for_each(|report| document.add(report));
    document.finish()
}
