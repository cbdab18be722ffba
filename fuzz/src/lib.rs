//! What the fuzz targets share: which panics count, and bytes as a file.

use std::path::{Path, PathBuf};
use std::sync::Once;

/// Of a panic in a library's decoder the program makes an error, as a test shows; one in our own code is a finding.
pub fn begin() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        let ends_the_program = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let file = panic.location().map(|place| place.file()).unwrap_or_default();
            // A library's file lies in the folder of crates, the standard library's below /rustc.
            if !file.contains("/registry/src/") && !file.starts_with("/rustc/") {
                ends_the_program(panic);
            }
        }));
    });
}

/// A folder in memory, for as long as it is held.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        Self(folder.expect("a folder can be made"))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// A file with these bytes, its folders made.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("a folder can be made");
        }
        std::fs::write(&path, bytes).expect("it can be written");
        path
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}
