//! [`LiveStats`]: how many frames, how fast, how late. What is kept has a fixed size, however long it runs.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::converter::Conversion;
use crate::capture::{CaptureError, FrameFormat};
use crate::inference::EngineInfo;
use crate::language::Words;
use crate::measure::quantile;

/// How it stands with source and network.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum LiveState {
    /// The source is being opened.
    #[default]
    Opening,
    /// Frames come.
    Running,
    /// No frames come, for this reason; the source is opened again by itself.
    NoFrames(CaptureError),
    /// Frames come, but the network finds nothing, for this reason.
    NoNetwork(Words),
}

/// Figures of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveStats {
    /// Frames that arrived.
    pub arrived: u64,
    /// Frames that have an outline.
    pub outlined: u64,
    /// Frames for which there was no time, here or in the source.
    pub dropped: u64,
    /// Frames that were damaged, and left out.
    pub damaged: u64,
    /// Outlined frames a second, over the last two seconds; 0 while too few came to tell.
    pub frames_per_second: f64,
    /// Milliseconds from a frame's arrival to its outline, of the last ten seconds: half are faster, and 95 of a hundred.
    pub latency_millis: Option<[f64; 2]>,
    /// The same of the whole run, to half a millisecond.
    pub latency_of_run_millis: Option<[f64; 2]>,
    /// What the source gives.
    pub format: Option<FrameFormat>,
    /// What runs the network.
    pub engine: Option<EngineInfo>,
    /// What makes the network's input of the frames.
    pub conversion: Option<Conversion>,
    /// How it stands.
    pub state: LiveState,
    /// What was wrong last with a frame, without stopping the source.
    pub last_fault: Option<CaptureError>,
    /// How often the source went over to another format.
    pub format_changes: u64,
    /// The last time that it did: [`CaptureError::FormatChanged`].
    pub last_format_change: Option<CaptureError>,
    /// What makes the machine slower than it can be just now: heat, a limit, a clock that fell.
    pub notices: Vec<Words>,
}

/// What the rate is the mean of.
const RATE_SPAN: Duration = Duration::from_secs(2);

/// The frames of less time than this say little of the rate: the first two often come at once.
const LEAST_RATE_SPAN: Duration = Duration::from_millis(500);

/// Latencies that are kept for the quantiles of the last moments.
const RECENT: usize = 300;

/// A class of the run's latencies, in milliseconds.
const CLASS: f64 = 0.5;

/// Classes: up to two seconds, and one for all above.
const CLASSES: usize = 4001;

/// Half, and 95 of a hundred.
const SHARES: [f64; 2] = [0.5, 0.95];

/// Counts while it runs.
#[derive(Debug)]
pub(super) struct Counting {
    pub(super) stats: LiveStats,
    last_number: Option<u64>,
    /// When the last frames were outlined; as many as come in the span, and one more.
    outlined_at: VecDeque<Instant>,
    recent: VecDeque<f64>,
    /// How many frames of the run are in each class.
    classes: Vec<u64>,
}

impl Counting {
    pub(super) fn new() -> Self {
        Self {
            stats: LiveStats::default(),
            last_number: None,
            outlined_at: VecDeque::new(),
            recent: VecDeque::new(),
            classes: vec![0; CLASSES],
        }
    }

    /// A source was opened: its numbers begin anew.
    pub(super) fn opened(&mut self) {
        self.last_number = None;
    }

    /// The source left a damaged frame out: it has a number, and is not one for which there was no time.
    pub(super) fn left_out(&mut self) {
        self.last_number = self.last_number.map(|last| last + 1);
    }

    /// Something that does not stop the source.
    pub(super) fn passing(&mut self, error: CaptureError) {
        if matches!(error, CaptureError::FormatChanged { .. }) {
            self.stats.format_changes += 1;
            self.stats.last_format_change = Some(error);
            return;
        }
        self.stats.damaged += u64::from(matches!(error, CaptureError::DamagedFrame { .. }));
        self.stats.last_fault = Some(error);
    }

    /// A frame arrived; `is_late` when one before it was not taken in time.
    pub(super) fn arrived(&mut self, number: u64, format: FrameFormat, is_late: bool) {
        let passed_over = self.last_number.map_or(0, |last| number.saturating_sub(last + 1));
        self.last_number = Some(number);
        self.stats.arrived += 1;
        self.stats.dropped += passed_over + u64::from(is_late);
        self.stats.format = Some(format);
        if !matches!(self.stats.state, LiveState::NoNetwork(_)) {
            self.stats.state = LiveState::Running;
        }
    }

    /// A frame's input was made.
    pub(super) fn converted(&mut self, by: Option<&Conversion>) {
        if self.stats.conversion.as_ref() != by {
            self.stats.conversion = by.cloned();
        }
    }

    /// A frame was outlined at `now`.
    pub(super) fn outlined(&mut self, now: Instant, latency_millis: f64, engine: &EngineInfo) {
        self.stats.outlined += 1;
        if self.stats.engine.as_ref() != Some(engine) {
            self.stats.engine = Some(engine.clone());
        }
        self.stats.state = LiveState::Running;
        self.outlined_at.push_back(now);
        while self.outlined_at.front().is_some_and(|then| now.saturating_duration_since(*then) > RATE_SPAN) {
            self.outlined_at.pop_front();
        }
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(latency_millis);
        let class = ((latency_millis / CLASS) as usize).min(CLASSES - 1);
        self.classes[class] += 1;
    }

    /// The figures at `now`.
    pub(super) fn stats(&self, now: Instant) -> LiveStats {
        let mut stats = self.stats.clone();
        stats.frames_per_second = self.rate(now);
        let mut recent: Vec<f64> = self.recent.iter().copied().collect();
        recent.sort_unstable_by(f64::total_cmp);
        stats.latency_millis =
            (!recent.is_empty()).then(|| SHARES.map(|share| quantile::of_sorted(&recent, share)));
        stats.latency_of_run_millis = (stats.outlined > 0).then(|| SHARES.map(|share| self.of_run(share)));
        stats
    }

    /// Frames a second: the steps between the frames of the span, over the time that they took, which goes on when none come.
    fn rate(&self, now: Instant) -> f64 {
        let within = || self.outlined_at.iter().filter(|then| now.saturating_duration_since(**then) <= RATE_SPAN);
        let (Some(first), Some(last)) = (within().next(), within().next_back()) else { return 0.0 };
        let steps = within().count() - 1;
        let taken = last.saturating_duration_since(*first);
        if taken < LEAST_RATE_SPAN { 0.0 } else { steps as f64 / taken.as_secs_f64() }
    }

    /// The middle of the class that the share of frames ends in.
    fn of_run(&self, share: f64) -> f64 {
        let wanted = (share * self.stats.outlined as f64).ceil().max(1.0) as u64;
        let mut passed = 0;
        let class = self.classes.iter().position(|&count| {
            passed += count;
            passed >= wanted
        });
        (class.unwrap_or(CLASSES - 1) as f64 + 0.5) * CLASS
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{ColourCoding, FrameEncoding};
    use crate::inference::EngineKind;

    const FORMAT: FrameFormat = FrameFormat {
        encoding: FrameEncoding::Yuyv,
        size: [640, 480],
        stride: 1280,
        colour: ColourCoding { matrix: crate::capture::ColourMatrix::Bt601, is_full_range: false },
    };

    #[test]
    fn frames_that_were_passed_over_count_as_dropped_wherever_it_happened() {
        let mut counting = Counting::new();
        for (number, is_late) in [(0, false), (1, true), (4, false), (5, false)] {
            counting.arrived(number, FORMAT, is_late);
        }
        assert_eq!((counting.stats.arrived, counting.stats.dropped), (4, 1 + 2));
        counting.opened();
        counting.arrived(0, FORMAT, false);
        assert_eq!(counting.stats.dropped, 3, "a source that was opened again counts from 0");
    }

    #[test]
    fn a_damaged_frame_does_not_hide_that_the_format_changed() {
        let mut counting = Counting::new();
        let change = || CaptureError::FormatChanged {
            camera: "Scope".to_owned(),
            from: "640 × 480 YUYV".to_owned(),
            to: "320 × 240 YUYV".to_owned(),
        };
        let damaged = || CaptureError::DamagedFrame { detail: "12 of 24 bytes".to_owned() };
        [change(), damaged(), change(), damaged()].into_iter().for_each(|error| counting.passing(error));
        let LiveStats { format_changes, last_format_change, damaged: left_out, last_fault, .. } = counting.stats;
        assert_eq!((format_changes, last_format_change), (2, Some(change())));
        assert_eq!((left_out, last_fault), (2, Some(damaged())));
    }

    #[test]
    fn rate_and_latency_are_those_of_the_frames() {
        let mut counting = Counting::new();
        let engine = EngineInfo { kind: EngineKind::Rten, version: "test".to_owned() };
        let start = Instant::now();
        for frame in 0..100 {
            let now = start + Duration::from_millis(40 * frame);
            counting.outlined(now, if frame % 10 == 0 { 90.2 } else { 20.2 }, &engine);
        }
        let end = start + Duration::from_millis(40 * 99);
        let stats = counting.stats(end);
        assert!((stats.frames_per_second - 25.0).abs() < 0.01, "{}", stats.frames_per_second);
        assert_eq!(stats.latency_of_run_millis, Some([20.25, 90.25]));
        assert_eq!(stats.latency_millis, Some([20.2, 90.2]));
        assert!(counting.stats(end + 2 * RATE_SPAN).frames_per_second < 0.01, "none came since");
    }

    #[test]
    fn two_frames_that_come_at_once_say_nothing_of_the_rate() {
        let mut counting = Counting::new();
        let engine = EngineInfo { kind: EngineKind::Rten, version: "test".to_owned() };
        let start = Instant::now();
        for millis in [0, 7] {
            counting.outlined(start + Duration::from_millis(millis), 20.0, &engine);
        }
        assert!(counting.stats(start + Duration::from_millis(7)).frames_per_second < 0.01);
    }

    #[test]
    fn what_is_kept_does_not_grow() {
        let mut counting = Counting::new();
        let engine = EngineInfo { kind: EngineKind::Rten, version: "test".to_owned() };
        let start = Instant::now();
        for frame in 0..20_000 {
            counting.outlined(start + Duration::from_millis(frame), 1e9, &engine);
        }
        assert!(counting.recent.len() <= RECENT && counting.outlined_at.len() <= 2001);
        assert_eq!(counting.classes.len(), CLASSES);
    }
}
