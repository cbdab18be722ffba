//! What the fuzz targets share: which panics count, bytes as a file, and what holds of any file of annotations.

use std::path::{Path, PathBuf};
use std::sync::Once;

use dermaloupe::exchange::{Annotations, ExchangeError, text_of};

/// A photograph without a stated size gets this one; of a larger one no mask is drawn.
const USUAL_SIZE: [u32; 2] = [64, 48];
const MOST_SIDE: u32 = 512;
/// Photographs of a file whose masks are drawn.
const MOST_PHOTOS: usize = 8;

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

/// Reads a file of annotations by the reader of its format: every photograph in it gives a mask of its size, or a reason.
pub fn annotations(bytes: &[u8], read: fn(&[u8], &str) -> Result<Annotations, ExchangeError>) {
    begin();
    let Ok(text) = text_of(bytes.to_vec()) else { return };
    let Ok(read) = read(&text, "lesion") else { return };
    for photo in read.photos.iter().take(MOST_PHOTOS) {
        let size = photo.size.unwrap_or(USUAL_SIZE);
        if size.iter().any(|&side| side == 0 || side > MOST_SIDE) {
            continue;
        }
        let found = photo.mask(size).expect("the photograph has the stated size");
        assert_eq!(found.mask.size(), size);
        assert!(!found.is_usable || photo.is_annotated());
    }
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
