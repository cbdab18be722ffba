//! Running a network: the card that describes it, the tensor it takes, the engines that run it, the map it answers.
//!
//! Engines speak [`InputTensor`] and [`NetworkOutput`] only; no library's type leaves its own file.

mod engine;
mod library;
mod model_card;
mod ort;
pub mod postprocess;
pub mod preprocess;
mod rknn;
mod rten;

pub(crate) use engine::contained;
pub use engine::{
    Engine, EngineChoice, EngineError, EngineInfo, EngineKind, EngineOptions, InferenceError, NetworkOutput,
    OpenedEngine, Probe, Refusal, RknnOptions, open, probe,
};
pub use library::{Model, ModelLibrary, ModelOrigin, RefusedModel};
pub use model_card::{CardError, ModelCard, TestFigures};
pub use preprocess::{InputForm, InputTensor};
pub use rknn::{Clock, RknnError, RknnHeaderError, clocks};
