//! Which record belongs to which file, without reading every photo: a file that still has the name, length and date in
//! its record is the same; only one that might be a known photo under another name or date is read.

use std::path::Path;

use super::review::{PhotoFile, Review, ReviewList};
use crate::decode::sha256_hex;
use crate::files::{self, FileKind};

/// The record of the photo at `path`. A file that cannot be read has none.
#[must_use]
pub fn review_of<'a>(path: &Path, list: &'a ReviewList) -> Option<&'a Review> {
    let file = PhotoFile::at(path);
    if let Some(review) = list.photos.iter().rev().find(|review| review.fits(&file)) {
        return Some(review);
    }
    // A different length is a different photo; records without a length have an older format.
    let may_be = |review: &Review| review.bytes == file.bytes || review.bytes == 0 && review.name == file.name;
    if !list.photos.iter().any(may_be) {
        return None;
    }
    list.of(&sha256_of(path)?)
}

/// The SHA-256 of the bytes of the file at `path`, whether they are a photograph or not; `None` where they cannot be
/// read.
#[must_use]
pub fn sha256_of(path: &Path) -> Option<String> {
    files::read(path, FileKind::Picture).ok().map(|bytes| sha256_hex(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn list_of(path: &Path) -> ReviewList {
        let sha256 = sha256_hex(&std::fs::read(path).expect("it is there"));
        let mut list = ReviewList::default();
        list.put(Review::new(&sha256, PhotoFile::at(path), Timestamp::UNIX_EPOCH));
        list
    }

    #[test]
    fn a_renamed_photo_keeps_its_record_and_a_replaced_one_does_not_inherit_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let [old, new] = ["a.jpg", "b.jpg"].map(|name| folder.path().join(name));
        std::fs::write(&old, "one photo").expect("written");
        let list = list_of(&old);
        assert!(review_of(&old, &list).is_some());
        std::fs::rename(&old, &new).expect("renamed");
        assert!(review_of(&new, &list).is_some_and(|review| review.name == "a.jpg"));
        std::fs::write(&old, "another").expect("written");
        assert!(review_of(&old, &list).is_none(), "another length");
        std::fs::write(&old, "ONE PHOTO").expect("written");
        assert!(review_of(&old, &list).is_none(), "the same length and name, other bytes");
        assert!(review_of(&folder.path().join("none.jpg"), &list).is_none());
    }

    #[test]
    fn an_untouched_file_is_not_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.jpg");
        std::fs::write(&path, "one photo").expect("written");
        let mut list = list_of(&path);
        list.photos[0].sha256 = "only known, never computed".into();
        assert!(review_of(&path, &list).is_some());
    }
}
