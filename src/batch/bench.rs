//! `bench`: how long each stage takes, on a photograph or the built-in sample, engines side by side.

use std::path::PathBuf;

use serde_json::{Value, json};
use strum::VariantArray as _;

use super::console::print_line;
use super::network::{Network, NetworkOptions};
use super::overlap::{self, Overlap};
use super::quantiles::{StageTimes, of_millis};
use crate::decode::{self, DecodeError};
use crate::inference::{self, EngineChoice, EngineKind};
use crate::photo::Photo;
use crate::pipeline::{self, SegmentOptions};
use crate::sample;

/// Runs before the measured ones: caches fill, and the engines' threads start.
const WARM_UP_RUNS: u32 = 3;

/// What `bench` is to do.
#[derive(Clone, Debug)]
pub struct BenchJob {
    /// The photograph; the built-in sample without.
    pub path: Option<PathBuf>,
    /// Measured runs.
    pub runs: u32,
    /// Which network; with `auto`, in every engine that works here.
    pub network: NetworkOptions,
    /// JSON instead of a table.
    pub json: bool,
}

/// What was measured of one engine.
#[derive(Clone, Default)]
struct Times {
    stages: StageTimes,
    /// Milliseconds of the network by the device's own clock; empty where it has none.
    device: Vec<f64>,
}

/// Measures; answers whether all went well.
///
/// # Errors
/// [`super::UsageError`] when nothing could be begun; the photograph's, an engine's or stdout's error.
pub fn bench(job: &BenchJob) -> anyhow::Result<bool> {
    let mut networks = open(&job.network)?;
    let mut times = vec![Times::default(); networks.len()];
    let size = read(job)?.size();
    for run in 0..WARM_UP_RUNS + job.runs {
        // Engines take turns, so that a busy moment of the machine meets them all.
        for (network, times) in networks.iter_mut().zip(&mut times) {
            let photo = read(job)?;
            let options = SegmentOptions::default();
            let result = pipeline::segment(&photo, &network.model.card, network.engine.as_mut(), options)?;
            if run >= WARM_UP_RUNS {
                times.stages.add(result.millis);
                times.device.extend(network.engine.device_millis());
            }
        }
    }
    let mut overlaps = Vec::new();
    for network in &mut networks {
        overlaps.push(overlap::measure(&job.network, network, job.runs, size, || read(job))?);
    }
    let report = report(job, size, &networks, &times, &overlaps);
    print_line(&if job.json { report.to_string() } else { text(&report) })?;
    Ok(true)
}

fn read(job: &BenchJob) -> Result<Photo, DecodeError> {
    job.path.as_deref().map_or_else(sample::photo, decode::photo_file)
}

/// With `auto` every engine that works here, the preferred one first; else the one that was asked for.
fn open(options: &NetworkOptions) -> anyhow::Result<Vec<Network>> {
    if options.engine != EngineChoice::Auto {
        return Ok(vec![options.open()?]);
    }
    let model = options.find()?;
    let mut networks = Vec::new();
    for &kind in EngineKind::VARIANTS {
        match inference::open(EngineChoice::Only(kind), &model, &options.libraries) {
            Ok(opened) => networks.push(Network { model: model.clone(), engine: opened.engine }),
            // Most machines have no NPU: who does not name its runtime does not wonder.
            Err(error) if kind == EngineKind::Rknn && !options.libraries.names_library_of(kind) => {
                log::info!("{} is not measured: {error}", kind.title());
            }
            Err(error) => log::warn!("{} is not measured: {error}", kind.title()),
        }
    }
    if networks.is_empty() { Ok(vec![options.open()?]) } else { Ok(networks) }
}

fn report(job: &BenchJob, size: [u32; 2], networks: &[Network], times: &[Times], overlaps: &[Overlap]) -> Value {
    let photo = job.path.as_ref().map_or_else(|| sample::NAME.into(), |path| path.to_string_lossy().into_owned());
    let engines: Vec<Value> = networks
        .iter()
        .zip(times)
        .zip(overlaps)
        .map(|((network, times), overlap)| {
            let info = network.engine.info();
            let millis = times.stages.to_json([0.0, 0.5, 1.0], ["min", "median", "max"]);
            let device = of_millis(&times.device, [0.0, 0.5, 1.0])
                .map(|[min, median, max]| json!({ "min": min, "median": median, "max": max }));
            json!({
                "engine": info.kind,
                "engine_version": info.version,
                "millis": millis,
                "device_millis": device,
                "batch": overlap.to_json(),
            })
        })
        .collect();
    let median = |engine: &Value| engine["millis"]["infer"]["median"].as_f64();
    let ratio = match &engines[..] {
        [first, second] => median(second).zip(median(first)).map(|(slow, fast)| (slow / fast * 1e3).round() / 1e3),
        _ => None,
    };
    json!({
        "photo": photo,
        "width": size[0],
        "height": size[1],
        "model": networks.first().map(|network| network.model.card.name.clone()),
        "runs": job.runs,
        "engines": engines,
        "infer_ratio": ratio,
        "clocks": inference::clocks(&job.network.libraries.rknn.system_root),
    })
}

fn text(report: &Value) -> String {
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut lines = vec![format!(
        "{}, {}x{}, {}, {} runs; milliseconds",
        word(&report["photo"]),
        report["width"],
        report["height"],
        word(&report["model"]),
        report["runs"]
    )];
    let engines = report["engines"].as_array().cloned().unwrap_or_default();
    for engine in &engines {
        let title = format!("{} {}", word(&engine["engine"]), word(&engine["engine_version"]));
        lines.push(format!("\n{title:14}  {:>8}  {:>8}  {:>8}", "min", "median", "max"));
        let stages = pipeline::StageMillis::NAMES.iter().map(|stage| (*stage, &engine["millis"][*stage]));
        let device = ("by its own clock", &engine["device_millis"]);
        for (name, times) in stages.chain(device.1.is_object().then_some(device)) {
            let of = |name: &str| times[name].as_f64().unwrap_or_default();
            lines.push(format!("{name:16}{:>8.2}  {:>8.2}  {:>8.2}", of("min"), of("median"), of("max")));
        }
        lines.push(overlap::text(&engine["batch"]));
    }
    if let (Some(ratio), [first, second]) = (report["infer_ratio"].as_f64(), &engines[..]) {
        let (first, second) = (word(&first["engine"]), word(&second["engine"]));
        lines.push(format!("\n{second} takes {ratio:.2} times as long as {first} (median of infer)"));
    }
    for clock in report["clocks"].as_array().into_iter().flatten() {
        lines.push(format!("{}: {}, {} MHz", word(&clock["name"]), word(&clock["governor"]), clock["mhz"]));
    }
    lines.join("\n")
}
