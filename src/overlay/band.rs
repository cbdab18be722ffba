//! The lines of the band in which the border of a lesion probably lies.

use crate::geometry::contour::{self, Outline};
use crate::inference::BandFacts;
use crate::mask::ProbabilityMap;

/// The outer and the inner outline; either may be of several lines, or of none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BandLines {
    /// Around all that may be lesion.
    pub outer: Vec<Outline>,
    /// Around what is surely lesion.
    pub inner: Vec<Outline>,
}

impl BandLines {
    /// The lines about the outline of `map` at `threshold`.
    #[must_use]
    pub fn of(map: &ProbabilityMap, facts: &BandFacts, threshold: f32) -> Self {
        let [outer, inner] = facts.levels_about(threshold).map(|level| contour::of_map(map, level));
        Self { outer, inner }
    }

    /// Both.
    pub fn all(&self) -> impl Iterator<Item = &Outline> {
        self.outer.iter().chain(&self.inner)
    }
}
