//! What the kiosk shows beyond the window's state, as plain data: the attract screen's picture that fades, banners,
//! and the one sentence.

use std::sync::Arc;

use eframe::egui::TextureHandle;

use crate::app::model::current::{Derived, Phase};
use crate::app::model::state::State;
use crate::app::pictures::Pictures;
use crate::inference::EngineKind;
use crate::language::Words;
use crate::pipeline::Segmentation;
use crate::words;

/// Seconds that a sample stays on the attract screen.
const SAMPLE_SECONDS: f64 = 9.0;

/// Seconds from one sample to the next.
const FADE_SECONDS: f64 = 1.4;

/// Seconds that a sample is seen without its outline, and that the outline takes to draw itself.
const BARE_SECONDS: f64 = 1.2;
const OUTLINE_SECONDS: f64 = 2.4;

/// Seconds that a passing banner stays.
const BANNER_SECONDS: f64 = 12.0;

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
    /// What has just happened, until when.
    passing: Option<(Words, f64)>,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            is_attracting: true,
            heat: false,
            comparing: false,
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
        let texture = pictures.overview()?.clone();
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

    /// Whether the sample's time is over.
    pub(super) fn is_over(&self, now: f64) -> bool {
        now - self.shown_at > SAMPLE_SECONDS
    }

    /// Says what has just happened.
    pub(super) fn say(&mut self, words: Words, now: f64) {
        self.passing = Some((words, now + BANNER_SECONDS));
    }

    pub(super) fn expire(&mut self, now: f64) {
        self.passing = self.passing.take().filter(|(_, until)| now < *until);
    }

    /// The visitor has left.
    pub(super) fn leave(&mut self) {
        self.is_attracting = true;
        self.heat = false;
        self.comparing = false;
        self.before = None;
    }

    /// What is to be said above the photograph, the most urgent first; faults are marked.
    #[must_use]
    pub fn banners(&self) -> Vec<(Words, bool)> {
        let passing = self.passing.iter().map(|(words, _)| (words.clone(), true));
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

/// The sentence below the photograph, and the reason below it where something failed.
#[must_use]
pub fn sentence(state: &State, heat: bool) -> (Words, Option<Words>) {
    let current = &state.current;
    match (&current.phase, &current.derived, &current.segmentation) {
        (Phase::FileFailed(reason), ..) => (words!("kiosk-file-failed"), Some(reason.clone())),
        (Phase::NetworkFailed(reason), ..) => (words!("kiosk-network-failed"), Some(reason.clone())),
        (_, Some(derived), _) if derived.area_px == 0 => (words!("kiosk-no-lesion"), None),
        (_, Some(_), Some(_)) if heat => (words!("kiosk-heat"), None),
        (_, Some(_), Some(result)) => {
            (words!("kiosk-outlined", time = time_of(result), engine = engine_words(result)), None)
        }
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

fn engine_words(result: &Segmentation) -> Words {
    match result.engine.kind {
        EngineKind::Rknn => words!("kiosk-on-npu"),
        EngineKind::Ort => words!("kiosk-on-ort"),
        EngineKind::Rten => words!("kiosk-on-rten"),
    }
}
