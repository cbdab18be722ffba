//! What a batch gains by having several photographs on the way: the same photographs in turn and overlapped, by turns
//! in one run, so that a busy moment of the machine meets both.

use std::time::Instant;

use serde_json::{Value, json};

use super::network::{Network, NetworkOptions};
use super::quantiles::of_millis;
use super::{concurrency, ordered_pool};
use crate::decode::DecodeError;
use crate::photo::Photo;
use crate::pipeline::{self, SegmentOptions};

/// Rounds of each way; the median of five leaves two outliers on either side.
const ROUNDS: u32 = 5;

/// What was measured of one engine.
pub(super) struct Overlap {
    at_once: usize,
    engines: usize,
    photos: usize,
    /// Milliseconds a photograph, a figure a round: in turn, and overlapped.
    millis: [Vec<f64>; 2],
}

/// Measures [`ROUNDS`] rounds of half of `runs` photographs of `size` each way, read anew each time by `read`.
pub(super) fn measure(
    options: &NetworkOptions,
    network: &mut Network,
    runs: u32,
    size: [u32; 2],
    read: impl Fn() -> Result<Photo, DecodeError> + Sync,
) -> anyhow::Result<Overlap> {
    let pixels = u64::from(size[0]) * u64::from(size[1]);
    let at_once = concurrency::for_pixels(options, network, pixels);
    // Enough that the threads' start and end are a small part.
    let photos = (runs.div_ceil(2) as usize).max(2 * at_once);
    let engines = if at_once > 1 { network.most_engines().min(at_once) } else { 1 };
    let mut millis = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        let in_turn = a_photo(photos, || {
            for _ in 0..photos {
                let photo = read()?;
                pipeline::segment(&photo, &network.model.card, &mut network.engine, SegmentOptions::default())?;
            }
            anyhow::Ok(())
        })?;
        let overlapped = network.serve(at_once, |network| {
            let work = |&(): &()| network.segment(&read()?, SegmentOptions::default()).map(drop);
            a_photo(photos, || ordered_pool::each(&vec![(); photos], at_once, work, |&(), done| done))
        })?;
        millis[0].push(in_turn);
        millis[1].push(overlapped);
    }
    Ok(Overlap { at_once, engines, photos, millis })
}

/// Milliseconds a photograph of `work` on so many.
fn a_photo(photos: usize, work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed().as_secs_f64() * 1e3 / photos as f64)
}

impl Overlap {
    pub(super) fn to_json(&self) -> Value {
        let [in_turn, overlapped] = &self.millis;
        let ratios: Vec<f64> = in_turn.iter().zip(overlapped).map(|(slow, fast)| slow / fast).collect();
        let three = |figures: &[f64]| {
            of_millis(figures, [0.0, 0.5, 1.0])
                .map(|[min, median, max]| json!({ "min": min, "median": median, "max": max }))
        };
        json!({
            "at_once": self.at_once,
            "engines": self.engines,
            "photos": self.photos,
            "rounds": ROUNDS,
            "in_turn_millis": three(in_turn),
            "overlapped_millis": three(overlapped),
            "ratio": three(&ratios),
        })
    }
}

/// The measurement in a line.
pub(super) fn text(batch: &Value) -> String {
    let median = |key: &str| batch[key]["median"].as_f64().unwrap_or_default();
    let least = batch["ratio"]["min"].as_f64().unwrap_or_default();
    let most = batch["ratio"]["max"].as_f64().unwrap_or_default();
    format!(
        "a photograph from file to mask: {:.2} ms in turn, {:.2} ms with {} on the way at once; \
         {:.2} times as fast ({least:.2} to {most:.2} in {} rounds of {})",
        median("in_turn_millis"),
        median("overlapped_millis"),
        batch["at_once"],
        median("ratio"),
        batch["rounds"],
        batch["photos"]
    )
}
