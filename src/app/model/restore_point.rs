//! Where the window was left, for the next start without paths.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::geometry::ViewTransform;

/// What the next start goes back to. The photo brings its folder along.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestorePoint {
    /// The photo that was on the canvas.
    pub photo: PathBuf,
    /// Which part of it was shown.
    #[serde(rename = "look")]
    #[serde(default)]
    pub view_transform: ViewTransform,
}
