//! The IoU and Dice coefficient that an outline can be expected to have with a reference that nobody has drawn, from the
//! calibrated map alone, in closed form.
//!
//! References are thought of as level sets of the calibrated map, one inside the other: with `u` uniform in 0..1 the
//! reference is `{p >= u}`. Let `p(1) >= p(2) >= ...` be the sorted map. The reference is its first `m` pixels with
//! probability `p(m) - p(m+1)`, and the outline of the first `k` pixels has with it an IoU of `min(k, m) / max(k, m)` and a
//! Dice coefficient of `2 min(k, m) / (k + m)`. Both expectations are sums over `m`. The map is read at its own resolution,
//! at which the card's corrections were fitted; only shares of pixels count. `models/recipe` derives and measures it, in
//! `dermaloupe_recipe/expected_agreement.py`.

use std::cmp::Reverse;

use crate::inference::{CalibrationFacts, ExpectedAgreementFacts};
use crate::mask::ProbabilityMap;

/// Probabilities nearer to 0 or 1 are taken as this, as the recipe does before it takes a logit.
const EPSILON: f64 = 1e-6;

/// Expectations that differ by less are alike: of such outlines the largest is taken.
const ALIKE: f64 = 1e-12;

/// The agreement that an outline can be expected to have with a reference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExpectedAgreement {
    /// Intersection over union, in `0..=1`.
    pub iou: f64,
    /// Dice coefficient, in `0..=1`.
    pub dice: f64,
}

impl ExpectedAgreement {
    /// As the card's tables correct it.
    #[must_use]
    pub fn corrected(self, facts: &ExpectedAgreementFacts) -> Self {
        Self { iou: facts.iou.corrected(self.iou), dice: facts.dice.corrected(self.dice) }
    }
}

/// A map's probabilities, sorted downwards: as they are, and calibrated.
#[derive(Clone, Debug)]
pub struct SortedMap {
    levels: Vec<f32>,
    calibrated: Vec<f64>,
}

impl SortedMap {
    /// Sorts the values of `map`, at its own resolution.
    #[must_use]
    pub fn of(map: &ProbabilityMap, calibration: &CalibrationFacts) -> Self {
        // From 0 to 1 the bits of floats are in the floats' order; adding 0 makes -0 a 0.
        let mut levels: Vec<u32> = map.network_values().iter().map(|&p| (p + 0.0).to_bits()).collect();
        levels.sort_unstable_by_key(|&bits| Reverse(bits));
        let levels: Vec<f32> = levels.into_iter().map(f32::from_bits).collect();
        let calibrated = levels.iter().map(|&p| calibrated(p, calibration.temperature)).collect();
        Self { levels, calibrated }
    }

    /// Before any correction: of the outline of all pixels at or above `threshold` of the map as it is.
    #[must_use]
    pub fn agreement_at(&self, threshold: f32) -> ExpectedAgreement {
        let size = self.size_at(threshold);
        if size == 0 {
            // Two empty masks agree fully.
            let empty = 1.0 - self.calibrated[0];
            return ExpectedAgreement { iou: empty, dice: empty };
        }
        let k = size as f64;
        let mut found = ExpectedAgreement { iou: 0.0, dice: 0.0 };
        for (index, weight) in self.weights().enumerate().skip(1) {
            let m = index as f64;
            found.iou += weight * k.min(m) / k.max(m);
            found.dice += weight * 2.0 * k.min(m) / (k + m);
        }
        found
    }

    /// The level of the map as it is whose outline has the highest expected IoU, and of equal ones the largest outline; 1
    /// where none at all is expected to agree best.
    #[must_use]
    pub fn best_level(&self) -> f32 {
        let expected = self.expected_iou();
        let count = self.levels.len();
        // Pixels of one level can only be drawn together.
        let is_drawable = |k: usize| k == 0 || k == count || self.levels[k] < self.levels[k - 1];
        let drawable = || (0..=count).filter(|&k| is_drawable(k));
        let highest = drawable().map(|k| expected[k]).fold(f64::NEG_INFINITY, f64::max);
        let best = drawable().rfind(|&k| expected[k] >= highest - ALIKE);
        best.and_then(|k| k.checked_sub(1)).map_or(1.0, |last| self.levels[last])
    }

    /// The mean calibrated probability of the pixels at or above `threshold`; none where there is no such pixel.
    #[must_use]
    pub fn mean_from(&self, threshold: f32) -> Option<f64> {
        let size = self.size_at(threshold);
        (size > 0).then(|| self.calibrated[..size].iter().sum::<f64>() / size as f64)
    }

    /// Pixels at or above `threshold`.
    fn size_at(&self, threshold: f32) -> usize {
        self.levels.partition_point(|&level| level >= threshold)
    }

    /// The probability that the reference is the first m pixels, m = 0 to all.
    fn weights(&self) -> impl Iterator<Item = f64> + '_ {
        let above = std::iter::once(1.0).chain(self.calibrated.iter().copied());
        let below = self.calibrated.iter().copied().chain([0.0]);
        above.zip(below).map(|(above, below)| above - below)
    }

    /// The expected IoU of the first k pixels, k = 0 to all: two cumulative sums.
    fn expected_iou(&self) -> Vec<f64> {
        let weights: Vec<f64> = self.weights().collect();
        let mut expected = vec![0.0; weights.len()];
        let mut larger = 0.0;
        for m in (1..weights.len()).rev() {
            expected[m] = m as f64 * larger;
            larger += weights[m] / m as f64;
        }
        expected[0] = weights[0];
        let mut smaller = 0.0;
        for m in 1..weights.len() {
            smaller += weights[m] * m as f64;
            expected[m] += smaller / m as f64;
        }
        expected
    }
}

/// The share of references that have a pixel of probability `p`.
pub(super) fn calibrated(p: f32, temperature: f64) -> f64 {
    let p = f64::from(p).clamp(EPSILON, 1.0 - EPSILON);
    let logit = p.ln() - (-p).ln_1p();
    1.0 / (1.0 + (-logit / temperature).exp())
}
