//! The content of a journal: which photo it belongs to, and what was done.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::correction::history::{Act, Step};
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

    /// The record in `content`, if it is one whose numbers mean something.
    pub(super) fn decoded(content: &[u8]) -> Option<Self> {
        postcard::from_bytes(content).ok().filter(Self::is_sound)
    }

    /// Whether thresholds are probabilities and points lie somewhere.
    fn is_sound(&self) -> bool {
        match self {
            Self::Begin { origin, .. } => origin.is_sound(),
            Self::Step(step) => match &step.act {
                Act::Edit(edit) => edit.is_finite(),
                Act::Start(origin) => origin.is_sound(),
            },
            Self::Undo | Self::Redo | Self::Opened | Self::Closed | Self::Forget(_) => true,
        }
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
