//! The engines by name: which one, which one is chosen, and which version ran.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// Which engine runs a network, in the order in which `auto` tries them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum EngineKind {
    /// The NPU of an RK3588 board, its runtime found at run time.
    Rknn,
    /// ONNX Runtime, found at run time.
    Ort,
    /// RTen, in pure Rust, built into the program.
    Rten,
}

impl EngineKind {
    /// Name on the command line.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// Display name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Rten => "RTen (built in)",
            Self::Ort => "ONNX Runtime",
            Self::Rknn => "NPU (RK3588)",
        }
    }
}

/// The chosen engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// The fastest that works here.
    #[default]
    Auto,
    /// This one or none.
    Only(EngineKind),
}

/// An engine by name and version, as recorded in every result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineInfo {
    /// Which one.
    pub kind: EngineKind,
    /// Its version, as it reports it.
    pub version: String,
}

impl fmt::Display for EngineInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.title(), self.version)
    }
}
