//! The figures that `live` prints.

use std::collections::BTreeMap;

use serde::Serialize;

/// Milliseconds that half of the frames need at most, and 95 of a hundred.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Latency {
    pub(super) p50: f64,
    pub(super) p95: f64,
}

/// The figures of a run.
#[derive(Debug, Serialize)]
pub(super) struct LiveSummary {
    pub(super) source: String,
    pub(super) place: String,
    pub(super) format: &'static str,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) seconds: f64,
    /// That arrived.
    pub(super) frames: u64,
    /// At the moments between which `frames` arrived; those in work at the first moment are among them.
    pub(super) outlined: u64,
    pub(super) frames_per_second: f64,
    pub(super) dropped: u64,
    pub(super) damaged: u64,
    pub(super) latency_millis: Option<Latency>,
    /// Cores' worth of processor time; 1 is one core throughout.
    pub(super) cpu_share: Option<f64>,
    pub(super) peak_memory_bytes: Option<u64>,
    pub(super) model: String,
    pub(super) engine: String,
    /// What makes the network's input of the frames, `cpu` or `rga`, and about it.
    pub(super) conversion: Option<&'static str>,
    pub(super) conversion_detail: Option<String>,
    /// The mean over the frames that were seen: decoding, the network's input, and the picture where it is made.
    pub(super) convert_millis: f64,
    pub(super) smoothing: bool,
    /// Share of the frames of which the network saw the lesion's surroundings alone; left out where it was not to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) second_look_share: Option<f64>,
    /// Frames by what was advised.
    pub(super) advice: BTreeMap<&'static str, u64>,
    pub(super) released: u64,
    pub(super) kept: Vec<String>,
    pub(super) interruptions: Vec<String>,
    /// Further ones, which are not listed.
    pub(super) more_interruptions: u64,
    /// What made the machine slower than it can be.
    pub(super) notices: Vec<String>,
}

impl LiveSummary {
    /// As lines of a terminal.
    pub(super) fn text(&self) -> String {
        let Self { source, format, width, height, seconds, frames, outlined, frames_per_second, .. } = self;
        let [p50, p95] = self.latency_millis.map_or([0.0; 2], |latency| [latency.p50, latency.p95]);
        let cpu = self.cpu_share.map(|share| format!(", {:.0} % of a core", share * 100.0)).unwrap_or_default();
        let memory =
            self.peak_memory_bytes.map(|bytes| format!(", at most {} MiB", bytes >> 20)).unwrap_or_default();
        let advice = self.advice.iter().map(|(key, count)| format!("{key} {count}")).collect::<Vec<_>>().join(", ");
        let mut lines = vec![
            format!("{source}, {width} × {height} {format}, {}, {}", self.model, self.engine),
            format!(
                "{frames} frames in {seconds:.1} s, {outlined} outlined: {frames_per_second:.1} a second; {} dropped, {} damaged",
                self.dropped, self.damaged
            ),
            format!("from frame to outline: {p50:.1} ms (median), {p95:.1} ms (95 %){cpu}{memory}"),
            format!("converted in {:.1} ms by {}", self.convert_millis, self.conversion.unwrap_or("cpu")),
            format!("advice: {advice}"),
        ];
        if let Some(share) = self.second_look_share {
            lines.push(format!("second look: in {:.0} % of the frames", share * 100.0));
        }
        lines.extend(self.kept.iter().map(|path| format!("kept: {path}")));
        lines.extend(self.interruptions.iter().map(|words| format!("interruption: {words}")));
        lines.extend(
            (self.more_interruptions > 0).then(|| format!("{} more interruptions", self.more_interruptions)),
        );
        lines.extend(self.notices.iter().map(|notice| format!("notice: {notice}")));
        lines.join("\n")
    }
}
