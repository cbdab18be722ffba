//! Photographs and the reference masks that belong to them, by their names.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::references;
use super::{UsageError, image_list, inputs};
use crate::files::{self, FileKind};
use crate::mask_names::MaskFolder;

/// A photo and its mask, or why one of them is missing (the path last).
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) id: String,
    pub(super) files: Result<[PathBuf; 2], String>,
}

impl Pair {
    /// Tells the system that both files are read soon.
    pub(super) fn prefetch(&self) {
        self.files.iter().flatten().for_each(|file| files::prefetch(file, FileKind::Picture));
    }
}

impl AsRef<Path> for Pair {
    /// The photo, where there is one.
    fn as_ref(&self) -> &Path {
        self.files.as_ref().map_or(Path::new(""), |[photo, _]| photo)
    }
}

/// The photos of `images` (or of `list`'s `split` in it), each with its mask in `masks`.
pub(super) fn find(
    images: &Path,
    masks: &Path,
    list: Option<&Path>,
    split: Option<&str>,
) -> Result<Vec<Pair>, UsageError> {
    let listed = references::list(masks)?;
    let mut photos = inputs::in_folder(images)?;
    if files::same_file(images, masks) {
        drop_masks(&mut photos);
    }
    let Some(list) = list else {
        return Ok(photos.into_iter().map(|photo| pair(stem(&photo), photo, &listed)).collect());
    };
    let mut by_stem: HashMap<String, PathBuf> = HashMap::new();
    for photo in photos {
        by_stem.entry(stem(&photo)).or_insert(photo);
    }
    let pairs = image_list::read(list, split)?.into_iter().map(|id| match by_stem.remove(&id) {
        Some(photo) => pair(id, photo, &listed),
        None => {
            let files = Err(format!("no photograph is named '{id}', but the list has it: {}", images.display()));
            Pair { id, files }
        }
    });
    Ok(pairs.collect())
}

fn pair(id: String, photo: PathBuf, masks: &MaskFolder) -> Pair {
    let files = match masks.mask_of(&photo) {
        Ok(mask) => Ok([photo, mask]),
        Err(places) => Err(format!("no reference mask, looked for {places}")),
    };
    Pair { id, files }
}

/// If masks are in the photos' folder, `a.png` beside `a.jpg` is its mask and not a photo.
fn drop_masks(photos: &mut Vec<PathBuf>) {
    let is_png = |path: &Path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
    let others: HashSet<String> = photos.iter().filter(|path| !is_png(path)).map(|path| stem(path)).collect();
    photos.retain(|path| !(is_png(path) && others.contains(&stem(path))));
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
