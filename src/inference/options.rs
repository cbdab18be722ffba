//! [`EngineOptions`]: where engines look for their libraries, and how long they may take.

use std::path::PathBuf;
use std::time::Duration;

use super::engine_kind::EngineKind;

/// Where engines look for their libraries.
#[derive(Clone, Debug, Default)]
pub struct EngineOptions {
    /// `--onnxruntime PATH`: only this library.
    pub onnxruntime: Option<PathBuf>,
    /// For the NPU.
    pub rknn: RknnOptions,
    /// Engines on one thread of the processor each, for a batch that runs several side by side.
    pub one_thread: bool,
}

/// Where the NPU's runtime and its board are looked for, and how long they may take.
#[derive(Clone, Debug)]
pub struct RknnOptions {
    /// `--rknn-runtime PATH`: only this library.
    pub runtime: Option<PathBuf>,
    /// The folder with `proc`, `sys`, `dev` and `etc`; not `/` in tests.
    pub system_root: PathBuf,
    /// Time limit for loading a network, including its first runs.
    pub load_limit: Duration,
    /// Time limit for one run.
    pub run_limit: Duration,
}

impl Default for RknnOptions {
    /// Limits far above what the vendor's samples take (milliseconds per run), because a board may be busy.
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
    /// Whether a library was named for that engine, so that it must be reported if it is not used.
    #[must_use]
    pub fn names_library_of(&self, kind: EngineKind) -> bool {
        match kind {
            EngineKind::Rten => false,
            EngineKind::Ort => self.onnxruntime.is_some(),
            EngineKind::Rknn => self.rknn.runtime.is_some(),
        }
    }
}
