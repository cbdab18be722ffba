//! Which of the overlays is asked for: a choice of the command line, of the settings and of the window alike.

use serde::{Deserialize, Serialize};

/// What lies over the photo, in the order of their keys.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, strum::VariantArray,
)]
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
