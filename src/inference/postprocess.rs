//! The network's output to a map at the photo's own size.

use super::engine::NetworkOutput;
use crate::mask::ProbabilityMap;
use crate::photo::Photo;

/// The map over `photo`.
#[must_use]
pub fn map_over(output: NetworkOutput, photo: &Photo) -> ProbabilityMap {
    ProbabilityMap::new(output.size(), output.into_values(), photo.size())
}
