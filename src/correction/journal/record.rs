//! The content of a journal: records, each framed with length and checksum.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::correction::history::Step;
use crate::geometry::toggles::Toggles;
use crate::provenance::CorrectionStart;

/// The first bytes of every journal.
pub const MAGIC: &[u8; 8] = b"DLMASKJ\n";

/// The format's version; files of other versions are left unchanged.
pub const VERSION: u16 = 1;

/// The longest valid record, in bytes: a whole mask of scattered pixels on a photo of 100 megapixels.
const MOST_RECORD_BYTES: usize = 512 << 20;

/// Length and checksum before each record.
const FRAME_BYTES: usize = 8;

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

/// Appends length, checksum and `content` to `bytes`.
pub(super) fn frame(content: &[u8], bytes: &mut Vec<u8>) {
    let length = (content.len() as u32).to_le_bytes();
    bytes.extend(length);
    bytes.extend(checksum(length, content).to_le_bytes());
    bytes.extend(content);
}

/// The content of the first record in `bytes`, and the bytes after it; `None` if it is incomplete or damaged.
pub(super) fn unframed(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (head, rest) = bytes.split_at_checked(FRAME_BYTES)?;
    let (length, sum) = head.split_first_chunk::<4>()?;
    let count = u32::from_le_bytes(*length) as usize;
    if count > MOST_RECORD_BYTES {
        return None;
    }
    let (content, rest) = rest.split_at_checked(count)?;
    (sum == checksum(*length, content).to_le_bytes()).then_some((content, rest))
}

/// CRC-32 of length and content.
fn checksum(length: [u8; 4], content: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length);
    hasher.update(content);
    hasher.finalize()
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
