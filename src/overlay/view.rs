//! Which of the overlays is asked for: a choice of the command line, of the settings and of the window alike.

use serde::{Deserialize, Serialize};

/// What lies over the photo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum OverlayView {
    /// A line around the lesion.
    #[default]
    Outline,
    /// The lesion in one colour.
    Fill,
    /// The probability at each pixel.
    Heat,
    /// Agreement with the reference, pixel by pixel.
    Error,
    /// The bare photo.
    Off,
}

impl OverlayView {
    /// All views, in the order of their keys.
    pub const ALL: [Self; 5] = [Self::Outline, Self::Fill, Self::Heat, Self::Error, Self::Off];
}
