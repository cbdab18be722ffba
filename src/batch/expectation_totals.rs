//! How well the agreement to be expected foretells the one that is found, over a data set with references.

use serde::Serialize;

use super::review_first::{DoubtfulPhoto, ReviewFirst};

/// An outline with an IoU below this has failed; people who outline again reach more in most photographs.
const FAILURE_BELOW: f64 = 0.65;

/// Shares of the photographs, the most doubtful first, after which the failures among them are counted.
const LOOKED_AT: [f64; 4] = [0.05, 0.1, 0.2, 0.3];

/// The figures over a data set: of photographs with a reference whose mask a network made.
#[derive(Debug, Serialize)]
pub(super) struct ExpectationReport {
    n: usize,
    /// Mean expected IoU; where nothing was found it is 0.
    mean_expected_iou: f64,
    /// The mean IoU that was found.
    mean_iou: f64,
    /// Mean difference between the two.
    mean_error_iou: f64,
    /// Pearson's correlation of both; none where one of them does not vary.
    correlation: Option<f64>,
    /// Outlines with an IoU below 0.65.
    failures: usize,
    failures_found: Vec<FailuresFound>,
}

/// Failures among the most doubtful photographs.
#[derive(Debug, Serialize)]
struct FailuresFound {
    /// Share of the photographs.
    looked_at: f64,
    photographs: usize,
    failures: usize,
}

impl ExpectationReport {
    /// Of photographs with the most doubtful first; none where there is no photograph.
    pub(super) fn of(sorted: &[DoubtfulPhoto]) -> Option<Self> {
        let pairs: Vec<[f64; 2]> =
            sorted.iter().filter_map(|photo| Some([1.0 - photo.doubt, photo.iou?])).collect();
        let n = pairs.len();
        if n == 0 {
            return None;
        }
        let mean = |figure: fn(&[f64; 2]) -> f64| pairs.iter().map(figure).sum::<f64>() / n as f64;
        let failures_in = |count: usize| pairs[..count].iter().filter(|[_, iou]| *iou < FAILURE_BELOW).count();
        let found = LOOKED_AT.map(|looked_at| {
            let photographs = ReviewFirst::Share(looked_at).count(n);
            FailuresFound { looked_at, photographs, failures: failures_in(photographs) }
        });
        Some(Self {
            n,
            mean_expected_iou: mean(|[expected, _]| *expected),
            mean_iou: mean(|[_, iou]| *iou),
            mean_error_iou: mean(|[expected, iou]| (expected - iou).abs()),
            correlation: correlation(&pairs),
            failures: failures_in(n),
            failures_found: found.into(),
        })
    }

    /// Two lines of the report.
    pub(super) fn lines(&self) -> Vec<String> {
        let correlation = self.correlation.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.2}"));
        let mut lines = vec![format!(
            "expected_iou    {:.4}  from the maps alone; mean error {:.4}, correlation {correlation}",
            self.mean_expected_iou, self.mean_error_iou
        )];
        if self.failures > 0 {
            let found = self.failures_found.iter();
            let found = found.map(|found| format!("{} in {:.0} %", found.failures, found.looked_at * 100.0));
            lines.push(format!(
                "failures        {:>6}  IoU below 0.65; the most doubtful first: {}",
                self.failures,
                found.collect::<Vec<_>>().join(", ")
            ));
        }
        lines
    }
}

/// Pearson's correlation; none where one of the two does not vary.
fn correlation(pairs: &[[f64; 2]]) -> Option<f64> {
    let n = pairs.len() as f64;
    let mean = [0, 1].map(|side| pairs.iter().map(|pair| pair[side]).sum::<f64>() / n);
    let product = |one: usize, other: usize| -> f64 {
        pairs.iter().map(|pair| (pair[one] - mean[one]) * (pair[other] - mean[other])).sum()
    };
    let spread = product(0, 0) * product(1, 1);
    (spread > 0.0).then(|| product(0, 1) / spread.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_correlation_is_that_of_numpy() {
        // numpy.corrcoef([0.9, 0.8, 0.75, 0.3], [0.95, 0.7, 0.8, 0.4])[0, 1]
        let found = correlation(&[[0.9, 0.95], [0.8, 0.7], [0.75, 0.8], [0.3, 0.4]]).unwrap();
        assert!((found - 0.948323666).abs() < 1e-9, "{found}");
        assert_eq!(correlation(&[[0.5, 0.1], [0.5, 0.9]]), None);
    }
}
