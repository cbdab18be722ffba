//! What is at hand decides what a key means: the photo, the tools that correct its mask, or the camera's picture.

use eframe::egui::{Key, KeyboardShortcut};
use strum::VariantArray;

use super::action::Action;

/// What is at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub enum KeyMode {
    /// The photo.
    Photo,
    /// The tools that correct its mask.
    Correcting,
    /// The camera's picture.
    Live,
}

impl Action {
    /// Whether any of its keys counts in `mode`.
    #[must_use]
    pub fn has_keys(self, mode: KeyMode) -> bool {
        match (mode, self) {
            (KeyMode::Live, _) => self.is_for_live(),
            (_, Self::FreezeFrame | Self::KeepFrame | Self::ChooseFrameFolder) => false,
            (_, Self::ToggleCorrection | Self::UseOtherMask | Self::ToggleNetworkOutline) => true,
            // Their keys are the tools' then.
            (
                KeyMode::Correcting,
                Self::ThresholdDown
                | Self::ThresholdUp
                | Self::ThresholdReset
                | Self::UndoDecision
                | Self::ShowBand
                | Self::ToggleLive,
            ) => false,
            (KeyMode::Correcting, _) => true,
            (KeyMode::Photo, _) => !self.is_about_correcting(),
        }
    }

    /// Whether `shortcut` can mean it in `mode`. Enter is the tools' own while they are out, as it closes a line, and
    /// keeps the camera's picture.
    #[must_use]
    pub fn takes(self, shortcut: &KeyboardShortcut, mode: KeyMode) -> bool {
        let is_tools_own = mode == KeyMode::Correcting && shortcut.logical_key == Key::Enter;
        self.has_keys(mode) && (!is_tools_own || self.is_about_correcting())
    }

    /// Whether it means something before the camera's picture: nothing does that is about a photo.
    fn is_for_live(self) -> bool {
        matches!(
            self,
            Self::ToggleLive
                | Self::FreezeFrame
                | Self::KeepFrame
                | Self::ChooseFrameFolder
                | Self::OpenPhotos
                | Self::OpenFolder
                | Self::OpenSample
                | Self::OpenFundusSample
                | Self::ShowInFolder
                | Self::ThresholdDown
                | Self::ThresholdUp
                | Self::ThresholdReset
                | Self::ZoomIn
                | Self::ZoomOut
                | Self::ZoomFit
                | Self::ZoomActual
                | Self::ChooseNetwork
                | Self::TogglePanels
                | Self::ToggleFilmstrip
                | Self::ToggleTheme
                | Self::ToggleLanguage
                | Self::ShowSettings
                | Self::ShowHelp
                | Self::ShowAbout
                | Self::Dismiss
                | Self::Quit
        )
    }
}
