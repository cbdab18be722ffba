//! Running a network: the card that describes it, the tensor it takes, the engines that run it, the map it returns.
//!
//! Engines speak [`InputTensor`] and [`NetworkOutput`] only; no library's type leaves its own file.

mod card_error;
mod confidence_facts;
mod engine;
mod engine_kind;
mod engines;
mod error;
mod lesion_facts;
mod library;
mod loaded;
mod mask_facts;
mod model;
mod model_card;
mod npu_placement;
mod onnx_graph;
mod optional_facts;
mod options;
mod ort;
pub mod postprocess;
pub mod preprocess;
mod rknn;
mod rten;
mod rten_graph;
pub(crate) mod runtime_library;
mod second_look;
mod second_look_facts;
mod test_figures;
mod tiling;
mod vessel_facts;

pub use crate::subject::{MaskMeaning, Subject};
pub use card_error::{CardError, CardFault};
pub use confidence_facts::{
    BandFacts, BandFigures, CalibrationError, CalibrationFacts, CorrectionTable, ExpectedAgreementFacts,
    ExpectedAgreementFigures,
};
pub(crate) use engine::contained;
pub use engine::{Engine, MakeWorker, NetworkOutput};
pub use engine_kind::{EngineChoice, EngineInfo, EngineKind};
pub use engines::{OpenedEngine, Probe, open, probe};
pub use error::{EngineError, InferenceError, PassedOver, PassedOver as Refusal};
pub use lesion_facts::{DataFacts, LesionFacts, RecipeFacts};
pub use library::{ManyRecommended, ModelLibrary, RefusedModel};
pub use loaded::{LoadedNetwork, LoadedNetworks};
pub use mask_facts::MaskFacts;
pub use model::{Model, ModelOrigin};
pub use model_card::{Artefact, ModelCard};
pub use npu_placement::{NpuMemory, NpuPlacement};
pub use onnx_graph::GraphFault;
#[cfg(fuzzing)]
pub use onnx_graph::check as check_onnx_graph;
pub use optional_facts::{
    DistillationFacts, Int8Facts, NpuFacts, OptionalFacts, PublishedFacts, SpeedFacts, SplitLoss,
};
pub use options::{EngineOptions, RknnOptions};
pub use preprocess::{InputForm, InputTensor};
pub use rknn::{
    BoardConditions, Clock, HeatThrottle, MeasuredMachine, RknnDeviceFault, RknnError, RknnHeaderError, RknnReason,
    RknnVersions, Temperature,
};
pub use second_look::SecondLook;
pub use second_look_facts::{SecondLookFacts, SecondLookGain};
pub use test_figures::TestFigures;
pub use tiling::{TileBlend, TileGrid, TilingFacts};
pub use vessel_facts::{VesselData, VesselFacts, VesselFigures, VesselInt8, VesselPublished, VesselRecipe};
