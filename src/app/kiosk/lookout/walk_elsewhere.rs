//! A walk through folders by the standard library, where its buffers cannot be our own: names may be left in memory for as
//! long as a stick is there.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::super::kept::Kept;
use super::super::version::Version;
use super::MOST_FILES;
use crate::photo_files;

/// One walk.
pub(super) struct Walk<'a> {
    forgotten: &'a HashSet<u64>,
    /// The forgotten photographs that are there.
    pub(super) seen: HashSet<u64>,
    /// All others that are there.
    pub(super) found: Vec<Version>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(forgotten: &'a HashSet<u64>) -> Self {
        Self { forgotten, seen: HashSet::new(), found: Vec::new() }
    }

    /// Finds the photographs in `folder` and `depth` folders below it. What vanishes meanwhile is left out; only the folder
    /// itself must be readable.
    pub(super) fn through(&mut self, folder: &Path, depth: usize) -> std::io::Result<()> {
        for path in std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()) {
            self.take(path, depth);
        }
        Ok(())
    }

    fn take(&mut self, path: PathBuf, depth: usize) {
        // A link could lead in a circle, or out of the stick.
        let Ok(facts) = std::fs::symlink_metadata(&path) else { return };
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if self.found.len() >= MOST_FILES {
            return;
        }
        if facts.is_dir() && !is_hidden && depth > 0 {
            let _ = self.through(&path, depth - 1);
        } else if facts.is_file() {
            let (bytes, modified) = (facts.len(), facts.modified().ok());
            let number = Kept::number_of_parts(&path, bytes, modified);
            if self.forgotten.contains(&number) {
                self.seen.insert(number);
            } else if photo_files::is_photo_name(&path) {
                self.found.push(Version { path, bytes, modified });
            }
        }
    }
}
