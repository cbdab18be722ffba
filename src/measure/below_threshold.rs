//! What a network is surest of where no pixel reaches the threshold, and the threshold at which that would show.

use crate::mask::ProbabilityMap;

/// Below this highest probability nothing is worth showing: it is what networks return for bare skin.
const FAINTEST: f32 = 0.04;

/// A region that covers more of the photo than this is no region.
const LARGEST_SHARE: f32 = 0.6;

/// What is known of a map without lesion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BelowThreshold {
    /// The highest probability, `0..=1`.
    pub highest: f32,
    /// The threshold, in hundredths, at which the surest region shows: half of the highest probability, as widths of peaks
    /// are measured. None where all is too faint, or nothing stands out.
    pub useful_threshold: Option<f32>,
}

impl BelowThreshold {
    /// Of `map`, in which no pixel reaches `threshold`.
    #[must_use]
    pub fn of(map: &ProbabilityMap, threshold: f32) -> Self {
        let values = map.network_values();
        let highest = values.iter().copied().fold(0.0, f32::max);
        let half = (highest * 50.0).floor() / 100.0;
        let reached = values.iter().filter(|&&value| value >= half).count();
        let stands_out = reached as f32 <= LARGEST_SHARE * values.len() as f32;
        let is_useful = highest >= FAINTEST && half < threshold && stands_out;
        Self { highest, useful_threshold: is_useful.then_some(half) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(values: &[f32]) -> ProbabilityMap {
        ProbabilityMap::new([values.len(), 1], values.to_vec(), [values.len() as u32 * 10, 10])
    }

    #[test]
    fn the_threshold_is_half_of_the_highest_probability_in_hundredths() {
        let map = map(&[0.0, 0.01, 0.25, 0.1]);
        let found = BelowThreshold::of(&map, 0.5);
        assert_eq!(found, BelowThreshold { highest: 0.25, useful_threshold: Some(0.12) });
        assert!(map.threshold(0.5).area_px() == 0 && map.threshold(0.12).area_px() > 0);
    }

    #[test]
    fn bare_skin_and_a_map_in_which_nothing_stands_out_have_none() {
        assert_eq!(BelowThreshold::of(&map(&[0.001, 0.03, 0.0]), 0.5).useful_threshold, None);
        assert_eq!(BelowThreshold::of(&map(&[0.3, 0.31, 0.29, 0.3]), 0.5).useful_threshold, None);
        assert_eq!(BelowThreshold::of(&map(&[0.0, 0.0, 0.5]), 0.2).useful_threshold, None, "it is above already");
    }
}
