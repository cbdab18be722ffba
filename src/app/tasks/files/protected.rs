//! Files that nothing is ever written over: photographs and reference masks.

use std::path::{Path, PathBuf};

use crate::language::Words;
use crate::photo::PhotoSource;
use crate::{mask_names, words};

/// What must not be written over while a photo is shown.
#[derive(Clone, Debug)]
pub struct Protected {
    pub source: PhotoSource,
    /// All photographs that are open.
    pub open: Vec<PathBuf>,
    /// Reference masks that were chosen by hand; the one that lies beside the photo is found here.
    pub references: Vec<PathBuf>,
}

impl Protected {
    /// Why nothing is written to `path`, where it is one of them, by whatever name.
    pub(super) fn refusal(&self, path: &Path) -> Option<Words> {
        // What is not there cannot be written over; and no folder of thousands is asked of the disk.
        let whole = path.canonicalize().ok()?;
        let of = self.source.path();
        let is_open = self.open.iter().any(|file| file == path || *file == whole);
        let beside = of.and_then(mask_names::mask_beside);
        let mut references = self.references.iter().chain(&beside);
        let shown = path.display().to_string();
        if is_open || of.is_some_and(|of| is_same(of, &whole)) {
            Some(words!("photo-never-overwritten", path = shown))
        } else if references.any(|mask| is_same(mask, &whole)) {
            Some(words!("reference-never-overwritten", path = shown))
        } else {
            None
        }
    }
}

/// Whether `file` is the one at `whole`, by whatever name.
fn is_same(file: &Path, whole: &Path) -> bool {
    file.canonicalize().is_ok_and(|file| file == whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photographs_and_reference_masks_are_refused_by_whatever_name() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["a.jpg", "a_segmentation.png", "b.jpg", "chosen.png", "free.png"] {
            std::fs::write(at(name), "x").unwrap();
        }
        let protected = Protected {
            source: PhotoSource::File(at("a.jpg")),
            open: vec![at("a.jpg"), at("b.jpg")],
            references: vec![at("chosen.png")],
        };
        let reason = |path: PathBuf| protected.refusal(&path).map(|words| words.to_string()).unwrap_or_default();
        for photograph in ["a.jpg", "b.jpg", "./a.jpg"] {
            assert!(reason(at(photograph)).contains("photograph"), "{photograph}");
        }
        for mask in ["a_segmentation.png", "chosen.png", "./chosen.png"] {
            assert!(reason(at(mask)).contains("reference"), "{mask}");
        }
        assert_eq!([reason(at("free.png")), reason(at("new.png"))], ["", ""]);
    }
}
