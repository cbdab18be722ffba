//! What a batch gains by processing several photographs in parallel: the same photographs one at a time and in
//! parallel, alternating within one run, so that a busy moment of the machine affects both.

use std::time::Instant;

use serde::Serialize;

use super::network::{Network, NetworkOptions};
use super::quantiles::Spread;
use super::{concurrency, ordered_pool};
use crate::decode::DecodeError;
use crate::inference::NpuPlacement;
use crate::photo::Photo;
use crate::pipeline::{self, SegmentOptions};

/// Rounds of each way; the median of five leaves two outliers on either side.
const ROUNDS: u32 = 5;

/// What was measured of one engine.
pub(super) struct Throughput {
    concurrency: usize,
    engines: usize,
    /// Where on the NPU they run.
    contexts: Vec<NpuPlacement>,
    photos: usize,
    /// Milliseconds per photograph, one figure per round: one at a time, and in parallel.
    millis: [Vec<f64>; 2],
}

/// Measures [`ROUNDS`] rounds of half of `runs` photographs of `size` each way, read anew each time by `read`.
pub(super) fn measure(
    options: &NetworkOptions,
    network: &mut Network,
    run: SegmentOptions<'_>,
    runs: u32,
    size: [u32; 2],
    read: impl Fn() -> Result<Photo, DecodeError> + Sync,
) -> anyhow::Result<Throughput> {
    let pixels = u64::from(size[0]) * u64::from(size[1]);
    let concurrency = concurrency::for_pixels(options, network, pixels);
    // Enough that starting and ending the threads is a small part.
    let photos = (runs.div_ceil(2) as usize).max(2 * concurrency);
    let mut contexts = Vec::new();
    let mut engines = 1;
    let mut millis = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        let in_turn = a_photo(photos, || {
            for _ in 0..photos {
                let photo = read()?;
                pipeline::segment(&photo, &network.model.card, &mut network.engine, run)?;
            }
            anyhow::Ok(())
        })?;
        let overlapped = network.serve(concurrency, |network| {
            engines = network.engines();
            contexts = network.placements().to_vec();
            let work = |&(): &()| network.segment(&read()?, run).map(drop);
            a_photo(photos, || ordered_pool::run(&vec![(); photos], concurrency, work, |&(), done| done))
        })?;
        millis[0].push(in_turn);
        millis[1].push(overlapped);
    }
    Ok(Throughput { concurrency, engines, contexts, photos, millis })
}

/// Milliseconds a photograph of `work` on so many.
fn a_photo(photos: usize, work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed().as_secs_f64() * 1e3 / photos as f64)
}

/// The measurement as rows have it.
#[derive(Serialize)]
pub(super) struct ThroughputRow {
    /// Photographs processed in parallel.
    at_once: usize,
    engines: usize,
    /// The NPU's, one for each engine.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contexts: Vec<NpuPlacement>,
    photos: usize,
    rounds: u32,
    in_turn_millis: Option<Spread>,
    overlapped_millis: Option<Spread>,
    /// Speed of parallel processing relative to one at a time.
    ratio: Option<Spread>,
}

impl Throughput {
    pub(super) fn row(&self) -> ThroughputRow {
        let [in_turn, overlapped] = &self.millis;
        let ratios: Vec<f64> = in_turn.iter().zip(overlapped).map(|(slow, fast)| slow / fast).collect();
        ThroughputRow {
            at_once: self.concurrency,
            engines: self.engines,
            contexts: self.contexts.clone(),
            photos: self.photos,
            rounds: ROUNDS,
            in_turn_millis: Spread::of_millis(in_turn),
            overlapped_millis: Spread::of_millis(overlapped),
            ratio: Spread::of_millis(&ratios),
        }
    }
}

impl ThroughputRow {
    /// The measurement in a line.
    pub(super) fn text(&self) -> String {
        let median = |spread: Option<Spread>| spread.map(|spread| spread.median).unwrap_or_default();
        let (least, most) = self.ratio.map(|ratio| (ratio.min, ratio.max)).unwrap_or_default();
        format!(
            "from file to mask: sequential {:.2} ms per photograph, {} in parallel {:.2} ms; {:.2} times as fast \
             ({least:.2} to {most:.2} in {} rounds of {})",
            median(self.in_turn_millis),
            self.at_once,
            median(self.overlapped_millis),
            median(self.ratio),
            self.rounds,
            self.photos
        )
    }
}
