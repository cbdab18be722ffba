//! The content of a journal: which photo it belongs to, and what was done.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::correction::history::Step;
use crate::geometry::toggles::Toggles;
use crate::provenance::CorrectionStart;

/// The photo that a journal belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// SHA-256 of the photo's file, in hexadecimal.
    pub sha256: String,
    /// `[width, height]`.
    pub size: [u32; 2],
}

impl Binding {
    pub(super) fn encoded(&self) -> Vec<u8> {
        postcard::to_extend(self, Vec::new()).expect("plain data is encoded")
    }
}

impl fmt::Display for Binding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} x {}, SHA-256 {:.12}…", self.size[0], self.size[1], self.sha256)
    }
}

/// One record. New kinds are added at the end: their order is the format.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Record {
    /// The mask before the first step.
    Begin {
        /// What it was made from.
        origin: CorrectionStart,
        /// Its pixels, from an empty mask.
        toggles: Toggles,
    },
    /// A step was done.
    Step(#[serde(with = "shared")] Arc<Step>),
    /// The last step was undone.
    Undo,
    /// The step that was undone last was redone.
    Redo,
    /// A person started correcting.
    Opened,
    /// The person ended it regularly.
    Closed,
    /// The oldest steps can no longer be undone.
    Forget(u32),
}

impl Record {
    pub(super) fn encoded(&self) -> Vec<u8> {
        postcard::to_extend(self, Vec::new()).expect("plain data is encoded")
    }
}

/// A shared step is serialised like the step itself.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use crate::correction::history::Step;

    pub(super) fn serialize<S: Serializer>(step: &Arc<Step>, serializer: S) -> Result<S::Ok, S::Error> {
        Step::serialize(step, serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Step>, D::Error> {
        Step::deserialize(deserializer).map(Arc::new)
    }
}
