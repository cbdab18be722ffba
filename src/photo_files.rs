//! Photographs on disk: which files of a folder are photos, and in which order. `mask_names.rs` says which mask is whose.

use std::path::{Path, PathBuf};

pub use crate::mask_names::PICTURE_ENDINGS as PHOTO_ENDINGS;
use crate::mask_names::{self, is_derived_name, is_picture_name};

/// Endings of photographs that phones and cameras make and that are not read: a folder offers them all the same, so that
/// each is said to be left out and what to do.
const UNREAD_ENDINGS: [&str; 7] = ["heic", "heif", "hif", "avif", "jxl", "jp2", "dng"];

/// Whether a file of a folder is offered as a photo, by its name.
#[must_use]
pub fn is_photo_name(path: &Path) -> bool {
    is_picture_name(path) && !is_hidden(path) && !is_derived_name(path)
}

fn is_unread_photo_name(path: &Path) -> bool {
    UNREAD_ENDINGS.iter().any(|ending| mask_names::has_ending(path, ending)) && !is_hidden(path)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// The photos of a folder (not of those below it), in natural order: `a2` before `a10`.
///
/// # Errors
/// When the folder cannot be read.
pub fn in_folder(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    // An entry that the system does not give is an error, not a photograph fewer.
    let mut photos =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<PathBuf>>>()?;
    photos.retain(|path| (is_photo_name(path) || is_unread_photo_name(path)) && !path.is_dir());
    mask_names::drop_lesion_masks(&mut photos);
    alphanumeric_sort::sort_path_slice(&mut photos);
    Ok(photos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_and_our_own_output_are_not_photos() {
        for name in ["a_segmentation.png", "a_overlay.png", "a_mask.PNG", ".a.jpg", "a.txt", "a"] {
            assert!(!is_photo_name(Path::new(name)), "{name}");
        }
        for name in ["a.jpg", "b.JPEG", "c.Png", "皮肤.tif"] {
            assert!(is_photo_name(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn a_folder_offers_photographs_that_cannot_be_read_and_no_masks() {
        let folder = tempfile::tempdir().unwrap();
        for name in
            ["IMG_1.HEIC", "b.avif", "c.jpg", "c_lesion.png", "c_attribute_streaks.png", "._d.heic", "e.txt"]
        {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let found: Vec<PathBuf> = ["b.avif", "c.jpg", "IMG_1.HEIC"].map(|name| folder.path().join(name)).into();
        let mut photos = in_folder(folder.path()).unwrap();
        photos.sort_by_key(|path| path.to_string_lossy().to_lowercase());
        assert_eq!(photos, found);
    }
}
