//! Entries in the folders' audit logs for what a batch exports.

use std::collections::HashMap;
use std::path::Path;

use super::console::Console;
use super::folder_records::home_of;
use super::inputs;
use crate::records::{AuditEntry, Home};

/// The exports of a batch, for the audit logs of folders that have records. A batch creates no records.
#[derive(Default)]
pub(super) struct ExportLog(HashMap<Home, Vec<AuditEntry>>);

impl ExportLog {
    /// Adds an export of the photo at `path`, if its folder has records by now: of others nothing is held in memory.
    pub(super) fn add(&mut self, path: &Path, sha256: &str, entry: impl FnOnce() -> AuditEntry) {
        let home = home_of(path);
        // Where it is not known whether there are records, the log says so.
        if home.checked_folders().next().is_none() {
            return;
        }
        let mut entry = entry();
        entry.photo = inputs::name(path);
        sha256.clone_into(&mut entry.sha256);
        self.0.entry(home).or_default().push(entry);
    }

    /// Writes the lines. A log that cannot be written is reported; the exports stay.
    pub(super) fn log(self, console: &mut Console) {
        for (home, entries) in self.0 {
            if let Err(error) = home.open().and_then(|store| store.log(&entries)) {
                console.complaint(format!("this export could not be added to the audit log; {error}"));
            }
        }
    }
}
