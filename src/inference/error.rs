//! Why an engine could not load a network, and why a run failed.

use std::path::PathBuf;
use std::sync::Arc;

use super::engine_kind::EngineKind;
use super::rknn::error::RknnError;
use super::rknn::reason::RknnReason;
use crate::language::{Value, Words};
use crate::steps::StepsError;
use crate::{display_as_message, words};

/// Why a run of the network gave no output.
#[derive(Debug, thiserror::Error)]
pub enum InferenceError {
    /// The library reported a failure.
    Failed {
        /// The engine's name.
        engine: &'static str,
        /// The library's own message.
        detail: String,
    },
    /// The NPU failed on a photo.
    NpuFailed {
        /// Which call failed and how.
        call: String,
        /// The likely cause, with what to do.
        reason: RknnReason,
    },
    /// The device did not respond in time, and this engine is of no use any more.
    TimedOut {
        /// The engine's name.
        engine: &'static str,
        /// How long the program waited for it.
        seconds: f32,
    },
    /// The output holds what is no probability.
    NotProbabilities {
        /// The engine's name.
        engine: &'static str,
        /// The first value that is none.
        found: f32,
        /// How many values are none.
        count: usize,
        /// How many values there are.
        of: usize,
    },
    /// The library panicked; the program continues.
    Panicked {
        /// The engine's name.
        engine: &'static str,
    },
    /// The photograph would have to be enlarged beyond what is worked on.
    ScaledTooLarge {
        /// Columns that it would have.
        width: u64,
        /// Rows that it would have.
        height: u64,
    },
    /// The photograph is black, or nearly so, throughout: there is nowhere to look for vessels.
    NoFieldOfView,
    /// The threshold is to be found from a calibrated map, and the card says nothing of calibration.
    NotCalibrated {
        /// The network's name.
        model: String,
    },
    /// The network's card says nothing of a second look, so it takes none.
    NoSecondLook {
        /// The network's name.
        model: String,
        /// It works in tiles.
        is_tiled: bool,
    },
    /// A step before or after the network does not work with it.
    Steps(StepsError),
    /// Nobody waits for the result any more.
    Cancelled,
}

/// Why an engine could not load a network.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The engine's library was not found.
    NotFound {
        /// Where it was looked for.
        looked: String,
    },
    /// A library was found but cannot be used.
    Unusable {
        /// The fault.
        detail: String,
        /// The library.
        path: PathBuf,
    },
    /// The engine refused the network's file.
    Load {
        /// The engine's name.
        engine: &'static str,
        /// The network's name.
        model: String,
        /// The library's own message.
        detail: String,
    },
    /// The network's shape differs from its card.
    Shape {
        /// The network's name.
        model: String,
        /// `input` or `output`.
        what: &'static str,
        /// According to the file.
        found: String,
        /// According to the card.
        expected: String,
    },
    /// The NPU's reason.
    Npu(RknnError),
    /// No engine was left.
    None {
        /// The network's name.
        model: String,
        /// The reason of each engine.
        refusals: Vec<PassedOver>,
    },
}

/// Why `auto` skipped an engine.
#[derive(Clone, Debug)]
pub struct PassedOver {
    /// The engine that was skipped.
    pub kind: EngineKind,
    /// Why.
    pub error: Arc<EngineError>,
}

impl From<RknnError> for EngineError {
    fn from(error: RknnError) -> Self {
        Self::Npu(error)
    }
}

impl InferenceError {
    /// The error in words; the caller knows which photo.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::Failed { engine, detail } => words!("run-failed", engine = *engine, detail = detail.as_str()),
            Self::NpuFailed { call, reason } => {
                let detail = words!("npu-call", call = call.as_str(), reason = reason.message());
                words!("run-failed", engine = EngineKind::Rknn.title(), detail = detail)
            }
            Self::TimedOut { engine, seconds } => {
                words!("run-timed-out", engine = *engine, seconds = seconds.to_string())
            }
            Self::NotProbabilities { engine, found, count, of } => words!(
                "run-not-probabilities",
                engine = *engine,
                found = found.to_string(),
                count = count.to_string(),
                of = of.to_string()
            ),
            Self::Panicked { engine } => words!("run-panicked", engine = *engine),
            Self::ScaledTooLarge { width, height } => {
                words!("run-scaled-too-large", width = width.to_string(), height = height.to_string())
            }
            Self::NoFieldOfView => words!("run-no-field-of-view"),
            Self::NotCalibrated { model } => words!("run-not-calibrated", model = model.as_str()),
            Self::NoSecondLook { model, is_tiled: true } => {
                words!("run-no-second-look-in-tiles", model = model.as_str())
            }
            Self::NoSecondLook { model, .. } => words!("run-no-second-look", model = model.as_str()),
            Self::Steps(error) => error.message(),
            Self::Cancelled => words!("run-cancelled"),
        }
    }
}

impl EngineError {
    /// The error in words, with the path last if there is one.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::NotFound { looked } => words!("engine-not-found", looked = looked.as_str()),
            Self::Unusable { detail, path } => {
                words!("engine-unusable", detail = detail.as_str(), path = path.as_path())
            }
            Self::Load { engine, model, detail } => {
                words!("engine-load", engine = *engine, model = model.as_str(), detail = detail.as_str())
            }
            Self::Shape { model, what, found, expected } => words!(
                "engine-shape",
                model = model.as_str(),
                what = *what,
                found = found.as_str(),
                expected = expected.as_str()
            ),
            Self::Npu(error) => error.message(),
            Self::None { model, refusals } => {
                let mut reasons: Vec<Words> = vec![];
                for reason in refusals.iter().map(|engine| engine.error.message()) {
                    // Two engines often say the same of one file.
                    if !reasons.contains(&reason) {
                        reasons.push(reason);
                    }
                }
                let joined = reasons
                    .into_iter()
                    .reduce(|before, next| words!("reasons-joined", before = before, next = next));
                let reasons: Value = joined.map_or_else(|| String::new().into(), Value::Words);
                words!("engine-none", model = model.as_str(), reasons = reasons)
            }
        }
    }
}

display_as_message!(InferenceError, EngineError);
