//! `bench`: how long each stage takes, on a photograph or the built-in sample, engines side by side.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;
use strum::VariantArray as _;

use super::console::{json, print_line};
use super::network::{Network, NetworkOptions};
use super::quantiles::{Spread, StageTimes};
use super::throughput::{self, Throughput, ThroughputRow};
use crate::decode::{self, DecodeError};
use crate::inference::{self, Clock, Engine as _, EngineChoice, EngineKind, LoadedNetworks};
use crate::photo::Photo;
use crate::pipeline::{self, SegmentOptions, StageMillis};
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

/// The measurements of one engine.
#[derive(Clone, Default)]
struct Times {
    stages: StageTimes,
    /// Milliseconds of the network by the device's own clock; empty if it has none.
    device: Vec<f64>,
}

/// Measures; returns whether everything succeeded.
///
/// # Errors
/// [`super::UsageError`] when nothing could be begun; the photograph's, an engine's or stdout's error.
pub fn bench(job: &BenchJob) -> anyhow::Result<bool> {
    let mut networks = open(&job.network)?;
    networks.iter().try_for_each(|network| network.check_steps(&job.steps))?;
    let mut times = vec![Times::default(); networks.len()];
    let size = read(job)?.size();
    for run in 0..WARM_UP_RUNS + job.runs {
        // Engines take turns, so that a busy moment of the machine affects them all.
        for (network, times) in networks.iter_mut().zip(&mut times) {
            let photo = read(job)?;
            let result = pipeline::segment(&photo, &network.model.card, &mut network.engine, job.options())?;
            if run >= WARM_UP_RUNS {
                times.stages.add(result.millis);
                times.device.extend(network.engine.device_millis());
            }
        }
    }
    let mut throughputs = Vec::new();
    for network in &mut networks {
        let options = job.options();
        throughputs.push(throughput::measure(&job.network, network, options, job.runs, size, || read(job))?);
    }
    let measured = networks.iter().zip(&times).zip(&throughputs);
    let engines =
        measured.map(|((network, times), throughput)| EngineRow::of(network, times, throughput)).collect();
    let report = BenchReport::of(job, size, &networks, engines);
    print_line(&if job.json { json(&report) } else { report.text() })?;
    Ok(true)
}

fn read(job: &BenchJob) -> Result<Photo, DecodeError> {
    job.path.as_deref().map_or_else(sample::photo, decode::photo_file)
}

/// With `auto` every engine that works here, the preferred one first; else the requested one.
fn open(options: &NetworkOptions) -> anyhow::Result<Vec<Network>> {
    if options.engine != EngineChoice::Auto {
        return Ok(vec![options.open()?]);
    }
    let model = options.find()?;
    let mut networks = Vec::new();
    let loaded = LoadedNetworks::new(options.libraries.clone(), EngineKind::VARIANTS.len());
    for &kind in EngineKind::VARIANTS {
        match loaded.take(&model, EngineChoice::Only(kind)) {
            Ok(engine) => networks.push(Network { model: model.clone(), engine }),
            // Most machines have no NPU: nobody who does not name its runtime expects it.
            Err(error) if kind == EngineKind::Rknn && !options.libraries.names_library_of(kind) => {
                log::info!("{} is not measured: {error}", kind.title());
            }
            Err(error) => log::warn!("{} is not measured: {error}", kind.title()),
        }
    }
    if networks.is_empty() { Ok(vec![options.open()?]) } else { Ok(networks) }
}

/// The measurements as JSON.
#[derive(Serialize)]
struct BenchReport {
    photo: String,
    width: u32,
    height: u32,
    model: Option<String>,
    /// Left out where there are none.
    #[serde(flatten)]
    steps: ImageSteps,
    runs: u32,
    careful: bool,
    engines: Vec<EngineRow>,
    /// How many times as long the second of two engines takes.
    infer_ratio: Option<f64>,
    clocks: Vec<Clock>,
}

#[derive(Serialize)]
struct EngineRow {
    engine: EngineKind,
    engine_version: String,
    millis: BTreeMap<&'static str, Spread>,
    device_millis: Option<Spread>,
    batch: ThroughputRow,
}

impl BenchReport {
    fn of(job: &BenchJob, [width, height]: [u32; 2], networks: &[Network], engines: Vec<EngineRow>) -> Self {
        let photo =
            job.path.as_ref().map_or_else(|| sample::NAME.into(), |path| path.to_string_lossy().into_owned());
        let median = |engine: &EngineRow| engine.millis.get("infer").map(|spread| spread.median);
        let infer_ratio = match &engines[..] {
            [first, second] => {
                median(second).zip(median(first)).map(|(slow, fast)| (slow / fast * 1e3).round() / 1e3)
            }
            _ => None,
        };
        Self {
            photo,
            width,
            height,
            model: networks.first().map(|network| network.model.card.name.clone()),
            steps: job.steps.clone(),
            runs: job.runs,
            careful: job.is_careful,
            engines,
            infer_ratio,
            clocks: inference::clocks(&job.network.libraries.rknn.system_root),
        }
    }

    fn text(&self) -> String {
        let Self { photo, width, height, model, runs, .. } = self;
        let model = model.as_deref().unwrap_or("null");
        let careful = if self.careful { ", mean of eight views" } else { "" };
        let steps = self.steps.said();
        let mut lines =
            vec![format!("{photo}, {width} × {height}, {model}{careful}{steps}, {runs} runs; milliseconds")];
        for engine in &self.engines {
            engine.add_lines(&mut lines);
        }
        if let (Some(ratio), [first, second]) = (self.infer_ratio, &self.engines[..]) {
            let (first, second) = (first.engine.title(), second.engine.title());
            lines.push(format!("\n{second}: {ratio:.2} times the inference time of {first} (median)"));
        }
        for Clock { name, governor, mhz } in &self.clocks {
            lines.push(format!("{name}: {governor}, {mhz} MHz"));
        }
        lines.join("\n")
    }
}

impl EngineRow {
    fn of(network: &Network, times: &Times, throughput: &Throughput) -> Self {
        let info = network.engine.info();
        Self {
            engine: info.kind,
            engine_version: info.version.clone(),
            millis: Spread::of_stages(&times.stages),
            device_millis: Spread::of_millis(&times.device),
            batch: throughput.row(),
        }
    }

    fn add_lines(&self, lines: &mut Vec<String>) {
        let title = format!("{} {}", self.engine.title(), self.engine_version);
        lines.push(format!("\n{title:22}  {:>8}  {:>8}  {:>8}", "min", "median", "max"));
        let stages = StageMillis::NAMES.iter().map(|stage| (*stage, self.millis.get(stage).copied()));
        let device = self.device_millis.map(|spread| ("device's own clock", Some(spread)));
        for (name, spread) in stages.chain(device) {
            let [min, median, max] = spread.map_or([0.0; 3], |spread| [spread.min, spread.median, spread.max]);
            lines.push(format!("{name:24}{min:>8.2}  {median:>8.2}  {max:>8.2}"));
        }
        lines.push(self.batch.text());
    }
}
