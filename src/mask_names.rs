//! Which file is the mask of which photograph, by their names: one rule for every command and for the window.
//!
//! The mask of `STEM.jpg` is called `STEM_segmentation`, `STEM_mask`, `STEM_lesion` (the PH2 set) or `STEM`, the first that
//! exists, with the ending of any picture; upper and lower case are the same (ISIC 2016 has `_Segmentation`). Beside the
//! photograph itself only `_segmentation` and `_lesion` count: `STEM` would be the photograph, and `STEM_mask.png` is
//! written by this program, whose own mask is no reference. Attribute maps and superpixels (ISIC, task 2) are nobody's mask.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::files;

/// Endings of files that may be photographs or masks. What a file really is, is decided by its content.
pub const PICTURE_ENDINGS: [&str; 7] = ["jpg", "jpeg", "png", "tif", "tiff", "bmp", "webp"];

/// What follows the photograph's stem in the name of its mask; the first that exists counts.
const MASK_TAILS: [&str; 4] = ["_segmentation", "_mask", "_lesion", ""];

/// As [`MASK_TAILS`], beside the photograph itself.
const TAILS_BESIDE: [&str; 2] = ["_segmentation", "_lesion"];

/// Of masks with the same stem the one with the first of these endings counts: lossless ones first.
const ENDINGS_BY_PREFERENCE: [&str; 7] = ["png", "bmp", "tif", "tiff", "webp", "jpg", "jpeg"];

/// What this program and others write beside a photograph; not photographs themselves.
const TAILS_OF_OTHERS: [&str; 5] = ["_segmentation", "_superpixels", "_mask", "_overlay", "_probability"];

/// In the name of an attribute map: `ISIC_0000000_attribute_globules.png`.
const ATTRIBUTE: &str = "_attribute_";

/// The tail of PH2's masks. A photograph may be called so too: `left arm_lesion.jpg`.
const LESION: &str = "_lesion";

/// A path's name without its ending, in lower case.
fn lower_stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// Whether a name has a picture's ending. This and the next questions copy nothing of a name, as a kiosk asks them.
#[must_use]
pub fn is_picture_name(path: &Path) -> bool {
    PICTURE_ENDINGS.iter().any(|ending| has_ending(path, ending))
}

/// Whether a name is that of a mask, an overlay, an attribute map or something else that is made from a photograph.
#[must_use]
pub fn is_derived_name(path: &Path) -> bool {
    let is_attribute =
        stem(path).windows(ATTRIBUTE.len()).any(|part| part.eq_ignore_ascii_case(ATTRIBUTE.as_bytes()));
    TAILS_OF_OTHERS.iter().any(|tail| has_tail(path, tail)) || is_attribute || is_ph2_mask(path)
}

/// Whether a name is that of a mask.
#[must_use]
pub fn is_mask_name(path: &Path) -> bool {
    has_tail(path, "_segmentation") || has_tail(path, "_mask") || is_ph2_mask(path)
}

fn is_ph2_mask(path: &Path) -> bool {
    has_tail(path, LESION) && has_ending(path, "bmp")
}

pub(crate) fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

fn stem(path: &Path) -> &[u8] {
    path.file_stem().unwrap_or_default().as_encoded_bytes()
}

/// Whether a path's name without its ending ends in `tail`.
fn has_tail(path: &Path, tail: &str) -> bool {
    let stem = stem(path);
    stem.len() >= tail.len() && stem[stem.len() - tail.len()..].eq_ignore_ascii_case(tail.as_bytes())
}

/// Takes from the photographs of one folder those that are `_lesion` masks of others.
pub fn drop_lesion_masks(photos: &mut Vec<PathBuf>) {
    let stems: std::collections::HashSet<String> = photos.iter().map(|path| lower_stem(path)).collect();
    photos.retain(|path| lower_stem(path).strip_suffix(LESION).is_none_or(|of| !stems.contains(of)));
}

/// The pictures of a folder, to find masks among them.
#[derive(Debug)]
pub struct MaskFolder {
    folder: PathBuf,
    /// By their stems in lower case.
    pictures: HashMap<String, Vec<PathBuf>>,
}

impl MaskFolder {
    /// Lists `folder`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(folder: &Path) -> std::io::Result<Self> {
        let mut pictures: HashMap<String, Vec<PathBuf>> = HashMap::new();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if is_picture_name(&path) {
                pictures.entry(lower_stem(&path)).or_default().push(path);
            }
        }
        for same in pictures.values_mut() {
            same.sort();
        }
        Ok(Self { folder: folder.to_owned(), pictures })
    }

    /// The mask of `photo` in this folder, which is meant to hold masks.
    ///
    /// # Errors
    /// The names that were looked for, and where.
    pub fn mask_of(&self, photo: &Path) -> Result<PathBuf, String> {
        self.find(photo, &MASK_TAILS).ok_or_else(|| {
            let stem = photo.file_stem().unwrap_or_default().to_string_lossy();
            let names = MASK_TAILS.map(|tail| format!("{stem}{tail}"));
            let endings = PICTURE_ENDINGS.join(", ");
            format!("{} ending in {endings} in: {}", names.join(", "), self.folder.display())
        })
    }

    /// The mask of `photo` in this folder, which is the photograph's own.
    #[must_use]
    pub fn mask_beside(&self, photo: &Path) -> Option<PathBuf> {
        self.find(photo, &TAILS_BESIDE)
    }

    fn find(&self, photo: &Path, tails: &[&str]) -> Option<PathBuf> {
        let stem = photo.file_stem()?.to_string_lossy().into_owned();
        let rank = |mask: &Path| {
            let as_spelled = mask.file_stem().is_some_and(|name| name.to_string_lossy().starts_with(&stem));
            (!as_spelled, ENDINGS_BY_PREFERENCE.iter().position(|known| has_ending(mask, known)))
        };
        tails.iter().find_map(|tail| {
            let same = self.pictures.get(&format!("{}{tail}", stem.to_lowercase()))?;
            // A folder may be called like a picture: asked of those few alone, since a folder may be long and far away.
            let masks = same.iter().filter(|mask| !mask.is_dir() && !files::same_file(mask, photo));
            masks.min_by_key(|mask| rank(mask)).cloned()
        })
    }
}

/// The reference mask that lies beside a photograph.
#[must_use]
pub fn mask_beside(photo: &Path) -> Option<PathBuf> {
    // The usual name, without listing a folder that may be long or far away.
    let stem = photo.file_stem()?.to_string_lossy();
    let usual = photo.with_file_name(format!("{stem}_segmentation.png"));
    if usual.is_file() {
        return Some(usual);
    }
    let found = MaskFolder::read(files::folder_of(photo)).ok()?.mask_beside(photo)?;
    // Keeps the person's own spelling of the folder: `a.png` stays `a.png`, not `./a.png`.
    Some(photo.with_file_name(found.file_name()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        folder
    }

    fn found(names: &[&str], photo: &str) -> Option<String> {
        let folder = folder_with(names);
        let mask = MaskFolder::read(folder.path()).unwrap().mask_of(Path::new(photo)).ok()?;
        Some(mask.file_name()?.to_string_lossy().into_owned())
    }

    #[test]
    fn every_data_sets_naming_is_found() {
        for mask in [
            "a_segmentation.png",
            "a_Segmentation.png",
            "a_segmentation.PNG",
            "a_mask.png",
            "a_lesion.bmp",
            "a_lesion.BMP",
            "a.png",
            "A_SEGMENTATION.TIF",
            "a_segmentation.jpg",
        ] {
            assert_eq!(found(&["b_segmentation.png", mask], "photos/a.jpg").as_deref(), Some(mask));
        }
        for other in ["a_superpixels.png", "a_attribute_globules.png", "ab_mask.png", "a_segmentation.txt"] {
            assert_eq!(found(&[other], "photos/a.jpg"), None, "{other}");
        }
    }

    #[test]
    fn the_longer_name_and_the_photographs_own_spelling_count_first() {
        assert_eq!(found(&["a.png", "a_mask.png", "a_segmentation.png"], "a.jpg").unwrap(), "a_segmentation.png");
        assert_eq!(found(&["A_mask.png", "a_mask.tif"], "a.jpg").unwrap(), "a_mask.tif");
        assert_eq!(found(&["a_mask.jpg", "a_mask.png"], "a.jpg").unwrap(), "a_mask.png");
    }

    #[test]
    fn a_photograph_is_not_its_own_mask_and_our_mask_beside_it_no_reference() {
        let folder =
            folder_with(&["a.png", "b.png", "b_mask.png", "c.bmp", "c_lesion.bmp", "d.jpg", "d_Segmentation.png"]);
        let at = |name: &str| folder.path().join(name);
        assert_eq!(MaskFolder::read(folder.path()).unwrap().mask_of(&at("a.png")).ok(), None);
        assert_eq!(mask_beside(&at("b.png")), None);
        assert_eq!(mask_beside(&at("c.bmp")), Some(at("c_lesion.bmp")));
        assert_eq!(mask_beside(&at("d.jpg")), Some(at("d_Segmentation.png")));
    }

    #[test]
    fn masks_and_attribute_maps_are_not_photographs() {
        for name in ["a_segmentation.png", "a_Segmentation.png", "a_attribute_streaks.png", "IMD003_lesion.bmp"] {
            assert!(is_derived_name(Path::new(name)), "{name}");
        }
        assert!(!is_derived_name(Path::new("left arm_lesion.jpg")), "a photograph may be called so");
        let mut photos: Vec<PathBuf> = ["a.png", "a_lesion.png", "left arm_lesion.png"].map(Into::into).into();
        drop_lesion_masks(&mut photos);
        assert_eq!(photos, [PathBuf::from("a.png"), "left arm_lesion.png".into()]);
    }
}
