//! How the photo is shown: brightness, contrast and gamma. For display only.

use crate::display::Tone;

/// How the photo is shown.
#[derive(Clone, Debug)]
pub struct Display {
    /// Brightness, contrast, gamma.
    pub tone: Tone,
    /// The next photo takes the tone along.
    pub keeps_tone: bool,
    /// The graphics card's driver took the program that shows a tone.
    pub can_adjust: bool,
}
