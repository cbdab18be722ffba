//! The first two stages of a frame: [`Converting`] to what a network takes, and [`Inferring`] its map. Each is called for one
//! frame at a time, on a thread or by hand.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::converter::{Conversion, Converter};
use super::frame::FramePicture;
use super::options::LiveOptions;
use super::sharpest::sharpness;
use crate::capture::pixels::FramePixels;
use crate::capture::{CaptureError, Frame, SourceInfo};
use crate::inference::preprocess;
use crate::inference::{
    Engine, EngineChoice, EngineError, EngineInfo, InferenceError, LoadedNetworks, Model, ModelCard, NetworkOutput,
    SecondLook, contained,
};
use crate::resize;

/// How often sharpness and light are measured: the shutter's half second has five of them.
const LOOK_EVERY: Duration = Duration::from_millis(95);

/// The longer side of the copy that sharpness and light are measured on, as of photographs.
const LOOK_SIDE: u32 = 256;

/// A frame ready for the network.
#[derive(Clone, Debug)]
pub struct ConvertedFrame {
    pub(super) frame: Frame,
    pub(super) source: Arc<SourceInfo>,
    /// The squashed frame, three bytes a pixel.
    pub(super) input: Vec<u8>,
    pub(super) input_size: [usize; 2],
    /// The part of the frame that the network sees instead, squashed to the same size.
    pub(super) close: Option<(SecondLook, Vec<u8>)>,
    /// A small copy with the frame's proportions and its `[width, height]`, where sharpness and light are to be measured.
    pub(super) look: Option<([u32; 2], Vec<u8>)>,
    pub(super) picture: Option<FramePicture>,
    /// As [`sharpness`] has it; 0 where nothing is chosen by it.
    pub(super) sharpness: f64,
    pub(super) convert_millis: f64,
}

/// Makes of frames what a network takes.
pub struct Converting {
    input_size: [usize; 2],
    converter: Converter,
    looked: Option<Duration>,
    second_look: Option<SecondLook>,
}

impl Converting {
    /// For the network of `card`, by the processor.
    #[must_use]
    pub fn new(card: &ModelCard) -> Self {
        Self::with(card, Converter::of_processor())
    }

    /// The same, the network's input made by `converter`.
    #[must_use]
    pub fn with(card: &ModelCard, converter: Converter) -> Self {
        Self { input_size: [card.input.width, card.input.height], converter, looked: None, second_look: None }
    }

    /// Of the frames from now on the network sees this part; `None` is all.
    pub fn look_at(&mut self, part: Option<SecondLook>) {
        self.second_look = part;
    }

    /// What made the last frame's input.
    #[must_use]
    pub fn conversion(&self) -> Option<&Conversion> {
        self.converter.conversion()
    }

    /// Converts `frame`; its whole picture is made where `options` want it for a screen.
    ///
    /// # Errors
    /// [`CaptureError::DamagedFrame`].
    pub fn convert(
        &mut self,
        frame: Frame,
        source: &Arc<SourceInfo>,
        options: &LiveOptions,
    ) -> Result<ConvertedFrame, CaptureError> {
        let started = Instant::now();
        let pixels = FramePixels::of(&frame)?;
        let is_due = self.looked.is_none_or(|then| frame.time < then || frame.time - then >= LOOK_EVERY);
        let look = is_due.then(|| {
            self.looked = Some(frame.time);
            let size = look_size(pixels.size());
            (size, pixels.reduced(size))
        });
        let input = self.converter.reduced(&pixels, &frame.format, self.input_size.map(|side| side as u32));
        let wants_sharpness = options.has_automatic_shutter;
        let needs_all = options.wants_picture || wants_sharpness || self.second_look.is_some();
        let rgb = needs_all.then(|| pixels.rgb());
        let sharpness = rgb.as_ref().filter(|_| wants_sharpness).map_or(0.0, |rgb| sharpness(rgb, pixels.size()));
        let close = self.second_look.zip(rgb.as_ref()).map(|(look, rgb)| {
            let (size, to) = (pixels.size(), self.input_size.map(|side| side as u32));
            (look, resize::rgb_part(rgb, size, look.place_in(size), to))
        });
        let picture = rgb.filter(|_| options.wants_picture).map(|rgb| FramePicture { size: pixels.size(), rgb });
        // A JPEG says its size by itself.
        let mut frame = frame;
        frame.format.size = pixels.size();
        let convert_millis = started.elapsed().as_secs_f64() * 1e3;
        let (source, input_size) = (Arc::clone(source), self.input_size);
        Ok(ConvertedFrame { frame, source, input, input_size, close, look, picture, sharpness, convert_millis })
    }
}

fn look_size(size: [u32; 2]) -> [u32; 2] {
    let scale = (f64::from(LOOK_SIDE) / f64::from(size[0].max(size[1]))).min(1.0);
    size.map(|side| ((f64::from(side) * scale).round() as u32).max(1))
}

/// A frame with the network's map.
#[derive(Clone, Debug)]
pub struct FoundFrame {
    pub(super) converted: ConvertedFrame,
    pub(super) output: NetworkOutput,
    pub(super) engine: EngineInfo,
    pub(super) infer_millis: f64,
}

/// Why the network gave no map.
#[derive(Debug, thiserror::Error)]
pub enum InferringError {
    /// No engine could load it.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The run failed.
    #[error(transparent)]
    Run(#[from] InferenceError),
}

impl InferringError {
    /// The error in words.
    #[must_use]
    pub fn message(&self) -> crate::language::Words {
        match self {
            Self::Engine(error) => error.message(),
            Self::Run(error) => error.message(),
        }
    }
}

/// Milliseconds of a run above which one core is too slow for a picture that moves smoothly.
const SLOW_MILLIS: f64 = 40.0;

/// Slow runs one after the other from which all cores are taken: fewer come from what else the machine does.
const MOST_SLOW: u32 = 15;

/// Whether one core is enough for the network.
#[derive(Clone, Copy, Debug, Default)]
struct OneCore {
    slow: u32,
}

impl OneCore {
    /// Takes note of a run; whether there were too many slow ones.
    fn is_too_slow(&mut self, millis: f64) -> bool {
        self.slow = if millis > SLOW_MILLIS { self.slow + 1 } else { 0 };
        self.slow >= MOST_SLOW
    }
}

/// Runs the network: on one core in an engine of its own, so that the other stages have theirs and no thread of an engine turns
/// while it waits for the next frame; where that is too slow, or there can be no other engine, in the program's, which is
/// taken for each frame and given back, so that the rest of the program has it in between.
pub struct Inferring {
    networks: LoadedNetworks,
    model: Arc<Model>,
    engine: EngineChoice,
    own: Option<Box<dyn Engine>>,
    /// `None` when all cores are taken.
    one_core: Option<OneCore>,
}

impl Inferring {
    /// Of `model` in the engine of this choice.
    #[must_use]
    pub fn new(networks: LoadedNetworks, model: Arc<Model>, engine: EngineChoice) -> Self {
        Self { networks, model, engine, own: None, one_core: Some(OneCore::default()) }
    }

    /// Runs the network on a frame.
    ///
    /// # Errors
    /// [`InferringError`]; the next frame may go well.
    pub fn infer(&mut self, converted: ConvertedFrame) -> Result<FoundFrame, InferringError> {
        // After a failure or a panic it may be in any state, and is not used again.
        let own = match self.own.take() {
            None if self.one_core.is_some() => {
                self.networks.take(&self.model, self.engine)?.for_worker(0).map(|make| make()).transpose()?
            }
            own => own,
        };
        let Some(mut own) = own else {
            let mut network = self.networks.take(&self.model, self.engine)?;
            return Ok(run(&mut network, &self.model, converted)?);
        };
        let found = run(own.as_mut(), &self.model, converted)?;
        if self.one_core.as_mut().is_some_and(|one_core| one_core.is_too_slow(found.infer_millis)) {
            self.one_core = None;
        } else {
            self.own = Some(own);
        }
        Ok(found)
    }
}

fn run(
    engine: &mut dyn Engine,
    model: &Model,
    mut converted: ConvertedFrame,
) -> Result<FoundFrame, InferenceError> {
    let started = Instant::now();
    let rgb = match &mut converted.close {
        Some((_, close)) => std::mem::take(close),
        None => std::mem::take(&mut converted.input),
    };
    let input = preprocess::prepare_squashed(rgb, &model.card, engine.input_form());
    let title = engine.info().kind.title();
    let output = contained(title, || engine.infer(&input))?;
    let infer_millis = started.elapsed().as_secs_f64() * 1e3;
    if converted.close.is_none() {
        // Motion is measured on it.
        converted.input = input.into_rgb();
    }
    Ok(FoundFrame { converted, output, engine: engine.info().clone(), infer_millis })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_core_is_given_up_after_slow_runs_one_after_the_other_alone() {
        let mut one_core = OneCore::default();
        let runs = (0..100).map(|run| if run % 14 == 0 { 20.0 } else { 90.0 });
        assert!(runs.into_iter().all(|millis| !one_core.is_too_slow(millis)));
        let slow = (0..MOST_SLOW).map(|_| one_core.is_too_slow(41.0)).collect::<Vec<_>>();
        assert_eq!(slow.iter().position(|&is_slow| is_slow), Some(13), "the run before them was slow");
    }
}
