//! `bench`: how long each stage takes, on a photograph or the built-in sample, engines side by side.

use std::path::PathBuf;
use std::time::Instant;

use strum::VariantArray as _;

use super::bench_report::{BenchReport, BenchedNetwork, EngineRow, MeasuredRuns, Times};
use super::console::{json, print_line};
use super::network::{Network, NetworkOptions};
use super::throughput;
use crate::decode::{self, DecodeError};
use crate::inference::{
    BoardConditions, Engine as _, EngineChoice, EngineKind, LoadedNetworks, MeasuredMachine, Subject,
};
use crate::photo::Photo;
use crate::pipeline::{self, SegmentOptions};
use crate::sample;
use crate::steps::ImageSteps;

/// Runs before the measured ones: caches fill, and the engines' threads start.
const WARM_UP_RUNS: u32 = 3;

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
    fn options(&self) -> SegmentOptions<'_> {
        SegmentOptions { is_careful: self.is_careful, steps: &self.steps, ..SegmentOptions::default() }
    }
}

/// Measures; returns whether everything succeeded.
///
/// # Errors
/// [`super::UsageError`] when nothing could be begun; the photograph's, an engine's or stdout's error.
pub fn bench(job: &BenchJob) -> anyhow::Result<bool> {
    let root = &job.network.libraries.rknn.system_root;
    let before = BoardConditions::now(root);
    let first = measure(job, &job.network)?;
    let mut others = Vec::new();
    for name in other_networks(job, &first.model)? {
        let options = NetworkOptions { model: Some(name.clone()), ..job.network.clone() };
        // One that this engine cannot run is a line, and the rest are measured.
        others
            .push(measure(job, &options).unwrap_or_else(|error| BenchedNetwork::refused(name, &error.to_string())));
    }
    let machine = MeasuredMachine::of(&job.network.libraries.rknn);
    let [width, height] = read(job)?.size();
    let path = job.path.as_ref();
    let photo = MeasuredRuns {
        photo: path.map_or_else(|| sample::NAME.into(), |path| path.to_string_lossy().into_owned()),
        width,
        height,
        steps: job.steps.clone(),
        runs: job.runs,
        careful: job.is_careful,
    };
    let networks = [first].into_iter().chain(others);
    let report = BenchReport::of(photo, networks, machine, [before, BoardConditions::now(root)]);
    print_line(&if job.json { json(&report) } else { report.text() })?;
    Ok(true)
}

/// The names of the other networks that are to be measured.
fn other_networks(job: &BenchJob, measured: &str) -> anyhow::Result<Vec<String>> {
    if !job.has_every_network {
        return Ok(Vec::new());
    }
    let library = job.network.library()?;
    let networks = library.models().iter().filter(|model| model.card.subject == Subject::Dermoscopy);
    Ok(networks.map(|model| model.card.name.clone()).filter(|name| name != measured).collect())
}

/// One network in the engines of the job.
fn measure(job: &BenchJob, options: &NetworkOptions) -> anyhow::Result<BenchedNetwork> {
    let mut opened = open(options)?;
    opened.iter().try_for_each(|(network, _)| network.check_steps(&job.steps))?;
    let mut times = vec![Times::default(); opened.len()];
    let size = read(job)?.size();
    for run in 0..WARM_UP_RUNS + job.runs {
        // Engines take turns, so that a busy moment of the machine affects them all.
        for ((network, load_millis), times) in opened.iter_mut().zip(&mut times) {
            let photo = read(job)?;
            let started = Instant::now();
            let result = pipeline::segment(&photo, &network.model.card, &mut network.engine, job.options())?;
            if run == 0 {
                times.cold_start = [*load_millis, *load_millis + millis_since(started)];
            }
            if run >= WARM_UP_RUNS {
                times.stages.add(result.millis);
                times.device.extend(network.engine.device_millis());
            }
        }
    }
    let mut rows = Vec::new();
    for ((network, _), times) in opened.iter_mut().zip(&times) {
        let throughput = throughput::measure(options, network, job.options(), job.runs, size, || read(job))?;
        rows.push(EngineRow::of(network, times, &throughput));
    }
    let name = opened.first().map(|(network, _)| network.model.card.name.clone());
    Ok(BenchedNetwork::of(name.unwrap_or_default(), rows))
}

fn millis_since(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e3
}

fn read(job: &BenchJob) -> Result<Photo, DecodeError> {
    job.path.as_deref().map_or_else(sample::photo, decode::photo_file)
}

/// With `auto` every engine that works here, the preferred one first; else the requested one. Each with the milliseconds that
/// it took to load.
fn open(options: &NetworkOptions) -> anyhow::Result<Vec<(Network, f64)>> {
    let one = || {
        let started = Instant::now();
        anyhow::Ok((options.open()?, millis_since(started)))
    };
    if options.engine != EngineChoice::Auto {
        return Ok(vec![one()?]);
    }
    let model = options.find()?;
    let mut networks = Vec::new();
    let loaded = LoadedNetworks::new(options.libraries.clone(), EngineKind::VARIANTS.len());
    for &kind in EngineKind::VARIANTS {
        let started = Instant::now();
        match loaded.take(&model, EngineChoice::Only(kind)) {
            Ok(engine) => networks.push((Network::new(model.clone(), engine), millis_since(started))),
            // Most machines have no NPU: nobody who does not name its runtime expects it.
            Err(error) if kind == EngineKind::Rknn && !options.libraries.names_library_of(kind) => {
                log::info!("{} is not measured: {error}", kind.title());
            }
            Err(error) => log::warn!("{} is not measured: {error}", kind.title()),
        }
    }
    if networks.is_empty() { Ok(vec![one()?]) } else { Ok(networks) }
}
