//! [`OverlayView`]: which overlay is shown; used by the command line, the settings and the window.

use serde::{Deserialize, Serialize};

/// What is drawn over the photo, in the order in which they stand side by side.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, strum::VariantArray,
)]
#[serde(rename_all = "lowercase")]
pub enum OverlayView {
    /// A line around the lesion.
    #[default]
    Outline,
    /// The line, and around it the band in which the border probably lies.
    Band,
    /// The lesion in one colour.
    Fill,
    /// The probability of each pixel.
    Heat,
    /// Agreement with the reference, pixel by pixel.
    Error,
    /// The photo without overlay.
    Off,
}
