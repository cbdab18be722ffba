//! The network's output to a map and a mask at the photo's own size.

use super::engine::NetworkOutput;
use super::model_card::ModelCard;
use crate::mask::{Mask, ProbabilityMap};
use crate::photo::Photo;

/// The map over `photo`, and the mask at the card's threshold (or at `threshold` when given).
#[must_use]
pub fn finish(
    output: NetworkOutput,
    photo: &Photo,
    card: &ModelCard,
    threshold: Option<f32>,
) -> (ProbabilityMap, Mask) {
    let probability = ProbabilityMap::new(output.size(), output.into_values(), photo.size());
    let mask = probability.threshold(threshold.unwrap_or(card.threshold));
    (probability, mask)
}
