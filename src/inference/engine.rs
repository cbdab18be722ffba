//! [`Engine`]: the interface of every engine, independent of the library that runs the network.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::engine_kind::EngineInfo;
use super::error::{EngineError, InferenceError};
use super::model::Model;
use super::preprocess::{InputForm, InputTensor};

/// The network's raw output: probabilities row by row, at the size that the graph gives.
#[derive(Clone, Debug)]
pub struct NetworkOutput {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height` probabilities.
    pub values: Vec<f32>,
}

/// One network loaded into one engine.
pub trait Engine: Send {
    /// Which engine, and its version.
    fn info(&self) -> &EngineInfo;

    /// Runs the network once.
    ///
    /// # Errors
    /// [`InferenceError`] when the library fails; the engine may be tried again.
    fn infer(&mut self, input: &InputTensor) -> Result<NetworkOutput, InferenceError>;

    /// The form of input that it takes, so that preprocessing makes that and its time counts there.
    fn input_form(&self) -> InputForm {
        InputForm::Normalised
    }

    /// Milliseconds of the last run by the device's own clock, if it has one.
    fn device_millis(&self) -> Option<f64> {
        None
    }

    /// The same network for one more thread, if the device has a separate part for it: a core of the NPU for `worker`
    /// 0, 1 and 2. `None` if one engine uses the whole machine by itself.
    ///
    /// # Errors
    /// [`EngineError`] when the device cannot load it once more.
    fn for_worker(&mut self, worker: u32) -> Option<Result<Box<dyn Engine>, EngineError>> {
        let _ = worker;
        None
    }
}

/// Checks a shape that an engine reports against the card's; `None` entries are open dimensions and fit anything.
pub(super) fn check_shape(
    model: &Model,
    what: &'static str,
    found: &[Option<usize>],
    expected: [usize; 4],
) -> Result<(), EngineError> {
    let fits =
        found.len() == 4 && found.iter().zip(expected).all(|(side, wanted)| side.is_none_or(|s| s == wanted));
    if fits {
        return Ok(());
    }
    let words: Vec<String> = found.iter().map(|side| side.map_or_else(|| "?".into(), |s| s.to_string())).collect();
    Err(EngineError::Shape {
        model: model.card.name.clone(),
        what,
        found: words.join("x"),
        expected: expected.map(|side| side.to_string()).join("x"),
    })
}

/// Makes the output from a tensor of `shape`, which must be one map with one value a pixel.
pub(super) fn output_from(
    engine: &'static str,
    shape: &[usize],
    values: Vec<f32>,
) -> Result<NetworkOutput, InferenceError> {
    match *shape {
        [1, 1, height, width] if values.len() == height * width => Ok(NetworkOutput { width, height, values }),
        _ => Err(InferenceError::Failed { engine, detail: format!("its answer has the shape {shape:?}") }),
    }
}

/// Runs `work` and turns a panic of the library into an error.
pub(crate) fn contained<T>(
    engine: &'static str,
    work: impl FnOnce() -> Result<T, InferenceError>,
) -> Result<T, InferenceError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(InferenceError::Panicked { engine }))
}
