//! What is shown and counted on top of a photo: its outline, its colours, its agreement with a reference mask.

pub mod agreement;
pub mod bits;
pub mod colours;
pub mod contour;
pub(crate) mod distance;
pub mod hull;
pub mod lab;
pub mod lesion;
pub mod measures;
pub mod palette;
pub mod pixel_outline;
pub mod png;
pub mod render;
pub mod shape;
pub mod surface;
pub mod ticks;
