//! [`EngineOptions`]: where engines look for their libraries, and how long they may take.

use std::path::PathBuf;
use std::time::Duration;

use super::engine_kind::EngineKind;

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
