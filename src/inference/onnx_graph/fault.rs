//! [`GraphFault`]: why a network's file is not given to an engine.

use crate::language::Words;
use crate::{display_as_message, words};

/// Why a network's file was refused before it was loaded.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GraphFault {
    /// The file is not ONNX, or damaged.
    NotOnnx(String),
    /// A graph within the graph: a loop, a branch or a function of the network's own.
    Subgraph,
    /// Weights in another file.
    ExternalData,
    /// More operators than are allowed.
    Nodes {
        /// The number allowed.
        most: usize,
    },
    /// An operator that this program does not know.
    Operator(String),
    /// The size of an operator's output cannot be told before the run.
    UnknownSize {
        /// The operator.
        operator: String,
        /// Why not.
        detail: String,
    },
    /// More memory than a run may take.
    Memory {
        /// MiB needed.
        found: usize,
        /// MiB allowed.
        most: usize,
    },
    /// More arithmetic than a run may take.
    Operations {
        /// Multiply-accumulate operations needed.
        found: u64,
        /// The number allowed.
        most: u64,
    },
}

impl GraphFault {
    /// The fault in words, without the path.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::NotOnnx(detail) => words!("graph-not-onnx", detail = detail.as_str()),
            Self::Subgraph => words!("graph-subgraph"),
            Self::ExternalData => words!("graph-external-data"),
            Self::Nodes { most } => words!("graph-nodes", most = most.to_string()),
            Self::Operator(name) => words!("graph-operator", operator = name.as_str()),
            Self::UnknownSize { operator, detail } => {
                words!("graph-unknown-size", operator = operator.as_str(), detail = detail.as_str())
            }
            Self::Memory { found, most } => {
                words!("graph-memory", found = found.to_string(), most = most.to_string())
            }
            Self::Operations { found, most } => {
                // Thousand millions: the unit in which networks are compared.
                let giga = |macs: u64| (macs / 1_000_000_000).to_string();
                words!("graph-operations", found = giga(*found), most = giga(*most))
            }
        }
    }
}

display_as_message!(GraphFault);
