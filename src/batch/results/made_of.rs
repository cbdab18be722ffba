//! What a result was made of and what it left on disk: while all of that is as it was, the photograph is not done again.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::folder_records::home_of;
use crate::correction::journal::Journal;
use crate::decode::sha256_hex;
use crate::files::{self, FileKind};
use crate::records::identify::sha256_of;

/// The SHA-256 of each part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::batch) struct MadeOf {
    /// Of the photograph's file.
    photo: String,
    /// Of the reference mask's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// Of what people drew and decided, where they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decisions: Option<String>,
    /// Of the files that were written, each followed by its path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    outputs: Vec<String>,
}

/// The files that a result comes from and goes to, and what is decided of the photo with a SHA-256.
pub(in crate::batch) struct Sources<'a, D> {
    pub(in crate::batch) reference: Option<&'a Path>,
    pub(in crate::batch) outputs: Vec<&'a Path>,
    pub(in crate::batch) decisions: D,
}

impl MadeOf {
    /// SHA-256 of the photograph's file.
    pub(in crate::batch) fn photo(&self) -> &str {
        &self.photo
    }

    /// The files as they are now; `None` where one is missing or cannot be read.
    pub(in crate::batch) fn now(
        photo: &Path,
        sources: Sources<'_, impl FnOnce(&str) -> Option<String>>,
    ) -> Option<Self> {
        Self::of(sha256_of(photo)?, sources)
    }

    /// As [`Self::now`], of a photo whose SHA-256 is known.
    pub(in crate::batch) fn of(
        photo: String,
        Sources { reference, outputs, decisions }: Sources<'_, impl FnOnce(&str) -> Option<String>>,
    ) -> Option<Self> {
        let reference = match reference {
            Some(path) => Some(sha256_of(path)?),
            None => None,
        };
        let output = |path: &Path| Some(format!("{} {}", sha256_of(path)?, path.display()));
        let outputs = outputs.into_iter().map(output).collect::<Option<_>>()?;
        Some(Self { reference, decisions: decisions(&photo), outputs, photo })
    }
}

/// The SHA-256 of the journals in which people corrected the photo at `path`, unless only the network counts, and of what
/// the `records` of its folder say; `None` where there is neither.
pub(in crate::batch) fn decisions(
    path: &Path,
    sha256: &str,
    is_network_only: bool,
    records: Option<String>,
) -> Option<String> {
    let home = home_of(path);
    let folders = (!is_network_only).then(|| home.checked_masks_folders()).into_iter().flatten();
    let journals = folders.filter_map(|folder| {
        let read = folder.and_then(|folder| files::read(&Journal::path_in(&folder, sha256), FileKind::Journal));
        match read {
            Ok(bytes) => Some(sha256_hex(&bytes)),
            Err(error) if error.is_not_there() => None,
            // As it is said when the photograph is done again.
            Err(error) => Some(error.to_string()),
        }
    });
    let all: Vec<String> = journals.chain(records).collect();
    (!all.is_empty()).then(|| sha256_hex(all.join("\n").as_bytes()))
}
