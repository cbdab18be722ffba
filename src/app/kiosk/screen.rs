//! What the kiosk shows beyond the window's state, as plain data: the attract screen's picture that fades, banners,
//! and the one sentence.

use std::sync::Arc;
use std::time::Duration;

use eframe::egui::TextureHandle;

use crate::app::model::current::{Derived, Phase};
use crate::app::model::live::{Live, LivePhase};
use crate::app::model::state::State;
use crate::app::pictures::Pictures;
use crate::inference::EngineKind;
use crate::language::Words;
use crate::pipeline::Segmentation;
use crate::words;

/// Seconds that a sample stays on the attract screen, drawn by a graphics card and by the CPU, which shall rest most of the
/// time.
const SAMPLE_SECONDS: f64 = 30.0;
const SAMPLE_SECONDS_BY_CPU: f64 = 60.0;

/// Seconds from one sample to the next.
const FADE_SECONDS: f64 = 1.4;

/// Seconds that a sample is seen without its outline, and that the outline takes to draw itself.
const BARE_SECONDS: f64 = 1.2;
const OUTLINE_SECONDS: f64 = 2.4;

/// Time from one frame to the next while a sample comes in, drawn by a graphics card and by the CPU.
const FRAME: Duration = Duration::from_millis(33);
const FRAME_BY_CPU: Duration = Duration::from_millis(125);

/// Seconds that a passing banner stays, and the longer one that tells a visitor what to do.
const BANNER_SECONDS: f64 = 12.0;
const CLEARED_SECONDS: f64 = 20.0;

/// All that a visitor can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// The photograph after this one; after the last, the first.
    Next,
    Previous,
    /// Heat map on, or off.
    Heat,
    /// The bare photograph, while it is held.
    Compare(bool),
    /// The camera's picture, or the photographs again.
    Live,
    /// The camera's picture stands still, or goes on.
    Freeze,
}

/// A picture that was shown before the present one.
#[derive(Clone)]
pub struct Picture {
    pub photo_number: u64,
    /// On the graphics card.
    pub texture: TextureHandle,
    /// `[width, height]` of the photo.
    pub size: [u32; 2],
    /// What lay over it.
    pub derived: Option<Arc<Derived>>,
}

/// What the kiosk shows beyond the window's state.
#[derive(Clone)]
pub struct Screen {
    /// Nobody is there: the samples are shown.
    pub is_attracting: bool,
    /// The heat map is shown.
    pub heat: bool,
    /// The bare photograph is shown, as a finger rests on its button.
    pub comparing: bool,
    /// Seconds after which the visitor's photographs are cleared, when they are few.
    pub countdown: Option<u32>,
    /// There is a camera, or something is played as one.
    pub has_camera: bool,
    /// The graphics are the CPU's work: then what moves does so in fewer steps.
    pub is_drawn_by_cpu: bool,
    /// The sample before, while it fades.
    pub before: Option<Picture>,
    /// When the present photo came, in seconds of the window's clock.
    shown_at: f64,
    /// When its outline came.
    outlined_at: Option<f64>,
    /// Files that are still being copied.
    pub copying: usize,
    /// What is wrong with the settings.
    pub settings_fault: Option<Words>,
    /// What is wrong with a watched folder.
    pub folder_fault: Option<Words>,
    /// A watched folder does not answer.
    pub is_silent: bool,
    passing: Option<Passing>,
}

/// What has just happened.
#[derive(Clone)]
struct Passing {
    words: Words,
    is_fault: bool,
    /// In seconds of the window's clock.
    until: f64,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            is_attracting: true,
            heat: false,
            comparing: false,
            countdown: None,
            has_camera: false,
            is_drawn_by_cpu: false,
            before: None,
            shown_at: 0.0,
            outlined_at: None,
            copying: 0,
            settings_fault: None,
            folder_fault: None,
            is_silent: false,
            passing: None,
        }
    }
}

impl Screen {
    /// The picture that stands on the window now.
    pub(super) fn picture_of(&self, state: &State, pictures: &Pictures) -> Option<Picture> {
        let photo = state.current.photo.as_ref()?;
        let texture = pictures.drawn_overview()?.clone();
        let (number, derived) = (state.current.number, state.current.derived.clone());
        Some(Picture { photo_number: number, texture, size: photo.size(), derived })
    }

    /// A frame on: a photo that has changed fades in over the one `before`.
    pub(super) fn proceed(&mut self, state: &State, before: Option<Picture>, now: f64) {
        let shown = state.current.photo.is_some().then_some(state.current.number);
        if shown != before.as_ref().map(|picture| picture.photo_number) {
            self.shown_at = now;
            self.outlined_at = None;
            // Only samples fade: of a visitor's photograph nothing is held on to.
            self.before = before.filter(|_| self.is_attracting);
        }
        if self.fade(now) >= 1.0 {
            self.before = None;
        }
        if self.outlined_at.is_none() && state.current.derived.is_some() {
            self.outlined_at = Some(now);
        }
    }

    /// How far the present picture has come in, `0..=1`.
    #[must_use]
    pub fn fade(&self, now: f64) -> f32 {
        if self.is_attracting { share(now - self.shown_at, 0.0, FADE_SECONDS) } else { 1.0 }
    }

    /// How far the outline has drawn itself, `0..=1`.
    #[must_use]
    pub fn drawn(&self, now: f64) -> f32 {
        // The photo is seen bare first, and the network may take its time.
        let Some(outlined_at) = self.outlined_at else { return 0.0 };
        let begin = outlined_at.max(self.shown_at + BARE_SECONDS);
        share(now - begin, 0.0, OUTLINE_SECONDS)
    }

    /// Time from one frame to the next while a sample comes in.
    #[must_use]
    pub fn frame(&self) -> Duration {
        if self.is_drawn_by_cpu { FRAME_BY_CPU } else { FRAME }
    }

    /// When the sample's time is over, in seconds of the window's clock.
    pub(super) fn sample_ends(&self) -> f64 {
        self.shown_at + if self.is_drawn_by_cpu { SAMPLE_SECONDS_BY_CPU } else { SAMPLE_SECONDS }
    }

    /// Whether nothing moves, and nothing is said that passes.
    pub(super) fn is_still(&self, state: &State, now: f64) -> bool {
        let is_drawn = state.current.derived.is_none() || self.drawn(now) >= 1.0;
        self.passing.is_none() && self.fade(now) >= 1.0 && is_drawn
    }

    /// The sample that is there stands whole from the first frame on.
    pub(super) fn stand(&mut self, state: &State, now: f64) {
        self.shown_at = now - BARE_SECONDS - OUTLINE_SECONDS - FADE_SECONDS;
        self.outlined_at = state.current.derived.is_some().then_some(self.shown_at);
    }

    /// Says what has just happened.
    pub(super) fn say(&mut self, words: Words, now: f64) {
        self.passing = Some(Passing { words, is_fault: true, until: now + BANNER_SECONDS });
    }

    /// Tells a visitor who is back that the photographs were cleared after `idle_seconds`.
    pub(super) fn say_cleared(&mut self, idle_seconds: u64, now: f64) {
        let words = if idle_seconds < 120 {
            words!("kiosk-cleared", seconds = idle_seconds.to_string())
        } else {
            words!("kiosk-cleared-after-minutes", minutes = idle_seconds.div_ceil(60).to_string())
        };
        self.passing = Some(Passing { words, is_fault: false, until: now + CLEARED_SECONDS });
    }

    /// Another visitor's photograph is there: that the former one's were cleared is nobody's business now.
    pub(super) fn end_cleared(&mut self) {
        self.passing = self.passing.take().filter(|passing| passing.is_fault);
    }

    /// When the passing banner goes, in seconds of the window's clock.
    pub(super) fn passing_ends(&self) -> Option<f64> {
        self.passing.as_ref().map(|passing| passing.until)
    }

    pub(super) fn expire(&mut self, now: f64) {
        self.passing = self.passing.take().filter(|passing| now < passing.until);
    }

    /// The visitor has left.
    pub(super) fn leave(&mut self) {
        self.is_attracting = true;
        self.heat = false;
        self.comparing = false;
        self.countdown = None;
        self.before = None;
    }

    /// What is to be said above the photograph, the most urgent first; faults are marked.
    #[must_use]
    pub fn banners(&self) -> Vec<(Words, bool)> {
        let passing = self.passing.iter().map(|passing| (passing.words.clone(), passing.is_fault));
        let silent = self.is_silent.then(|| (words!("kiosk-folder-silent"), true));
        let folder = self.folder_fault.iter().map(|words| (words.clone(), true));
        let copying = (self.copying > 0).then(|| (words!("kiosk-copying", count = self.copying), false));
        let settings = self.settings_fault.iter().map(|words| (words.clone(), true));
        passing.chain(silent).chain(folder).chain(copying).chain(settings).collect()
    }
}

fn share(seconds: f64, from: f64, to: f64) -> f32 {
    let linear = ((seconds - from) / (to - from)).clamp(0.0, 1.0);
    // Slow at both ends.
    (linear * linear * (3.0 - 2.0 * linear)) as f32
}

/// The sentence below the camera's picture, what is said of it beside, and whether it is a fault.
#[must_use]
pub fn live_sentence(live: &Live) -> (Words, Words, bool) {
    let unsaved = words!("kiosk-live-unsaved");
    match &live.phase {
        LivePhase::Starting => (words!("kiosk-live-starting"), unsaved, false),
        LivePhase::Waiting(reason) => (words!("kiosk-live-no-picture"), reason.clone(), true),
        LivePhase::NetworkFailed(reason) => (words!("kiosk-live-failed"), reason.clone(), true),
        LivePhase::Frozen { .. } => (words!("live-frozen"), words!("kiosk-live-still"), false),
        LivePhase::Running if live.shown.as_ref().is_some_and(|frame| !frame.outlines.is_empty()) => {
            let running = match live.figures.rate {
                rate if rate > 0.0 => words!("kiosk-live-running", rate = format!("{rate:.0}")),
                _ => words!("kiosk-live-begun"),
            };
            (running, unsaved, false)
        }
        LivePhase::Running => (words!("kiosk-live-looking"), unsaved, false),
    }
}

/// The sentence below the photograph, and the reason below it where something failed.
#[must_use]
pub fn sentence(state: &State, screen: &Screen) -> (Words, Option<Words>) {
    let current = &state.current;
    let is_vessels = state.meaning().is_vessels();
    match (&current.phase, &current.derived, &current.segmentation) {
        (Phase::FileFailed(reason), ..) => (words!("kiosk-file-failed"), Some(reason.clone())),
        (Phase::NetworkFailed(reason), ..) => (words!("kiosk-network-failed"), Some(reason.clone())),
        (_, Some(derived), _) if derived.area_px == 0 && is_vessels => (words!("no-vessels"), None),
        (_, Some(derived), _) if derived.area_px == 0 => (words!("kiosk-no-lesion"), None),
        (_, Some(_), Some(_)) if screen.comparing => (words!("kiosk-bare"), None),
        (_, Some(_), Some(_)) if screen.heat && is_vessels => (words!("kiosk-heat-vessels"), None),
        (_, Some(_), Some(_)) if screen.heat => (words!("kiosk-heat"), None),
        (_, Some(_), Some(result)) if is_vessels => (words!("kiosk-vessels", time = time_of(result)), None),
        (_, Some(_), Some(result)) => {
            // Of what runs the network only the NPU means something to a visitor.
            let words = match result.engine.kind {
                EngineKind::Rknn => words!("kiosk-outlined-on-npu", time = time_of(result)),
                EngineKind::Ort | EngineKind::Rten => words!("kiosk-outlined", time = time_of(result)),
            };
            (words, None)
        }
        (Phase::Segmenting, ..) if is_vessels => (words!("kiosk-segmenting-vessels"), None),
        (Phase::Segmenting, ..) => (words!("kiosk-segmenting"), None),
        _ => (words!("kiosk-opening"), None),
    }
}

/// From the decoded photograph to its mask: all that is this program's doing but the file's reading.
fn time_of(result: &Segmentation) -> String {
    let millis = result.millis.total() - result.millis.decode;
    match millis {
        millis if millis < 9.95 => format!("{millis:.1}\u{a0}ms"),
        millis if millis < 999.5 => format!("{millis:.0}\u{a0}ms"),
        millis => format!("{:.1}\u{a0}s", millis / 1e3),
    }
}
