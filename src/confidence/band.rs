//! The band about an outline: an inner and an outer outline of the same map, between which most of the reference's border
//! lies on the photographs that the levels were chosen on.

use crate::inference::BandFacts;
use crate::mask::ProbabilityMap;
use crate::measure::diameters;
use crate::measure::lesion_runs::LesionRuns;

/// The lesion of a map at a level: its largest region, holes filled. All figures are zero where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LevelOutline {
    /// From which probability of the map as it is a pixel counts as lesion.
    pub level: f32,
    /// Pixels of the photo.
    pub area_px: u64,
    /// Length of the longest diameter.
    pub longest_px: f64,
    /// Length of the widest diameter across it.
    pub across_px: f64,
    /// Lesion pixels along the photo's edge, where it cuts the lesion.
    pub edge_px: u64,
}

impl LevelOutline {
    /// The lesion of `map` at `level`.
    #[must_use]
    pub fn of(map: &ProbabilityMap, level: f32) -> Self {
        let Some(lesion) = LesionRuns::largest_of(map, level) else {
            return Self { level, ..Self::default() };
        };
        let diameters = lesion.diameters();
        Self {
            level,
            area_px: lesion.area_px(),
            longest_px: diameters::length(&diameters.longest),
            across_px: diameters::length(&diameters.across),
            edge_px: lesion.edge_px(),
        }
    }

    /// How much of the longest diameter lies along the photo's edge: 0 where the lesion is whole.
    #[must_use]
    pub fn cut_share(&self) -> f64 {
        if self.area_px == 0 { 0.0 } else { self.edge_px as f64 / self.longest_px }
    }
}

/// The two outlines and the one that they lie about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutlineBand {
    /// The share of the reference's border that the levels were chosen to hold.
    pub share: f64,
    /// The inner outline; it may be empty.
    pub inner: LevelOutline,
    /// The outer outline.
    pub outer: LevelOutline,
    /// The outline itself, at its threshold.
    outline: LevelOutline,
}

impl OutlineBand {
    /// The band of `map` about `outline`. A threshold beyond a level takes its place: the outline lies within its band.
    #[must_use]
    pub fn of(map: &ProbabilityMap, facts: &BandFacts, outline: &LevelOutline) -> Self {
        let [outer, inner] = facts.levels_about(outline.level);
        let at = |level: f32| if level == outline.level { *outline } else { LevelOutline::of(map, level) };
        Self { share: facts.share, inner: at(inner), outer: at(outer), outline: *outline }
    }

    /// The least and the largest area, in pixels of the photo.
    #[must_use]
    pub fn area_px(&self) -> [f64; 2] {
        self.range(|outline| outline.area_px as f64)
    }

    /// The least and the largest length of the longest diameter.
    #[must_use]
    pub fn longest_px(&self) -> [f64; 2] {
        self.range(|outline| outline.longest_px)
    }

    /// The least and the largest length of the diameter across it.
    #[must_use]
    pub fn across_px(&self) -> [f64; 2] {
        self.range(|outline| outline.across_px)
    }

    /// The area between the two outlines as a share of the outline's own; none where nothing was found.
    #[must_use]
    pub fn width_share(&self) -> Option<f64> {
        let [least, most] = self.area_px();
        (self.outline.area_px > 0).then(|| (most - least) / self.outline.area_px as f64)
    }

    fn range(&self, figure: impl Fn(&LevelOutline) -> f64) -> [f64; 2] {
        let [inner, own, outer] = [&self.inner, &self.outline, &self.outer].map(figure);
        [inner.min(own).min(outer), inner.max(own).max(outer)]
    }
}
