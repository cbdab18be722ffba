//! The engines there are, by name: which one, which one is wanted, and which version ran.

use std::fmt;

use serde::{Deserialize, Serialize};

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
