//! How the photo is shown: brightness, contrast and gamma, and what of it is painted over. For display only.

use crate::display::Tone;

/// What of the photo is painted over, as far as it is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HiddenParts {
    pub hair: bool,
    pub dark_corners: bool,
}

/// How the photo is shown.
#[derive(Clone, Debug)]
pub struct Display {
    /// Brightness, contrast, gamma.
    pub tone: Tone,
    /// What is painted over.
    pub hidden: HiddenParts,
    /// The next photo takes the tone along, and what is hidden.
    pub keeps_tone: bool,
    /// The graphics card's driver took the program that shows a tone.
    pub can_adjust: bool,
}

impl Display {
    /// Whether the photo is shown as it is stored.
    #[must_use]
    pub fn is_as_stored(&self) -> bool {
        self.tone.is_neutral() && self.hidden == HiddenParts::default()
    }
}
