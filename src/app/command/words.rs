//! The words of actions and groups, in the thread's language: each has one message in `actions.ftl`, with its sentence
//! as the message's `.tooltip`.

use super::{Action, Group};
use crate::language::Words;
use crate::{tr, words};

impl Group {
    /// The heading in the list of shortcuts.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Files => tr!("group-files"),
            Self::Walking => tr!("group-walking"),
            Self::Review => tr!("group-review"),
            Self::Overlay => tr!("group-overlay"),
            Self::Correcting => tr!("group-correcting"),
            Self::Looking => tr!("group-looking"),
            Self::Display => tr!("display"),
            Self::Window => tr!("group-window"),
            Self::Measuring => tr!("group-measuring"),
            Self::Comparing => tr!("group-comparing"),
        }
    }
}

impl Action {
    /// What a button or menu says.
    #[must_use]
    pub fn label(self) -> String {
        self.words().to_string()
    }

    /// What it does, in a sentence.
    #[must_use]
    pub fn tooltip(self) -> String {
        self.words().attribute("tooltip")
    }

    fn words(self) -> Words {
        match self {
            Self::OpenPhotos => words!("action-open-photos"),
            Self::OpenFolder => words!("action-open-folder"),
            Self::OpenSample => words!("action-open-sample"),
            Self::OpenReference => words!("action-open-reference"),
            Self::CloseReference => words!("action-close-reference"),
            Self::SaveMask => words!("action-save-mask"),
            Self::SaveOverlay => words!("action-save-overlay"),
            Self::SaveReport => words!("action-save-report"),
            Self::Next => words!("action-next"),
            Self::Previous => words!("action-previous"),
            Self::First => words!("action-first"),
            Self::Last => words!("action-last"),
            Self::ShowOutline => words!("action-show-outline"),
            Self::ShowFill => words!("action-show-fill"),
            Self::ShowHeat => words!("action-show-heat"),
            Self::ShowError => words!("action-show-error"),
            Self::ShowOff => words!("action-show-off"),
            Self::ThresholdDown => words!("action-threshold-down"),
            Self::ThresholdUp => words!("action-threshold-up"),
            Self::ThresholdReset => words!("action-threshold-reset"),
            Self::ZoomIn => words!("action-zoom-in"),
            Self::ZoomOut => words!("action-zoom-out"),
            Self::ZoomFit => words!("action-zoom-fit"),
            Self::ZoomActual => words!("action-zoom-actual"),
            Self::Brighter => words!("action-brighter"),
            Self::Darker => words!("action-darker"),
            Self::MoreContrast => words!("action-more-contrast"),
            Self::LessContrast => words!("action-less-contrast"),
            Self::MoreGamma => words!("action-more-gamma"),
            Self::LessGamma => words!("action-less-gamma"),
            Self::ShowAsStored => words!("action-show-as-stored"),
            Self::ToggleFilmstrip => words!("action-toggle-filmstrip"),
            Self::ToggleSidePanel => words!("action-toggle-side-panel"),
            Self::TogglePanels => words!("action-toggle-panels"),
            Self::ToggleTheme => words!("action-toggle-theme"),
            Self::ToggleLanguage => words!("action-toggle-language"),
            Self::Accept => words!("action-accept"),
            Self::Reject => words!("action-reject"),
            Self::MarkUnsure => words!("action-mark-unsure"),
            Self::NextUnreviewed => words!("action-next-unreviewed"),
            Self::WriteNote => words!("action-write-note"),
            Self::ToggleDiameters => words!("action-toggle-diameters"),
            Self::ToggleAbcd => words!("action-toggle-abcd"),
            Self::Calibrate => words!("action-calibrate"),
            Self::Compare => words!("action-compare"),
            Self::FlipSides => words!("action-flip-sides"),
            Self::DividerLeft => words!("action-divider-left"),
            Self::DividerRight => words!("action-divider-right"),
            Self::ToggleTable => words!("action-toggle-table"),
            Self::ChooseNetwork => words!("action-choose-network"),
            Self::Retry => words!("action-retry"),
            Self::ShowHelp => words!("action-show-help"),
            Self::ShowAbout => words!("action-show-about"),
            Self::ShowSettings => words!("action-show-settings"),
            Self::Dismiss => words!("action-dismiss"),
            Self::Quit => words!("action-quit"),
            _ => self.correcting_words(),
        }
    }
}
