//! Annotations that other programs read and write: COCO and labelme, and back to masks.
//!
//! A mask is written so that its pixels can be recovered exactly. Polygons run along the edges of pixels, and a pixel
//! is inside a polygon if its centre is. COCO: one annotation per connected component, a polygon if it has no hole,
//! else a run-length code (COCO's polygons cannot have holes). labelme: one polygon per component, called [`LESION`] or
//! as [`label`] says, and one per hole, whose label ends in [`HOLE`], in its component's group; when read back, a hole is cut out of its own group
//! only.
//!
//! Files of others are read entry by entry: one that cannot be used is named with the reason and left out
//! ([`LeftOut`]), and the others count. What concerns the whole file, as an id that two images have, refuses it.

mod annotated;
pub mod coco;
mod json;
pub mod labelme;

pub use self::annotated::{Annotated, AnnotatedMask, Annotations, LeftOut};
use crate::geometry::polygon::{self, FillRule};
use crate::inference::MaskMeaning;
use crate::mask::Mask;

/// The label and category of a lesion.
pub const LESION: &str = "lesion";

/// The label of what a mask of this meaning marks; in labelme's files a hole in it has the same and [`HOLE`].
#[must_use]
pub fn label(meaning: MaskMeaning) -> &'static str {
    match meaning {
        MaskMeaning::Lesion => LESION,
        MaskMeaning::Vessels => "vessels",
    }
}

/// What follows the label of a region in the label of its holes, in labelme's files.
pub const HOLE: &str = " hole";

/// A note in every file that we write.
pub const NOTE: &str = "Made with Dermaloupe. For research use only; not a medical device.";

/// A closed line in the photo's coordinates.
type Polygon = Vec<[f64; 2]>;

/// Why an annotation file was refused; the caller adds the path.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// Not the JSON that the format prescribes.
    #[error("not a {format} file ({detail}); export it again")]
    Malformed {
        /// The format that was expected.
        format: &'static str,
        /// What was found.
        detail: String,
    },
    /// Two entries have one id: it cannot be told which of them others mean.
    #[error("two {what}s have the id {id}; give each an id of its own")]
    Duplicate {
        /// `image` or `annotation`.
        what: &'static str,
        /// The id of both.
        id: String,
    },
    /// No shape has the wanted label, but others are there.
    #[error("nothing is labelled '{wanted}', found {}; choose one with --label", listed(found))]
    Label {
        /// The label that was looked for.
        wanted: String,
        /// The labels that are there.
        found: Vec<String>,
    },
    /// The photo's size differs from the one that the file states.
    #[error(
        "the annotations are for {} × {} but the photo is {} × {}; use the photo they were made on",
        stated[0], stated[1], photo[0], photo[1]
    )]
    Size {
        /// `[width, height]` by the file.
        stated: [u32; 2],
        /// `[width, height]` of the photo.
        photo: [u32; 2],
    },
}

fn listed(found: &[String]) -> String {
    if found.is_empty() { "no labels".to_owned() } else { found.join(", ") }
}

/// The JSON of an annotation file in any encoding that editors write, as UTF-8 that a parser takes.
///
/// # Errors
/// When it is in none of them.
pub fn text_of(bytes: Vec<u8>) -> Result<Vec<u8>, ExchangeError> {
    json::plain(bytes).ok_or(ExchangeError::Malformed {
        format: "JSON",
        detail: "its byte-order mark says UTF-16, but its content is not UTF-16".into(),
    })
}

/// Sets the pixels inside a polygon, by the even-odd rule where its lines cross.
fn fill(mask: &mut Mask, polygon: &[[f64; 2]], is_lesion: bool) {
    polygon::fill(mask, polygon, FillRule::EvenOdd, is_lesion);
}

/// A ring of pixel corners as a polygon.
fn points(ring: &[[u32; 2]]) -> Polygon {
    ring.iter().map(|point| point.map(f64::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::pixel_outline;

    /// A mask of specks, holes and corners that touch, the same in every run.
    fn specks(seed: u32) -> Mask {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            u8::from((state >> 16) % 5 < 3)
        };
        Mask::new(23, 17, (0..23 * 17).map(|_| next()).collect())
    }

    /// The mask of the first photo, of which nothing was left out.
    fn mask_of(read: &Annotations, size: [u32; 2]) -> Mask {
        let found = read.photos[0].mask(size).expect("it fits");
        assert!(read.left_out.is_empty() && found.left_out.is_empty(), "{read:?}");
        found.mask
    }

    #[test]
    fn every_mask_comes_back_from_either_format_pixel_for_pixel() {
        for seed in 0..100 {
            let mask = specks(seed);
            let parts = pixel_outline::of_mask(&mask);
            let mut document = coco::CocoDocument::default();
            document.add("a.jpg", mask.size(), &parts, None);
            let text = document.to_json().to_string();
            let back = coco::read(text.as_bytes(), LESION).expect("it is ours");
            assert_eq!(mask_of(&back, [23, 17]), mask, "COCO, seed {seed}");

            let text = labelme::document("../a.jpg", mask.size(), &parts, None, MaskMeaning::Lesion).to_string();
            let back = labelme::read(text.as_bytes(), LESION).expect("it is ours");
            assert_eq!(mask_of(&back, [23, 17]), mask, "labelme, seed {seed}");
            assert_eq!(back.photos[0].photo, "../a.jpg");
        }
    }

    #[test]
    fn vessels_are_called_so_and_come_back_by_that_label() {
        let mask = specks(3);
        let parts = pixel_outline::of_mask(&mask);
        let mut document = coco::CocoDocument::of(MaskMeaning::Vessels);
        document.add("a.jpg", mask.size(), &parts, None);
        let coco = document.to_json();
        assert_eq!(
            (&coco["categories"][0]["name"], &coco["categories"][0]["supercategory"]),
            (&"vessels".into(), &"retina".into())
        );
        let labelme = labelme::document("a.jpg", mask.size(), &parts, None, MaskMeaning::Vessels).to_string();
        assert!(!labelme.contains(LESION), "{labelme}");
        let back = coco::read(coco.to_string().as_bytes(), "vessels").expect("it is ours");
        assert_eq!(mask_of(&back, mask.size()), mask);
        assert_eq!(mask_of(&labelme::read(labelme.as_bytes(), "vessels").expect("it is ours"), mask.size()), mask);
        assert!(labelme::read(labelme.as_bytes(), LESION).is_err(), "they are no lesion");
    }

    #[test]
    fn an_empty_mask_comes_back_empty() {
        let mask = Mask::new(5, 4, vec![0; 20]);
        let mut document = coco::CocoDocument::default();
        document.add("a.jpg", mask.size(), &[], None);
        let back = coco::read(document.to_json().to_string().as_bytes(), LESION).expect("it is ours");
        assert!(back.photos[0].is_annotated(), "that there is no lesion is said");
        assert_eq!(mask_of(&back, [5, 4]), mask);
    }

    #[test]
    fn another_size_is_refused_with_both() {
        let text = labelme::document("a.jpg", [5, 4], &[], None, MaskMeaning::Lesion).to_string();
        let back = labelme::read(text.as_bytes(), LESION).expect("it is ours");
        let refusal = back.photos[0].mask([4, 5]);
        let words = refusal.expect_err("the sizes differ").to_string();
        assert!(words.contains("5 × 4") && words.contains("4 × 5"), "{words}");
    }
}
