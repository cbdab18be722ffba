//! What the network says about each pixel of a photo: [`ProbabilityMap`] and [`Mask`]. Sizes and bounds, no drawing.

mod binary_mask;
mod probability_map;

pub use self::binary_mask::Mask;
pub(crate) use self::binary_mask::{RowRun, gaps, rows_of, shared_columns};
pub use self::probability_map::ProbabilityMap;
