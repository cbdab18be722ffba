//! [`ReferenceMask`]: a mask that somebody drew, read in the frame of its photo.

use std::path::Path;

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage};

use super::contained::{contained, read_limited};
use super::error::{DecodeError, DecodeErrorKind};
use super::mask_note::MaskNote;
use super::{mask_values, raster};
use crate::mask::Mask;
use crate::photo::Photo;

/// The frame that a mask must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferenceFrame {
    /// `[width, height]` of the photo as displayed, in pixels.
    pub size: [u32; 2],
    /// EXIF orientation of the photo's file, 1 to 8; 1 is upright.
    pub orientation: u8,
    /// Masks lie over the photo as it is stored, before its EXIF orientation; otherwise as it is displayed, and as it is
    /// stored only where their size says so.
    pub masks_as_stored: bool,
}

impl ReferenceFrame {
    /// The frame of `photo`.
    #[must_use]
    pub fn of(photo: &Photo, masks_as_stored: bool) -> Self {
        Self { size: photo.size(), orientation: photo.orientation, masks_as_stored }
    }

    /// The frame of an upright photo of that size.
    #[must_use]
    pub fn upright(size: [u32; 2]) -> Self {
        Self { size, orientation: 1, masks_as_stored: false }
    }

    /// `[width, height]` before the orientation: 5 to 8 exchange them.
    fn stored_size(&self) -> [u32; 2] {
        let [width, height] = self.size;
        if self.orientation >= 5 { [height, width] } else { self.size }
    }
}

/// A mask that somebody drew, and how it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferenceMask {
    /// The mask, over the photo as it is displayed.
    pub mask: Mask,
    /// What is not plain about it.
    pub notes: Vec<MaskNote>,
}

impl ReferenceMask {
    /// Reads the mask at `path`; README says what its values mean.
    ///
    /// # Errors
    /// As [`super::photo_file`], [`DecodeErrorKind::MaskSize`] when the sizes differ, because a mask is never resized, and
    /// [`DecodeErrorKind::MaskValues`] when its values are not those of a mask.
    pub fn read(path: &Path, frame: ReferenceFrame) -> Result<Self, DecodeError> {
        contained(path, || Self::from_bytes(&read_limited(path)?, frame))
    }

    /// As [`Self::read`], from bytes that are in memory.
    pub(super) fn from_bytes(bytes: &[u8], frame: ReferenceFrame) -> Result<Self, DecodeErrorKind> {
        let decoded = raster::decode(bytes)?;
        let is_turned = decoded.orientation != Orientation::NoTransforms;
        let size = [decoded.image.width(), decoded.image.height()];
        let placed = PlacedMask::of(size, frame, is_turned)?;
        let (mut mask, values) = mask_values::read(decoded.image)?;
        let mut notes: Vec<MaskNote> = values.into_iter().collect();
        let orientation = frame.orientation;
        match placed {
            PlacedMask::Displayed => {}
            PlacedMask::MaybeStored => notes.push(MaskNote::MaybeStored { orientation }),
            PlacedMask::Stored => {
                mask = turned(mask, orientation);
                notes.extend((!frame.masks_as_stored).then_some(MaskNote::Stored { orientation }));
            }
        }
        if mask.is_empty() {
            notes.push(MaskNote::Empty);
        }
        Ok(Self { mask, notes })
    }
}

/// In which of a photo's two frames a mask lies.
enum PlacedMask {
    Displayed,
    /// As displayed, but its size would fit the photo as stored too.
    MaybeStored,
    Stored,
}

impl PlacedMask {
    /// A mask `is_turned` if its own file has an orientation: then it is as displayed.
    fn of(mask: [u32; 2], frame: ReferenceFrame, is_turned: bool) -> Result<Self, DecodeErrorKind> {
        let stored = frame.stored_size();
        let wrong = |photo| Err(DecodeErrorKind::MaskSize { mask, photo });
        match (frame.masks_as_stored, frame.orientation) {
            (_, 1) if mask == frame.size => Ok(Self::Displayed),
            (true, _) if mask == stored => Ok(Self::Stored),
            (true, _) => wrong(stored),
            (false, _) if mask == frame.size && mask == stored && !is_turned => Ok(Self::MaybeStored),
            (false, _) if mask == frame.size => Ok(Self::Displayed),
            (false, _) if mask == stored && !is_turned => Ok(Self::Stored),
            (false, _) => wrong(frame.size),
        }
    }
}

fn turned(mask: Mask, orientation: u8) -> Mask {
    let [width, height] = mask.size();
    let turn = Orientation::from_exif(orientation).unwrap_or(Orientation::NoTransforms);
    let pixels = GrayImage::from_raw(width, height, mask.into_pixels()).expect("a mask has a byte for each pixel");
    let mut image = DynamicImage::ImageLuma8(pixels);
    image.apply_orientation(turn);
    let (width, height) = (image.width(), image.height());
    Mask::new(width, height, image.into_luma8().into_raw())
}
