//! How sure a network's map is of the outline drawn from it: the agreement to be expected, the band in which the true
//! border is to be expected, and what makes the outline doubtful.
//!
//! [`Confidence::of`] calculates all of it from a map, a card and a threshold. It takes a few milliseconds even for twelve
//! megapixels, since areas and diameters come from the runs of pixels and not from masks, so it can be calculated again when
//! the threshold changes. [`crate::pipeline::Segmentation::confidence`] is the same for a network's own answer. A mask that
//! a person made has none: what is said here is said of the network's outline.
//!
//! To draw the band, take [`crate::geometry::contour::of_map`] of the same map at [`OutlineBand::outer`]'s and
//! [`OutlineBand::inner`]'s `level`: they are levels of the map as it is, not of the calibrated one. Both may have several
//! lines and either may be empty. The ranges beside area and diameters are [`OutlineBand::area_px`],
//! [`OutlineBand::longest_px`] and [`OutlineBand::across_px`]: they always hold the outline's own figure, and are to be
//! multiplied with the scale (an area with its square). Everything that a card says nothing of is `None`, and is shown as
//! not known for this network, never as a figure.
//!
//! What the map cannot know comes from outside, as [`OtherEvidence`]: how well several networks agree, where they were run,
//! and whether the photograph is a poor one.

mod agreement;
mod band;
mod doubt;
mod range;

pub use self::agreement::{ExpectedAgreement, SortedMap};
pub use self::band::{LevelOutline, OutlineBand};
pub use self::doubt::{Doubt, DoubtReason, OtherEvidence};
use crate::inference::ModelCard;
use crate::mask::ProbabilityMap;

/// What is known of how sure an outline is.
#[derive(Clone, Debug, PartialEq)]
pub struct Confidence {
    /// The agreement to be expected with a reference; none where nothing was found, or the card has no such table.
    pub expected: Option<ExpectedAgreement>,
    /// The outline at its threshold.
    pub outline: LevelOutline,
    /// The band about it; none where the card has no levels.
    pub band: Option<OutlineBand>,
    /// Mean calibrated probability within the outline, in `0..=1`; none where nothing was found, or the card has no
    /// calibration.
    pub mean_probability: Option<f64>,
}

impl Confidence {
    /// Of the outline of `map` at `threshold`, by the network of `card`.
    #[must_use]
    pub fn of(map: &ProbabilityMap, card: &ModelCard, threshold: f32) -> Self {
        let outline = LevelOutline::of(map, threshold);
        let facts = &card.optional;
        let sorted = facts.calibration.as_ref().map(|calibration| SortedMap::of(map, calibration));
        let drawn = sorted.as_ref().filter(|_| outline.area_px > 0);
        Self {
            expected: drawn
                .zip(facts.expected_agreement.as_ref())
                .map(|(sorted, facts)| sorted.agreement_at(threshold).corrected(facts)),
            mean_probability: drawn.and_then(|sorted| sorted.mean_from(threshold)),
            band: facts.band.as_ref().map(|facts| OutlineBand::of(map, facts, &outline)),
            outline,
        }
    }

    /// How doubtful the outline is, and why.
    #[must_use]
    pub fn doubt(&self, other: OtherEvidence) -> Doubt {
        Doubt::of(self, other)
    }
}

#[cfg(test)]
mod tests;
