//! What was opened or dropped, turned into a list to walk. A single photo brings its folder along, so that the arrow
//! keys go on from it.

use std::path::{Path, PathBuf};

use crate::language::Words;
use crate::{files, mask_names, photo_files, words};

/// Files and folders to look through.
#[derive(Clone, Debug, Default)]
pub struct ListRequest {
    /// What the person opened or dropped; or the photo that is gone back to.
    pub paths: Vec<PathBuf>,
    /// The one path is the photo that the last window was left at: when it is gone, that is [`Listing::lost`].
    pub is_restoring: bool,
}

/// What was found there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// The photos, in the order in which they are walked.
    pub photos: Vec<PathBuf>,
    /// The one to show first.
    pub first: usize,
    /// Reference masks among what was opened, by their names.
    pub references: Vec<PathBuf>,
    /// What could not be looked through, a sentence each.
    pub failures: Vec<Words>,
    /// The photo that was to be gone back to and is no file any more; then nothing else is listed.
    pub lost: Option<PathBuf>,
    /// What was gone back to is there.
    pub is_restored: bool,
}

/// Looks through the paths.
pub(super) fn of(ListRequest { paths, is_restoring }: &ListRequest) -> Listing {
    let mut listing = Listing::default();
    if let ([path], true) = (&paths[..], is_restoring)
        && !path.is_file()
    {
        listing.lost = Some(path.clone());
        return listing;
    }
    listing.is_restored = *is_restoring;
    let (masks, others): (Vec<&PathBuf>, Vec<&PathBuf>) =
        paths.iter().partition(|path| mask_names::is_mask_name(path) && !path.is_dir());
    listing.references = masks.into_iter().cloned().collect();
    if let [path] = others[..]
        && !path.is_dir()
    {
        with_neighbours(path, &mut listing);
        return listing;
    }
    for path in others {
        if !path.is_dir() {
            listing.photos.push(path.clone());
            continue;
        }
        match photo_files::in_folder(path) {
            Ok(photos) if photos.is_empty() => {
                listing.failures.push(words!("folder-without-photos", path = path.display().to_string()));
            }
            Ok(photos) => listing.photos.extend(photos),
            Err(error) => listing.failures.push(words!(
                "folder-unreadable",
                reason = &error,
                path = path.display().to_string()
            )),
        }
    }
    listing
}

fn with_neighbours(path: &Path, listing: &mut Listing) {
    let folder = files::folder_of(path);
    // Joining keeps the person's own spelling of the path: `a.jpg` stays `a.jpg`, not `./a.jpg`.
    let spelled = |photo: PathBuf| match photo.file_name() {
        Some(name) => path.with_file_name(name),
        None => photo,
    };
    listing.photos = photo_files::in_folder(folder).unwrap_or_default().into_iter().map(spelled).collect();
    match listing.photos.iter().position(|photo| photo == path) {
        Some(place) => listing.first = place,
        None => listing.photos = vec![path.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(paths: &[PathBuf]) -> Listing {
        super::of(&ListRequest { paths: paths.to_vec(), is_restoring: false })
    }

    fn folder_with(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        folder
    }

    #[test]
    fn one_photo_brings_its_neighbours_in_natural_order() {
        let folder = folder_with(&["a10.jpg", "a2.jpg", "a2_segmentation.png", "notes.txt"]);
        let listing = of(&[folder.path().join("a10.jpg")]);
        assert_eq!(listing.photos, [folder.path().join("a2.jpg"), folder.path().join("a10.jpg")]);
        assert_eq!(listing.first, 1);
    }

    #[test]
    fn a_file_of_an_unknown_ending_is_opened_alone() {
        let folder = folder_with(&["a.jpg", "photo.dat"]);
        let listing = of(&[folder.path().join("photo.dat")]);
        assert_eq!(listing.photos, [folder.path().join("photo.dat")]);
    }

    #[test]
    fn a_mask_among_the_files_is_a_reference() {
        let folder = folder_with(&["a.jpg", "a_segmentation.png"]);
        let listing = of(&[folder.path().join("a_segmentation.png")]);
        assert_eq!(listing.references.len(), 1);
        assert!(listing.photos.is_empty());
    }

    #[test]
    fn an_empty_folder_is_said() {
        let folder = folder_with(&[]);
        let listing = of(&[folder.path().to_owned()]);
        assert!(listing.failures[0].to_string().contains("No photographs"));
    }

    #[test]
    fn a_remembered_photo_that_is_gone_is_lost_and_one_that_is_there_brings_its_folder() {
        let folder = folder_with(&["a.jpg", "b.jpg"]);
        let restored =
            |name: &str| super::of(&ListRequest { paths: vec![folder.path().join(name)], is_restoring: true });
        let gone = Listing { lost: Some(folder.path().join("c.jpg")), ..Listing::default() };
        assert_eq!(restored("c.jpg"), gone);
        let there = restored("b.jpg");
        assert_eq!((there.photos.len(), there.first, there.lost), (2, 1, None));
    }
}
