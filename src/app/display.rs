//! How the photo is shown: brightness, contrast, gamma; and the embedded colour profile. For display only.

use std::sync::Arc;

use eframe::egui::{self, ColorImage};

use super::Window;
use super::looker::ToneJob;
use super::notices::Weight;
use crate::display::{ProfileError, ToSrgb, Tone};
use crate::words;

/// How the photo is shown.
#[derive(Clone, Debug, Default)]
pub struct Display {
    /// Brightness, contrast, gamma.
    pub tone: Tone,
    /// The next photo takes the tone along.
    pub keeps_tone: bool,
    /// The section of the side panel is unfolded.
    pub is_open: bool,
    /// The photo's embedded profile is in use.
    pub has_profile: bool,
    /// Counts tones, so that a picture in an older one never lands.
    token: u64,
}

impl Display {
    /// The tone that the next photo comes in.
    #[must_use]
    pub fn next_tone(&self) -> Tone {
        if self.keeps_tone { self.tone } else { Tone::default() }
    }
}

/// A change with a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The section is unfolded, or folded.
    Open(bool),
    /// The photo is shown in this tone.
    Tone(Tone),
    /// The next photos take the tone along, or come as they are stored.
    Keep(bool),
}

/// A photo's picture for the screen.
pub struct Overview {
    /// In sRGB, without a tone.
    pub plain: Arc<ColorImage>,
    /// In the tone that was asked for; none when that is neutral.
    pub toned: Option<ColorImage>,
    /// By the photo's profile.
    pub to_srgb: Option<ToSrgb>,
    /// Why the profile is not used.
    pub failure: Option<ProfileError>,
}

impl Window {
    /// Carries out a change of the display.
    pub(super) fn change_display(&mut self, change: &Change) {
        let display = &mut self.state.display;
        match *change {
            Change::Open(is_open) => display.is_open = is_open,
            Change::Keep(keeps) => display.keeps_tone = keeps,
            Change::Tone(tone) => {
                display.tone = tone.clamped();
                display.token += 1;
                self.textures.set_tone(display.tone);
                if let Some(plain) = self.textures.plain_overview() {
                    self.looker.tone(ToneJob { token: display.token, plain, tone: display.tone });
                }
            }
        }
    }

    /// Shows a new photo's picture.
    pub(super) fn show_overview(&mut self, ctx: &egui::Context, overview: Overview) {
        let display = &mut self.state.display;
        display.tone = display.next_tone();
        display.token += 1;
        display.has_profile = overview.to_srgb.is_some();
        if let Some(failure) = &overview.failure {
            log::warn!("{failure}");
            self.tell(ctx, Weight::Warning, words!("display-profile-broken"));
        }
        self.textures.set_photo(ctx, overview, self.state.display.tone);
    }

    /// Takes the photo's picture in a tone; one in an older tone is dropped.
    pub(super) fn take_toned(&mut self, ctx: &egui::Context, token: u64, picture: ColorImage) {
        if token == self.state.display.token {
            log::info!("toned");
            self.textures.set_overview(ctx, picture);
        }
    }
}
