//! What `bench` measured, as JSON and as a table. A board's owner sends the JSON: it has everything that a comparison needs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::console::one_line;
use super::network::Network;
use super::quantiles::{Spread, StageTimes};
use super::throughput::{Throughput, ThroughputRow};
use crate::inference::{BoardConditions, Clock, Engine as _, EngineKind, MeasuredMachine, NpuPlacement};
use crate::language::Words;
use crate::pipeline::StageMillis;
use crate::steps::ImageSteps;

/// The measurements of one engine.
#[derive(Clone, Default)]
pub(super) struct Times {
    pub(super) stages: StageTimes,
    /// Milliseconds of the network by the device's own clock; empty if it has none.
    pub(super) device: Vec<f64>,
    /// Milliseconds from a network that is not loaded to one that is, and to the first outline.
    pub(super) cold_start: [f64; 2],
}

/// What each run was given.
#[derive(Serialize)]
pub(super) struct MeasuredRuns {
    pub(super) photo: String,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Left out where there are none.
    #[serde(flatten)]
    pub(super) steps: ImageSteps,
    pub(super) runs: u32,
    pub(super) careful: bool,
}

/// The measurements as JSON.
#[derive(Serialize)]
pub(super) struct BenchReport {
    version: &'static str,
    #[serde(flatten)]
    photo: MeasuredRuns,
    model: Option<String>,
    engines: Vec<EngineRow>,
    /// How many times as long the second of two engines takes.
    infer_ratio: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    other_networks: Vec<BenchedNetwork>,
    machine: MeasuredMachine,
    /// Clocks, temperatures and memory when it began and when it ended.
    conditions_before: BoardConditions,
    conditions_after: BoardConditions,
    /// What makes the figures doubtful, in sentences.
    notices: Vec<String>,
}

/// The measurements of one network.
#[derive(Serialize)]
pub(super) struct BenchedNetwork {
    pub(super) model: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
    engines: Vec<EngineRow>,
    infer_ratio: Option<f64>,
}

#[derive(Serialize)]
pub(super) struct EngineRow {
    engine: EngineKind,
    engine_version: String,
    millis: BTreeMap<&'static str, Spread>,
    device_millis: Option<Spread>,
    /// From a network that is not loaded.
    cold_start_millis: ColdStart,
    /// The first context, which runs one photograph after the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    npu: Option<NpuPlacement>,
    batch: ThroughputRow,
}

#[derive(Serialize)]
struct ColdStart {
    /// Until it is loaded: on the NPU with `rknn_init` and the runs that warm it up.
    loaded: f64,
    /// Until the first outline, without reading the photograph.
    first_outline: f64,
}

/// To the microsecond.
fn rounded(millis: f64) -> f64 {
    (millis * 1e3).round() / 1e3
}

impl BenchedNetwork {
    pub(super) fn of(model: String, engines: Vec<EngineRow>) -> Self {
        let median = |engine: &EngineRow| engine.millis.get("infer").map(|spread| spread.median);
        let infer_ratio = match &engines[..] {
            [first, second] => median(second).zip(median(first)).map(|(slow, fast)| rounded(slow / fast)),
            _ => None,
        };
        Self { model, refused: None, engines, infer_ratio }
    }

    /// A network that could not be measured.
    pub(super) fn refused(model: String, reason: &str) -> Self {
        Self { model, refused: Some(one_line(reason)), engines: Vec::new(), infer_ratio: None }
    }

    fn add_lines(&self, lines: &mut Vec<String>) {
        lines.extend(self.refused.iter().map(|reason| format!("not measured: {reason}")));
        self.engines.iter().for_each(|engine| engine.add_lines(lines));
        add_ratio(lines, self.infer_ratio, &self.engines);
    }
}

fn add_ratio(lines: &mut Vec<String>, ratio: Option<f64>, engines: &[EngineRow]) {
    if let (Some(ratio), [first, second]) = (ratio, engines) {
        let (first, second) = (first.engine.title(), second.engine.title());
        lines.push(format!("\n{second}: {ratio:.2} times the inference time of {first} (median)"));
    }
}

impl BenchReport {
    pub(super) fn of(
        photo: MeasuredRuns,
        mut networks: impl Iterator<Item = BenchedNetwork>,
        machine: MeasuredMachine,
        [before, after]: [BoardConditions; 2],
    ) -> Self {
        let first = networks.next();
        let model = first.as_ref().map(|network| network.model.clone());
        let (engines, infer_ratio) = first.map_or((Vec::new(), None), |row| (row.engines, row.infer_ratio));
        let notices = after.doubts_since(&before).iter().map(Words::in_log).collect();
        Self {
            version: env!("CARGO_PKG_VERSION"),
            photo,
            model,
            engines,
            infer_ratio,
            other_networks: networks.collect(),
            machine,
            conditions_before: before,
            conditions_after: after,
            notices,
        }
    }

    pub(super) fn text(&self) -> String {
        let MeasuredRuns { photo, width, height, steps, runs, careful } = &self.photo;
        let model = self.model.as_deref().unwrap_or("null");
        let careful = if *careful { ", mean of eight views" } else { "" };
        let steps = steps.said();
        let mut lines =
            vec![format!("{photo}, {width} × {height}, {model}{careful}{steps}, {runs} runs; milliseconds")];
        self.engines.iter().for_each(|engine| engine.add_lines(&mut lines));
        add_ratio(&mut lines, self.infer_ratio, &self.engines);
        for network in &self.other_networks {
            lines.push(format!("\n{}", network.model));
            network.add_lines(&mut lines);
        }
        for Clock { name, governor, mhz, .. } in &self.conditions_after.clocks {
            lines.push(format!("{name}: {governor}, {mhz} MHz"));
        }
        for sensor in &self.conditions_after.temperatures {
            let before = self.conditions_before.temperatures.iter().find(|other| other.name == sensor.name);
            let before = before.map_or_else(|| "?".to_owned(), |sensor| format!("{:.1}", sensor.celsius));
            lines.push(format!("{}: {before} °C before, {:.1} °C after", sensor.name, sensor.celsius));
        }
        lines.extend(self.notices.iter().map(|notice| format!("notice: {notice}")));
        lines.join("\n")
    }
}

impl EngineRow {
    pub(super) fn of(network: &Network, times: &Times, throughput: &Throughput) -> Self {
        let info = network.engine.info();
        let [loaded, first_outline] = times.cold_start.map(rounded);
        Self {
            engine: info.kind,
            engine_version: info.version.clone(),
            millis: Spread::of_stages(&times.stages),
            device_millis: Spread::of_millis(&times.device),
            cold_start_millis: ColdStart { loaded, first_outline },
            npu: network.engine.npu_placement(),
            batch: throughput.row(),
        }
    }

    fn add_lines(&self, lines: &mut Vec<String>) {
        let title = format!("{} {}", self.engine.title(), self.engine_version);
        lines.push(format!("\n{title:22}  {:>8}  {:>8}  {:>8}  {:>8}", "min", "median", "95 %", "max"));
        let stages = StageMillis::NAMES.iter().map(|stage| (*stage, self.millis.get(stage).copied()));
        let device = self.device_millis.map(|spread| ("device's own clock", Some(spread)));
        for (name, spread) in stages.chain(device) {
            let figures = spread.map_or([0.0; 4], |s| [s.min, s.median, s.p95, s.max]);
            let [min, median, p95, max] = figures;
            lines.push(format!("{name:24}{min:>8.2}  {median:>8.2}  {p95:>8.2}  {max:>8.2}"));
        }
        lines.push(self.batch.text());
        let ColdStart { loaded, first_outline } = self.cold_start_millis;
        lines.push(format!("cold start: loaded after {loaded:.1} ms, first outline after {first_outline:.1} ms"));
        if let Some(npu) = self.npu {
            let ways = if npu.is_zero_copy { "shared with the NPU" } else { "copied to the NPU" };
            let mib =
                npu.context_bytes().map_or_else(String::new, |b| format!(", {:.1} MiB", b as f64 / 1048576.0));
            lines.push(format!("a context: tensors {ways}{mib}"));
        }
    }
}
