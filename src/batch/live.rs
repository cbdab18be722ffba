//! `live`: runs the live outline for some seconds without a window, and says how fast and how late it was.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use jiff::Timestamp;

use super::UsageError;
use super::console::{Console, json, print_line};
use super::live_report::{Latency, LiveSummary};
use super::network::NetworkOptions;
use super::process_cost::ProcessCost;
use crate::capture::{self, SourceInfo, SourceName, SourceOptions};
use crate::inference::LoadedNetworks;
use crate::language::Words;
use crate::live::{self, Conversion, LiveJob, LiveOptions, LiveRun, LiveState, LiveStats, OutlinedFrame};

/// How long the first outline may take: a network is loaded, a camera started.
const LONGEST_START: Duration = Duration::from_secs(60);

/// Interruptions that are listed; a camera with a loose plug has one a second.
const MOST_INTERRUPTIONS: usize = 200;

/// What `live` is to do.
#[derive(Clone, Debug)]
pub enum LiveAction {
    /// List the cameras.
    List {
        /// As JSON.
        json: bool,
    },
    /// Run.
    Run(Box<LiveBench>),
}

/// A run of `live`.
#[derive(Clone, Debug)]
pub struct LiveBench {
    /// The camera, or what is played as one.
    pub source: SourceName,
    /// What is asked of it.
    pub of_source: SourceOptions,
    /// How long it runs after the first outline.
    pub seconds: f64,
    /// The network and its engine.
    pub network: NetworkOptions,
    /// How it outlines.
    pub options: LiveOptions,
    /// Where frames are kept that release the automatic shutter.
    pub keep: Option<PathBuf>,
    /// Print JSON instead of lines.
    pub json: bool,
}

/// Lists the cameras or runs; returns whether frames came without a break and all that was to be kept was.
///
/// # Errors
/// [`UsageError`] when nothing could be begun; the error of stdout.
pub fn live(action: &LiveAction) -> anyhow::Result<bool> {
    match action {
        LiveAction::List { json } => list(*json),
        LiveAction::Run(bench) => run(bench),
    }
}

fn list(is_json: bool) -> anyhow::Result<bool> {
    let cameras = capture::cameras().map_err(|error| UsageError::new(error.to_string()))?;
    if is_json {
        print_line(&json(&cameras))?;
    } else if cameras.is_empty() {
        print_line("no cameras")?;
    } else {
        print_line(&cameras.iter().map(line_of).collect::<Vec<_>>().join("\n"))?;
    }
    Ok(true)
}

/// A camera with its formats.
fn line_of(camera: &SourceInfo) -> String {
    let sizes = |sizes: &[[u32; 2]]| {
        let words = sizes.iter().map(|[width, height]| format!("{width}x{height}"));
        words.collect::<Vec<_>>().join(" ")
    };
    let modes = camera.modes.iter().map(|mode| format!("\n  {:6} {}", mode.encoding, sizes(&mode.sizes)));
    let unread = (!camera.unread.is_empty()).then(|| format!("\n  not read: {}", camera.unread.join(" ")));
    let formats: String = modes.chain(unread).collect();
    format!("{}  {}{formats}", camera.place, camera.name)
}

fn run(bench: &LiveBench) -> anyhow::Result<bool> {
    let model = bench.network.find()?;
    let networks = LoadedNetworks::new(bench.network.libraries.clone(), 1);
    // A network or engine that cannot be had is found before the camera starts.
    drop(networks.take(&model, bench.network.engine).map_err(|error| UsageError::new(error.to_string()))?);
    let job = LiveJob {
        source_name: bench.source.shown(),
        source: capture::opener(bench.source.clone(), bench.of_source),
        networks,
        model,
        engine: bench.network.engine,
        options: bench.options,
    };
    // One wake-up that waits stands for all.
    let (wake, woken) = bounded(1);
    let run = LiveRun::start(job, move || {
        let _ = wake.try_send(());
    })
    .map_err(|error| UsageError::new(error.to_string()))?;
    let mut watch = Watching::new(bench);
    let Some(first) = watch.first(&run, &woken)? else { return Ok(false) };
    let (began, cost, before) = (Instant::now(), ProcessCost::now(), run.stats());
    let end = began + Duration::from_secs_f64(bench.seconds);
    watch.until(end, &run, &woken);
    let report = watch.report(&first, &before, &run.stats(), began.elapsed(), &cost);
    drop(run);
    print_line(&if bench.json { json(&report) } else { report.text() })?;
    Ok(watch.console.all_went_well() && report.outlined > 0)
}

/// What is seen of the run from outside.
struct Watching<'a> {
    bench: &'a LiveBench,
    console: Console,
    state: LiveState,
    advice: BTreeMap<&'static str, u64>,
    /// Of all frames that were seen.
    convert_millis: f64,
    kept: Vec<PathBuf>,
    released: u64,
    interruptions: Vec<String>,
    /// Frames that were looked at, and those of which the network saw a part alone.
    looks: [u64; 2],
    /// Further ones, which were said and are not listed.
    more_interruptions: u64,
    /// Changes of the format that were said.
    format_changes: u64,
    /// What makes the machine slower than it can be.
    notices: Vec<Words>,
}

impl<'a> Watching<'a> {
    fn new(bench: &'a LiveBench) -> Self {
        Self {
            bench,
            console: Console::new(1),
            state: LiveState::Opening,
            advice: BTreeMap::new(),
            convert_millis: 0.0,
            kept: Vec::new(),
            released: 0,
            interruptions: Vec::new(),
            looks: [0; 2],
            more_interruptions: 0,
            format_changes: 0,
            notices: Vec::new(),
        }
    }

    /// Waits for the first outlined frame; `None` where the source or the network fails before, which is said.
    fn first(&mut self, run: &LiveRun, woken: &Receiver<()>) -> anyhow::Result<Option<OutlinedFrame>> {
        let end = Instant::now() + LONGEST_START;
        while woken.recv_deadline(end).is_ok() {
            if let Some(frame) = run.newest() {
                return Ok(Some(frame));
            }
            match run.stats().state {
                LiveState::Opening | LiveState::Running => {}
                LiveState::NoFrames(error) => {
                    self.console.failure(&error);
                    return Ok(None);
                }
                LiveState::NoNetwork(words) => {
                    self.console.failure(words.in_log());
                    return Ok(None);
                }
            }
        }
        let last_fault = run.stats().last_fault.map(|error| format!(": {error}")).unwrap_or_default();
        self.console.failure(format!("no frame was outlined within {} s{last_fault}", LONGEST_START.as_secs()));
        Ok(None)
    }

    /// Looks until `end`, and at least at one frame, if there is one.
    fn until(&mut self, end: Instant, run: &LiveRun, woken: &Receiver<()>) {
        let last = end + LONGEST_START;
        loop {
            let until = if self.advice.is_empty() { last } else { end };
            if woken.recv_deadline(until).is_err() || Instant::now() >= until {
                return;
            }
            if let Some(frame) = run.newest() {
                self.see(&frame);
            }
            self.follow(run.stats());
        }
    }

    fn see(&mut self, frame: &OutlinedFrame) {
        self.looks[0] += 1;
        self.looks[1] += u64::from(frame.second_look.is_some());
        self.convert_millis += frame.millis.convert;
        *self.advice.entry(frame.quality.advice.key()).or_default() += 1;
        if !frame.is_released {
            return;
        }
        self.released += 1;
        let Some(folder) = &self.bench.keep else { return };
        match live::keep(frame, Timestamp::now(), folder) {
            Ok(path) => self.kept.push(path),
            Err(error) => self.console.failure(&error),
        }
    }

    /// Says each change of how it stands.
    fn follow(&mut self, stats: LiveStats) {
        let LiveStats { state, format_changes, last_format_change, notices, .. } = stats;
        for notice in notices {
            // Steps and degrees of the same clock change all the time: the first are told.
            let about = |words: &Words| (words.id, words.values.first().cloned());
            if !self.notices.iter().any(|known| about(known) == about(&notice)) {
                self.console.warning(notice.in_log());
                self.notices.push(notice);
            }
        }
        if let Some(change) = last_format_change.filter(|_| format_changes != self.format_changes) {
            self.format_changes = format_changes;
            // Frames go on.
            self.console.warning(&change);
            self.interrupt(change.to_string());
        }
        if state == self.state {
            return;
        }
        let words = match &state {
            LiveState::NoFrames(error) => Some(error.to_string()),
            LiveState::NoNetwork(words) => Some(words.in_log()),
            LiveState::Running if matches!(self.state, LiveState::NoFrames(_) | LiveState::NoNetwork(_)) => {
                self.console.warning("the picture is back");
                None
            }
            LiveState::Running | LiveState::Opening => None,
        };
        if let Some(words) = words {
            self.console.complaint(&words);
            self.interrupt(words);
        }
        self.state = state;
    }

    fn interrupt(&mut self, words: String) {
        if self.interruptions.len() < MOST_INTERRUPTIONS {
            self.interruptions.push(words);
        } else {
            self.more_interruptions += 1;
        }
    }

    /// The figures of what was seen, between two looks at the run's own counts.
    fn report(
        &self,
        first: &OutlinedFrame,
        before: &LiveStats,
        after: &LiveStats,
        taken: Duration,
        cost: &ProcessCost,
    ) -> LiveSummary {
        let seconds = taken.as_secs_f64();
        let outlined = after.outlined - before.outlined;
        let format = after.format.unwrap_or(first.frame.format);
        let (options, [looked, again]) = (&self.bench.options, self.looks);
        let to_thousandth = |value: f64| (value * 1e3).round() / 1e3;
        LiveSummary {
            source: first.source.name.clone(),
            place: first.source.place.clone(),
            format: format.encoding.name(),
            width: format.size[0],
            height: format.size[1],
            seconds: to_thousandth(seconds),
            frames: after.arrived - before.arrived,
            outlined,
            frames_per_second: to_thousandth(outlined as f64 / seconds),
            dropped: after.dropped - before.dropped,
            damaged: after.damaged - before.damaged,
            latency_millis: after.latency_of_run_millis.map(|[p50, p95]| Latency { p50, p95 }),
            cpu_share: cost.cpu_share(taken).map(to_thousandth),
            peak_memory_bytes: ProcessCost::peak_memory_bytes(),
            model: first.model.clone(),
            engine: first.engine.to_string(),
            conversion: after.conversion.as_ref().map(Conversion::key),
            conversion_detail: after.conversion.as_ref().map(ToString::to_string),
            convert_millis: to_thousandth(self.convert_millis / self.advice.values().sum::<u64>().max(1) as f64),
            smoothing: self.bench.options.is_smoothed,
            second_look_share: options
                .takes_second_look
                .then(|| to_thousandth(again as f64 / looked.max(1) as f64)),
            advice: self.advice.clone(),
            released: self.released,
            kept: self.kept.iter().map(|path| path.to_string_lossy().into_owned()).collect(),
            interruptions: self.interruptions.clone(),
            more_interruptions: self.more_interruptions,
            notices: self.notices.iter().map(Words::in_log).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;
    use crate::live::LiveAdvice;

    #[test]
    fn every_advice_has_a_key_of_its_own() {
        let keys: std::collections::BTreeSet<&str> =
            LiveAdvice::VARIANTS.iter().map(|advice| advice.key()).collect();
        assert_eq!(keys.len(), LiveAdvice::VARIANTS.len());
    }

    #[test]
    fn a_camera_is_listed_with_its_sizes_and_what_is_not_read() {
        let camera = SourceInfo {
            name: "Scope".to_owned(),
            place: "/dev/video0".to_owned(),
            bus: String::new(),
            modes: vec![capture::FrameMode { encoding: "MJPEG", sizes: vec![[1280, 720], [640, 480]] }],
            unread: vec!["H264".to_owned()],
        };
        assert_eq!(line_of(&camera), "/dev/video0  Scope\n  MJPEG  1280x720 640x480\n  not read: H264");
    }
}
