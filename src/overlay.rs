//! What is shown and counted on top of a photo: its outline, its colours, its agreement with a reference mask.

pub mod agreement;
pub mod contour;
mod distance;
pub mod palette;
pub mod render;
pub mod surface;
