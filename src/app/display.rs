//! How the photo is shown: brightness, contrast, gamma, and the embedded colour profile. For display only.

use std::sync::Arc;

use super::Window;
use super::command::Action;
use super::settings::Settings;
use super::tone_shader::ToneShader;
use crate::display::{Profile, Tone};
use crate::photo::Photo;

/// How far a key moves brightness and contrast.
const STEP: f32 = 0.05;

/// By what a key multiplies gamma: eight steps double it.
const GAMMA_STEP: f32 = 1.090_508;

/// How the photo is shown.
#[derive(Clone, Debug)]
pub struct Display {
    /// Brightness, contrast, gamma.
    pub tone: Tone,
    /// The next photo takes the tone along.
    pub keeps_tone: bool,
    /// The section of the side panel is unfolded.
    pub is_open: bool,
    /// The graphics card's driver took the program that shows a tone.
    pub can_adjust: bool,
}

impl Display {
    /// As it was left, but never in a tone that nobody sees being set.
    pub(super) fn remembered(settings: &Settings) -> Self {
        Self {
            tone: Tone::default(),
            keeps_tone: settings.keeps_tone,
            is_open: settings.shows_display,
            can_adjust: true,
        }
    }
}

/// A change with a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// The section is unfolded, or folded.
    Open(bool),
    /// The photo is shown in this tone.
    Tone(Tone),
    /// The next photos take the tone along, or come as they are stored.
    Keep(bool),
}

impl Window {
    /// Carries out a change of the display.
    pub(super) fn change_display(&mut self, change: Change) {
        let display = &mut self.state.display;
        match change {
            Change::Open(is_open) => display.is_open = is_open,
            Change::Keep(keeps) => display.keeps_tone = keeps,
            Change::Tone(tone) if display.can_adjust => {
                display.tone = tone.rounded();
                let Tone { brightness, contrast, gamma } = display.tone;
                log::info!("display: brightness {brightness:.2}, contrast {contrast:.2}, gamma {gamma:.2}");
            }
            Change::Tone(_) => log::warn!("display: the graphics card does not adjust photographs"),
        }
    }

    /// Carries out an action of the display; false when it is none.
    pub(super) fn perform_display(&mut self, action: Action) -> bool {
        let mut tone = self.state.display.tone;
        match action {
            Action::Brighter => tone.brightness += STEP,
            Action::Darker => tone.brightness -= STEP,
            Action::MoreContrast => tone.contrast += STEP,
            Action::LessContrast => tone.contrast -= STEP,
            Action::MoreGamma => tone.gamma *= GAMMA_STEP,
            Action::LessGamma => tone.gamma /= GAMMA_STEP,
            Action::ShowAsStored => tone = Tone::default(),
            _ => return false,
        }
        self.change_display(Change::Tone(tone));
        true
    }

    /// A new photo comes: with the tone, where that is kept, and in the screen's colours.
    pub(super) fn begin_display(&mut self, photo: &Arc<Photo>, profile: &Profile) {
        if !self.state.display.keeps_tone {
            self.state.display.tone = Tone::default();
        }
        match profile {
            Profile::Applied { name, .. } => log::info!("profile: {name}"),
            Profile::Refused(fault) => log::warn!("the embedded colour profile is not used: {fault}"),
            Profile::None | Profile::Srgb { .. } => {}
        }
        self.tiles.show(Some((Arc::clone(photo), profile.to_srgb().cloned())));
    }

    /// Makes the graphics card's part; without it photographs are shown as they are stored.
    pub(super) fn take_tone_shader(&mut self, creation: &eframe::CreationContext<'_>) {
        match creation.gl.as_deref().map(ToneShader::new) {
            Some(Ok(shader)) => self.tone_shader = Some(Arc::new(shader)),
            failed => {
                log::warn!("brightness and contrast are out of reach: {failed:?}");
                self.state.display.can_adjust = false;
            }
        }
    }
}
