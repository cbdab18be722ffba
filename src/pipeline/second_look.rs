//! The second look at a small lesion: one more run of the network, for the photographs that need it alone.

use std::time::Instant;

use super::{Inferred, NetworkRunner, StageMillis, millis_since};
use crate::geometry::area::Area;
use crate::inference::{InferenceError, ModelCard, SecondLook, SecondLookFacts, preprocess};
use crate::mask::ProbabilityMap;
use crate::photo::Photo;
use crate::steps::BeforeStep;

/// Where the lesion of `map` is small by the card's own threshold, joins the map of a second look to it; returns where that
/// was, in the photo's pixels. What of the photo was not decoded yet counts as preprocessing.
pub(super) fn take(
    photo: &Photo,
    card: &ModelCard,
    facts: &SecondLookFacts,
    before: &[BeforeStep],
    network: &mut dyn NetworkRunner,
    (map, millis): (&mut ProbabilityMap, &mut StageMillis),
) -> Result<Option<Area>, InferenceError> {
    let started = Instant::now();
    let Some(look) = SecondLook::of(map, card.threshold, facts) else {
        millis.postprocess += millis_since(started);
        return Ok(None);
    };
    millis.postprocess += millis_since(started);
    let started = Instant::now();
    let part = look.place_in(photo.size());
    let input = preprocess::prepare_part(before, photo, part, card, network.input_form());
    millis.preprocess += millis_since(started);
    let Inferred { output, infer_millis, .. } = network.run(input)?;
    millis.infer += infer_millis;
    let started = Instant::now();
    *map = look.joined(map, output);
    millis.postprocess += millis_since(started);
    Ok(Some(look.area_in(photo.size())))
}
