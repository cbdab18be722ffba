//! Photographs on disk: which files of a folder are photos, in which order, and which mask lies beside each.

use std::path::{Path, PathBuf};

/// Endings of files that a folder offers as photos. What a file really is, is decided by its content.
pub const PHOTO_ENDINGS: [&str; 7] = ["jpg", "jpeg", "png", "tif", "tiff", "bmp", "webp"];

/// What this program and others write beside a photo; not photos themselves.
const NOT_PHOTOS: [&str; 5] = ["_segmentation", "_superpixels", "_mask", "_overlay", "_probability"];

/// Whether a file of a folder is offered as a photo, by its name.
#[must_use]
pub fn is_photo_name(path: &Path) -> bool {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let stem = path.file_stem().map(|s| s.to_string_lossy().to_lowercase()).unwrap_or_default();
    ending.is_some_and(|e| PHOTO_ENDINGS.contains(&e.as_str()))
        && !stem.starts_with('.')
        && !NOT_PHOTOS.iter().any(|tail| stem.ends_with(tail))
}

/// The photos of a folder (not of those below it), in natural order: `a2` before `a10`.
///
/// # Errors
/// When the folder cannot be read.
pub fn in_folder(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut photos: Vec<PathBuf> = std::fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| is_photo_name(path) && !path.is_dir())
        .collect();
    alphanumeric_sort::sort_path_slice(&mut photos);
    Ok(photos)
}

/// The reference mask that lies beside a photo: `NAME_segmentation.png`.
#[must_use]
pub fn mask_beside(photo: &Path) -> Option<PathBuf> {
    let stem = photo.file_stem()?.to_string_lossy();
    let mask = photo.with_file_name(format!("{stem}_segmentation.png"));
    mask.is_file().then_some(mask)
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
}
