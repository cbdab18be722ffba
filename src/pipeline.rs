//! [`segment`]: the one function that is the product. The window, the command line, the bench and the tests call it.

use std::time::Instant;

use serde::Serialize;

use crate::inference::{
    Engine, EngineInfo, InferenceError, InputForm, InputTensor, ModelCard, NetworkOutput, contained, postprocess,
    preprocess,
};
use crate::mask::{Mask, ProbabilityMap};
use crate::photo::Photo;
use crate::provenance::NetworkRun;

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

impl Segmentation {
    /// Who made the mask, as records have it; `card` is the network's.
    #[must_use]
    pub fn network_run(&self, card: &ModelCard) -> NetworkRun {
        NetworkRun {
            model: self.model.clone(),
            model_sha256: card.onnx().map(|onnx| onnx.sha256.clone()).unwrap_or_default(),
            engine: self.engine.to_string(),
            threshold: self.threshold,
            program: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
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
    Ok(prepare(photo, card, engine.input_form()).run(engine)?.finish(photo, card, options))
}

/// The first third of [`segment`], for those who have an engine on another thread: the network's input.
#[must_use]
pub fn prepare(photo: &Photo, card: &ModelCard, form: InputForm) -> Prepared {
    let started = Instant::now();
    let input = preprocess::prepare(photo, card, form);
    let millis =
        StageMillis { decode: photo.decode_millis, preprocess: millis_since(started), ..Default::default() };
    Prepared { input, millis }
}

/// A photo's input, ready for an engine that takes this form.
#[derive(Clone, Debug)]
pub struct Prepared {
    input: InputTensor,
    millis: StageMillis,
}

impl Prepared {
    /// The second third: the network.
    ///
    /// # Errors
    /// As [`segment`].
    pub fn run(self, engine: &mut dyn Engine) -> Result<Inferred, InferenceError> {
        let started = Instant::now();
        let title = engine.info().kind.title();
        let output = contained(title, || engine.infer(&self.input))?;
        let millis = StageMillis { infer: millis_since(started), ..self.millis };
        Ok(Inferred { output, engine: engine.info().clone(), millis })
    }
}

/// The network's output, not yet laid over its photo.
#[derive(Clone, Debug)]
pub struct Inferred {
    output: NetworkOutput,
    engine: EngineInfo,
    millis: StageMillis,
}

impl Inferred {
    /// The last third: map and mask over the same photo.
    #[must_use]
    pub fn finish(self, photo: &Photo, card: &ModelCard, options: SegmentOptions) -> Segmentation {
        let started = Instant::now();
        let (probability, mask) = postprocess::finish(self.output, photo, card, options.threshold);
        Segmentation {
            probability,
            mask,
            threshold: options.threshold.unwrap_or(card.threshold),
            model: card.name.clone(),
            engine: self.engine,
            millis: StageMillis { postprocess: millis_since(started), ..self.millis },
        }
    }
}

fn millis_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}
