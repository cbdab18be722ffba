//! How the photo is shown: brightness, contrast and gamma, with its hair or without. For display only.

use crate::display::Tone;

/// How the photo is shown.
#[derive(Clone, Debug)]
pub struct Display {
    /// Brightness, contrast, gamma.
    pub tone: Tone,
    /// Hair is hidden, as far as it is found.
    pub hides_hair: bool,
    /// The next photo takes the tone along, and whether hair is hidden.
    pub keeps_tone: bool,
    /// The graphics card's driver took the program that shows a tone.
    pub can_adjust: bool,
}

impl Display {
    /// Whether the photo is shown as it is stored.
    #[must_use]
    pub fn is_as_stored(&self) -> bool {
        self.tone.is_neutral() && !self.hides_hair
    }
}
