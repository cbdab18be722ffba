//! The job of `bench`, and what it measures of one engine.

use std::path::PathBuf;

use super::network::NetworkOptions;
use super::quantiles::StageTimes;
use crate::pipeline::SegmentOptions;
use crate::steps::ImageSteps;

/// The job of `bench`.
#[derive(Clone, Debug)]
pub struct BenchJob {
    /// The photograph; `None` is the built-in sample.
    pub path: Option<PathBuf>,
    /// Measured runs.
    pub runs: u32,
    /// The network and the engine; `auto` measures every engine that works here.
    pub network: NetworkOptions,
    /// Measure every other network for such photographs too.
    pub has_every_network: bool,
    /// Before and after it.
    pub steps: ImageSteps,
    /// Measure the mean of eight views.
    pub is_careful: bool,
    /// Print JSON instead of a table.
    pub json: bool,
}

impl BenchJob {
    /// What each run is given.
    pub(super) fn options(&self) -> SegmentOptions<'_> {
        SegmentOptions { is_careful: self.is_careful, steps: &self.steps, ..SegmentOptions::default() }
    }
}

/// The measurements of one engine.
#[derive(Clone, Default)]
pub(super) struct Times {
    pub(super) stages: StageTimes,
    /// Milliseconds of the network by the device's own clock; empty if it has none.
    pub(super) device: Vec<f64>,
    /// Milliseconds from a network that is not loaded to one that is, and to the first outline.
    pub(super) cold_start: [f64; 2],
}
