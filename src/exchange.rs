//! Annotations that other programs read and write: COCO and labelme, and back to masks.
//!
//! A mask is written so that its pixels can be recovered exactly. Polygons run along the edges of pixels, and a pixel
//! is inside a polygon if its centre is. COCO: one annotation per connected component, a polygon if it has no hole,
//! else a run-length code (COCO's polygons cannot have holes). labelme: one polygon per component, called [`LESION`],
//! and one per hole, called [`HOLE`] and in its component's group; when read back, a hole is cut out of its own group
//! only.

pub mod coco;
pub mod labelme;

use crate::geometry::polygon::{self, FillRule};
use crate::geometry::run_length::{self, RunLengthError};
use crate::mask::Mask;

/// The label and category of a lesion.
pub const LESION: &str = "lesion";

/// The label of a hole in a lesion, in labelme's files.
pub const HOLE: &str = "lesion hole";

/// A note in every file that we write.
pub const NOTE: &str = "Made with Dermaloupe. For research use only; not a medical device.";

/// The annotations of one photo in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotated {
    /// The photo as the file names it.
    pub photo: String,
    /// `[width, height]` of the photo as the file states it.
    pub size: [u32; 2],
    shapes: Vec<AnnotatedShape>,
}

/// A closed line in the photo's coordinates.
type Polygon = Vec<[f64; 2]>;

/// Pixels that an annotation makes lesion.
#[derive(Clone, Debug, PartialEq)]
enum AnnotatedShape {
    /// The union of the first, minus the union of the second.
    Polygons { lesion: Vec<Polygon>, holes: Vec<Polygon> },
    /// As a run-length code.
    Runs(Vec<u64>),
}

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
    /// No shape has the wanted label, but others are there.
    #[error("nothing is called '{wanted}', found {}; name one with --label", found.join(", "))]
    Label {
        /// The label that was looked for.
        wanted: String,
        /// The labels that are there.
        found: Vec<String>,
    },
    /// The photo's size differs from the one that the file states.
    #[error(
        "the annotations are for {}x{} but the photo is {}x{}; use the photo they were made on",
        stated[0], stated[1], photo[0], photo[1]
    )]
    Size {
        /// `[width, height]` by the file.
        stated: [u32; 2],
        /// `[width, height]` of the photo.
        photo: [u32; 2],
    },
}

impl From<RunLengthError> for ExchangeError {
    fn from(error: RunLengthError) -> Self {
        Self::Malformed { format: "COCO", detail: error.to_string() }
    }
}

impl Annotated {
    /// The mask for a photo of `photo_size`: everything annotated, each group of polygons without its holes.
    ///
    /// # Errors
    /// [`ExchangeError`] when the photo does not have the stated size, or a run-length code does not fit it.
    pub fn mask(&self, photo_size: [u32; 2]) -> Result<Mask, ExchangeError> {
        if self.size != photo_size {
            return Err(ExchangeError::Size { stated: self.size, photo: photo_size });
        }
        let mut mask = Mask::empty(photo_size);
        for shape in &self.shapes {
            match shape {
                AnnotatedShape::Polygons { lesion, holes } if holes.is_empty() => {
                    lesion.iter().for_each(|polygon| fill(&mut mask, polygon, true));
                }
                AnnotatedShape::Polygons { lesion, holes } => {
                    // Separately from the others: a hole may contain another part of the lesion.
                    let mut own = Mask::empty(photo_size);
                    lesion.iter().for_each(|polygon| fill(&mut own, polygon, true));
                    holes.iter().for_each(|polygon| fill(&mut own, polygon, false));
                    mask.pixels_mut().iter_mut().zip(own.pixels()).for_each(|(pixel, own)| *pixel |= own);
                }
                AnnotatedShape::Runs(runs) => run_length::decode(runs, &mut mask)?,
            }
        }
        Ok(mask)
    }
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

    #[test]
    fn every_mask_comes_back_from_either_format_pixel_for_pixel() {
        for seed in 0..100 {
            let mask = specks(seed);
            let parts = pixel_outline::of_mask(&mask);
            let mut document = coco::CocoDocument::default();
            document.add("a.jpg", mask.size(), &parts, None);
            let text = document.to_json().to_string();
            let back = coco::read(text.as_bytes(), LESION).expect("it is ours");
            assert_eq!(back[0].mask([23, 17]).expect("it fits"), mask, "COCO, seed {seed}");

            let text = labelme::document("../a.jpg", mask.size(), &parts, None).to_string();
            let back = labelme::read(text.as_bytes(), LESION).expect("it is ours");
            assert_eq!(back.mask([23, 17]).expect("it fits"), mask, "labelme, seed {seed}");
            assert_eq!(back.photo, "../a.jpg");
        }
    }

    #[test]
    fn an_empty_mask_comes_back_empty() {
        let mask = Mask::new(5, 4, vec![0; 20]);
        let mut document = coco::CocoDocument::default();
        document.add("a.jpg", mask.size(), &[], None);
        let back = coco::read(document.to_json().to_string().as_bytes(), LESION).expect("it is ours");
        assert_eq!(back[0].mask([5, 4]).expect("it fits"), mask);
    }

    #[test]
    fn another_size_is_refused_with_both() {
        let text = labelme::document("a.jpg", [5, 4], &[], None).to_string();
        let refusal = labelme::read(text.as_bytes(), LESION).expect("it is ours").mask([4, 5]);
        let words = refusal.expect_err("the sizes differ").to_string();
        assert!(words.contains("5x4") && words.contains("4x5"), "{words}");
    }
}
