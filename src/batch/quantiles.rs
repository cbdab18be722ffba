//! Order statistics of stage times.

use serde_json::{Map, Value, json};

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

    /// For each stage its name and the asked quantiles, in milliseconds to the microsecond; empty without runs.
    pub(super) fn quantiles<const N: usize>(&self, shares: [f64; N]) -> Vec<(&'static str, [f64; N])> {
        let of_stage = |(stage, name): (usize, &&'static str)| {
            let times: Vec<f64> = self.runs.iter().map(|run| run.values()[stage]).collect();
            Some((*name, of_millis(&times, shares)?))
        };
        StageMillis::NAMES.iter().enumerate().filter_map(of_stage).collect()
    }

    /// The quantiles as `{stage: {name: millis}}`.
    pub(super) fn to_json<const N: usize>(&self, shares: [f64; N], names: [&str; N]) -> Value {
        let stages = self.quantiles(shares).into_iter().map(|(stage, values)| {
            let named: Map<String, Value> =
                names.iter().zip(values).map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
            (stage.to_owned(), Value::Object(named))
        });
        Value::Object(stages.collect())
    }
}

/// Quantiles of milliseconds, to the microsecond; `None` without any.
#[must_use]
pub fn of_millis<const N: usize>(times: &[f64], shares: [f64; N]) -> Option<[f64; N]> {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    (!times.is_empty()).then(|| shares.map(|share| (quantile::of_sorted(&times, share) * 1e3).round() / 1e3))
}
