//! [`segment`]: the one function that is the product. The window, the command line, the bench and the tests call it.

use std::time::Instant;

use serde::Serialize;

use crate::inference::{Engine, EngineInfo, InferenceError, ModelCard, contained, postprocess, preprocess};
use crate::mask::{Mask, ProbabilityMap};
use crate::photo::Photo;

/// Milliseconds of each stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct StageMillis {
    /// Reading and decoding the file.
    pub decode: f64,
    /// Squashing and normalising.
    pub preprocess: f64,
    /// The network.
    pub infer: f64,
    /// Map and mask at the photo's size.
    pub postprocess: f64,
}

impl StageMillis {
    /// The stages' names, in flow order.
    pub const NAMES: [&'static str; 4] = ["decode", "preprocess", "infer", "postprocess"];

    /// The stages' values, in the order of [`Self::NAMES`].
    #[must_use]
    pub fn values(&self) -> [f64; 4] {
        [self.decode, self.preprocess, self.infer, self.postprocess]
    }

    /// To the microsecond, as reports print it.
    #[must_use]
    pub fn rounded(&self) -> Self {
        let [decode, preprocess, infer, postprocess] = self.values().map(|millis| (millis * 1e3).round() / 1e3);
        Self { decode, preprocess, infer, postprocess }
    }

    /// All stages together.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.values().iter().sum()
    }
}

/// What a network says of a photo.
#[derive(Clone, Debug)]
pub struct Segmentation {
    /// How sure the network is at each pixel.
    pub probability: ProbabilityMap,
    /// The lesion at `threshold`, at the photo's size.
    pub mask: Mask,
    /// Probability from which a pixel counts as lesion.
    pub threshold: f32,
    /// The network's name.
    pub model: String,
    /// The engine that ran it.
    pub engine: EngineInfo,
    /// How long each stage took.
    pub millis: StageMillis,
}

/// Options of one run, as the person set them.
#[derive(Clone, Copy, Debug, Default)]
pub struct SegmentOptions {
    /// Instead of the card's threshold, in `0..=1`.
    pub threshold: Option<f32>,
}

/// Segments `photo` with `card`'s network, which `engine` has loaded.
///
/// # Errors
/// [`InferenceError`] when the engine fails or panics; photo, card and engine are unharmed.
pub fn segment(
    photo: &Photo,
    card: &ModelCard,
    engine: &mut dyn Engine,
    options: SegmentOptions,
) -> Result<Segmentation, InferenceError> {
    let started = Instant::now();
    let input = preprocess::prepare(photo, card, engine.input_form());
    let prepared = Instant::now();
    let title = engine.info().kind.title();
    let output = contained(title, || engine.infer(&input))?;
    let inferred = Instant::now();
    let (probability, mask) = postprocess::finish(output, photo, card, options.threshold);
    let finished = Instant::now();
    Ok(Segmentation {
        probability,
        mask,
        threshold: options.threshold.unwrap_or(card.threshold),
        model: card.name.clone(),
        engine: engine.info().clone(),
        millis: StageMillis {
            decode: photo.decode_millis,
            preprocess: millis_between(started, prepared),
            infer: millis_between(prepared, inferred),
            postprocess: millis_between(inferred, finished),
        },
    })
}

fn millis_between(from: Instant, to: Instant) -> f64 {
    to.duration_since(from).as_secs_f64() * 1e3
}
