//! What a card says of how sure its network is: the calibration of its map, the band about its outline, and the agreement
//! that can be expected. Fitted on val by `models/recipe/uncertainty.py`; an older card has none of it.

use serde::{Deserialize, Serialize};

use super::card_error::CardFault;
use super::test_figures::{negative, outside};

/// How the map's probabilities become shares of references.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CalibrationFacts {
    /// Only `temperature` is known.
    pub method: String,
    /// What the logit of a probability is divided by: above 1 the map is too sure of itself.
    pub temperature: f64,
    /// The split that it was fitted on.
    pub fitted_on: String,
    /// Expected calibration error on test, over all pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_calibration_error: Option<CalibrationError>,
}

/// The mean difference between a probability and the share of references that have the pixel.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct CalibrationError {
    /// Of the map as it is.
    pub before: f64,
    /// Of the calibrated map.
    pub after: f64,
}

/// The levels of the map between which most of the reference's border lies.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct BandFacts {
    /// The share of the border that the levels were chosen to hold.
    pub share: f64,
    /// The split that they were chosen on.
    pub fitted_on: String,
    /// Of the outer outline, a probability of the map as it is.
    pub outer_level: f64,
    /// Of the inner one.
    pub inner_level: f64,
    /// What the band holds on test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<BandFigures>,
}

/// What a band holds on a set of photographs.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct BandFigures {
    /// Photographs.
    pub n: u32,
    /// Share of the reference's border, mean over photographs.
    pub border: f64,
    /// Share of photographs whose reference has an area between those of the two outlines.
    pub area: f64,
}

/// How the expectation from a map is corrected to an agreement that was found.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ExpectedAgreementFacts {
    /// How references are thought to vary; only `nested`, the level sets of the map, is known.
    pub model: String,
    /// The split that the tables were fitted on.
    pub fitted_on: String,
    /// The threshold of the outlines that they were fitted on.
    pub threshold: f64,
    /// Of the IoU.
    pub iou: CorrectionTable,
    /// Of the Dice coefficient.
    pub dice: CorrectionTable,
    /// How well it does on test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<ExpectedAgreementFigures>,
}

/// How well expected agreements do on a set of photographs. A failure is an outline with an IoU below 0.65.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct ExpectedAgreementFigures {
    /// Photographs.
    pub n: u32,
    /// Correlation of expected and found IoU.
    pub pearson: f64,
    /// Mean difference between expected and found IoU.
    pub mean_error_iou: f64,
    /// Mean difference between expected and found Dice coefficient.
    pub mean_error_dice: f64,
    /// Failures.
    pub failures: u32,
    /// Share of them among the fifth of the photographs with the lowest expected agreement; none where none failed.
    pub failures_in_worst_fifth: Option<f64>,
}

/// Rows of an expectation and the agreement that it stands for, both rising from row to row.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(transparent)]
pub struct CorrectionTable(Vec<[f64; 2]>);

impl CorrectionTable {
    /// The agreement for an expectation, between two rows in proportion; beyond the last row it stays.
    #[must_use]
    pub fn corrected(&self, expected: f64) -> f64 {
        let after = self.0.partition_point(|[x, _]| *x <= expected);
        match (after.checked_sub(1).map(|before| self.0[before]), self.0.get(after)) {
            (Some([x, y]), Some([next_x, next_y])) => y + (next_y - y) * (expected - x) / (next_x - x),
            (Some([_, y]), None) | (None, Some(&[_, y])) => y,
            (None, None) => expected,
        }
    }

    fn fault(&self, key: &'static str) -> Option<CardFault> {
        let is_share = self.0.iter().flatten().all(|value| (0.0..=1.0).contains(value));
        let rises = self.0.windows(2).all(|rows| rows[0][0] < rows[1][0] && rows[0][1] < rows[1][1]);
        (self.0.len() < 2 || !is_share || !rises).then_some(CardFault::CorrectionTable { key })
    }
}

impl CalibrationFacts {
    pub(super) fn fault(&self) -> Option<CardFault> {
        unknown("method", &self.method, "temperature")
            .or_else(|| positive("temperature", self.temperature))
            .or_else(|| self.test_calibration_error.as_ref().and_then(CalibrationError::fault))
    }
}

impl CalibrationError {
    fn fault(&self) -> Option<CardFault> {
        [self.before, self.after].into_iter().find_map(|error| outside("test_calibration_error", error, 0.0, 1.0))
    }
}

impl BandFacts {
    /// The levels of the outer and the inner outline about one at `threshold`: a threshold beyond a level takes its place, so
    /// that the outline lies within its band.
    #[must_use]
    pub fn levels_about(&self, threshold: f32) -> [f32; 2] {
        [(self.outer_level as f32).min(threshold), (self.inner_level as f32).max(threshold)]
    }

    pub(super) fn fault(&self) -> Option<CardFault> {
        let shares = [("share", self.share), ("outer_level", self.outer_level), ("inner_level", self.inner_level)];
        let (outer, inner) = (self.outer_level, self.inner_level);
        shares
            .into_iter()
            .find_map(|(key, found)| outside(key, found, 0.0, 1.0))
            .or_else(|| (outer >= inner).then_some(CardFault::BandLevels { outer, inner }))
            .or_else(|| self.test.as_ref().and_then(BandFigures::fault).map(|fault| fault.within("test")))
    }
}

impl BandFigures {
    fn fault(&self) -> Option<CardFault> {
        outside("border", self.border, 0.0, 1.0).or_else(|| outside("area", self.area, 0.0, 1.0))
    }
}

impl ExpectedAgreementFacts {
    pub(super) fn fault(&self) -> Option<CardFault> {
        unknown("model", &self.model, "nested")
            .or_else(|| outside("threshold", self.threshold, 0.0, 1.0))
            .or_else(|| self.iou.fault("iou"))
            .or_else(|| self.dice.fault("dice"))
            .or_else(|| {
                self.test.as_ref().and_then(ExpectedAgreementFigures::fault).map(|fault| fault.within("test"))
            })
    }
}

impl ExpectedAgreementFigures {
    fn fault(&self) -> Option<CardFault> {
        outside("pearson", self.pearson, -1.0, 1.0)
            .or_else(|| negative("mean_error_iou", self.mean_error_iou))
            .or_else(|| negative("mean_error_dice", self.mean_error_dice))
            .or_else(|| outside("failures_in_worst_fifth", self.failures_in_worst_fifth.unwrap_or(0.0), 0.0, 1.0))
    }
}

/// The fault of a word that this program does not know.
fn unknown(key: &'static str, found: &str, expected: &'static str) -> Option<CardFault> {
    (found != expected).then(|| CardFault::Unknown { key, expected, found: found.to_owned() })
}

/// The fault of a figure that is not above zero, or no finite number.
fn positive(key: &'static str, found: f64) -> Option<CardFault> {
    (!(found.is_finite() && found > 0.0)).then_some(CardFault::NotPositive { key, found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_is_linear_between_rows_and_stays_beyond_them() {
        // numpy.interp([-0.1, 0, 0.25, 0.5, 0.8, 1], [0, 0.5, 0.9], [0, 0.6, 0.8])
        let table = CorrectionTable(vec![[0.0, 0.0], [0.5, 0.6], [0.9, 0.8]]);
        let expected = [(-0.1, 0.0), (0.0, 0.0), (0.25, 0.3), (0.5, 0.6), (0.8, 0.75), (1.0, 0.8)];
        for (given, wanted) in expected {
            assert!((table.corrected(given) - wanted).abs() < 1e-12, "{given}");
        }
    }
}
