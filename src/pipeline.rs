//! [`segment`]: the one function that is the product. The window, the command line, the bench and the tests call it.

mod careful;
mod choices;
mod second_look;
mod tiles;

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use self::careful::CarefulRunner;
pub use self::choices::{SegmentOptions, ThresholdChoice};
use crate::confidence::Confidence;
use crate::filters::MaskMaker;
use crate::geometry::area::Area;
use crate::geometry::contour::Outline;
use crate::geometry::field_of_view;
use crate::inference::{
    Engine, EngineInfo, InferenceError, InputForm, InputTensor, ModelCard, NetworkOutput, contained, postprocess,
    preprocess,
};
use crate::mask::{Mask, ProbabilityMap};
use crate::measure::vessels;
use crate::photo::Photo;
use crate::provenance::NetworkRun;
use crate::steps::{AfterStep, BeforeStep, ImageSteps, StepList};

/// Milliseconds of each stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// The lesion, or the vessels, at `threshold`, at the photo's size.
    pub mask: Mask,
    /// Where vessels were looked for, at the photo's size; none where the mask means a lesion.
    pub field_of_view: Option<Arc<Mask>>,
    /// Probability from which a pixel counts.
    pub threshold: f32,
    /// Where the threshold comes from.
    pub threshold_choice: ThresholdChoice,
    /// Whether the map is the mean of eight views.
    pub is_careful: bool,
    /// Where the network looked again, in the photo's pixels; none where it looked once.
    pub second_look: Option<Area>,
    /// The network's name.
    pub model: String,
    /// The engine that ran it.
    pub engine: EngineInfo,
    /// How long each stage took.
    pub millis: StageMillis,
    /// What was done to the colours that the network was given.
    pub before: StepList<BeforeStep>,
    /// Makes the mask at any threshold, with the steps after the network.
    pub maker: MaskMaker,
}

impl Segmentation {
    /// How sure the network, whose card is `card`, is of its outline.
    #[must_use]
    pub fn confidence(&self, card: &ModelCard) -> Confidence {
        Confidence::of(&self.probability, card, self.threshold)
    }

    /// Who made the mask, as records have it; `card` is the network's.
    #[must_use]
    pub fn network_run(&self, card: &ModelCard) -> NetworkRun {
        NetworkRun {
            model: self.model.clone(),
            model_sha256: card.onnx().map(|onnx| onnx.sha256.clone()).unwrap_or_default(),
            engine: self.engine.to_string(),
            threshold: self.threshold,
            is_threshold_auto: self.threshold_choice == ThresholdChoice::Auto,
            is_careful: self.is_careful,
            has_second_look: self.second_look.is_some(),
            steps: self.steps(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// The steps before and after the network.
    #[must_use]
    pub fn steps(&self) -> ImageSteps {
        ImageSteps { before: self.before.clone(), after: self.maker.steps().clone() }
    }

    /// The same with other steps after the network, which need no run of it.
    #[must_use]
    pub fn with_steps_after(&self, steps: &StepList<AfterStep>, photo: &Photo) -> Self {
        let maker = MaskMaker::new(steps, photo);
        let mask = made(&maker, &self.probability, self.threshold, self.field_of_view.as_deref());
        Self { mask, maker, ..self.clone() }
    }

    /// The mask at `threshold`, which is there already where it is its own.
    #[must_use]
    pub fn mask_at(&self, threshold: f32) -> Cow<'_, Mask> {
        if threshold == self.threshold {
            return Cow::Borrowed(&self.mask);
        }
        Cow::Owned(made(&self.maker, &self.probability, threshold, self.field_of_view.as_deref()))
    }

    /// Lines around the lesion of [`Self::mask_at`].
    #[must_use]
    pub fn outlines_at(&self, threshold: f32) -> Vec<Outline> {
        self.maker.outlines(&self.probability, &self.mask_at(threshold), threshold)
    }
}

/// How far a network that runs in tiles has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TileProgress {
    /// Tiles that were run.
    pub done: usize,
    /// All tiles of the photograph.
    pub total: usize,
}

/// Is told of each tile that was run, and says whether to go on.
pub type OnTile<'a> = &'a mut dyn FnMut(TileProgress) -> ControlFlow<()>;

/// Segments `photo` with `card`'s network, which `engine` has loaded: squashed to the network's size, or in tiles where
/// the card says so. Vessels are looked for in the field of view alone, which is found in the pixels.
///
/// # Errors
/// [`InferenceError`] when there is no field of view, the engine fails or panics, or the card has not what the options need;
/// photo, card and engine are unharmed.
pub fn segment(
    photo: &Photo,
    card: &ModelCard,
    engine: &mut dyn Engine,
    options: SegmentOptions<'_>,
) -> Result<Segmentation, InferenceError> {
    segment_by(photo, card, &mut EngineHere(engine), options, &mut |_| ControlFlow::Continue(()))
}

/// [`segment`] with the network wherever it is, which tells `on_tile` how far it is.
///
/// # Errors
/// As [`segment`], and [`InferenceError::Cancelled`] when `on_tile` says so.
pub fn segment_by(
    photo: &Photo,
    card: &ModelCard,
    network: &mut dyn NetworkRunner,
    options: SegmentOptions<'_>,
    on_tile: OnTile<'_>,
) -> Result<Segmentation, InferenceError> {
    let ImageSteps { before, after } = options.steps;
    options.steps.check_tiles(card.optional.tiling.is_some()).map_err(InferenceError::Steps)?;
    options.threshold.check(card)?;
    options.check_second_look(card)?;
    let started = Instant::now();
    let field_of_view = card.meaning().is_vessels().then(|| field_of_view::of(photo));
    if field_of_view.as_ref().is_some_and(Mask::is_empty) {
        return Err(InferenceError::NoFieldOfView);
    }
    let searching = millis_since(started);
    let mut careful = CarefulRunner(network);
    let network: &mut dyn NetworkRunner = if options.is_careful { &mut careful } else { &mut *careful.0 };
    let (output, engine, mut millis) = match card.optional.tiling {
        None => whole(photo, card, before, network)?,
        Some(tiling) => {
            let size = tiles::scaled_size(photo, tiling, field_of_view.as_ref())?;
            tiles::run(photo, card, (tiling, size), before, network, on_tile)?
        }
    };
    let started = Instant::now();
    let mut probability = postprocess::map_over(output, photo, field_of_view.as_ref());
    millis.postprocess += millis_since(started);
    let second_look = match &card.optional.second_look {
        Some(facts) if options.takes_second_look => {
            second_look::take(photo, card, facts, before, network, (&mut probability, &mut millis))?
        }
        _ => None,
    };
    let started = Instant::now();
    let threshold = options.threshold.level(&probability, card)?;
    let maker = MaskMaker::new(after, photo);
    let mask = made(&maker, &probability, threshold, field_of_view.as_ref());
    Ok(Segmentation {
        probability,
        mask,
        field_of_view: field_of_view.map(Arc::new),
        threshold,
        threshold_choice: options.threshold,
        is_careful: options.is_careful,
        second_look,
        model: card.name.clone(),
        engine,
        millis: StageMillis {
            decode: photo.decode_millis,
            preprocess: millis.preprocess + searching,
            postprocess: millis.postprocess + millis_since(started),
            ..millis
        },
        before: before.clone(),
        maker,
    })
}

/// Runs a network once: an engine on this thread, or one behind a queue.
pub trait NetworkRunner {
    /// The form of input that it takes.
    fn input_form(&self) -> InputForm;

    /// Runs the network.
    ///
    /// # Errors
    /// The engine's.
    fn run(&mut self, input: InputTensor) -> Result<Inferred, InferenceError>;
}

/// The network's output for one input.
#[derive(Clone, Debug)]
pub struct Inferred {
    output: NetworkOutput,
    engine: EngineInfo,
    /// Of the network alone, without waiting for it.
    infer_millis: f64,
}

impl Inferred {
    /// Runs `engine` once; a panic of its library becomes an error.
    ///
    /// # Errors
    /// The engine's.
    pub fn by(engine: &mut dyn Engine, input: &InputTensor) -> Result<Self, InferenceError> {
        let started = Instant::now();
        let title = engine.info().kind.title();
        let output = contained(title, || engine.infer(input))?;
        Ok(Self { output, engine: engine.info().clone(), infer_millis: millis_since(started) })
    }
}

/// An engine on this thread.
pub struct EngineHere<'a>(pub &'a mut dyn Engine);

impl NetworkRunner for EngineHere<'_> {
    fn input_form(&self) -> InputForm {
        self.0.input_form()
    }

    fn run(&mut self, input: InputTensor) -> Result<Inferred, InferenceError> {
        Inferred::by(self.0, &input)
    }
}

/// The map of a whole photo, at a size of its own, who made it, and how long that took.
type FoundMap = (NetworkOutput, EngineInfo, StageMillis);

fn whole(
    photo: &Photo,
    card: &ModelCard,
    before: &[BeforeStep],
    network: &mut dyn NetworkRunner,
) -> Result<FoundMap, InferenceError> {
    let started = Instant::now();
    let input = preprocess::prepare_after(before, photo, card, network.input_form());
    let preprocess = millis_since(started);
    let Inferred { output, engine, infer_millis } = network.run(input)?;
    Ok((output, engine, StageMillis { preprocess, infer: infer_millis, ..Default::default() }))
}

/// The mask at `threshold`, within the field of view where the photo has one.
fn made(maker: &MaskMaker, map: &ProbabilityMap, threshold: f32, field_of_view: Option<&Mask>) -> Mask {
    let mask = maker.mask(map, threshold);
    match field_of_view {
        Some(field_of_view) => vessels::within(&mask, field_of_view),
        None => mask,
    }
}

fn millis_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}
