//! Order statistics of stage times.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::measure::quantile;
use crate::pipeline::StageMillis;

/// The stages' times of many photos.
#[derive(Clone, Debug, Default)]
pub(super) struct StageTimes {
    runs: Vec<StageMillis>,
}

impl StageTimes {
    pub(super) fn add(&mut self, run: StageMillis) {
        self.runs.push(run);
    }

    /// The name and the requested quantiles of each stage, in milliseconds to the microsecond; empty without runs.
    pub(super) fn quantiles<const N: usize>(&self, shares: [f64; N]) -> Vec<(&'static str, [f64; N])> {
        let of_stage = |(stage, name): (usize, &&'static str)| {
            let times: Vec<f64> = self.runs.iter().map(|run| run.values()[stage]).collect();
            Some((*name, of_millis(&times, shares)?))
        };
        StageMillis::NAMES.iter().enumerate().filter_map(of_stage).collect()
    }
}

/// Minimum, median, 95th percentile and maximum of some figures, for rows.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Spread {
    pub(super) min: f64,
    pub(super) median: f64,
    pub(super) p95: f64,
    pub(super) max: f64,
}

impl Spread {
    /// Of milliseconds, to the microsecond; `None` without any.
    pub(super) fn of_millis(times: &[f64]) -> Option<Self> {
        of_millis(times, Self::SHARES).map(Self::from)
    }

    /// Of each stage by its name.
    pub(super) fn of_stages(times: &StageTimes) -> BTreeMap<&'static str, Self> {
        times.quantiles(Self::SHARES).into_iter().map(|(stage, found)| (stage, found.into())).collect()
    }

    const SHARES: [f64; 4] = [0.0, 0.5, 0.95, 1.0];
}

impl From<[f64; 4]> for Spread {
    fn from([min, median, p95, max]: [f64; 4]) -> Self {
        Self { min, median, p95, max }
    }
}

/// Quantiles of milliseconds, to the microsecond; `None` without any.
#[must_use]
pub fn of_millis<const N: usize>(times: &[f64], shares: [f64; N]) -> Option<[f64; N]> {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    (!times.is_empty()).then(|| shares.map(|share| (quantile::of_sorted(&times, share) * 1e3).round() / 1e3))
}
