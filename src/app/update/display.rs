//! How the photo is shown: brightness, contrast, gamma, and the embedded colour profile. For display only.

use super::Update;
use crate::app::command::action::Action;
use crate::app::command::change::DisplayChange;
use crate::app::events::WindowEvent;
use crate::app::model::display::HiddenParts;
use crate::display::{Profile, Tone};

/// How far a key moves brightness and contrast.
const STEP: f32 = 0.05;

/// By what a key multiplies gamma: eight steps double it.
const GAMMA_STEP: f32 = 1.090_508;

impl Update<'_> {
    /// Carries out a change of the display.
    pub(super) fn change_display(&mut self, change: DisplayChange) {
        let display = &mut self.state.display;
        match change {
            DisplayChange::Keep(keeps) => display.keeps_tone = keeps,
            DisplayChange::Tone(tone) if display.can_adjust => {
                display.tone = tone.rounded();
                WindowEvent::Display(display.tone).emit();
            }
            DisplayChange::Tone(_) => log::warn!("display: the graphics card does not adjust photographs"),
        }
    }

    /// Moves brightness, contrast or gamma as the key of `action` does.
    pub(super) fn step_tone(&mut self, action: Action) {
        let mut tone = self.state.display.tone;
        match action {
            Action::Brighter => tone.brightness += STEP,
            Action::Darker => tone.brightness -= STEP,
            Action::MoreContrast => tone.contrast += STEP,
            Action::LessContrast => tone.contrast -= STEP,
            Action::MoreGamma => tone.gamma *= GAMMA_STEP,
            Action::LessGamma => tone.gamma /= GAMMA_STEP,
            _ => {
                tone = Tone::default();
                self.state.display.hidden = HiddenParts::default();
            }
        }
        self.change_display(DisplayChange::Tone(tone));
    }

    /// A new photo comes: with the tone, where that is kept, and in the screen's colours.
    pub(super) fn begin_display(&mut self, profile: &Profile) {
        if !self.state.display.keeps_tone {
            self.state.display.tone = Tone::default();
            self.state.display.hidden = HiddenParts::default();
        }
        match profile {
            Profile::Applied { name, .. } => WindowEvent::Profile(name).emit(),
            Profile::Refused(fault) => log::warn!("the embedded colour profile is not used: {fault}"),
            Profile::None | Profile::Srgb { .. } => {}
        }
    }
}
