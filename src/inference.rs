//! Running a network: the card that describes it, the tensor it takes, the engines that run it, the map it answers.
//!
//! Engines speak [`InputTensor`] and [`NetworkOutput`] only; no library's type leaves its own file.

mod card_fault;
mod engine;
mod library;
mod model;
mod model_card;
mod optional_facts;
mod ort;
pub mod postprocess;
pub mod preprocess;
mod rknn;
mod rten;

pub use card_fault::CardFault;
pub(crate) use engine::contained;
pub use engine::{
    Engine, EngineChoice, EngineError, EngineInfo, EngineKind, EngineOptions, InferenceError, NetworkOutput,
    OpenedEngine, Probe, Refusal, RknnOptions, open, probe,
};
pub use library::{ManyRecommended, ModelLibrary, RefusedModel};
pub use model::{Model, ModelOrigin};
pub use model_card::{Artefact, CardError, ModelCard, TestFigures};
pub use optional_facts::{
    DistillationFacts, Int8Facts, NpuFacts, OptionalFacts, PublishedFacts, SpeedFacts, SplitLoss,
};
pub use preprocess::{InputForm, InputTensor};
pub use rknn::{Clock, RknnDeviceFault, RknnError, RknnHeaderError, RknnReason, RknnVersions, clocks};
