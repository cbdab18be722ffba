//! The first two stages of a frame: [`Converting`] to what a network takes, and [`Inferring`] its map. Each is called for one
//! frame at a time, on a thread or by hand.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::frame::FramePicture;
use crate::capture::pixels::FramePixels;
use crate::capture::{CaptureError, Frame, SourceInfo};
use crate::inference::preprocess;
use crate::inference::{
    Engine as _, EngineChoice, EngineError, EngineInfo, InferenceError, InputForm, LoadedNetworks, Model,
    ModelCard, NetworkOutput, contained,
};

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
    /// A small copy with the frame's proportions and its `[width, height]`, where sharpness and light are to be measured.
    pub(super) look: Option<([u32; 2], Vec<u8>)>,
    pub(super) picture: Option<FramePicture>,
    pub(super) convert_millis: f64,
}

/// Makes of frames what a network takes.
#[derive(Clone, Debug)]
pub struct Converting {
    input_size: [usize; 2],
    looked: Option<Duration>,
}

impl Converting {
    /// For the network of `card`.
    #[must_use]
    pub fn new(card: &ModelCard) -> Self {
        Self { input_size: [card.input.width, card.input.height], looked: None }
    }

    /// Converts `frame`; its whole picture is made where it is wanted for a screen.
    ///
    /// # Errors
    /// [`CaptureError::DamagedFrame`].
    pub fn convert(
        &mut self,
        frame: Frame,
        source: &Arc<SourceInfo>,
        wants_picture: bool,
    ) -> Result<ConvertedFrame, CaptureError> {
        let started = Instant::now();
        let pixels = FramePixels::of(&frame)?;
        let is_due = self.looked.is_none_or(|then| frame.time < then || frame.time - then >= LOOK_EVERY);
        let look = is_due.then(|| {
            self.looked = Some(frame.time);
            let size = look_size(pixels.size());
            (size, pixels.reduced(size))
        });
        let input = pixels.reduced(self.input_size.map(|side| side as u32));
        let picture = wants_picture.then(|| FramePicture { size: pixels.size(), rgb: pixels.rgb() });
        // A JPEG says its size by itself.
        let mut frame = frame;
        frame.format.size = pixels.size();
        let convert_millis = started.elapsed().as_secs_f64() * 1e3;
        let (source, input_size) = (Arc::clone(source), self.input_size);
        Ok(ConvertedFrame { frame, source, input, input_size, look, picture, convert_millis })
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

/// Runs the network. It is taken for each frame and given back, so that the rest of the program has it in between.
pub struct Inferring {
    networks: LoadedNetworks,
    model: Arc<Model>,
    engine: EngineChoice,
}

impl Inferring {
    /// Of `model` in the engine of this choice.
    #[must_use]
    pub fn new(networks: LoadedNetworks, model: Arc<Model>, engine: EngineChoice) -> Self {
        Self { networks, model, engine }
    }

    /// Runs the network on a frame.
    ///
    /// # Errors
    /// [`InferringError`]; the next frame may go well.
    pub fn infer(&self, mut converted: ConvertedFrame) -> Result<FoundFrame, InferringError> {
        let mut network = self.networks.take(&self.model, self.engine)?;
        let started = Instant::now();
        // A copy is kept for motion where the engine's input is made of it.
        let form: InputForm = network.input_form();
        let rgb = std::mem::take(&mut converted.input);
        let input = preprocess::prepare_squashed(rgb, &self.model.card, form);
        let title = network.info().kind.title();
        let output = contained(title, || network.infer(&input))?;
        let infer_millis = started.elapsed().as_secs_f64() * 1e3;
        converted.input = input.into_rgb();
        Ok(FoundFrame { converted, output, engine: network.info().clone(), infer_millis })
    }
}
