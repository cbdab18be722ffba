//! Masks that a person has corrected, for batches that use them, and the audit log of what batches write of a folder.

use std::collections::HashMap;
use std::path::Path;

use super::inputs;
use crate::correction::Corrected;
use crate::correction::journal::Binding;
use crate::folders;
use crate::photo::{Photo, PhotoSource};
use crate::records::{AuditEntry, Home};

/// The home of a photo's records.
pub(super) fn home_of(path: &Path) -> Home {
    Home::of_photo(&PhotoSource::File(path.to_owned()), folders::data().as_deref())
}

/// The corrected mask of `photo`, where it has one.
///
/// # Errors
/// When there is one that cannot be read: the network's is no substitute.
pub(super) fn corrected(photo: &Photo) -> anyhow::Result<Option<Corrected>> {
    let Some(path) = photo.source.path() else { return Ok(None) };
    let binding = Binding { sha256: photo.sha256.clone(), size: photo.size() };
    Corrected::of(&home_of(path), &binding)
        .map_err(|error| anyhow::anyhow!("--network-only leaves corrections out; {error}"))
}

/// What a batch has written for others, for the audit logs of the folders that have records. A batch makes no records
/// where there are none.
#[derive(Default)]
pub(super) struct Exported(HashMap<Home, Vec<AuditEntry>>);

impl Exported {
    /// Adds what was written of the photo at `path`.
    pub(super) fn add(&mut self, path: &Path, sha256: &str, mut entry: AuditEntry) {
        entry.photo = inputs::name(path);
        sha256.clone_into(&mut entry.sha256);
        self.0.entry(home_of(path)).or_default().push(entry);
    }

    /// Writes the lines. A log that cannot be written is said, and takes nothing back.
    pub(super) fn log(self) {
        for (home, entries) in self.0.into_iter().filter(|(home, _)| !home.folders().is_empty()) {
            if let Err(error) = home.open().and_then(|store| store.log(&entries)) {
                log::warn!("the audit log has no line of this export; {error}");
            }
        }
    }
}
