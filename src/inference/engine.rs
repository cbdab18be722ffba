//! What an engine is, and which one is taken: NPU, then ONNX Runtime, then the built-in one, always with the reasons.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::preprocess::InputForm;
use super::{InputTensor, Model, RknnError, RknnReason, ort, rknn, rten};

/// Which engine runs a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EngineKind {
    /// RTen, in pure Rust, inside the program.
    Rten,
    /// ONNX Runtime, found at run time.
    Ort,
    /// The NPU of an RK3588 board, its runtime found at run time.
    Rknn,
}

impl EngineKind {
    /// Every engine this build knows, in the order in which `auto` tries them.
    pub const ALL: [Self; 3] = [Self::Rknn, Self::Ort, Self::Rten];

    /// Name on the command line.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Rten => "rten",
            Self::Ort => "ort",
            Self::Rknn => "rknn",
        }
    }

    /// Name to show.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Rten => "RTen (built in)",
            Self::Ort => "ONNX Runtime",
            Self::Rknn => "NPU (RK3588)",
        }
    }
}

/// The person's choice of engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// The fastest that works here.
    #[default]
    Auto,
    /// This one or none.
    Only(EngineKind),
}

/// An engine by name and version, as it stands on every result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EngineInfo {
    /// Which one.
    pub kind: EngineKind,
    /// Its version, as it says itself.
    pub version: String,
}

impl fmt::Display for EngineInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.title(), self.version)
    }
}

/// The network's raw answer: probabilities row by row, at the size that the graph gives.
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

    /// What it takes of its input, so that preprocessing makes that and its time counts there.
    fn input_form(&self) -> InputForm {
        InputForm::Normalised
    }

    /// Milliseconds of the last run by the device's own clock, where it has one.
    fn device_millis(&self) -> Option<f64> {
        None
    }

    /// The same network for one more thread, where the device has a part of its own for it: a core of the NPU for
    /// `worker` 0, 1 and 2. `None` where one engine uses the whole machine by itself.
    ///
    /// # Errors
    /// [`EngineError`] when the device does not take it once more.
    fn for_worker(&mut self, worker: u32) -> Option<Result<Box<dyn Engine>, EngineError>> {
        let _ = worker;
        None
    }
}

/// Why a run of the network gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum InferenceError {
    /// The library reported a failure.
    #[error("{engine} could not run the network ({detail}); try another engine")]
    Failed {
        /// The engine's name.
        engine: &'static str,
        /// The library's own words.
        detail: String,
    },
    /// The NPU failed on a photo.
    #[error("{} could not run the network ({call}: {reason}); try another engine", EngineKind::Rknn.title())]
    NpuFailed {
        /// Which call failed and how.
        call: String,
        /// What it is likely to come from, with what to do.
        reason: RknnReason,
    },
    /// The device did not answer in time, and this engine is of no use any more.
    #[error(
        "{engine} did not answer within {seconds} s and was given up; try another engine, or restart the board"
    )]
    TimedOut {
        /// The engine's name.
        engine: &'static str,
        /// How long it was waited for.
        seconds: f32,
    },
    /// The library panicked; the program goes on.
    #[error("{engine} crashed while running the network; try another engine")]
    Panicked {
        /// The engine's name.
        engine: &'static str,
    },
}

/// Why an engine did not take a network.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The engine's library was found nowhere.
    #[error(
        "ONNX Runtime was not found (looked for {looked}); run packaging/onnxruntime.sh, or give --onnxruntime PATH"
    )]
    NotFound {
        /// Where it was looked for.
        looked: String,
    },
    /// A library was found but cannot be used.
    #[error("ONNX Runtime cannot be used ({detail}): {}", path.display())]
    Unusable {
        /// What is wrong with it.
        detail: String,
        /// The library.
        path: PathBuf,
    },
    /// The engine refused the network's file.
    #[error("{engine} cannot load model '{model}' ({detail}); the file is damaged or uses unknown operators")]
    Load {
        /// The engine's name.
        engine: &'static str,
        /// The network's name.
        model: String,
        /// The library's own words.
        detail: String,
    },
    /// The network's shape is not what its card says.
    #[error("model '{model}' does not fit its card: {what} is {found}, expected {expected}; export it again")]
    Shape {
        /// The network's name.
        model: String,
        /// `input` or `output`.
        what: &'static str,
        /// By the file.
        found: String,
        /// By the card.
        expected: String,
    },
    /// The NPU's reason.
    #[error(transparent)]
    Npu(#[from] RknnError),
    /// No engine was left.
    #[error("no engine can run model '{model}': {}", joined(refusals))]
    None {
        /// The network's name.
        model: String,
        /// What each engine said.
        refusals: Vec<Refusal>,
    },
}

/// Where engines look for their libraries.
#[derive(Clone, Debug, Default)]
pub struct EngineOptions {
    /// `--onnxruntime PATH`: this library and no other.
    pub onnxruntime: Option<PathBuf>,
    /// Of the NPU.
    pub rknn: RknnOptions,
}

/// Where the NPU's runtime and its board are looked for, and how long they may take.
#[derive(Clone, Debug)]
pub struct RknnOptions {
    /// `--rknn-runtime PATH`: this library and no other.
    pub runtime: Option<PathBuf>,
    /// The folder with `proc`, `sys`, `dev` and `etc`; another one than `/` in tests.
    pub system_root: PathBuf,
    /// Longest that loading a network may take, with its first runs.
    pub load_limit: Duration,
    /// Longest that one run may take.
    pub run_limit: Duration,
}

impl Default for RknnOptions {
    /// Limits far above what the vendor's samples take (milliseconds a run), as a board may be busy.
    fn default() -> Self {
        Self {
            runtime: None,
            system_root: PathBuf::from("/"),
            load_limit: Duration::from_secs(30),
            run_limit: Duration::from_secs(5),
        }
    }
}

impl EngineOptions {
    /// Whether the person named a library for that engine, and so wants to know when it is not used.
    #[must_use]
    pub fn names_library_of(&self, kind: EngineKind) -> bool {
        match kind {
            EngineKind::Rten => false,
            EngineKind::Ort => self.onnxruntime.is_some(),
            EngineKind::Rknn => self.rknn.runtime.is_some(),
        }
    }
}

/// Why `auto` passed an engine over.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The engine that was passed over.
    pub kind: EngineKind,
    /// Why.
    pub error: Arc<EngineError>,
}

fn joined(refusals: &[Refusal]) -> String {
    let reasons: Vec<String> = refusals.iter().map(|refusal| refusal.error.to_string()).collect();
    reasons.join("; ")
}

/// An engine ready to run, and what was tried before it.
pub struct OpenedEngine {
    /// The engine.
    pub engine: Box<dyn Engine>,
    /// Engines that `auto` would have preferred, with the reason why not.
    pub passed_over: Vec<Refusal>,
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
        EngineChoice::Auto => EngineKind::ALL,
    };
    let mut passed_over = Vec::new();
    for kind in kinds {
        match open_one(kind, model, options) {
            Ok(engine) => return Ok(OpenedEngine { engine, passed_over }),
            Err(error) => passed_over.push(Refusal { kind, error: Arc::new(error) }),
        }
    }
    Err(EngineError::None { model: model.card.name.clone(), refusals: passed_over })
}

fn open_one(kind: EngineKind, model: &Model, options: &EngineOptions) -> Result<Box<dyn Engine>, EngineError> {
    let load = || -> Result<Box<dyn Engine>, EngineError> {
        Ok(match kind {
            EngineKind::Rten => Box::new(rten::RtenEngine::load(model)?),
            EngineKind::Ort => Box::new(ort::OrtEngine::load(model, options)?),
            EngineKind::Rknn => Box::new(rknn::RknnEngine::load(model, &options.rknn)?),
        })
    };
    let crashed = || EngineError::Load {
        engine: kind.title(),
        model: model.card.name.clone(),
        detail: "the library crashed on it".into(),
    };
    catch_unwind(AssertUnwindSafe(load)).unwrap_or_else(|_| Err(crashed()))
}

/// What `doctor` says of an engine: its version and place, or exactly why it is not there.
#[derive(Clone, Debug, Serialize)]
pub struct Probe {
    /// Which engine.
    pub kind: EngineKind,
    /// Whether it can run here.
    pub available: bool,
    /// Version and place, or the reason.
    pub detail: String,
}

/// Asks each engine whether it can run here.
#[must_use]
pub fn probe(options: &EngineOptions) -> Vec<Probe> {
    EngineKind::ALL
        .into_iter()
        .map(|kind| {
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

/// Makes the answer from a tensor of `shape`, which must be one map with one value a pixel.
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
