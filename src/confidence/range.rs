//! The figures of an outline with the ranges that its band gives them.

use super::OutlineBand;
use crate::measure::pixel_size::PixelSize;
use crate::measure::shown_figure::ShownFigure;
use crate::measure::table::Measure;

impl OutlineBand {
    /// The least and the largest of the outline's `measure`, in pixels or square pixels; none of one that a band says nothing
    /// of.
    #[must_use]
    pub fn ends_px(&self, measure: Measure) -> Option<[f64; 2]> {
        match measure {
            Measure::Area => Some(self.area_px()),
            Measure::LongestDiameter => Some(self.longest_px()),
            Measure::AcrossDiameter => Some(self.across_px()),
            _ => None,
        }
    }

    /// `figure`, which is the outline's `measure`, with its range where the band gives it one.
    #[must_use]
    pub fn about(&self, measure: Measure, figure: ShownFigure, pixel: Option<PixelSize>) -> ShownFigure {
        let unit = pixel.map(|pixel| measure.quantity().factor(Some(pixel.mm)));
        match self.ends_px(measure) {
            Some(ends) => figure.within(ends, unit),
            None => figure,
        }
    }
}
