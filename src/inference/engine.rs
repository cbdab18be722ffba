//! [`Engine`]: the interface of every engine, independent of the library that runs the network.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::engine_kind::EngineInfo;
use super::error::{EngineError, InferenceError};
use super::model::Model;
use super::npu_placement::NpuPlacement;
use super::preprocess::{InputForm, InputTensor};

/// The network's output: probabilities row by row, at the size that the graph gives.
#[derive(Clone, Debug)]
pub struct NetworkOutput {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

/// How far beyond 0 and 1 an output may be, as rounding in 16 bits or 8 makes it; it is then taken for 0 or 1.
const ROUNDING: f32 = 0.01;

impl NetworkOutput {
    /// `width * height` probabilities, row by row, that the engine of this name gave.
    ///
    /// # Errors
    /// [`InferenceError::NotProbabilities`] when one of them is no number or lies outside 0 to 1: a fault of engine,
    /// driver or network, which must not pass for 'no lesion'.
    pub fn new(
        engine: &'static str,
        width: usize,
        height: usize,
        mut values: Vec<f32>,
    ) -> Result<Self, InferenceError> {
        let is_probability = |value: &f32| (-ROUNDING..=1.0 + ROUNDING).contains(value);
        if let Some(&found) = values.iter().find(|value| !is_probability(value)) {
            let count = values.iter().filter(|value| !is_probability(value)).count();
            return Err(InferenceError::NotProbabilities { engine, found, count, of: values.len() });
        }
        for value in &mut values {
            *value = value.clamp(0.0, 1.0);
        }
        Ok(Self { width, height, values })
    }

    /// Columns and rows.
    #[must_use]
    pub fn size(&self) -> [usize; 2] {
        [self.width, self.height]
    }

    /// The probabilities, each 0 to 1, row by row.
    #[must_use]
    pub fn into_values(self) -> Vec<f32> {
        self.values
    }
}

/// Loads a network once more, on the thread that is to run it, so that several load side by side. Its error says that the
/// device cannot.
pub type MakeWorker = Box<dyn FnOnce() -> Result<Box<dyn Engine>, EngineError> + Send>;

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

    /// Where on the NPU it runs and what it takes there, if it is the NPU's.
    fn npu_placement(&self) -> Option<NpuPlacement> {
        None
    }

    /// The same network for one more thread beside others: on a core of the NPU for `worker` 0, 1 and 2, or on one of the
    /// processor, whichever that is; its outputs are this one's. `None` if there can be no other.
    fn for_worker(&mut self, worker: u32) -> Option<MakeWorker> {
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
        [1, 1, height, width] if values.len() == height * width => {
            NetworkOutput::new(engine, width, height, values)
        }
        _ => Err(InferenceError::Failed { engine, detail: format!("its output has the shape {shape:?}") }),
    }
}

/// Runs `work` and turns a panic of the library into an error.
pub(crate) fn contained<T>(
    engine: &'static str,
    work: impl FnOnce() -> Result<T, InferenceError>,
) -> Result<T, InferenceError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(InferenceError::Panicked { engine }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_probability_is_a_fault_of_the_engine_and_not_a_missing_lesion() {
        for fault in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -0.02, 1.02, 1000.0] {
            let error =
                output_from("fake", &[1, 1, 1, 3], vec![0.2, fault, 0.4]).expect_err("it is no probability");
            let message = error.to_string();
            assert!(message.contains("1 of 3") && message.contains(&fault.to_string()), "{message}");
        }
    }

    #[test]
    fn rounding_beyond_the_ends_is_taken_back() {
        let output = output_from("fake", &[1, 1, 1, 4], vec![-0.004, 0.5, 1.004, 1.0]).expect("rounding");
        assert_eq!(output.into_values(), [0.0, 0.5, 1.0, 1.0]);
    }
}
