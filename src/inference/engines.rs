//! The choice of the engine: `auto` tries the NPU, then ONNX Runtime, then the built-in one, always with the reasons.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde::Serialize;
use strum::VariantArray as _;

use super::engine::Engine;
use super::engine_kind::{EngineChoice, EngineKind};
use super::error::{EngineError, PassedOver};
use super::model::Model;
use super::options::EngineOptions;
use super::{ort, rknn, rten};

/// An engine ready to run, and those that were tried before it.
pub struct OpenedEngine {
    /// The engine.
    pub engine: Box<dyn Engine>,
    /// Engines that `auto` would have preferred, with the reason why not.
    pub passed_over: Vec<PassedOver>,
}

/// Loads `model` into the engine of `choice`.
///
/// # Errors
/// [`EngineError`]; with `auto`, only when no engine is left.
pub fn open(choice: EngineChoice, model: &Model, options: &EngineOptions) -> Result<OpenedEngine, EngineError> {
    let kinds = match choice {
        EngineChoice::Only(kind) => {
            return open_one(kind, model, options).map(|engine| OpenedEngine { engine, passed_over: Vec::new() });
        }
        EngineChoice::Auto => EngineKind::VARIANTS,
    };
    let mut passed_over = Vec::new();
    for &kind in kinds {
        match open_one(kind, model, options) {
            Ok(engine) => return Ok(OpenedEngine { engine, passed_over }),
            Err(error) => passed_over.push(PassedOver { kind, error: Arc::new(error) }),
        }
    }
    Err(EngineError::None { model: model.card.name.clone(), refusals: passed_over })
}

fn open_one(kind: EngineKind, model: &Model, options: &EngineOptions) -> Result<Box<dyn Engine>, EngineError> {
    let load = || -> Result<Box<dyn Engine>, EngineError> {
        Ok(match kind {
            EngineKind::Rten => Box::new(rten::RtenEngine::load(model, options)?),
            EngineKind::Ort => Box::new(ort::OrtEngine::load(model, options)?),
            EngineKind::Rknn => Box::new(rknn::RknnEngine::load(model, &options.rknn)?),
        })
    };
    let crashed = || EngineError::Load {
        engine: kind.title(),
        model: model.card.name.clone(),
        detail: "the library crashed while loading it".into(),
    };
    catch_unwind(AssertUnwindSafe(load)).unwrap_or_else(|_| Err(crashed()))
}

/// What `doctor` says about an engine: its version and path, or exactly why it is not available.
#[derive(Clone, Debug, Serialize)]
pub struct Probe {
    /// Which engine.
    pub kind: EngineKind,
    /// Whether it can run here.
    pub available: bool,
    /// Version and path, or the reason.
    pub detail: String,
}

/// Checks whether each engine can run here.
#[must_use]
pub fn probe(options: &EngineOptions) -> Vec<Probe> {
    EngineKind::VARIANTS
        .iter()
        .map(|&kind| {
            let found = match kind {
                EngineKind::Rten => Ok(format!("version {}, inside the program", rten::VERSION)),
                EngineKind::Ort => ort::describe(options).map_err(|error| error.to_string()),
                EngineKind::Rknn => rknn::describe(&options.rknn).map_err(|error| error.to_string()),
            };
            let available = found.is_ok();
            Probe { kind, available, detail: found.unwrap_or_else(|reason| reason) }
        })
        .collect()
}
